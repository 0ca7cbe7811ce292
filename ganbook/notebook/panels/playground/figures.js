// The scores of a recipe in numbers, each with that of real points.

import { element, setFigure } from "../shared/dom.js";
import { number } from "../shared/format.js";
import { help, withHelp } from "../shared/help.js";
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
    const shown = FIGURES.map(([name], i) => withHelp(this.figures[i], help("measure.", name)));
    this.el = element("div", { class: "gb-figures" }, ...shown);
  }

  draw() {
    const { floor } = this.store.about;
    FIGURES.forEach(([name, words, write], i) => {
      const figure = this.figures[i];
      figure.parentNode.hidden = floor[name] == null;
      if (!figure.parentNode.hidden) {
        setFigure(figure, write(this.side.scores.last(name)), ` ${words} (real ${write(floor[name])})`);
      }
    });
  }
}
