// One row of figures below the charts, and how these are drawn.

import { element, setFigure, setText } from "../shared/dom.js";
import { ago, count, duration, probability } from "../shared/format.js";
import { help } from "../shared/help.js";

const PACE_OF = 25; // reports from which the time left is estimated
const SPEED_OF = 10;

export class Footer {
  constructor(store, chartControls) {
    this.store = store;
    const names = ["done", "left", "speed", "outputs", "augment", "saved"];
    this.figures = Object.fromEntries(names.map((name) => [name, element("span", { class: `gb-${name}` })]));
    this.explained = { speed: help("speed"), augment: help("augmentation") };
    const shown = names.map((name) => element("span", {}, this.figures[name], this.explained[name]));
    this.el = element("footer", {}, ...shown, chartControls);
  }

  draw() {
    const { store, figures } = this;
    const { now, curves } = store;
    if (now.steps_wanted) setFigure(figures.done, count(now.step), ` of ${count(now.steps_wanted)} steps`);
    else if (now.seconds_wanted) {
      const steps = ` of ${duration(now.seconds_wanted)} · ${count(now.step)} steps`;
      setFigure(figures.done, duration(now.seconds), steps);
    } else setFigure(figures.done, count(now.step), " steps, without end");
    const left = this.#secondsLeft();
    setFigure(figures.left, left == null ? "–:––" : duration(left), " left");
    figures.left.parentNode.hidden = now.state === "finished" || !(now.steps_wanted || now.seconds_wanted);
    const speeds = curves.columns.images_per_second.slice(-SPEED_OF).filter((v) => v != null);
    const speed = speeds.length ? speeds.reduce((a, b) => a + b) / speeds.length : null;
    setFigure(figures.speed, count(speed), ` ${store.about.noun ?? "images"}/s`);
    figures.speed.parentNode.hidden = now.state !== "training";
    const outputs = `D(x) ${probability(curves.last("d_real"))} · D(G(z)) ${probability(curves.last("d_fake"))}`;
    setFigure(figures.outputs, outputs, "");
    const augment = curves.last("augment_probability");
    figures.augment.parentNode.hidden = augment == null;
    setFigure(figures.augment, `augmentation ${probability(augment)}`, "");
    setText(figures.saved, this.#saved());
  }

  #saved() {
    const { store } = this;
    const { now } = store;
    if (!store.active) return now.checkpoint == null ? "" : `saved at step ${count(now.checkpoint)}`;
    return now.checkpoint_age == null ? "" : `checkpoint ${ago(now.checkpoint_age + store.secondsSinceNews)}`;
  }

  #secondsLeft() {
    const { now, curves } = this.store;
    if (!now.steps_wanted) return now.seconds_wanted - now.seconds;
    const { step, seconds } = curves.columns;
    const from = Math.max(0, step.length - PACE_OF);
    const pace = step.length > from + 1 ? (step.at(-1) - step[from]) / (seconds.at(-1) - seconds[from]) : 0;
    return pace > 0 ? (now.steps_wanted - now.step) / pace : null;
  }
}
