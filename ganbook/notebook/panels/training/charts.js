// The curves of a run: losses, the discriminator's output, and the distance to real images once it is measured.

import { Chart, niceTicks } from "../shared/chart.js";
import { DISCRIMINATOR_OUTPUT } from "../shared/discriminator_output.js";
import { button, choice, element } from "../shared/dom.js";
import { number } from "../shared/format.js";
import { help, withHelp } from "../shared/help.js";

const PLOT_LEAST = 136;
const PLOT_LEAST_OF_THREE = 84;
const PLOT_MOST = 224;
const PLOT_GAP = 10;
const UNITS = [
  [1e9, "G"],
  [1e6, "M"],
  [1e3, "k"],
];
const REDRAW_MS = 1000; // browser and training share the processor
const AXES = { step: "by step", seconds: "by time", images: "by images" };

export class Charts {
  constructor(store, { shownChanged, hovered }) {
    Object.assign(this, { store, shownChanged, hoveredStep: hovered });
    this.axis = "step";
    this.hovered = null;
    this.marked = null; // the step of the samples shown
    this.look = { smooth: false, log: false, range: null };
    this.inSight = false;
    const shared = {
      onHover: (index) => this.#hover(index),
      onRange: (range) => this.#set({ range }),
    };
    this.shared = shared;
    this.losses = new Chart({
      title: "Loss",
      ...shared,
      explained: help("loss"),
      worded: true,
      ticks: niceTicks,
      tickText: tick,
      value: number,
      lines: [
        { name: "g_loss", label: "generator", who: "g" },
        { name: "d_loss", label: "discriminator", who: "d" },
      ],
    });
    this.outputs = new Chart({ ...DISCRIMINATOR_OUTPUT, ...shared, explained: help("d_output"), bounded: true });
    this.gradients = new Chart({
      title: "Gradient norm",
      ...shared,
      explained: help("gradient_norm"),
      ticks: niceTicks,
      tickText: tick,
      value: number,
      lines: [
        { name: "g_gradient_norm", label: "generator", who: "g", sparse: true },
        { name: "d_gradient_norm", label: "discriminator", who: "d", sparse: true },
      ],
    }); // shown with the networks
    this.quality = null; // of the task, once that is known
    this.el = element("div", { class: "gb-charts" }, this.losses.el, this.outputs.el);
    this.controls = this.#controls();
  }

  // How the curves are drawn, for the footer.
  #controls() {
    const axis = choice("Horizontal axis", AXES, (chosen) => {
      this.axis = chosen;
      this.#set({ range: null });
    });
    axis.title = "Horizontal axis of the charts";
    const box = (name, title, explained = null) => {
      const input = element("input", { type: "checkbox", onchange: () => this.#set({ [name]: input.checked }) });
      const label = element("label", { class: "gb-check", title }, input, name === "log" ? "log scale" : name);
      return withHelp(label, explained);
    };
    this.whole = button("Whole run", "Show all of the run again (Esc, or a double click in a chart)", () => {
      this.#set({ range: null });
    });
    this.whole.classList.add("gb-small");
    this.whole.hidden = true;
    return element(
      "span",
      { class: "gb-look" },
      this.whole,
      box("smooth", "Average over neighbouring reports", help("smoothing")),
      box("log", "Logarithmic vertical axis"),
      axis,
    );
  }

  #set(changes) {
    Object.assign(this.look, changes);
    this.whole.hidden = !this.look.range;
    this.forget();
    this.draw();
  }

  #hover(index) {
    this.hovered = index;
    this.hoveredStep(index == null ? null : this.store.curves.columns.step[index]);
    this.draw();
  }

  // Mark the step whose samples are shown, or none.
  mark(step) {
    if (this.marked === step) return;
    this.marked = step;
    this.draw();
  }

  // Draw all of it the next time.
  forget() {
    this.drawn = null;
  }

  draw() {
    const { store, axis, hovered, marked } = this;
    if (!store.now) return;
    const view = ` ${axis} ${hovered} ${marked}`;
    const fresh = performance.now() - this.drawnAt < REDRAW_MS;
    if (fresh && store.now.state === "training" && this.drawn?.endsWith(view)) return;
    const key = `${store.curvesVersion}${view}`;
    if (!this.inSight || key === this.drawn) return;
    this.drawn = key;
    this.drawnAt = performance.now();
    this.#showQuality();
    store.curves.columns.images = store.curves.columns.step.map((step) => step * store.about.batch);
    const changes = store.now.rates.changes.map(([step, text]) => [this.#along(step), text]);
    const look = { ...this.look, marked: this.#place(marked), changes };
    const measured = store.curves.columns.d_gradient_norm?.some((norm) => norm != null);
    this.gradients.el.hidden = !measured;
    const folded = !measured || !this.gradients.el.offsetWidth;
    for (const chart of folded ? this.#shown() : [...this.#shown(), this.gradients])
      chart.draw(store.curves, axis, hovered, look);
  }

  // Where a step lies on the horizontal axis.
  #place(step) {
    const { columns } = this.store.curves;
    if (step == null) return null;
    const index = columns.step.findIndex((each) => each >= step);
    return index < 0 ? null : columns[this.axis][index];
  }

  // Where a step lies that may be between two points.
  #along(step) {
    const { columns } = this.store.curves;
    if (this.axis !== "seconds") return this.axis === "step" ? step : step * this.store.about.batch;
    const next = columns.step.findIndex((each) => each >= step);
    if (next < 0) return columns.seconds.at(-1);
    const [from, began] = next ? [columns.step[next - 1], columns.seconds[next - 1]] : [0, 0];
    return began + ((step - from) / (columns.step[next] - from || 1)) * (columns.seconds[next] - began);
  }

  // Fill a height beside notes of some height; at height 0, as low as is legible.
  size(height, notes) {
    const shown = this.#shown();
    const room = height - (notes ? notes + PLOT_GAP : 0) - (shown.length - 1) * PLOT_GAP;
    const legends = shown.reduce((sum, chart) => sum + chart.legend.offsetHeight, 0);
    const least = shown.length > 2 ? PLOT_LEAST_OF_THREE : PLOT_LEAST;
    const plot = Math.max(least, Math.min(PLOT_MOST, Math.floor((room - legends) / shown.length)));
    this.el.style.setProperty("--gb-plot", `${height ? plot : PLOT_LEAST}px`);
  }

  #shown() {
    return [this.losses, this.outputs, this.quality].filter((chart) => chart && !chart.el.hidden);
  }

  // It is shown once it has been measured.
  #showQuality() {
    const { about, curves } = this.store;
    const measured = about.qualities.find(({ lines: [[name]] }) => curves.columns[name]?.some((v) => v != null));
    const changed = this.shownQuality !== measured;
    this.shownQuality = measured;
    if (measured && changed) {
      this.quality?.el.remove();
      this.quality = new Chart({
        title: measured.title,
        ...this.shared,
        explained: help("quality"),
        ticks: niceTicks,
        tickText: tick,
        value: number,
        lines: measured.lines.map(([name, label], i) => ({ name, label, who: ["g", "real", "d"][i], sparse: true })),
      });
      this.el.append(this.quality.el);
      this.shownChanged();
    } else if (this.quality && changed) {
      this.quality.el.hidden = true;
      this.shownChanged();
    }
  }
}

// A tick is a round number, and is shown as that: 7.5k, 15k.
function tick(value) {
  const size = Math.abs(value);
  if (size > 0 && size < 0.001) return value.toExponential(0);
  const [unit, sign] = UNITS.find(([least]) => size >= least) ?? [1, ""];
  const digits = Number((value / unit).toPrecision(4));
  return `${Math.abs(digits) < 100 ? Number((value / unit).toPrecision(3)) : digits}${sign}`;
}
