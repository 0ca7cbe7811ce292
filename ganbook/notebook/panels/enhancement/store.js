// What the page knows of an enhancement beside the image and its mask: settings, the part that is looked at, results.

import { MaskStore } from "../shared/mask_store.js";

const FIRST = ["network", "lanczos", "bicubic"]; // methods ticked where there are such
export const MOST = 4; // methods beside each other

export class EnhancementStore extends MaskStore {
  constructor(model) {
    super(model);
    this.tool = "hand";
    this.settings = null; // scale, denoise, jpeg, crispness
    this.spot = null; // the part: left, top, width, height, in pixels of the image
    this.outdated = false;
    this.part = null; // before, map, width, height, methods: [{ method, url, lines, error }]
    this.results = []; // of the whole image: method, url, lines, width, height
    this.ticked = new Set(FIRST);
    this.picked = FIRST[0]; // the method in large
    this.whole = false; // whether the whole is shown in large, rather than the part
    this.mapped = false; // whether the map of what was invented is shown
  }

  close() {
    super.close();
    this.#forgetPart();
    this.#forgetResults();
  }

  get runs() {
    return [this.about?.run].filter(Boolean);
  }

  get methods() {
    return (this.about && this.settings && this.about.methods[this.settings.scale]) || [];
  }

  get chosen() {
    const ticked = this.methods.filter((method) => this.ticked.has(method)).slice(0, MOST);
    return ticked.length ? ticked : this.methods.slice(0, 1);
  }

  get crisp() {
    return Boolean(this.about?.crisp.includes(this.settings?.scale));
  }

  // Why the whole cannot be enhanced; empty if it can.
  get missing() {
    if (!this.image) return "Upload an image first";
    const { scale, denoise, jpeg } = this.settings ?? {};
    if (scale === 1 && !denoise && !jpeg && !this.about?.run)
      return "There is nothing to do: enlarge, or remove noise or traces of JPEG";
    return "";
  }

  // Change settings, or the spot (column, row): the newest wish counts.
  ask(settings = {}, spot = null) {
    this.note = null;
    const changes = { ...settings };
    if (this.settings) {
      this.settings = { ...this.settings, ...settings };
      if (!this.crisp && this.settings.crispness) this.settings.crispness = changes.crispness = 0;
    }
    if (spot) changes.spot = spot;
    this.wish("change", { do: "change", changes: { ...changes, methods: this.chosen } });
    this.changed();
  }

  // A click on the image: look there.
  pointed([x, y]) {
    this.whole = false;
    this.ask({}, [Math.round(x), Math.round(y)]);
  }

  // Make the image small first, so that the truth is known.
  test(tested) {
    this.image = { ...this.image, tested };
    this.press("test", { tested });
  }

  tick(method, ticked) {
    this.ticked[ticked ? "add" : "delete"](method);
    this.ask();
  }

  pick(method) {
    this.picked = method;
    this.changed();
  }

  show(changes) {
    Object.assign(this, changes);
    this.changed();
  }

  enhance() {
    this.whole = true;
    return this.pressWithMask("enhance", { methods: this.chosen });
  }

  take(message, buffers) {
    super.take(message, buffers);
    const take = {
      about: () => (this.about = message),
      chosen: () => this.#takeChosen(message.methods),
      image: () => this.#takeImage(),
      settings: () => this.#takeSettings(message),
      part: () => this.#takePart(message, buffers),
      results: () => this.#forgetResults(),
      result: () => this.#takeResult(message, buffers),
    }[message.kind];
    take?.();
  }

  // Ticks of methods that these settings do not offer are kept for settings that do.
  #takeChosen(methods) {
    const others = this.settings ? [...this.ticked].filter((method) => !this.methods.includes(method)) : [];
    this.ticked = new Set([...others, ...methods]);
  }

  #takeImage() {
    if (this.seen === this.image.number) return;
    this.seen = this.image.number;
    this.whole = false;
    this.#forgetPart();
    this.asking = true; // for the part, once settings have come
  }

  #takeSettings({ settings, box, outdated }) {
    this.outdated = outdated;
    this.spot = box;
    if (!this.awaits("change")) this.settings = settings;
    if (!this.asking) return;
    this.asking = false;
    this.ask();
  }

  #takePart({ methods, width, height, map }, buffers) {
    this.#forgetPart();
    const urls = buffers.map((bytes) => URL.createObjectURL(new Blob([bytes])));
    let next = 1;
    this.part = {
      urls,
      width,
      height,
      before: urls[0],
      map: map ? urls.at(-1) : null,
      methods: methods.map((made) => ({ ...made, url: made.error ? null : urls[next++] })),
    };
  }

  #forgetPart() {
    for (const url of this.part?.urls ?? []) URL.revokeObjectURL(url);
    this.part = null;
  }

  #takeResult(result, buffers) {
    const url = buffers.length ? URL.createObjectURL(new Blob(buffers)) : null;
    this.results = [...this.results.filter(({ method }) => method !== result.method), { ...result, url }];
  }

  #forgetResults() {
    for (const { url } of this.results) if (url) URL.revokeObjectURL(url);
    this.results = [];
  }
}
