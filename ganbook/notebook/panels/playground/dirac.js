// The phase portrait of the Dirac-GAN, in the place of the plane: directions of training, and where it goes.

import { button, element } from "../shared/dom.js";
import { fill, words } from "./recipe.js";

const LOSSES = ["minimax", "non-saturating", "hinge", "wasserstein"];
const R1_WEIGHTS = [0, 0.1, 0.3, 1];
const RATES_OF_BOTH = [0.05, 0.1, 0.2, 0.5];
const STEPS_A_FRAME = 2;
const ARROW = 0.8; // of the distance between two, for the longest
const ROOM = 34; // pixels for the axes

export class Dirac {
  constructor(store, plane, changed) {
    Object.assign(this, { store, plane, changed });
    this.on = false;
    this.chosen = { loss: "minimax", r1: 0, learning_rate: 0.2, updates: "alternating" };
    const select = (name, label, options) => {
      const control = element("select", { onchange: () => this.#choose(name, control.value) });
      fill(control, options, this.chosen[name]);
      return element("label", { class: "gb-field" }, element("span", {}, label), control);
    };
    const numbers = (values) => values.map((v) => [v, String(v)]);
    this.el = element(
      "fieldset",
      { class: "gb-recipe gb-dirac", hidden: true, "aria-label": "Dirac-GAN" },
      select("loss", "loss", words(LOSSES)),
      select("r1", "R1", numbers(R1_WEIGHTS)),
      select("learning_rate", "rate of both", numbers(RATES_OF_BOTH)),
      select("updates", "updates", words(["alternating", "simultaneous"])),
      button("Again", "From the beginning", () => this.#begin()),
      button("Back to the plane", "Show the GAN that trains", () => this.stop()),
    );
  }

  start() {
    this.on = true;
    this.el.hidden = false;
    this.plane.overlay = (pen, plane) => this.#paint(pen, plane);
    this.#ask();
    this.changed();
  }

  stop() {
    if (!this.on) return;
    this.close();
    this.on = false;
    this.el.hidden = true;
    this.plane.overlay = null;
    delete this.plane.canvas.dataset.dirac;
    this.changed();
  }

  close() {
    cancelAnimationFrame(this.timer);
  }

  draw() {
    const { portrait } = this.store;
    if (!this.on || !portrait || portrait === this.shown) return;
    this.shown = portrait;
    this.#begin();
  }

  #choose(name, value) {
    this.chosen[name] = name === "loss" || name === "updates" ? value : Number(value);
    this.#ask();
  }

  #ask() {
    this.store.send({ do: "dirac", options: this.chosen });
  }

  // The line grows, a few steps in every frame of the screen; at once where motion is not wanted.
  #begin() {
    this.close();
    const last = this.shown.path.length / 2 - 1;
    this.step = matchMedia("(prefers-reduced-motion: reduce)").matches ? last : 0;
    const grow = () => {
      this.step = Math.min(last, this.step + STEPS_A_FRAME);
      this.plane.draw();
      if (this.step < last) this.timer = requestAnimationFrame(grow);
    };
    grow();
  }

  #paint(pen, plane) {
    const portrait = this.shown;
    if (!portrait) return;
    const { extent, places, directions, path, options } = portrait;
    const { colours, dot } = plane;
    const side = pen.canvas.width;
    const scale = side / plane.canvas.clientWidth;
    const room = ROOM * scale;
    const unit = (side - 2 * room) / (2 * extent);
    const at = (points, i) => [side / 2 + points[2 * i] * unit, side / 2 - points[2 * i + 1] * unit];
    pen.clearRect(0, 0, side, side);
    this.#axes(pen, { colours, side, room, scale });
    pen.save();
    pen.beginPath();
    pen.rect(room, room, side - 2 * room, side - 2 * room);
    pen.clip();
    this.#arrows(pen, plane, {
      at,
      places,
      directions,
      most: (ARROW * 2 * extent * unit) / Math.sqrt(places.length / 2),
    });
    pen.strokeStyle = colours.g;
    pen.lineWidth = dot;
    pen.beginPath();
    for (let i = 0; i <= this.step; i++) pen.lineTo(...at(path, i));
    pen.stroke();
    pen.restore();
    pen.fillStyle = colours.d;
    pen.beginPath();
    pen.arc(side / 2, side / 2, dot * 2.2, 0, 7);
    pen.fill();
    const [x, y] = at(path, this.step);
    if (Math.max(Math.abs(x - side / 2), Math.abs(y - side / 2)) < side / 2 - room) {
      pen.fillStyle = colours.g;
      pen.beginPath();
      pen.arc(x, y, dot * 2.8, 0, 7);
      pen.fill();
    }
    plane.canvas.dataset.dirac = `${options.loss}, R1 ${options.r1}`;
  }

  #axes(pen, { colours, side, room, scale }) {
    pen.strokeStyle = colours.quiet;
    pen.globalAlpha = 0.5;
    pen.lineWidth = scale;
    pen.strokeRect(room, room, side - 2 * room, side - 2 * room);
    pen.beginPath();
    pen.moveTo(side / 2, room);
    pen.lineTo(side / 2, side - room);
    pen.moveTo(room, side / 2);
    pen.lineTo(side - room, side / 2);
    pen.stroke();
    pen.globalAlpha = 1;
    pen.fillStyle = colours.quiet;
    pen.font = `${12 * scale}px ${getComputedStyle(pen.canvas).fontFamily}`;
    pen.textAlign = "center";
    pen.fillText("θ, the parameter of G: where all samples are", side / 2, side - room * 0.35);
    pen.save();
    pen.translate(room * 0.6, side / 2);
    pen.rotate(-Math.PI / 2);
    pen.fillText("ψ, the parameter of D: its slope", 0, 0);
    pen.restore();
    pen.textAlign = "left";
    pen.fillText(`step ${this.step}`, room + 8 * scale, room - 8 * scale);
  }

  #arrows(pen, plane, { at, places, directions, most }) {
    const norms = Array.from({ length: places.length / 2 }, (_, i) =>
      Math.hypot(...directions.subarray(2 * i, 2 * i + 2)),
    );
    const longest = Math.max(...norms) || 1;
    pen.strokeStyle = plane.colours.quiet;
    pen.lineWidth = plane.dot * 0.5;
    pen.beginPath();
    norms.forEach((_, i) => {
      const by = [directions[2 * i], -directions[2 * i + 1]].map((v) => (v / longest) * most);
      plane.arrow(pen, at(places, i), by);
    });
    pen.stroke();
  }
}
