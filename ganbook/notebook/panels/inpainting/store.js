// What the page knows of an inpainting beside the image and its mask: the methods, and the results as they come.

import { MaskStore } from "../shared/mask_store.js";

export class InpaintingStore extends MaskStore {
  constructor(model) {
    super(model);
    this.results = []; // method, urls, lines, …, in the order of their arrival
    this.picked = null; // { method, candidate }
    this.outdated = false;
    this.ticked = new Set();
    this.candidates = 4;
    this.times = new Map(); // method -> { seconds, size }, as last measured here
  }

  close() {
    super.close();
    this.#forgetResults();
  }

  get runs() {
    return this.image?.runs ?? [];
  }

  fill() {
    const methods = this.about.methods.map(({ name }) => name).filter((name) => this.ticked.has(name));
    return this.pressWithMask("fill", { methods, candidates: this.candidates });
  }

  // The mask that was of another size than the image, once more.
  accept() {
    const { what, name, file } = this.uploaded;
    this.upload(what, name, file, { resize: true });
  }

  tick(method, ticked) {
    this.ticked[ticked ? "add" : "delete"](method);
    this.changed();
  }

  // How long the chosen methods took last, and which have not been measured yet.
  get timesInWords() {
    const chosen = [...this.ticked];
    const measured = chosen.filter((method) => this.times.has(method));
    const unknown = chosen.filter((method) => !this.times.has(method));
    const one = (method) => {
      const { seconds, size } = this.times.get(method);
      const here = size === `${this.image?.width}×${this.image?.height}`;
      const time = seconds < 0.1 ? "under 0.1" : seconds.toFixed(seconds < 10 ? 1 : 0);
      return `${method} ${time} s${here ? "" : ` (${size})`}`;
    };
    const parts = [];
    if (measured.length) parts.push(`Time, as last measured: ${measured.map(one).join(", ")}`);
    if (unknown.length) parts.push(`Time not known yet: ${unknown.join(", ")}`);
    return parts.join(" · ");
  }

  // What is missing before anything can be filled; empty if nothing is.
  get missing() {
    if (!this.image) return "Upload an image first";
    if (!this.mask.count) return "Paint a mask first";
    if (this.mask.count === this.mask.bits.length) return "The mask covers the whole image: leave a part to go by";
    return this.ticked.size ? "" : "Choose a method first";
  }

  take(message, buffers) {
    super.take(message, buffers);
    const take = {
      about: () => this.#takeAbout(message),
      chosen: () => this.#takeChosen(message),
      results: () => this.#forgetResults(),
      result: () => this.#takeResult(message, buffers),
      picked: () => this.#takePicked(message),
    }[message.kind];
    take?.();
  }

  #takeAbout(about) {
    if (!this.about) for (const { name, ticked } of about.methods) if (ticked) this.ticked.add(name);
    this.about = about;
  }

  // What fills the mask is ticked, whoever asked for it.
  #takeChosen({ methods, candidates }) {
    this.ticked = new Set(methods);
    this.candidates = candidates;
  }

  #takeResult(result, buffers) {
    const urls = buffers.map((bytes) => URL.createObjectURL(new Blob([bytes])));
    const { width, height } = this.image;
    if (!result.error && !result.stopped)
      this.times.set(result.method, { seconds: result.seconds, size: `${width}×${height}` });
    this.results = [...this.results.filter(({ method }) => method !== result.method), { ...result, urls }];
  }

  #takePicked({ picked, outdated }) {
    this.outdated = outdated; // the mask has changed since the results were made
    this.picked = picked && { method: picked[0], candidate: picked[1] };
  }

  #forgetResults() {
    for (const { urls } of this.results) for (const url of urls) URL.revokeObjectURL(url);
    this.results = [];
  }
}
