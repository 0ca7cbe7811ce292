// The plane: real points, samples, the discriminator's opinion with contour lines, gradients, the warped grid of z.

import { KEEPS_KEYS, element } from "../shared/dom.js";
import { contours } from "./contours.js";

export const LAYERS = {
  heat: [
    "D everywhere",
    "Orange: the discriminator says real; blue: it says generated; lines at 10, 25, 50, 75 and 90 %",
  ],
  real: ["real points", "A part of the training data"],
  samples: ["samples", "500 points of the generator, always from the same z"],
  slopes: ["gradients", "Where a step of G moves each sample: minus the gradient of G's loss"],
  grid: ["warped grid", "Where G takes a square grid of z: the denser, the more likely"],
  paths: ["paths", "The last moments of some samples"],
  field: ["∇D", "Where the discriminator's output rises, and how fast: its gradient on a grid of places"],
  steepness: [
    "‖∇D‖ at real points",
    "How steep the discriminator is at real points: the larger the circle, the steeper",
  ],
};
const FIRST = new Set(["heat", "real", "samples"]);
const LEVELS = [0.1, 0.25, 0.5, 0.75, 0.9];
const FULL = 65535;
const ARROWS = 160;
const PATHS = 70;
const ARROW_SCALE = 0.12; // of the data's scale for a gradient of 1
const ARROW_MOST = 0.5;
const CIRCLE = 1.6; // dots of radius for a slope of 1
const CIRCLE_MOST = 14;
const REAL_SIZE = 0.75; // dots
const REAL_ALPHA = 0.35;
const COLOURS = ["ground", "text", "quiet", "g", "d"];

// What planes show, the same for all of a panel: layers, and samples of the latest G or of the averaged one.
export const newLook = () => ({
  layers: Object.fromEntries(Object.keys(LAYERS).map((name) => [name, FIRST.has(name)])),
  weights: "latest",
  zoom: null, // { x, y, by }: the part that is shown, its centre and how many times it is enlarged
});

export class Plane {
  constructor(store, side, look) {
    Object.assign(this, { store, side, look });
    this.canvas = element("canvas", { class: "gb-plane", role: "img", tabindex: "0", [KEEPS_KEYS]: "true" });
    this.caption = element("p", { class: "gb-caption", hidden: true, "aria-live": "polite" });
    this.overlay = null; // draws on top, in the units of the plane
    this.el = element("div", { class: "gb-plane-box" }, this.canvas, this.caption);
    this.small = document.createElement("canvas");
    this.cloud = document.createElement("canvas"); // real points, which do not move
    this.dots = null; // the picture of a sample, to be stamped
  }

  close() {
    cancelAnimationFrame(this.asked);
  }

  say(text) {
    this.caption.textContent = text;
    this.caption.hidden = !text;
  }

  // Draw before the page is next shown, once for all that came until then.
  draw() {
    this.asked ??= requestAnimationFrame(() => {
      this.asked = null;
      this.#paint();
    });
  }

  // The size may change: side in CSS pixels.
  size(side) {
    const pixels = Math.round(side * Math.min(2, devicePixelRatio));
    if (this.canvas.width !== pixels) this.canvas.width = this.canvas.height = pixels;
    this.canvas.style.width = this.canvas.style.height = `${side}px`;
    this.draw();
  }

  // The place in the plane of a pointer.
  place(event) {
    const box = this.canvas.getBoundingClientRect();
    const [x, y, half] = this.window;
    return [
      x + half * (((event.clientX - box.left) / box.width) * 2 - 1),
      y - half * (((event.clientY - box.top) / box.height) * 2 - 1),
    ];
  }

  // The square that is shown: its centre and half its side.
  get window() {
    const [x, y, half] = this.store.about.window;
    const { zoom } = this.look;
    return zoom ? [zoom.x, zoom.y, half / zoom.by] : [x, y, half];
  }

  shows(layer) {
    return this.look.layers[layer];
  }

  #paint() {
    const { canvas, store } = this;
    const { about } = store;
    const { frame } = this.side;
    const pen = canvas.getContext("2d");
    this.#takeColours();
    pen.clearRect(0, 0, canvas.width, canvas.height);
    if (!about) return;
    const [x, y, half] = this.window;
    const side = canvas.width;
    this.unit = side / (2 * half);
    this.x = (v) => (v - x + half) * this.unit;
    this.y = (v) => side - (v - y + half) * this.unit;
    this.dot = Math.max(1.4, side / 300);
    if (frame && !this.overlay) {
      if (this.shows("heat")) this.#heat(pen, frame);
      if (this.shows("field")) this.#field(pen, frame);
      if (this.shows("grid")) this.#grid(pen, frame);
    }
    if (this.shows("real")) this.#real(pen, about.real, this.overlay ? 0.35 : 1);
    if (frame && !this.overlay) {
      if (this.shows("steepness")) this.#steepness(pen, frame);
      if (this.shows("paths")) this.#paths(pen, frame);
      const points = this.look.weights === "latest" ? frame.samples : frame.average;
      if (this.shows("samples")) this.#samples(pen, points);
      if (this.shows("samples")) this.#missing(pen, points);
      if (this.shows("slopes")) this.#slopes(pen, frame);
    }
    this.overlay?.(pen, this);
    canvas.dataset.step = frame?.step ?? "";
    this.#describe(frame);
  }

  #heat(pen, { heat, cells: side }) {
    const { small } = this;
    small.width = small.height = side;
    const ink = small.getContext("2d");
    const image = ink.createImageData(side, side);
    const [fake, real] = [rgb(this.colours.g), rgb(this.colours.d)];
    for (let i = 0; i < heat.length; i++) {
      const at = 4 * ((side - 1 - Math.floor(i / side)) * side + (i % side));
      const value = (2 * heat[i]) / FULL - 1;
      const colour = value > 0 ? real : fake;
      for (let c = 0; c < 3; c++) image.data[at + c] = colour[c];
      image.data[at + 3] = 150 * Math.abs(value);
    }
    ink.putImageData(image, 0, 0);
    pen.imageSmoothingEnabled = true;
    const [x, y, half] = this.store.about.window;
    const [left, top, width] = [this.x(x - half), this.y(y + half), 2 * half * this.unit];
    pen.drawImage(small, left, top, width, width);
    pen.strokeStyle = this.colours.quiet;
    for (const level of LEVELS) {
      pen.globalAlpha = level === 0.5 ? 0.9 : 0.4;
      pen.lineWidth = this.dot * (level === 0.5 ? 0.9 : 0.6);
      pen.beginPath();
      contours(heat, side, level * FULL, (x0, y0, x1, y1) => {
        pen.moveTo(left + ((x0 + 0.5) / side) * width, top + (1 - (y0 + 0.5) / side) * width);
        pen.lineTo(left + ((x1 + 0.5) / side) * width, top + (1 - (y1 + 0.5) / side) * width);
      });
      pen.stroke();
    }
    pen.globalAlpha = 1;
  }

  // Cells are the fainter the larger they have become: z is as likely in each of them as before.
  #grid(pen, { grid, lines }) {
    const [rows, columns] = lines;
    const at = (i, j) => [this.x(grid[2 * (i * columns + j)]), this.y(grid[2 * (i * columns + j) + 1])];
    pen.fillStyle = pen.strokeStyle = this.colours.g;
    for (let i = 0; i + 1 < rows; i++) {
      for (let j = 0; j + 1 < columns; j++) {
        const corners = [at(i, j), at(i + 1, j), at(i + 1, j + 1), at(i, j + 1)];
        pen.globalAlpha = Math.min(0.5, (0.05 * this.canvas.width ** 2) / 400 / Math.max(1, area(corners)));
        pen.beginPath();
        for (const corner of corners) pen.lineTo(...corner);
        pen.fill();
      }
    }
    pen.globalAlpha = 0.55;
    pen.lineWidth = this.dot * 0.4;
    pen.beginPath();
    for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) pen[j ? "lineTo" : "moveTo"](...at(i, j));
    if (rows > 1)
      for (let j = 0; j < columns; j++) for (let i = 0; i < rows; i++) pen[i ? "lineTo" : "moveTo"](...at(i, j));
    pen.stroke();
    pen.globalAlpha = 1;
  }

  // Read again when the theme has changed: each time would have the page work out its styles.
  #takeColours() {
    const theme = this.canvas.closest("[data-theme]")?.dataset.theme;
    if (this.theme === theme && this.colours) return;
    this.theme = theme;
    const style = getComputedStyle(this.canvas);
    this.colours = Object.fromEntries(COLOURS.map((name) => [name, style.getPropertyValue(`--gb-${name}`).trim()]));
    this.drawn = this.dots = null;
  }

  // Drawn once for each data, part of the plane and size.
  #real(pen, points, alpha) {
    const { cloud, canvas } = this;
    const drawn = [points, canvas.width, ...this.window];
    if (!this.drawn?.every((each, i) => each === drawn[i])) {
      this.drawn = drawn;
      cloud.width = cloud.height = canvas.width;
      const ink = cloud.getContext("2d");
      ink.fillStyle = this.colours.text;
      ink.globalAlpha = REAL_ALPHA; // the more of them in a place, the darker
      const r = this.dot * REAL_SIZE;
      for (let i = 0; i < points.length; i += 2) {
        ink.fillRect(this.x(points[i]) - r, this.y(points[i + 1]) - r, 2 * r, 2 * r);
      }
    }
    pen.globalAlpha = alpha;
    pen.drawImage(cloud, 0, 0);
    pen.globalAlpha = 1;
  }

  // That there are no samples is said where one looks for them.
  #missing(pen, points) {
    const side = pen.canvas.width;
    const within = (v) => v >= 0 && v <= side;
    for (let i = 0; i < points.length; i += 2) if (within(this.x(points[i])) && within(this.y(points[i + 1]))) return;
    pen.fillStyle = this.colours.text;
    pen.font = `${(13 * side) / this.canvas.clientWidth}px ${getComputedStyle(this.canvas).fontFamily}`;
    pen.textAlign = "center";
    pen.fillText("All samples lie outside", side / 2, side - this.dot * 8);
  }

  #samples(pen, points) {
    const r = this.dot * 1.35;
    const side = Math.ceil(2 * (r + this.dot)); // with its edge
    if (this.dots?.width !== side) this.dots = this.#stamp(r, side);
    // Onto whole pixels: without a GPU the browser takes half as long as between them.
    for (let i = 0; i < points.length; i += 2) {
      pen.drawImage(this.dots, Math.round(this.x(points[i]) - side / 2), Math.round(this.y(points[i + 1]) - side / 2));
    }
  }

  #stamp(r, side) {
    const canvas = new OffscreenCanvas(side, side);
    const ink = canvas.getContext("2d");
    ink.fillStyle = this.colours.g;
    ink.strokeStyle = this.colours.ground;
    ink.lineWidth = this.dot * 0.5;
    ink.beginPath();
    ink.arc(side / 2, side / 2, r, 0, 7);
    ink.stroke();
    ink.fill();
    return canvas.transferToImageBitmap();
  }

  #paths(pen, frame) {
    const moments = this.store.past ? this.#pastMoments(frame) : this.#lastMoments();
    pen.strokeStyle = this.colours.g;
    pen.globalAlpha = 0.4;
    pen.lineWidth = this.dot * 0.5;
    pen.beginPath();
    for (let i = 0; i < PATHS; i++)
      moments.forEach((points, j) => {
        pen[j ? "lineTo" : "moveTo"](this.x(points[2 * i]), this.y(points[2 * i + 1]));
      });
    pen.stroke();
    pen.globalAlpha = 1;
  }

  #lastMoments() {
    return this.side.trail.map(({ samples, average }) => (this.look.weights === "latest" ? samples : average));
  }

  // Of a film: moments of two kinds of weights by turns.
  #pastMoments({ trail }) {
    const size = 2 * PATHS;
    const from = this.look.weights === "latest" ? 0 : size;
    const count = Math.floor((trail?.length ?? 0) / (2 * size));
    return Array.from({ length: count }, (_, k) => trail.subarray(2 * size * k + from, 2 * size * k + from + size));
  }

  // Arrows from the middles of cells, the longest as long as a cell.
  #field(pen, { field }) {
    const [x, y, half] = this.store.about.window;
    const side = Math.sqrt(field.length / 2);
    const cell = (2 * half) / side;
    const norms = Array.from({ length: side * side }, (_, i) => Math.hypot(field[2 * i], field[2 * i + 1]));
    const most = Math.max(...norms.filter(Number.isFinite));
    if (!(most > 0)) return;
    pen.strokeStyle = this.colours.d;
    pen.lineWidth = this.dot * 0.7;
    pen.beginPath();
    norms.forEach((norm, i) => {
      const length = (norm / most) * cell * this.unit;
      const at = [this.x(x - half + cell * ((i % side) + 0.5)), this.y(y - half + cell * (Math.floor(i / side) + 0.5))];
      this.arrow(
        pen,
        at,
        [field[2 * i], -field[2 * i + 1]].map((v) => (v / norm) * length),
      );
    });
    pen.stroke();
  }

  #steepness(pen, { steepness }) {
    const { probes } = this.store.about;
    pen.strokeStyle = this.colours.d;
    pen.lineWidth = this.dot * 0.6;
    pen.globalAlpha = 0.75;
    pen.beginPath();
    for (let i = 0; i < steepness.length; i++) {
      const r = this.dot * Math.min(CIRCLE_MOST, CIRCLE * steepness[i]);
      const [cx, cy] = [this.x(probes[2 * i]), this.y(probes[2 * i + 1])];
      pen.moveTo(cx + r, cy);
      pen.arc(cx, cy, r, 0, 7);
    }
    pen.stroke();
    pen.globalAlpha = 1;
  }

  #slopes(pen, { samples, slopes }) {
    const scale = this.unit * this.store.about.scale;
    pen.strokeStyle = this.colours.text;
    pen.lineWidth = this.dot * 0.7;
    pen.beginPath();
    for (let i = 0; i < 2 * ARROWS; i += 2) {
      const [x, y] = [this.x(samples[i]), this.y(samples[i + 1])];
      const norm = Math.hypot(slopes[i], slopes[i + 1]);
      const length = Math.min(ARROW_MOST, ARROW_SCALE * norm) * scale;
      if (!(length > 1)) continue; // where the norm is 0, too
      this.arrow(pen, [x, y], [(slopes[i] / norm) * length, (-slopes[i + 1] / norm) * length]);
    }
    pen.stroke();
  }

  // In pixels; too short ones are left out.
  arrow(pen, [x, y], [dx, dy]) {
    const length = Math.hypot(dx, dy);
    if (!(length > 1)) return;
    const head = Math.min(0.35, (this.dot * 3.5) / length);
    pen.moveTo(x, y);
    pen.lineTo(x + dx, y + dy);
    pen.lineTo(x + dx - head * (dx + dy * 0.6), y + dy - head * (dy - dx * 0.6));
    pen.moveTo(x + dx, y + dy);
    pen.lineTo(x + dx - head * (dx - dy * 0.6), y + dy - head * (dy + dx * 0.6));
  }

  #describe(frame) {
    const step = frame ? ` at step ${frame.step}` : "";
    this.canvas.setAttribute("aria-label", `The plane of ${this.store.about.data}${step}`);
  }
}

function area(corners) {
  return Math.abs(
    corners.reduce((sum, [x, y], i) => {
      const [nextX, nextY] = corners[(i + 1) % 4];
      return sum + x * nextY - nextX * y;
    }, 0) / 2,
  );
}

// The three numbers of a colour, #rrggbb or rgb(…).
function rgb(colour) {
  if (colour.startsWith("#")) return [1, 3, 5].map((i) => Number.parseInt(colour.slice(i, i + 2), 16));
  return colour.match(/\d+/g).slice(0, 3).map(Number);
}
