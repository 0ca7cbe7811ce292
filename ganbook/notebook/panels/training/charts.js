// The curves of a run: losses, the discriminator's output, and the distance to real images once it is measured.

import { Chart, niceTicks } from "../shared/chart.js";
import { DISCRIMINATOR_OUTPUT } from "../shared/discriminator_output.js";
import { element } from "../shared/dom.js";
import { number } from "../shared/format.js";

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

export class Charts {
  constructor(store, shownChanged) {
    Object.assign(this, { store, shownChanged });
    this.axis = "step";
    this.hovered = null;
    this.inSight = false;
    const onHover = (index) => {
      this.hovered = index;
      this.draw();
    };
    this.losses = new Chart({
      title: "Loss",
      onHover,
      ticks: niceTicks,
      tickText: tick,
      value: number,
      lines: [
        { name: "g_loss", label: "generator", who: "g" },
        { name: "d_loss", label: "discriminator", who: "d" },
      ],
    });
    this.outputs = new Chart({ ...DISCRIMINATOR_OUTPUT, onHover });
    this.onHover = onHover;
    this.quality = null; // of the task, once that is known
    this.el = element("div", { class: "gb-charts" }, this.losses.el, this.outputs.el);
  }

  choose(axis) {
    this.axis = axis;
    this.draw();
  }

  // Draw all of it the next time.
  forget() {
    this.drawn = null;
  }

  draw() {
    const { store, axis, hovered } = this;
    if (!store.now) return;
    const fresh = performance.now() - this.drawnAt < REDRAW_MS;
    if (fresh && store.now.state === "training" && this.drawn?.endsWith(` ${axis} ${hovered}`)) return;
    const key = `${store.curvesVersion} ${axis} ${hovered}`;
    if (!this.inSight || key === this.drawn) return;
    this.drawn = key;
    this.drawnAt = performance.now();
    this.#showQuality();
    for (const chart of this.#shown()) chart.draw(store.curves, axis, hovered);
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
    const [[name]] = about.quality.lines;
    const measured = curves.columns[name]?.some((v) => v != null) ?? false;
    if (!this.quality && measured) {
      this.quality = new Chart({
        title: about.quality.title,
        onHover: this.onHover,
        ticks: niceTicks,
        tickText: tick,
        value: number,
        lines: about.quality.lines.map(([name, label], i) => ({ name, label, who: i ? "real" : "g", sparse: true })),
      });
      this.el.append(this.quality.el);
      this.shownChanged();
    } else if (this.quality && this.quality.el.hidden === measured) {
      this.quality.el.hidden = !measured;
      this.shownChanged();
    }
  }
}

// A tick is a round number, and is shown as that: 7.5k, 15k.
function tick(value) {
  const size = Math.abs(value);
  if (size > 0 && size < 0.001) return value.toExponential(0);
  const [unit, sign] = UNITS.find(([least]) => size >= least) ?? [1, ""];
  return `${Number((value / unit).toPrecision(4))}${sign}`;
}
