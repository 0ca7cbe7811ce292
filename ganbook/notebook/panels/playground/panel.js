// The playground: the plane on the left; lesson, recipe and curves on the right.

import { Code } from "../shared/code.js";
import { KEEPS_KEYS, choice, element, liveRegion, setFigure, setText } from "../shared/dom.js";
import { count, number } from "../shared/format.js";
import { mount } from "../shared/mount.js";
import { Controls } from "./controls.js";
import { Curves, percent } from "./curves.js";
import { Drawing } from "./drawing.js";
import { Film } from "./film.js";
import { LAYERS, Plane } from "./plane.js";
import { Recipe } from "./recipe.js";
import { SlowMotion } from "./slow_motion.js";
import { PlaygroundStore } from "./store.js";

const NARROW = 800;
const PADDING = 28;
const SIDE_MOST = 470;
const SPEED_OF_MS = 2000;

class PlaygroundView {
  constructor(store) {
    this.store = store;
    this.plane = new Plane(store);
    this.slowMotion = new SlowMotion(store, this.plane, () => this.draw());
    this.controls = new Controls(store, this.slowMotion);
    this.film = new Film(store);
    this.drawing = new Drawing(store, this.plane, () => this.draw());
    this.recipe = new Recipe(store, () => this.#startDrawing());
    this.curves = new Curves(store);
    this.code = new Code({
      title: "Take away: code that trains this GAN",
      languages: { keras: "Keras, without ganbook", magic: "%gan_train" },
      announce: (text) => store.announce(text),
      opened: () => store.askForCode(),
    });
    this.summary = element("span", { class: "gb-options" }, "connecting…");
    this.lesson = element("select", { "aria-label": "Lesson", onchange: () => this.#choose(this.lesson.value) });
    this.watch = element("p", { class: "gb-hint" });
    this.notes = element("div", { class: "gb-notes" });
    this.layers = element("div", { class: "gb-layers" }, ...this.#switches());
    this.figures = Object.fromEntries(
      ["step", "speed", "modes", "quality", "distance", "divergence"].map((name) => [name, element("span")]),
    );
    this.live = liveRegion();
    this.left = element("div", { class: "gb-left" }, this.plane.el, this.drawing.el, this.film.el, this.layers);
    this.right = element(
      "div",
      { class: "gb-right" },
      this.notes,
      element("label", { class: "gb-field" }, element("span", {}, "lesson"), this.lesson),
      this.watch,
      this.recipe.el,
      this.curves.el,
    );
    this.body = element("div", { class: "gb-body" }, this.left, this.right);
    this.el = element(
      "section",
      {
        class: "gb gb-playground",
        tabindex: "-1",
        "aria-label": "GAN playground",
        [KEEPS_KEYS]: "true",
        onkeydown: (event) => this.#key(event),
      },
      element(
        "header",
        {},
        element("div", { class: "gb-title" }, element("h3", {}, "Playground"), this.summary),
        this.controls.el,
      ),
      this.body,
      element("footer", {}, ...Object.values(this.figures)),
      this.code.el,
      this.live,
    );
    this.sized = new ResizeObserver(() => this.#layOut());
    this.sized.observe(this.el);
    this.themed = new MutationObserver(() => this.plane.draw());
    this.themed.observe(this.el, { attributeFilter: ["data-theme"] });
  }

  close() {
    this.sized.disconnect();
    this.themed.disconnect();
    this.slowMotion.stop();
    this.film.close();
    this.plane.close();
  }

  draw() {
    const { store } = this;
    this.controls.draw();
    this.#notes();
    this.film.draw();
    this.drawing.draw();
    this.recipe.draw();
    this.plane.draw();
    if (store.about) {
      this.curves.draw();
      this.#about();
      this.#footer();
    }
    if (store.code && this.shownCode !== store.code) {
      this.shownCode = store.code;
      this.code.show(store.code);
    }
    if (store.now && store.frame && !store.restarting) this.el.dataset.state = store.now.state;
    else delete this.el.dataset.state;
    setText(this.live, store.announcement || this.controls.word);
  }

  #switch(name, on) {
    this.plane.layers[name] = this.boxes[name].checked = on;
    this.plane.draw();
  }

  #switches() {
    this.boxes = {};
    const boxes = Object.entries(LAYERS).map(([name, [label, title]]) => {
      const box = element("input", {
        type: "checkbox",
        checked: this.plane.layers[name],
        onchange: () => this.#switch(name, box.checked),
      });
      this.boxes[name] = box;
      return element("label", { title, class: `gb-layer gb-layer-${name}` }, box, label);
    });
    const which = choice("Weights shown", { latest: "latest G", average: "averaged G" }, (value) => {
      this.plane.weights = value;
      this.plane.draw();
    });
    which.title = "Samples of the generator as it is, or of the moving average of its weights (EMA), which is measured";
    return [...boxes, which];
  }

  #startDrawing() {
    this.slowMotion.stop();
    if (this.store.going) this.store.pause();
    this.store.leavePast();
    this.drawing.start();
  }

  #choose(name) {
    if (!name) return;
    this.slowMotion.stop();
    this.chosen = name;
    const { layers } = this.store.about.lessons[name];
    for (const layer of ["slopes", "grid", "paths"]) this.#switch(layer, layers.includes(layer));
    this.store.lesson(name);
  }

  #layOut() {
    const width = this.el.clientWidth;
    if (!width) return;
    this.el.classList.toggle("gb-narrow", width < NARROW);
    const side = Math.min(SIDE_MOST, width < NARROW ? width - PADDING : Math.floor((width - PADDING) / 2));
    this.left.style.width = `${side}px`;
    this.plane.size(side);
    this.curves.redraw();
  }

  #about() {
    const { about } = this.store;
    if (this.drawnAbout === about) return;
    this.drawnAbout = about;
    const { recipe } = about;
    const penalties = [
      ["R1", recipe.r1],
      ["R2", recipe.r2],
      ["gradient penalty", recipe.gradient_penalty],
    ].filter(([, weight]) => weight);
    const words = penalties.map(([name, weight]) => `${name} ${weight}`);
    this.summary.textContent = [about.data, recipe.loss, ...words, `batch ${recipe.batch_size}`].join(" · ");
    const lessons = Object.entries(about.lessons).map(([name, { title }]) => element("option", { value: name }, title));
    this.lesson.replaceChildren(element("option", { value: "" }, "Choose a lesson…"), ...lessons);
    this.lesson.value = this.chosen ?? "";
    setText(this.watch, about.lessons[this.chosen]?.watch ?? "");
    if (this.code.el.open) this.store.askForCode();
  }

  #footer() {
    const { store, figures } = this;
    const { about, now, scores } = store;
    setFigure(figures.step, count(now.step), " steps");
    const speed = this.#speed();
    figures.speed.hidden = now.state !== "training" || speed == null;
    setFigure(figures.speed, count(speed), " steps/s");
    const { floor } = about;
    const shown = (name, write) => [write(scores.last(name)), ` ${SHORT[name]} (real ${write(floor[name])})`];
    for (const [figure, name, write] of FIGURES) {
      figures[figure].hidden = floor[name] == null;
      if (floor[name] != null) setFigure(figures[figure], ...shown(name, write));
    }
  }

  // Steps a second over the last moments.
  #speed() {
    const { now } = this.store;
    const at = performance.now();
    this.past = (this.past ?? []).filter(([time, step]) => at - time < SPEED_OF_MS && step <= now.step);
    if (now.step !== this.past.at(-1)?.[1]) this.past.push([at, now.step]);
    const [[first, from] = [], [last, to] = []] = [this.past[0], this.past.at(-1)];
    return last > first ? (1000 * (to - from)) / (last - first) : null;
  }

  #notes() {
    const { store } = this;
    const { now, note, silent, warnings } = store;
    const notes = [];
    if (silent) notes.push(["plain", "The kernel does not answer. It has stopped, or is busy with a cell."]);
    if (note) notes.push(["failed", note.text]);
    if (now?.state === "failed") notes.push(["failed", `${now.error} Run goes on from there.`]);
    if (now?.state === "queued") notes.push(["plain", `Queued: ${now.note || "another run is training"}.`]);
    if (now?.state === "preparing") {
      notes.push(["plain", "TensorFlow is loaded and the networks are built; this is slower the first time."]);
    }
    const alarm = warnings.at(-1);
    if (alarm && !alarm.includes(now?.error || "\0")) notes.push(["alarm", alarm]);
    const key = JSON.stringify(notes);
    if (key === this.drawnNotes) return;
    this.drawnNotes = key;
    this.notes.replaceChildren(
      ...notes.map(([kind, text]) => element("p", { class: `gb-note gb-note-${kind}` }, text)),
    );
  }

  // Space belongs to buttons where they have the focus, and to Run elsewhere.
  #key(event) {
    if (event.key !== " " || event.target.closest("button, select, summary, input")) return;
    event.preventDefault();
    this.controls.pressMain();
  }
}

const SHORT = { modes: "modes", high_quality: "high quality", sliced_wasserstein: "sliced W", js_divergence: "JS" };
const whole = (v) => (v == null ? "–" : String(Math.round(v)));
const FIGURES = [
  ["modes", "modes", whole],
  ["quality", "high_quality", percent],
  ["distance", "sliced_wasserstein", number],
  ["divergence", "js_divergence", number],
];

export default mount(PlaygroundStore, PlaygroundView);
