// The curves of several runs over each other.

import { Chart, niceTicks } from "../shared/chart.js";
import { choice, element } from "../shared/dom.js";
import { number } from "../shared/format.js";

const AXES = { step: "by step", seconds: "by time" };

export class Overlay {
  constructor(store) {
    this.store = store;
    this.axis = "step";
    this.column = null;
    this.look = { smooth: false, log: false, range: null, marked: null };
    this.host = element("div");
    const box = (name, text) => {
      const input = element("input", {
        type: "checkbox",
        onchange: () => {
          this.look[name] = input.checked;
          this.#again();
        },
      });
      return element("label", {}, input, text);
    };
    const along = choice("Horizontal axis", AXES, (axis) => {
      Object.assign(this, { axis, look: { ...this.look, range: null } });
      this.#again();
    });
    this.which = choice("Curve", {}, (column) => {
      this.column = column;
      this.#again();
    });
    const controls = element(
      "span",
      { class: "gb-look" },
      this.which,
      box("smooth", "smooth"),
      box("log", "log scale"),
      along,
    );
    this.hint = element("p", { class: "gb-hint" }, "Tick runs to draw their curves over each other.");
    this.el = element("div", { class: "gb-overlay" }, this.hint, this.host, controls);
  }

  #again() {
    this.made = null;
    this.draw();
  }

  draw() {
    const { store } = this;
    const names = store.ticked.filter((name) => store.curves[name]);
    this.hint.hidden = names.length > 0;
    this.host.hidden = this.which.parentNode.hidden = !names.length;
    if (!names.length) return;
    this.#choices(names);
    const made = JSON.stringify([names, this.column, this.axis]);
    if (made !== this.made) {
      this.made = made;
      this.hovered = null;
      this.chart = new Chart({
        title: Object.fromEntries(store.shown)[this.column],
        onHover: (index) => this.#hover(index),
        onRange: (range) => {
          this.look.range = range;
          this.draw();
        },
        ticks: niceTicks,
        tickText: String,
        value: number,
        lines: names.map((name) => ({ name, label: name, who: `colour-${store.ticked.indexOf(name)}`, through: true })),
      });
      this.host.replaceChildren(this.chart.el);
    }
    this.merged = this.#merge(names);
    this.chart.draw(this.merged, this.axis, this.hovered, this.look);
  }

  #hover(index) {
    this.hovered = index;
    this.chart.draw(this.merged, this.axis, index, this.look);
  }

  // What at least one of the runs has measured.
  #choices(names) {
    const measured = this.store.shown.filter(([column]) =>
      names.some((name) => isMeasured(this.store.curves[name][column])),
    );
    if (!measured.some(([column]) => column === this.column)) {
      const [best] = measured.filter(([column]) => names.some((name) => isCurve(this.store.curves[name][column])));
      this.column = (best ?? measured[0])?.[0] ?? null;
    }
    const key = JSON.stringify(measured);
    if (key !== this.offered) {
      this.offered = key;
      this.which.replaceChildren(...measured.map(([value, text]) => element("option", { value }, text)));
    }
    this.which.value = this.column ?? "";
  }

  // One column for each run, over the places of all of them.
  #merge(names) {
    const { curves } = this.store;
    const places = [...new Set(names.flatMap((name) => curves[name][this.axis]))].filter((v) => v != null);
    places.sort((a, b) => a - b);
    const at = new Map(places.map((place, i) => [place, i]));
    const columns = { [this.axis]: places };
    for (const name of names) {
      const column = Array(places.length).fill(null);
      curves[name][this.axis].forEach((place, i) => {
        if (place != null) column[at.get(place)] = curves[name][this.column][i];
      });
      columns[name] = column;
    }
    return { columns, alarms: [], last: () => null };
  }
}

function isMeasured(column) {
  return column?.some((v) => v != null) ?? false;
}

function isCurve(column) {
  return column.filter((v) => v != null).length > 1;
}
