// What the page knows of an inpainting: the picture and its results as the kernel sends them, and the mask, which is
// painted here and sent to the kernel after every step. One for each model, any number of views.

import { Mask, packed, unpacked } from "./mask.js";

const ANSWER_MS = 6000;

export class Painting {
  constructor(model) {
    this.model = model;
    this.watchers = new Set();
    this.head = null; // methods, kinds of masks, limits
    this.picture = null; // number, name, size, url, …
    this.mask = null;
    this.filling = null; // share and words while it fills
    this.results = []; // method, urls, scores, …, in the order of their arrival
    this.picked = null; // { method, candidate }
    this.said = null; // { text, failed }
    this.silent = false;
    this.heard = false;
    this.tool = "brush";
    this.size = 1; // of the brush, pixels across
    this.ticked = new Set();
    this.candidates = 4;
    this.sent = Promise.resolve();
    model.on("msg:custom", (message, buffers) => this.#take(message, buffers || []));
  }

  close() {
    clearTimeout(this.waiting);
    this.#forget();
    if (this.picture) URL.revokeObjectURL(this.picture.url);
  }

  // A view has draw(), and touch(box) for pixels of the mask.
  watch(view) {
    this.watchers.add(view);
    return () => this.watchers.delete(view);
  }

  tell() {
    for (const view of this.watchers) view.draw();
  }

  touch(box) {
    for (const view of this.watchers) view.touch(box);
  }

  send(content, buffers = []) {
    try {
      this.model.send(content, undefined, buffers);
    } catch {
      this.#fallSilent();
    }
  }

  // Send what the kernel answers.
  ask(what, more = {}, buffers = []) {
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => this.#fallSilent(), ANSWER_MS);
    this.send({ do: what, ...more }, buffers);
  }

  press(what, more = {}, buffers = []) {
    this.said = null;
    this.ask(what, more, buffers);
    this.tell();
  }

  // The mask that was painted last is in the kernel before it fills.
  async fill() {
    await this.sent;
    this.press("fill", { methods: this.head.methods.filter(({ name }) => this.ticked.has(name)).map(({ name }) => name), candidates: this.candidates });
  }

  upload(what, name, file, more = {}) {
    this.uploaded = { what, name, file };
    this.press("upload", { what, name, ...more }, [file]);
  }

  // The mask that was of another size than the picture, once more.
  resizeMask() {
    const { what, name, file } = this.uploaded;
    this.upload(what, name, file, { resize: true });
  }

  // Why nothing can be filled; empty if it can.
  get missing() {
    if (!this.picture) return "Upload a picture first";
    if (!this.mask.count) return "Paint a hole first";
    if (this.mask.count === this.mask.bits.length) return "The hole is the whole picture: leave something to go by";
    return this.ticked.size ? "" : "Tick a method first";
  }

  choose(tool) {
    this.tool = tool;
    this.tell();
  }

  get largest() {
    return this.mask ? Math.max(8, Math.min(256, Math.round(Math.min(this.mask.width, this.mask.height) / 2))) : 1;
  }

  resize(size) {
    this.size = Math.max(1, Math.min(this.largest, Math.round(size)));
    this.tell();
  }

  // Larger or smaller by about an eighth.
  nudge(direction) {
    this.resize(this.size + direction * Math.max(1, Math.round(this.size / 8)));
  }

  // Make one step of what was painted; the kernel hears of it.
  commit() {
    if (!this.mask.commit()) return;
    this.#sendMask();
    this.tell();
  }

  // Change the mask as a whole: one of its own verbs.
  change(verb, ...values) {
    const box = this.mask[verb](...values);
    this.mask.commit();
    this.#sendMask();
    this.touch(box);
    this.tell();
  }

  #sendMask() {
    this.unsent = true;
    this.sent = this.sent.then(async () => {
      if (!this.unsent) return; // a later one went instead
      this.unsent = false;
      const { number } = this.picture;
      const bytes = await packed(this.mask.bits);
      this.send({ do: "mask", number }, [bytes]);
    });
  }

  // One that comes with a greeting is older than what this page has painted; one that comes before the picture comes again.
  async #takeMask({ number, greeting }, [bytes]) {
    if (!this.mask || (greeting && this.masked === number)) return;
    this.masked = number;
    const bits = await unpacked(bytes, this.mask.bits.length);
    if (number === this.picture.number) this.change("replace", bits);
  }

  #take(message, buffers) {
    clearTimeout(this.waiting);
    this.silent = false;
    this.heard = true;
    const take = {
      head: () => this.#takeHead(message),
      picture: () => this.#takePicture(message, buffers),
      mask: () => this.#takeMask(message, buffers),
      filling: () => (this.filling = message.now),
      results: () => this.#forget(),
      result: () => this.#takeResult(message, buffers),
      picked: () => (this.picked = message.picked && { method: message.picked[0], candidate: message.picked[1] }),
      said: () => (this.said = message.text ? message : null),
      file: () => download(message, buffers),
    }[message.kind];
    take?.();
    this.tell();
  }

  #takeHead(head) {
    if (!this.head) for (const { name, ticked } of head.methods) if (ticked) this.ticked.add(name);
    this.head = head;
  }

  #takePicture(picture, [bytes]) {
    if (this.picture && this.picture.number === picture.number) {
      this.picture = { ...picture, url: this.picture.url };
      return;
    }
    const before = this.mask;
    if (this.picture) URL.revokeObjectURL(this.picture.url);
    this.picture = { ...picture, url: URL.createObjectURL(new Blob([bytes])) };
    this.mask = new Mask(picture.width, picture.height);
    if (!before || before.width !== this.mask.width || before.height !== this.mask.height) {
      this.size = Math.max(1, Math.round(Math.min(picture.width, picture.height) / 10));
    }
    this.size = Math.min(this.size, this.largest);
  }

  #takeResult(result, buffers) {
    const urls = buffers.map((bytes) => URL.createObjectURL(new Blob([bytes])));
    this.results = [...this.results.filter(({ method }) => method !== result.method), { ...result, urls }];
  }

  #forget() {
    for (const { urls } of this.results) for (const url of urls) URL.revokeObjectURL(url);
    this.results = [];
  }

  #fallSilent() {
    clearTimeout(this.waiting);
    this.silent = true;
    this.tell();
  }
}

function download({ name, type }, buffers) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob(buffers, { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
