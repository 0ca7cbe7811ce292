// What a page knows of an image and the mask that is painted on it: the image comes from the kernel, the mask is painted
// here and sent to the kernel after every stroke.

import { MaskBitmap, packBits, unpackBits } from "./mask_bitmap.js";
import { Store } from "./store.js";

export class MaskStore extends Store {
  #painters = new Set(); // called with the box of the mask that changed
  #sent = Promise.resolve(); // until the mask is on its way
  #unsent = false;
  #greeted; // the number of the image whose mask came with a greeting

  constructor(model) {
    super(model);
    this.image = null; // number, name, width, height, url, …
    this.mask = null;
    this.working = null; // { method, fraction, stopping } while the kernel works
    this.tool = "brush";
    this.size = 1; // of the brush, pixels across
  }

  close() {
    super.close();
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

  // The mask that was painted last is in the kernel before this.
  async pressWithMask(verb, more = {}) {
    await this.#sent;
    this.press(verb, more);
  }

  upload(what, name, file, more = {}) {
    this.uploaded = { what, name, file };
    this.press("upload", { what, name, ...more }, [file]);
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
      image: () => this.#takeImage(message, buffers),
      mask: () => this.#takeMask(message, buffers),
      working: () => (this.working = message.progress),
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
}
