// The scores of a recipe in numbers, each with that of real points.

import { element, setFigure } from "../shared/dom.js";
import { number } from "../shared/format.js";
import { percent } from "./curves.js";

const whole = (v) => (v == null ? "–" : String(Math.round(v)));
const FIGURES = [
  ["modes", "modes", whole],
  ["high_quality", "high quality", percent],
  ["sliced_wasserstein", "sliced W", number],
  ["js_divergence", "JS", number],
];

export class Figures {
  constructor(store, side) {
    Object.assign(this, { store, side });
    this.figures = FIGURES.map(() => element("span"));
    this.el = element("div", { class: "gb-figures" }, ...this.figures);
  }

  draw() {
    const { floor } = this.store.about;
    FIGURES.forEach(([name, words, write], i) => {
      const figure = this.figures[i];
      figure.hidden = floor[name] == null;
      if (!figure.hidden) {
        setFigure(figure, write(this.side.scores.last(name)), ` ${words} (real ${write(floor[name])})`);
      }
    });
  }
}
