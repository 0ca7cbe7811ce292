// The picture that is painted on: canvas, pointer, zoom, and the tools below it.

import { Box } from "./mask.js";
import { TOOLS, gesture } from "./tools.js";
import { element } from "./words.js";

const HIGHEST = 480;
const LOWEST = 200;
const CLOSEST = 40; // screen pixels a pixel
const CHECK = 5; // screen pixels a field of the checks that mark the hole
const [RED, PALE] = [0xd83028d8, 0xb8dcdcff]; // alpha, blue, green, red

export class Easel {
  constructor(painting) {
    this.painting = painting;
    this.scale = 1;
    this.offset = [0, 0];
    this.at = null; // where the brush is, in pixels of the picture
    this.fingers = new Map(); // pointers that are down: id -> [x, y]
    this.fresh = new Box(); // what is not drawn yet
    this.el = this.#make();
  }

  #make() {
    this.image = element("img", { alt: "", draggable: "false" });
    this.canvas = element("canvas", { "aria-hidden": "true" });
    this.ink = this.canvas.getContext("2d");
    this.outline = document.createElementNS("http://www.w3.org/2000/svg", "polygon");
    const lines = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    lines.append(this.outline);
    this.lines = lines;
    this.ring = element("div", { class: "gb-ring" });
    this.stage = element("div", { class: "gb-stage" }, this.image, this.canvas);
    this.view = element(
      "div",
      {
        class: "gb-view", tabindex: "0", role: "application", "aria-roledescription": "painting",
        onpointerdown: (e) => this.#down(e), onpointermove: (e) => this.#move(e), onpointerup: (e) => this.#up(e),
        onpointercancel: (e) => this.#cancel(e), onpointerleave: () => this.#leave(), onwheel: (e) => this.#wheel(e),
        oncontextmenu: (e) => e.preventDefault(), onkeydown: (e) => this.#cursor(e),
      },
      this.stage, lines, this.ring,
    );
    this.empty = element("p", { class: "gb-empty" });
    return element("div", { class: "gb-easel" }, this.view, this.empty, this.#tools());
  }

  #tools() {
    const { painting } = this;
    const button = (text, label, press) => element("button", { type: "button", title: label, "aria-label": label, onclick: press }, text);
    this.tools = Object.entries(TOOLS).map(([name, { label, key, title }]) => {
      const face = name === "rectangle" ? element("i", { class: "gb-frame", "aria-hidden": "true" }) : label;
      const made = button(face, `${label} (${key.toUpperCase()}): ${title}`, () => painting.choose(name));
      made.dataset.tool = name;
      return made;
    });
    this.undo = button("↶", "Undo (Ctrl-Z)", () => painting.change("undo"));
    this.redo = button("↷", "Redo (Ctrl-Shift-Z)", () => painting.change("redo"));
    this.clear = button("Clear", "Clear: no hole (Delete)", () => painting.change("fill", 0));
    this.invert = button("Invert", "Invert: what is hole becomes known (I)", () => painting.change("invert"));
    this.nearer = button("+", "Zoom in (+ or Ctrl-wheel)", () => this.zoom(1.5));
    this.farther = button("−", "Zoom out (−)", () => this.zoom(1 / 1.5));
    this.fitted = button("Fit", "Show the whole picture (0)", () => this.fit());
    this.zoomed = element("span", { class: "gb-zoomed" });
    this.slider = element("input", { type: "range", min: "1", step: "1", "aria-label": "Brush size in pixels", title: "[ and ], or the wheel over the picture", oninput: () => painting.resize(Number(this.slider.value)) });
    this.width = element("output");
    return element(
      "div",
      { class: "gb-toolbox" },
      element("div", { class: "gb-row", role: "toolbar", "aria-label": "Tools" }, ...this.tools, this.undo, this.redo),
      element("div", { class: "gb-row" }, this.clear, this.invert, element("span", { class: "gb-gap" }), this.farther, this.zoomed, this.nearer, this.fitted),
      element("label", { class: "gb-row" }, "Brush size", this.slider, this.width),
    );
  }

  // What the panel's keys do, wherever in it the focus is; true if it was one of them.
  key(event) {
    const { painting } = this;
    if (!painting.mask || !this.room || this.gesture) return false;
    const key = event.key.toLowerCase();
    if (event.ctrlKey || event.metaKey) {
      if (key !== "z" && key !== "y") return false;
      painting.change(key === "y" || event.shiftKey ? "redo" : "undo");
      return true;
    }
    const tool = Object.keys(TOOLS).find((name) => TOOLS[name].key === key);
    const act = {
      "[": () => painting.nudge(-1),
      "]": () => painting.nudge(1),
      "+": () => this.zoom(1.5),
      "=": () => this.zoom(1.5),
      "-": () => this.zoom(1 / 1.5),
      0: () => this.fit(),
      i: () => painting.change("invert"),
      delete: () => painting.change("fill", 0),
    }[key];
    if (tool) painting.choose(tool);
    else if (act) act();
    else return false;
    return true;
  }

  // Some pixels of the mask changed.
  touch(box) {
    if (!box.empty) this.fresh.add(box);
    this.#soon();
  }

  draw() {
    const { painting, view } = this;
    const { picture, mask } = painting;
    this.view.hidden = !picture;
    this.empty.hidden = Boolean(picture);
    const off = !picture || painting.silent;
    for (const control of [...this.tools, this.clear, this.invert, this.nearer, this.farther, this.fitted, this.slider]) control.disabled = off;
    this.undo.disabled = off || !mask.done.length;
    this.redo.disabled = off || !mask.undone.length;
    for (const tool of this.tools) tool.setAttribute("aria-pressed", String(tool.dataset.tool === painting.tool));
    this.empty.textContent = painting.heard ? "Upload a picture, or drop one here." : "connecting…";
    if (!picture) return;
    view.dataset.tool = painting.tool;
    this.slider.max = String(painting.largest);
    this.slider.value = String(painting.size);
    this.slider.style.setProperty("--gb-filled", (painting.size - 1) / (painting.largest - 1));
    this.width.textContent = `${painting.size} px`;
    if (this.shown !== mask) {
      this.shown = mask;
      this.image.src = picture.url;
      [this.canvas.width, this.canvas.height] = [mask.width, mask.height];
      view.setAttribute("aria-label", `${picture.name}: paint the hole. Arrow keys move the brush, Space paints, with Shift they paint along.`);
      this.at = null;
      this.size();
    }
    this.#soon();
  }

  // Take the room there is; what is zoomed stays so until that changes.
  size() {
    const { mask } = this.painting;
    const wide = this.el.clientWidth;
    if (!mask || !wide || (this.sized === mask && this.room[0] === wide)) return;
    const high = Math.round(Math.max(LOWEST, Math.min(HIGHEST, (wide * mask.height) / mask.width)));
    this.view.style.height = `${high}px`;
    this.room = [wide, high];
    this.sized = mask;
    this.fit();
  }

  // The whole picture, a pixel on a whole number of screen pixels where that wastes little.
  fit() {
    const { mask } = this.painting;
    const exact = Math.min(this.room[0] / mask.width, this.room[1] / mask.height);
    const ratio = window.devicePixelRatio || 1;
    const whole = Math.floor(exact * ratio) / ratio;
    this.fitting = this.scale = whole >= 0.72 * exact && whole > 0 ? whole : exact;
    this.check = Math.max(1, Math.round(CHECK / this.scale));
    this.fresh.add(mask.everything);
    this.#place([0, 0]);
  }

  // Around a point of the screen, the middle unless given.
  zoom(factor, x = this.room[0] / 2, y = this.room[1] / 2) {
    const scale = Math.max(this.fitting, Math.min(CLOSEST, this.scale * factor));
    const [left, top] = this.offset.map((o, i) => [x, y][i] - (([x, y][i] - o) * scale) / this.scale);
    this.scale = scale;
    this.#place([left, top]);
  }

  #place(offset) {
    const { mask } = this.painting;
    const sides = [mask.width * this.scale, mask.height * this.scale];
    this.offset = offset.map((o, i) => {
      const spare = this.room[i] - sides[i];
      return Math.round(spare >= 0 ? spare / 2 : Math.max(spare, Math.min(0, o)));
    });
    this.stage.style.width = `${sides[0]}px`;
    this.stage.style.height = `${sides[1]}px`;
    this.stage.style.transform = `translate(${this.offset[0]}px, ${this.offset[1]}px)`;
    this.stage.classList.toggle("gb-smooth", this.scale * (window.devicePixelRatio || 1) < 1);
    this.zoomed.textContent = `${Math.round(100 * this.scale)} %`;
    this.#soon();
  }

  #soon() {
    this.asked ??= requestAnimationFrame(() => {
      this.asked = null;
      this.#frame();
    });
  }

  close() {
    cancelAnimationFrame(this.asked);
  }

  #frame() {
    const { painting } = this;
    if (!painting.mask || !this.room) return; // nowhere to draw yet
    if (!this.fresh.empty) this.#checks(painting.mask, this.fresh);
    this.fresh = new Box();
    const side = painting.size * this.scale;
    const brush = this.at && ["brush", "eraser"].includes(painting.tool);
    this.ring.hidden = !brush;
    if (brush) {
      const [x, y] = this.#onScreen(this.at);
      this.ring.style.width = this.ring.style.height = `${side}px`;
      this.ring.style.transform = `translate(${x - side / 2}px, ${y - side / 2}px)`;
    }
    const points = this.gesture?.outline ?? [];
    this.lines.style.display = points.length ? "" : "none";
    if (points.length) this.outline.setAttribute("points", points.map((p) => this.#onScreen(p).join()).join(" "));
  }

  // The hole, marked by checks that what is below shines through.
  #checks(mask, { left, top, right, bottom, width, height }) {
    const tile = this.ink.createImageData(width, height);
    const pixels = new Uint32Array(tile.data.buffer);
    let i = 0;
    for (let y = top; y < bottom; y++) {
      const odd = Math.floor(y / this.check);
      for (let x = left; x < right; x++, i++) {
        if (mask.bits[y * mask.width + x]) pixels[i] = (Math.floor(x / this.check) + odd) & 1 ? PALE : RED;
      }
    }
    this.ink.putImageData(tile, left, top);
  }

  #onScreen([x, y]) {
    return [x * this.scale + this.offset[0], y * this.scale + this.offset[1]];
  }

  #onPicture(event, box) {
    return [(event.clientX - box.left - this.offset[0]) / this.scale, (event.clientY - box.top - this.offset[1]) / this.scale];
  }

  #down(event) {
    const { painting } = this;
    event.preventDefault();
    this.view.focus({ preventScroll: true });
    this.view.setPointerCapture(event.pointerId);
    this.fingers.set(event.pointerId, [event.clientX, event.clientY]);
    if (this.fingers.size > 1) {
      this.#drop(); // the first finger did not mean to paint
      return;
    }
    this.moving = painting.tool === "hand" || event.button === 1 || event.button === 2;
    if (this.moving || painting.silent) return;
    const erases = painting.tool === "eraser" || event.altKey || event.button === 5;
    this.gesture = gesture(painting.tool, painting.mask, erases ? 0 : 1, painting.size);
    this.#paint([event]);
  }

  #move(event) {
    const before = this.fingers.get(event.pointerId);
    if (event.pointerType !== "touch" || this.gesture) this.at = this.#onPicture(event, this.view.getBoundingClientRect());
    if (before) {
      if (this.gesture) {
        const passed = event.getCoalescedEvents?.() ?? [];
        this.#paint(passed.length ? passed : [event]);
      } else if (this.fingers.size === 2) this.#pinch(event, before);
      else if (this.moving) this.#place([this.offset[0] + event.clientX - before[0], this.offset[1] + event.clientY - before[1]]);
      this.fingers.set(event.pointerId, [event.clientX, event.clientY]);
    }
    this.#soon();
  }

  #pinch(event, before) {
    const [, other] = [...this.fingers].find(([id]) => id !== event.pointerId);
    const apart = ([x, y]) => Math.hypot(x - other[0], y - other[1]) || 1;
    const now = [event.clientX, event.clientY];
    const box = this.view.getBoundingClientRect();
    this.#place(this.offset.map((o, i) => o + (now[i] - before[i]) / 2));
    this.zoom(apart(now) / apart(before), (now[0] + other[0]) / 2 - box.left, (now[1] + other[1]) / 2 - box.top);
  }

  #paint(events) {
    const { painting } = this;
    const box = this.view.getBoundingClientRect();
    for (const event of events) {
      this.at = this.#onPicture(event, box);
      painting.touch(this.gesture.to(...this.at));
    }
  }

  #up(event) {
    this.fingers.delete(event.pointerId);
    if (event.pointerType === "touch") this.at = null;
    if (!this.gesture) return this.#soon();
    const done = this.gesture;
    this.gesture = null;
    this.painting.touch(done.end());
    this.painting.commit();
  }

  #cancel(event) {
    this.fingers.delete(event.pointerId);
    this.#drop();
  }

  #drop() {
    if (!this.gesture) return;
    this.gesture = null;
    this.painting.touch(this.painting.mask.cancel());
  }

  #leave() {
    if (this.fingers.size) return;
    this.at = null;
    this.#soon();
  }

  // The wheel belongs to the page until the picture has the focus.
  #wheel(event) {
    const zooms = event.ctrlKey || event.metaKey;
    if (!zooms && document.activeElement !== this.view) return;
    event.preventDefault();
    const box = this.view.getBoundingClientRect();
    if (zooms) this.zoom(Math.exp(-event.deltaY * 0.003), event.clientX - box.left, event.clientY - box.top);
    else if (event.deltaY) this.painting.nudge(event.deltaY < 0 ? 1 : -1);
  }

  // Painting without a pointer.
  #cursor(event) {
    const { painting } = this;
    if (event.key === "Escape" && this.gesture) return this.#drop();
    const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if ((!step && event.key !== " ") || event.ctrlKey || event.metaKey || this.gesture) return;
    event.preventDefault();
    const limits = [painting.mask.width, painting.mask.height];
    const from = this.at ?? limits.map((side) => Math.floor(side / 2));
    const by = Math.max(1, Math.round(painting.size / 4));
    this.at = step ? from.map((v, i) => Math.max(0, Math.min(limits[i] - 1, v + step[i] * by))) : from;
    if (!step || event.shiftKey) {
      const dab = gesture("brush", painting.mask, painting.tool === "eraser" ? 0 : 1, painting.size);
      for (const point of [from, this.at]) painting.touch(dab.to(...point));
      painting.commit();
    }
    this.#soon();
  }
}
