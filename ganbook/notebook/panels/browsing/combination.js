// Up to three samples side by side: the interpolation from a to b, and a − b + c.

import { button, element, playButton, showPlaying } from "../shared/dom.js";
import { help } from "../shared/help.js";
import { crisp } from "../shared/sprites.js";

const SLOT = 44;
const FRAME = 54;
const FRAME_MOST = 60;
const FRAME_MS = 130;
const SLOTS = "abc";
const SIGNS = ["a", "− b", "+ c"];

export class Combination {
  constructor(store, sampleCard) {
    Object.assign(this, { store, sampleCard });
    const small = { class: "gb-small" };
    this.add = button("Add sample", "", () => store.send({ do: "combine" }), small);
    this.clear = button("Clear", "Empty the slots", () => store.send({ do: "empty" }), small);
    this.play = playButton(() => this.#toggle());
    this.slots = element("div", { class: "gb-slots" });
    this.strip = element("div", { class: "gb-strip", role: "group", "aria-label": "From a to b" });
    this.between = element("div", { class: "gb-between" }, this.play, this.strip);
    const head = element(
      "div",
      { class: "gb-combine-head" },
      element("h4", {}, "Combine", help("combine")),
      this.slots,
      element("div", { class: "gb-buttons" }, this.add, this.clear),
    );
    this.el = element("section", { class: "gb-combine", "aria-label": "Combine" }, head, this.between);
  }

  close() {
    clearInterval(this.timer);
  }

  draw() {
    const { view, parts, about } = this.store;
    const full = view.slots >= SLOTS.length;
    this.add.disabled ||= view.at == null || full;
    this.add.title = full ? "All slots are filled: Clear empties them" : "Put the picked sample into the next slot (A)";
    this.clear.disabled ||= !view.slots;
    this.between.hidden = !parts.strip;
    if (!parts.strip) this.#halt();
    showPlaying(this.play, Boolean(this.timer), "Play the interpolation from a to b");
    const key = [parts.slots, parts.strip, parts.mix].map((part) => part?.sheet.url).join(" ");
    if (key === this.drawn) return;
    this.drawn = key;
    this.#drawSlots(parts, crisp(about.width, SLOT));
    this.#drawStrip(parts.strip, crisp(about.width, FRAME, FRAME_MOST));
  }

  #drawSlots({ slots, mix }, width) {
    const boxes = (slots?.z ?? []).map((z, i) => {
      const image = this.#image(slots.sheet, i, width, `sample in slot ${SLOTS[i]}`, "slots");
      const caption = slots.z.length > 2 ? SIGNS[i] : SLOTS[i];
      return element("figure", {}, image, bars(z, width), element("figcaption", {}, caption));
    });
    if (mix) {
      const image = this.#image(mix.sheet, 0, width, "a − b + c", "mix");
      const caption = element("figcaption", {}, "= a − b + c");
      boxes.push(element("figure", { class: "gb-mix" }, image, bars(mix.z, width), caption));
    }
    const hint = "Add two samples to interpolate, three for a − b + c";
    if (!boxes.length) boxes.push(element("span", { class: "gb-hint" }, hint));
    this.slots.replaceChildren(...boxes);
  }

  #drawStrip(strip, width) {
    const frames = (strip?.titles ?? []).map((title, i) => {
      const frame = this.#image(strip.sheet, i, width, title, "strip");
      frame.onpointerenter = () => this.sampleCard.lend(strip.sheet, i);
      frame.onpointerleave = () => this.timer || this.sampleCard.giveBack();
      return frame;
    });
    this.strip.replaceChildren(...frames);
  }

  #image(sheet, index, width, label, source) {
    const pick = () => this.store.send({ do: "pick", source, index });
    const image = button("", label, pick, { class: "gb-thumb", "aria-label": label });
    sheet.dress(image, index, width);
    return image;
  }

  #toggle() {
    if (this.timer) {
      this.#halt();
      return;
    }
    let frame = 0;
    this.timer = setInterval(() => {
      const { strip } = this.store.parts;
      if (!strip) return this.#halt();
      const round = 2 * (strip.titles.length - 1);
      this.sampleCard.lend(strip.sheet, Math.min(frame, round - frame));
      frame = (frame + 1) % round;
    }, FRAME_MS);
    this.draw();
  }

  #halt() {
    if (!this.timer) return;
    clearInterval(this.timer);
    this.timer = null;
    this.sampleCard.giveBack();
    this.draw();
  }
}

// z as a strip of colour: blue above zero, vermilion below.
function bars(z, width) {
  const canvas = element("canvas", {
    class: "gb-z",
    width: z.length,
    height: 1,
    role: "img",
    "aria-label": `latent vector of length ${z.length}`,
  });
  canvas.style.width = `${width}px`;
  const context = canvas.getContext("2d");
  z.forEach((value, i) => {
    const strength = Math.min(1, Math.abs(value) / 2.5);
    context.fillStyle = value > 0 ? `rgba(0, 114, 178, ${strength})` : `rgba(213, 94, 0, ${strength})`;
    context.fillRect(i, 0, 1, 1);
  });
  return canvas;
}
