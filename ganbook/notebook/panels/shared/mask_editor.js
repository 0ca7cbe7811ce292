// The image with the mask over it: drawing, pointer, keys and zoom, above the toolbar.

import { element } from "./dom.js";
import { TOOLS, gesture } from "./drawing_tools.js";
import { Box } from "./mask_bitmap.js";
import { MaskToolbar } from "./mask_toolbar.js";
import { svg } from "./svg.js";

const HIGHEST = 480;
const LOWEST = 200;
const CLICK = 3; // screen pixels that a press may move and still be a click
const CLOSEST = 40; // screen pixels a pixel
const CHECK = 5; // screen pixels a field of the checks that mark the mask
// alpha, blue, green, red
const RED = 0xd83028d8;
const PALE = 0xb8dcdcff;

export class MaskEditor {
  // `paints` says to readers of the screen what is painted; the tools are folded under `folded`, if given.
  constructor(store, paints, folded = null) {
    this.store = store;
    this.paints = paints;
    this.folded = folded;
    this.scale = 1;
    this.offset = [0, 0];
    this.at = null; // where the brush is, in pixels of the image
    this.fingers = new Map(); // pointers that are down: id -> [x, y]
    this.fresh = new Box(); // what is not drawn yet
    this.el = this.#make();
  }

  #make() {
    this.image = element("img", { alt: "", draggable: "false" });
    this.canvas = element("canvas", { "aria-hidden": "true" });
    this.ink = this.canvas.getContext("2d");
    this.outline = svg("polygon");
    this.spot = svg("rect");
    this.lines = svg("svg", {}, this.outline, this.spot);
    this.ring = element("div", { class: "gb-ring" });
    this.stage = element("div", { class: "gb-stage" }, this.image, this.canvas);
    this.view = element(
      "div",
      {
        class: "gb-view",
        tabindex: "0",
        role: "application",
        "aria-roledescription": "mask editor",
        onpointerdown: (e) => this.#down(e),
        onpointermove: (e) => this.#move(e),
        onpointerup: (e) => this.#up(e),
        onpointercancel: (e) => this.#cancel(e),
        onpointerleave: () => this.#leave(),
        onwheel: (e) => this.#wheel(e),
        oncontextmenu: (e) => e.preventDefault(),
        onkeydown: (e) => this.#cursor(e),
      },
      this.stage,
      this.lines,
      this.ring,
    );
    this.empty = element("p", { class: "gb-empty" });
    this.toolbar = new MaskToolbar(this.store, this);
    const tools = this.folded
      ? element(
          "details",
          { class: "gb-folded", ontoggle: ({ target }) => this.#folds(target.open) },
          element("summary", {}, this.folded),
          this.toolbar.el,
        )
      : this.toolbar.el;
    return element("div", { class: "gb-editor" }, this.view, this.empty, tools);
  }

  // Who unfolds the tools means to paint.
  #folds(open) {
    if (open && this.store.tool === "hand") this.store.choose("brush");
  }

  // What the panel's keys do, wherever in it the focus is; true if it was one of them.
  key(event) {
    const { store } = this;
    if (!store.mask || !this.room || this.gesture) return false;
    const key = event.key.toLowerCase();
    if (event.ctrlKey || event.metaKey) {
      if (key !== "z" && key !== "y") return false;
      store.change(key === "y" || event.shiftKey ? "redo" : "undo");
      return true;
    }
    const tool = Object.keys(TOOLS).find((name) => TOOLS[name].key === key);
    const act = {
      "[": () => store.nudge(-1),
      "]": () => store.nudge(1),
      "+": () => this.zoom(1.5),
      "=": () => this.zoom(1.5),
      "-": () => this.zoom(1 / 1.5),
      0: () => this.fit(),
      i: () => store.change("invert"),
      delete: () => store.change("fill", 0),
    }[key];
    if (tool) store.choose(tool);
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
    const { store, view } = this;
    const { image, mask } = store;
    this.view.hidden = !image;
    this.empty.hidden = Boolean(image);
    this.toolbar.draw();
    this.empty.textContent = store.heard ? "Upload an image, or drop one here." : "connecting…";
    if (!image) return;
    view.dataset.tool = store.tool;
    if (this.shown !== mask) {
      this.shown = mask;
      this.image.src = image.url;
      [this.canvas.width, this.canvas.height] = [mask.width, mask.height];
      view.setAttribute(
        "aria-label",
        `${image.name}: ${this.paints}. Arrow keys move the brush, Space paints, with Shift they paint along.`,
      );
      this.at = null;
      this.size();
    }
    this.#soon();
  }

  // Take the room there is; what is zoomed stays so until that changes.
  size() {
    const { mask } = this.store;
    const wide = this.el.clientWidth;
    if (!mask || !wide || (this.sized === mask && this.room[0] === wide)) return;
    const high = Math.round(Math.max(LOWEST, Math.min(HIGHEST, (wide * mask.height) / mask.width)));
    this.view.style.height = `${high}px`;
    this.room = [wide, high];
    this.sized = mask;
    this.fit();
  }

  // The whole image, a pixel on a whole number of screen pixels where that wastes little.
  fit() {
    const { mask } = this.store;
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
    const { mask } = this.store;
    const sides = [mask.width * this.scale, mask.height * this.scale];
    this.offset = offset.map((o, i) => {
      const spare = this.room[i] - sides[i];
      return Math.round(spare >= 0 ? spare / 2 : Math.max(spare, Math.min(0, o)));
    });
    this.stage.style.width = `${sides[0]}px`;
    this.stage.style.height = `${sides[1]}px`;
    this.stage.style.transform = `translate(${this.offset[0]}px, ${this.offset[1]}px)`;
    this.stage.classList.toggle("gb-smooth", this.scale * (window.devicePixelRatio || 1) < 1);
    this.toolbar.showZoom(this.scale);
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
    const { store } = this;
    if (!store.mask || !this.room) return; // nowhere to draw yet
    if (!this.fresh.empty) this.#checks(store.mask, this.fresh);
    this.fresh = new Box();
    const side = store.size * this.scale;
    const brush = this.at && ["brush", "eraser"].includes(store.tool);
    this.ring.hidden = !brush;
    if (brush) {
      const [x, y] = this.#onScreen(this.at);
      this.ring.style.width = this.ring.style.height = `${side}px`;
      this.ring.style.transform = `translate(${x - side / 2}px, ${y - side / 2}px)`;
    }
    const points = this.gesture?.outline ?? [];
    this.lines.style.display = points.length || store.spot ? "" : "none";
    this.outline.style.display = points.length ? "" : "none";
    this.#frameSpot();
    if (points.length) this.outline.setAttribute("points", points.map((p) => this.#onScreen(p).join()).join(" "));
  }

  // The part of the image that a panel looks at, where it does: left, top, width, height.
  #frameSpot() {
    const { spot } = this.store;
    this.spot.style.display = spot ? "" : "none";
    if (!spot) return;
    const [x, y] = this.#onScreen(spot);
    const box = { x, y, width: spot[2] * this.scale, height: spot[3] * this.scale };
    for (const [name, value] of Object.entries(box)) this.spot.setAttribute(name, value);
  }

  // The mask, marked by checks that what is below shines through.
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

  #onImage(event, box) {
    return [
      (event.clientX - box.left - this.offset[0]) / this.scale,
      (event.clientY - box.top - this.offset[1]) / this.scale,
    ];
  }

  #down(event) {
    const { store } = this;
    event.preventDefault();
    this.view.focus({ preventScroll: true });
    this.view.setPointerCapture(event.pointerId);
    this.fingers.set(event.pointerId, [event.clientX, event.clientY]);
    if (this.fingers.size > 1) {
      this.#drop(); // the first finger did not mean to paint
      return;
    }
    this.pressed = [event.clientX, event.clientY];
    this.moving = store.tool === "hand" || event.button === 1 || event.button === 2;
    if (this.moving || store.silent) return;
    const erases = store.tool === "eraser" || event.altKey || event.button === 5;
    this.gesture = gesture(store.tool, store.mask, erases ? 0 : 1, store.size);
    this.#paint([event]);
  }

  #move(event) {
    const before = this.fingers.get(event.pointerId);
    if (event.pointerType !== "touch" || this.gesture)
      this.at = this.#onImage(event, this.view.getBoundingClientRect());
    if (before) {
      if (this.gesture) {
        const passed = event.getCoalescedEvents?.() ?? [];
        this.#paint(passed.length ? passed : [event]);
      } else if (this.fingers.size === 2) this.#pinch(event, before);
      else if (this.moving)
        this.#place([this.offset[0] + event.clientX - before[0], this.offset[1] + event.clientY - before[1]]);
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
    const { store } = this;
    const box = this.view.getBoundingClientRect();
    for (const event of events) {
      this.at = this.#onImage(event, box);
      store.touch(this.gesture.to(...this.at));
    }
  }

  #up(event) {
    const { store } = this;
    this.fingers.delete(event.pointerId);
    if (event.pointerType === "touch") this.at = null;
    if (
      this.moving &&
      this.pressed &&
      Math.hypot(event.clientX - this.pressed[0], event.clientY - this.pressed[1]) < CLICK
    )
      store.pointed?.(this.#onImage(event, this.view.getBoundingClientRect()));
    if (!this.gesture) return this.#soon();
    const done = this.gesture;
    this.gesture = null;
    store.touch(done.end());
    store.commit();
  }

  #cancel(event) {
    this.fingers.delete(event.pointerId);
    this.#drop();
  }

  #drop() {
    if (!this.gesture) return;
    this.gesture = null;
    this.store.touch(this.store.mask.cancel());
  }

  #leave() {
    if (this.fingers.size) return;
    this.at = null;
    this.#soon();
  }

  // The wheel belongs to the page until the image has the focus.
  #wheel(event) {
    const zooms = event.ctrlKey || event.metaKey;
    if (!zooms && !this.view.matches(":focus")) return;
    event.preventDefault();
    const box = this.view.getBoundingClientRect();
    if (zooms) this.zoom(Math.exp(-event.deltaY * 0.003), event.clientX - box.left, event.clientY - box.top);
    else if (event.deltaY) this.store.nudge(event.deltaY < 0 ? 1 : -1);
  }

  // Painting without a pointer.
  #cursor(event) {
    const { store } = this;
    if (event.key === "Escape" && this.gesture) return this.#drop();
    const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (event.key === "Enter" && store.pointed && this.at) return store.pointed(this.at);
    if ((!step && event.key !== " ") || event.ctrlKey || event.metaKey || this.gesture) return;
    event.preventDefault();
    const limits = [store.mask.width, store.mask.height];
    const from = this.at ?? limits.map((side) => Math.floor(side / 2));
    const by = Math.max(1, Math.round(store.size / 4));
    this.at = step ? from.map((v, i) => Math.max(0, Math.min(limits[i] - 1, v + step[i] * by))) : from;
    if (!step || event.shiftKey) {
      const dab = gesture("brush", store.mask, store.tool === "eraser" ? 0 : 1, store.size);
      for (const point of [from, this.at]) store.touch(dab.to(...point));
      store.commit();
    }
    this.#soon();
  }
}
