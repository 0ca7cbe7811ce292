// Up to three samples side by side: a walk from a to b, and a − b + c.

import { element } from "./words.js";
import { crisp } from "./sprites.js";

const SLOT = 44, FRAME = 54, FRAME_MOST = 60, FRAME_MS = 130;

export class Combine {
  constructor(store, { lend, giveBack }) {
    Object.assign(this, { store, lend, giveBack });
    const button = (text, title, press) => element("button", { type: "button", class: "gb-small", title, onclick: press }, text);
    this.add = button("Add sample", "A: put the sample looked at into the next slot", () => store.send({ do: "combine" }));
    this.clear = button("Clear", "Empty the slots", () => store.send({ do: "empty" }));
    this.play = element("button", { type: "button", class: "gb-play", onclick: () => this.#toggle() }, element("i", { "aria-hidden": "true" }));
    this.slots = element("div", { class: "gb-slots" });
    this.strip = element("div", { class: "gb-strip", role: "group", "aria-label": "From a to b" });
    this.between = element("div", { class: "gb-between" }, this.play, this.strip);
    this.el = element("section", { class: "gb-combine", "aria-label": "Combine" },
      element("div", { class: "gb-combine-head" }, element("h4", {}, "Combine"), this.slots, this.add, this.clear), this.between);
  }

  close() {
    clearInterval(this.timer);
  }

  draw() {
    const { view, parts, head } = this.store;
    this.add.disabled ||= view.at == null;
    this.clear.disabled ||= !view.slots;
    this.between.hidden = !parts.strip;
    if (!parts.strip) this.#halt();
    this.play.setAttribute("aria-label", this.timer ? "Stop playing" : "Play the walk from a to b");
    this.play.classList.toggle("gb-playing", Boolean(this.timer));
    const key = [parts.slots, parts.strip, parts.mix].map((part) => part?.sheet.url).join(" ");
    if (key === this.drawn) return;
    this.drawn = key;
    this.#drawSlots(parts, head);
    this.strip.replaceChildren(...(parts.strip?.titles ?? []).map((title, i) => {
      const frame = this.#picture(parts.strip.sheet, i, crisp(head.width, FRAME, FRAME_MOST), title, { do: "pick", from: "strip", which: i });
      frame.onpointerenter = () => this.lend(parts.strip.sheet, i);
      frame.onpointerleave = () => this.timer || this.giveBack();
      return frame;
    }));
  }

  #drawSlots({ slots, mix }, head) {
    const width = crisp(head.width, SLOT);
    const signs = ["a", "− b", "+ c"];
    const boxes = (slots?.z ?? []).map((z, i) => element("figure", {},
      this.#picture(slots.sheet, i, width, `sample in slot ${"abc"[i]}`, { do: "pick", from: "slots", which: i }), bars(z, width),
      element("figcaption", {}, slots.z.length > 2 ? signs[i] : "abc"[i])));
    if (mix) boxes.push(element("figure", { class: "gb-mix" }, this.#picture(mix.sheet, 0, width, "a − b + c", { do: "pick", from: "mix", which: 0 }), bars(mix.z, width), element("figcaption", {}, "= mix")));
    if (!boxes.length) boxes.push(element("span", { class: "gb-hint" }, "two samples make a walk, three a − b + c"));
    this.slots.replaceChildren(...boxes);
  }

  #picture(sheet, i, width, label, asked) {
    const picture = element("button", { type: "button", class: "gb-thumb", "aria-label": label, title: label, onclick: () => this.store.send(asked) });
    sheet.dress(picture, i, width);
    return picture;
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
      const count = strip.titles.length, round = 2 * (count - 1);
      this.lend(strip.sheet, Math.min(frame, round - frame));
      frame = (frame + 1) % round;
    }, FRAME_MS);
    this.draw();
  }

  #halt() {
    if (!this.timer) return;
    clearInterval(this.timer);
    this.timer = null;
    this.giveBack();
    this.draw();
  }
}

// z as a strip of colour: blue above nought, vermilion below.
function bars(z, width) {
  const canvas = element("canvas", { class: "gb-z", width: z.length, height: 1, role: "img", "aria-label": `z of length ${z.length}` });
  canvas.style.width = `${width}px`;
  const context = canvas.getContext("2d");
  z.forEach((value, i) => {
    const strength = Math.min(1, Math.abs(value) / 2.5);
    context.fillStyle = value > 0 ? `rgba(0, 114, 178, ${strength})` : `rgba(213, 94, 0, ${strength})`;
    context.fillRect(i, 0, 1, 1);
  });
  return canvas;
}
