// What the page knows of an inpainting: the image and its results as the kernel sends them, and the mask, which is
// painted here and sent to the kernel after every stroke.

import { Store } from "../shared/store.js";
import { MaskBitmap, packBits, unpackBits } from "./mask_bitmap.js";

export class InpaintingStore extends Store {
  #painters = new Set(); // called with the box of the mask that changed
  #sent = Promise.resolve(); // until the mask is on its way
  #unsent = false;
  #greeted; // the number of the image whose mask came with a greeting

  constructor(model) {
    super(model);
    this.image = null; // number, name, size, url, …
    this.mask = null;
    this.filling = null; // { method, fraction, stopping } while it fills
    this.results = []; // method, urls, lines, …, in the order of their arrival
    this.picked = null; // { method, candidate }
    this.outdated = false;
    this.tool = "brush";
    this.size = 1; // of the brush, pixels across
    this.ticked = new Set();
    this.candidates = 4;
  }

  close() {
    super.close();
    this.#forgetResults();
    if (this.image) URL.revokeObjectURL(this.image.url);
  }

  watchMask(painter) {
    this.#painters.add(painter);
    return () => this.#painters.delete(painter);
  }

  // Some pixels of the mask changed.
  touch(box) {
    for (const painter of this.#painters) painter(box);
  }

  press(verb, more = {}, buffers = []) {
    this.note = null;
    this.send({ do: verb, ...more }, { buffers });
    this.changed();
  }

  // The mask that was painted last is in the kernel before it fills.
  async fill() {
    await this.#sent;
    const methods = this.about.methods.map(({ name }) => name).filter((name) => this.ticked.has(name));
    this.press("fill", { methods, candidates: this.candidates });
  }

  upload(what, name, file, more = {}) {
    this.uploaded = { what, name, file };
    this.press("upload", { what, name, ...more }, [file]);
  }

  // The mask that was of another size than the image, once more.
  resizeMask() {
    const { what, name, file } = this.uploaded;
    this.upload(what, name, file, { resize: true });
  }

  // What is missing before anything can be filled; empty if nothing is.
  get missing() {
    if (!this.image) return "Upload an image first";
    if (!this.mask.count) return "Paint a mask first";
    if (this.mask.count === this.mask.bits.length) return "The mask covers the whole image: leave a part to go by";
    return this.ticked.size ? "" : "Choose a method first";
  }

  choose(tool) {
    this.tool = tool;
    this.changed();
  }

  get largest() {
    return this.mask ? Math.max(8, Math.min(256, Math.round(Math.min(this.mask.width, this.mask.height) / 2))) : 1;
  }

  resize(size) {
    this.size = Math.max(1, Math.min(this.largest, Math.round(size)));
    this.changed();
  }

  // Larger or smaller by about an eighth.
  nudge(direction) {
    this.resize(this.size + direction * Math.max(1, Math.round(this.size / 8)));
  }

  // Make one undo step of what was painted, and send it to the kernel.
  commit() {
    if (!this.mask.commit()) return;
    this.#sendMask();
    this.changed();
  }

  // Change the mask as a whole, by one of its own methods.
  change(method, ...values) {
    const box = this.mask[method](...values);
    this.mask.commit();
    this.#sendMask();
    this.touch(box);
    this.changed();
  }

  take(message, buffers) {
    const take = {
      about: () => this.#takeAbout(message),
      image: () => this.#takeImage(message, buffers),
      mask: () => this.#takeMask(message, buffers),
      filling: () => (this.filling = message.progress),
      results: () => this.#forgetResults(),
      result: () => this.#takeResult(message, buffers),
      picked: () => this.#takePicked(message),
    }[message.kind];
    take?.();
  }

  #sendMask() {
    this.#unsent = true;
    this.#sent = this.#sent.then(async () => {
      if (!this.#unsent) return; // a later one went instead
      this.#unsent = false;
      const { number } = this.image;
      const bytes = await packBits(this.mask.bits);
      this.send({ do: "mask", number }, { buffers: [bytes], answer: false });
    });
  }

  // One that comes with a greeting is older than what this page has painted; one that comes before the image comes again.
  async #takeMask({ number, greeting }, [bytes]) {
    if (!this.mask || (greeting && this.#greeted === number)) return;
    this.#greeted = number;
    const bits = await unpackBits(bytes, this.mask.bits.length);
    if (number === this.image.number) this.change("replace", bits);
  }

  #takeAbout(about) {
    if (!this.about) for (const { name, ticked } of about.methods) if (ticked) this.ticked.add(name);
    this.about = about;
  }

  #takeImage(image, [bytes]) {
    if (this.image && this.image.number === image.number) {
      this.image = { ...image, url: this.image.url };
      return;
    }
    const before = this.mask;
    if (this.image) URL.revokeObjectURL(this.image.url);
    this.image = { ...image, url: URL.createObjectURL(new Blob([bytes])) };
    this.mask = new MaskBitmap(image.width, image.height);
    if (!before || before.width !== this.mask.width || before.height !== this.mask.height) {
      this.size = Math.max(1, Math.round(Math.min(image.width, image.height) / 10));
    }
    this.size = Math.min(this.size, this.largest);
  }

  #takeResult(result, buffers) {
    const urls = buffers.map((bytes) => URL.createObjectURL(new Blob([bytes])));
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
