// Draw a distribution by hand: a brush that sprays points, and an eraser.

import { button, element, fillTrack, setText } from "../shared/dom.js";
import { count } from "../shared/format.js";

const SPRAY = 12; // points each time the pointer has moved a third of the brush
const MOST_POINTS = 20000;

export class Drawing {
  constructor(store, plane, changed) {
    Object.assign(this, { store, plane, changed });
    this.on = false;
    this.points = [];
    this.brush = button("Brush", "Add points", () => this.#choose(false));
    this.eraser = button("Eraser", "Take points away", () => this.#choose(true));
    this.size = element("input", {
      type: "range",
      min: 1,
      max: 30,
      value: 6,
      "aria-label": "Brush size",
      oninput: () => fillTrack(this.size),
    });
    this.clear = button("Clear", "Take all points away", () => this.#set([]));
    this.use = button("Learn it", "Train on these points", () => this.#use(), { class: "gb-primary" });
    this.cancel = button("Cancel", "Escape", () => this.stop());
    this.count = element("span", { class: "gb-when" });
    this.el = element(
      "div",
      { class: "gb-drawing", hidden: true },
      this.brush,
      this.eraser,
      this.size,
      this.clear,
      this.count,
      this.use,
      this.cancel,
    );
    const { canvas } = plane;
    canvas.addEventListener("pointerdown", (event) => this.#down(event));
    canvas.addEventListener("pointermove", (event) => this.#move(event));
    for (const end of ["pointerup", "pointercancel"]) canvas.addEventListener(end, () => (this.from = null));
    canvas.addEventListener("keydown", (event) => this.#key(event));
    this.#choose(false);
  }

  start() {
    this.on = true;
    this.cursor = [this.store.about.window[0], this.store.about.window[1]];
    this.plane.overlay = (pen, plane) => this.#paint(pen, plane);
    this.plane.say("Paint where real points should be. With the keyboard: arrows move, Enter sprays.");
    this.plane.canvas.classList.add("gb-drawable");
    this.#set(this.points);
    fillTrack(this.size);
    this.plane.canvas.focus();
    this.changed();
  }

  stop() {
    this.on = false;
    this.plane.overlay = null;
    this.plane.say("");
    this.plane.canvas.classList.remove("gb-drawable");
    this.plane.draw();
    this.changed();
  }

  draw() {
    this.el.hidden = !this.on;
  }

  get #radius() {
    return (Number(this.size.value) / 100) * this.store.about.window[2];
  }

  #choose(erasing) {
    this.erasing = erasing;
    this.brush.setAttribute("aria-pressed", String(!erasing));
    this.eraser.setAttribute("aria-pressed", String(erasing));
  }

  #set(points) {
    this.points = points;
    setText(this.count, `${count(points.length)} points`);
    this.use.disabled = points.length < 2;
    this.plane.draw();
  }

  #use() {
    const points = new Float32Array(this.points.flat());
    this.stop();
    this.store.learnDrawing(points);
  }

  #down(event) {
    if (!this.on) return;
    event.preventDefault();
    this.plane.canvas.setPointerCapture(event.pointerId);
    this.plane.canvas.focus();
    this.from = this.plane.place(event);
    this.#touch(this.from);
  }

  #move(event) {
    if (!this.on) return;
    this.cursor = this.plane.place(event);
    if (!this.from) {
      this.plane.draw();
      return;
    }
    const [x0, y0] = this.from;
    const [x1, y1] = this.cursor;
    const stops = Math.floor(Math.hypot(x1 - x0, y1 - y0) / (this.#radius / 3));
    for (let i = 1; i <= stops; i++) this.#touch([x0 + ((x1 - x0) * i) / stops, y0 + ((y1 - y0) * i) / stops]);
    if (stops) this.from = this.cursor;
    else this.plane.draw();
  }

  #touch([x, y]) {
    const radius = this.#radius;
    if (this.erasing) {
      this.#set(this.points.filter(([px, py]) => Math.hypot(px - x, py - y) > radius));
      return;
    }
    const sprayed = Array.from({ length: SPRAY }, () => {
      const [turn, far] = [2 * Math.PI * Math.random(), radius * Math.sqrt(Math.random())];
      return [x + far * Math.cos(turn), y + far * Math.sin(turn)];
    });
    this.#set([...this.points, ...sprayed].slice(0, MOST_POINTS));
  }

  #key(event) {
    if (!this.on) return;
    const [, , half] = this.store.about.window;
    const hop = half / 25;
    const by = { ArrowLeft: [-hop, 0], ArrowRight: [hop, 0], ArrowUp: [0, hop], ArrowDown: [0, -hop] }[event.key];
    if (by) this.cursor = [this.cursor[0] + by[0], this.cursor[1] + by[1]];
    else if (event.key === "Enter") this.#touch(this.cursor);
    else if (event.key === "Escape") this.stop();
    else return;
    event.preventDefault();
    event.stopPropagation();
    this.plane.draw();
  }

  #paint(pen, plane) {
    pen.fillStyle = plane.colours.text;
    pen.globalAlpha = 0.7;
    for (const [x, y] of this.points)
      pen.fillRect(plane.x(x) - plane.dot, plane.y(y) - plane.dot, 2 * plane.dot, 2 * plane.dot);
    pen.globalAlpha = 1;
    pen.strokeStyle = plane.colours.quiet;
    pen.lineWidth = plane.dot * 0.7;
    pen.beginPath();
    pen.arc(plane.x(this.cursor[0]), plane.y(this.cursor[1]), this.#radius * plane.unit, 0, 7);
    pen.stroke();
  }
}
