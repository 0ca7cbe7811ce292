// Two charts: a number of the samples beside that of real points, and the losses or the discriminator's output.

import { Chart, niceTicks } from "../shared/chart.js";
import { DISCRIMINATOR_OUTPUT } from "../shared/discriminator_output.js";
import { choice, element } from "../shared/dom.js";
import { number } from "../shared/format.js";

const REDRAW_MS = 500; // browser and training share the processor
export const percent = (v) => (v == null ? "–" : `${(100 * v).toFixed(0)} %`);
export const MEASURES = {
  high_quality: { title: "High quality", ticks: () => [0, 0.5, 1], tickText: percent, value: percent },
  modes: { title: "Modes captured", ticks: niceTicks, tickText: String, value: number },
  sliced_wasserstein: { title: "Sliced Wasserstein", ticks: niceTicks, tickText: String, value: number },
  js_divergence: { title: "JS divergence, bits", ticks: () => [0, 0.5, 1], tickText: String, value: number },
};
const TRAINING = {
  outputs: DISCRIMINATOR_OUTPUT,
  losses: {
    title: "Loss",
    ticks: niceTicks,
    tickText: String,
    value: number,
    lines: [
      { name: "g_loss", label: "generator", who: "g", sparse: true },
      { name: "d_loss", label: "discriminator", who: "d", sparse: true },
    ],
  },
};

export class Curves {
  // chosen: { measure, shown }, the same for the curves of two recipes
  constructor(store, side, chosen, choose) {
    Object.assign(this, { store, side, chosen });
    this.hovered = { scores: null, history: null };
    this.measures = {};
    for (const [name, { title, ...how }] of Object.entries(MEASURES)) {
      const lines = [
        { name, label: "samples", who: "g", sparse: true },
        { name: "floor", label: "real points", who: "real" },
      ];
      this.measures[name] = this.#chart("scores", { title, lines, ...how });
    }
    this.training = {};
    for (const [name, how] of Object.entries(TRAINING)) this.training[name] = this.#chart("history", how);
    this.measure = element("select", {
      "aria-label": "Number shown",
      onchange: () => choose({ measure: this.measure.value }),
    });
    const titles = Object.fromEntries(Object.entries(TRAINING).map(([name, { title }]) => [name, title]));
    this.shown = choice("Curves shown", titles, (shown) => choose({ shown }));
    const group = (select, charts) => {
      for (const chart of Object.values(charts)) chart.legend.prepend(element("span", { class: "gb-slot" }));
      return element("div", { class: "gb-curve" }, select, ...Object.values(charts).map((chart) => chart.el));
    };
    this.el = element(
      "div",
      { class: "gb-charts" },
      group(this.measure, this.measures),
      group(this.shown, this.training),
    );
  }

  draw() {
    const { store, side } = this;
    if (!store.about) return;
    if (this.about !== store.about) {
      this.about = store.about;
      this.#offer(Object.keys(store.about.floor));
    }
    const key = `${side.scores.version} ${side.history.version}`;
    const fresh = performance.now() - this.drawnAt < REDRAW_MS;
    if (key === this.drawn || (fresh && store.now.state === "training")) return;
    this.#show();
    this.drawn = key;
    this.drawnAt = performance.now();
  }

  redraw() {
    if (this.about) this.#show();
  }

  #chart(series, how) {
    const onHover = (index) => {
      this.hovered[series] = index;
      this.#show();
    };
    return new Chart({ ...how, onHover });
  }

  #offer(names) {
    const options = Object.keys(MEASURES).filter((name) => names.includes(name));
    this.measure.replaceChildren(...options.map((name) => element("option", { value: name }, MEASURES[name].title)));
    this.offered = options;
  }

  #show() {
    const { store, side, measure, shown, hovered, chosen, offered } = this;
    measure.value = offered.includes(chosen.measure) ? chosen.measure : offered[0];
    shown.value = chosen.shown;
    for (const [name, chart] of Object.entries(this.measures)) chart.el.hidden = name !== measure.value;
    for (const [name, chart] of Object.entries(this.training)) chart.el.hidden = name !== shown.value;
    const { scores } = side;
    const floor = store.about.floor[measure.value];
    const columns = { ...scores.columns, floor: scores.columns.step.map(() => floor) };
    const beside = { columns, alarms: [], last: (name) => (name === "floor" ? floor : scores.last(name)) };
    this.measures[measure.value]?.draw(beside, "step", hovered.scores);
    this.training[shown.value].draw(side.history, "step", hovered.history);
  }
}
