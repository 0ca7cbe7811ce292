// A line chart: no frame, three grid lines, labels in the legend line, a hover value. A part of it can be enlarged.

import { KEEPS_KEYS, element } from "./dom.js";
import { count, duration } from "./format.js";
import { logTicks, logarithmic, smoothed } from "./scales.js";
import { svg } from "./svg.js";

const LEFT = 42; // room for “100 %”
const RIGHT = 4;
const TOP = 8;
const BOTTOM = 20;
const DOTS = 40; // most points of a sparse line that are drawn as dots
const FEW_DOTS = 3; // most points of a line that goes on over gaps
const DRAG = 8; // pixels from which a drag chooses a range
const PLAIN = { smooth: false, log: false, range: null, marked: null, changes: [] };
const CHARACTER = 6; // pixels of a small text

function text(x, y, anchor, words) {
  return svg("text", { class: "gb-tick", x, y, "text-anchor": anchor }, words);
}

// Three round values that hold all but rare peaks; the last value always fits.
export function niceTicks(columns) {
  const values = columns
    .flat()
    .filter((v) => v != null)
    .sort((a, b) => a - b);
  if (!values.length) return [0, 1, 2];
  const at = (fraction) => values[Math.min(values.length - 1, Math.floor(fraction * values.length))];
  let [low, high] = [values[0], values.at(-1)];
  const spread = at(0.98) - at(0.02) || Math.abs(high) || 1;
  if (high > at(0.98) + spread) high = at(0.98) + spread / 4;
  if (low < at(0.02) - spread) low = at(0.02) - spread / 4;
  for (const column of columns) {
    const last = column.findLast((v) => v != null);
    if (last != null) [low, high] = [Math.min(low, last), Math.max(high, last)];
  }
  low = Math.min(low, 0);
  high = Math.max(high, 0);
  const power = 10 ** Math.floor(Math.log10((high - low) / 2 || 1));
  for (const factor of [1, 1.5, 2, 2.5, 3, 4, 5, 7.5, 10, 20]) {
    const step = factor * power;
    const first = Math.floor(low / step + 1e-9) * step;
    if (first + 2 * step >= high - 1e-12) return [first, first + step, first + 2 * step].map(plain);
  }
  return [low, (low + high) / 2, high].map(plain);
}

// Without the last bits of arithmetic: 0.6, not 0.6000000000000001.
const plain = (value) => Number(value.toPrecision(12));

// lines: [{ name, label, who, sparse, through }], who is a colour, "g" or "d"; sparse and through ones go on over gaps,
// sparse ones as dots, too; ticks(columns) -> values;
// tickText and value -> text; explained is a "?"; worded: marks of changes have their words beside them;
// onRange([from, to]) is called with a range chosen, or null for all.
export class Chart {
  constructor({
    title,
    lines,
    ticks,
    tickText,
    value,
    onHover,
    onRange = () => {},
    explained = null,
    bounded = false,
    worded = false,
  }) {
    Object.assign(this, { title, lines, ticks, tickText, value, onHover, onRange, bounded, worded });
    this.values = lines.map(() => element("b"));
    const legend = lines.map((line, i) =>
      element(
        "span",
        { class: `gb-key gb-key-${line.who}` },
        element("i", { "aria-hidden": "true" }),
        line.label,
        this.values[i],
      ),
    );
    this.svg = svg("svg", { class: "gb-plot", role: "img", tabindex: "0", [KEEPS_KEYS]: "true" });
    this.legend = element("div", { class: "gb-legend" }, element("h4", {}, title, explained), ...legend);
    this.el = element("div", { class: "gb-chart" }, this.legend, this.svg);
    this.svg.addEventListener("pointermove", (event) => this.#point(event));
    this.svg.addEventListener("pointerleave", () => this.onHover(null));
    this.svg.addEventListener("pointerdown", (event) => this.#begin(event));
    this.svg.addEventListener("pointerup", (event) => this.#end(event));
    this.svg.addEventListener("pointercancel", () => (this.dragged = null));
    this.svg.addEventListener("dblclick", () => this.onRange(null));
    this.svg.addEventListener("blur", () => this.onHover(null));
    this.svg.addEventListener("keydown", (event) => this.#key(event));
  }

  // hovered: index of a point, or null; look: { smooth, log, range: [from, to] or null, marked: x of a mark or
  // null, changes: [[x, words], …] of what was changed }
  draw(curves, axis, hovered, look = PLAIN) {
    const width = this.svg.clientWidth;
    const height = this.svg.clientHeight;
    if (!width || !height) return;
    const columns = this.lines.map((line) => curves.columns[line.name]);
    const xs = curves.columns[axis];
    const [from, to] = look.range ?? [0, xs.at(-1) || 1];
    const inside = (i) => xs[i] >= from && xs[i] <= to;
    const seen = look.range ? columns.map((column) => column.filter((_, i) => inside(i))) : columns;
    const log = look.log && !this.bounded;
    const scale = log ? logarithmic(seen) : (v) => v;
    const ticks = log ? logTicks(seen, scale) : this.ticks(seen);
    const [low, high] = [scale(ticks[0]), scale(ticks.at(-1))];
    const [right, bottom] = [width - RIGHT, height - BOTTOM];
    const x = (v) => LEFT + ((v - from) / (to - from || 1)) * (right - LEFT);
    const y = (v) => TOP + (1 - (Math.min(high, Math.max(low, scale(v))) - low) / (high - low || 1)) * (bottom - TOP);
    const name = (v) => ({ step: `step ${count(v)}`, seconds: `${duration(v)} min` })[axis] ?? `${count(v)} ${axis}`;
    Object.assign(this, { curves, columns, axis, xs, hovered, width, height, right, bottom, x, y, name });
    Object.assign(this, { look, from, to, inside });
    this.svg.replaceChildren(
      ...this.#grid(ticks),
      ...this.#changes(),
      ...this.#curves(),
      ...this.#mark(),
      ...this.#cursor(),
      ...this.#labels(),
      ...this.#choice(),
    );
    this.#values();
  }

  #grid(ticks) {
    const { x, y, right, curves, axis, width, xs } = this;
    const at = (step, seconds) =>
      axis === "step" ? step : axis === "seconds" ? seconds : (step * xs.at(-1)) / (curves.columns.step.at(-1) || 1);
    const warnings = curves.alarms.map(([step, seconds]) => x(at(step, seconds)));
    return [
      ...ticks.flatMap((tick) => [
        svg("line", { class: "gb-grid", x1: LEFT, x2: right, y1: y(tick), y2: y(tick) }),
        text(LEFT - 8, y(tick) + 4, "end", this.tickText(tick)),
      ]),
      ...warnings.filter((at) => at >= LEFT && at <= width).map((at) => this.#vertical("gb-alarm-mark", at)),
    ];
  }

  // A sparse line shows its few points, too; a smooth one has the raw one behind it.
  #curves() {
    const { lines, columns, xs, x, y, look, inside } = this;
    const chosen = look.range ? [...xs.keys()].filter(inside) : [...xs.keys()];
    const among = (column) => chosen.map((i) => column[i]);
    const places = among(xs);
    const drawn = lines.map(({ who, sparse, through }, i) => {
      const line = (column, more) =>
        svg("path", {
          class: `gb-line gb-line-${who}${more}`,
          d: path(places, among(column), x, y, sparse || through),
        });
      if (!look.smooth || sparse) return [[], [line(columns[i], "")]];
      return [[line(columns[i], " gb-line-raw")], [line(smoothed(columns[i]), "")]];
    });
    const dots = lines.flatMap(({ sparse, through }, i) => {
      const points = sparse || through ? chosen.filter((j) => columns[i][j] != null) : [];
      return points.length > (sparse ? DOTS : FEW_DOTS) ? [] : points.map((j) => this.#dot(i, j, 2.5));
    });
    return [...drawn.flatMap(([behind]) => behind), ...drawn.flatMap(([, front]) => front), ...dots];
  }

  // What was changed while the curves were drawn, in words where these have room.
  #changes() {
    const seen = (this.look.changes ?? []).filter(([at]) => at >= this.from && at <= this.to);
    const places = [LEFT, ...seen.map(([at]) => this.x(at)), this.right];
    return seen.flatMap(([_, words], i) => {
      const [before, place, after] = places.slice(i);
      const mark = this.#vertical("gb-change-mark", place);
      mark.append(svg("title", {}, words));
      if (!this.worded) return [mark];
      const word = (x, anchor) =>
        svg("text", { class: "gb-tick gb-change", x, y: TOP + 8, "text-anchor": anchor }, words);
      const needed = words.length * CHARACTER + 4;
      if (after - place > needed) return [mark, word(place + 4, "start")];
      return i === 0 && place - before > needed ? [mark, word(place - 4, "end")] : [mark];
    });
  }

  // Where the samples beside it were drawn.
  #mark() {
    const { marked } = this.look;
    if (marked == null || marked < this.from || marked > this.to || this.hovered != null) return [];
    return [this.#vertical("gb-cursor gb-marked", this.x(marked))];
  }

  // The range that is being chosen.
  #choice() {
    const { dragged } = this;
    if (!dragged || Math.abs(dragged[1] - dragged[0]) < DRAG) return [];
    const [from, to] = [Math.min(...dragged), Math.max(...dragged)];
    return [svg("rect", { class: "gb-range", x: from, y: TOP, width: to - from, height: this.bottom - TOP })];
  }

  #cursor() {
    const { hovered, xs, columns, x, inside } = this;
    if (hovered == null || hovered >= xs.length || !inside(hovered)) return [];
    const dots = columns.flatMap((column, i) => (column[hovered] == null ? [] : [this.#dot(i, hovered, 3.5)]));
    return [this.#vertical("gb-cursor", x(xs[hovered])), ...dots];
  }

  // The hovered place is named under the cursor; the ends make room for it.
  #labels() {
    const { hovered, xs, x, name, width, height, right, from, to, look } = this;
    const label = (at, anchor, words) => text(at, height - 4, anchor, words);
    const first = label(LEFT, "start", look.range ? name(from) : "0");
    const end = xs.length ? [label(right, "end", name(to))] : [];
    if (hovered == null) return [first, ...end];
    const cursor = Math.max(LEFT + 34, Math.min(right - 34, x(xs[hovered] ?? 0)));
    const start = cursor > LEFT + (look.range ? 130 : 60) ? [first] : [];
    return [...start, ...(cursor < width - 130 ? end : []), label(cursor, "middle", name(xs[hovered] ?? 0))];
  }

  // In the legend the hovered values; for screen readers those or the last.
  #values() {
    const { lines, columns, xs, hovered, curves, name } = this;
    const shown = hovered ?? xs.length - 1;
    const values = lines.map(({ name: column, sparse, through }, i) => {
      if (sparse || through) return this.value(columns[i].slice(0, shown + 1).findLast((v) => v != null));
      return this.value(hovered == null ? curves.last(column) : columns[i][hovered]);
    });
    values.forEach((value, i) => (this.values[i].textContent = xs.length && hovered != null ? ` ${value}` : ""));
    const words = values.map((value, i) => `${lines[i].label} ${value}`).join(", ");
    const spoken = xs.length ? `${name(xs[shown])}: ${words}` : "no reports yet";
    this.svg.setAttribute("aria-label", `${this.title}. ${spoken}.`);
  }

  #vertical(kind, at) {
    return svg("line", { class: kind, x1: at, x2: at, y1: TOP, y2: this.bottom });
  }

  #dot(line, point, r) {
    const [cx, cy] = [this.x(this.xs[point]), this.y(this.columns[line][point])];
    return svg("circle", { class: `gb-dot gb-dot-${this.lines[line].who}`, cx, cy, r });
  }

  #point(event) {
    if (!this.xs || !this.xs.length) return;
    const at = this.#placeOf(event);
    if (this.dragged) this.dragged[1] = Math.max(LEFT, Math.min(this.right, at));
    let [from, to] = [0, this.xs.length - 1];
    while (to - from > 1) {
      const middle = (from + to) >> 1;
      if (this.x(this.xs[middle]) < at) from = middle;
      else to = middle;
    }
    this.onHover(at - this.x(this.xs[from]) < this.x(this.xs[to]) - at ? from : to);
  }

  #placeOf(event) {
    return event.clientX - this.svg.getBoundingClientRect().left;
  }

  #begin(event) {
    if (event.button !== 0 || !this.xs?.length) return;
    const at = Math.max(LEFT, Math.min(this.right, this.#placeOf(event)));
    this.dragged = [at, at];
  }

  #end() {
    const { dragged } = this;
    this.dragged = null;
    if (!dragged || Math.abs(dragged[1] - dragged[0]) < DRAG) return;
    const back = (at) => this.from + ((at - LEFT) / (this.right - LEFT)) * (this.to - this.from);
    this.onRange([Math.min(...dragged), Math.max(...dragged)].map(back));
  }

  #key(event) {
    if (event.key === "Escape" && this.look?.range) {
      event.preventDefault();
      this.onRange(null);
      return;
    }
    const by = { ArrowLeft: -1, ArrowRight: 1, Home: -Infinity, End: Infinity }[event.key];
    if (!by || !this.xs || !this.xs.length) return;
    event.preventDefault();
    const last = this.xs.length - 1;
    this.onHover(Math.max(0, Math.min(last, (this.hovered ?? last) + by)));
  }
}

// A line through the points; h0 makes a dot of one that has no neighbour.
function path(xs, ys, x, y, sparse) {
  let d = "";
  let drawing = false;
  for (let i = 0; i < xs.length; i++) {
    if (ys[i] == null) {
      drawing &&= sparse;
      continue;
    }
    const point = `${x(xs[i]).toFixed(1)} ${y(ys[i]).toFixed(1)}`;
    d += drawing ? `L${point}` : `M${point}h0`;
    drawing = true;
  }
  return d;
}
