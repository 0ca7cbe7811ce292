// The playground: the plane on the left; lesson, recipe and curves on the right.

import { Code } from "../shared/code.js";
import { KEEPS_KEYS, choice, element, liveRegion, setFigure, setText } from "../shared/dom.js";
import { count } from "../shared/format.js";
import { help } from "../shared/help.js";
import { mount } from "../shared/mount.js";
import { Controls } from "./controls.js";
import { Curves } from "./curves.js";
import { Diagram } from "./diagram.js";
import { Dirac } from "./dirac.js";
import { Drawing } from "./drawing.js";
import { Figures } from "./figures.js";
import { Film } from "./film.js";
import { LAYERS, Plane, newLook } from "./plane.js";
import { DIFFERENT, Recipe, objective } from "./recipe.js";
import { SlowMotion } from "./slow_motion.js";
import { PlaygroundStore, SIDES } from "./store.js";
import { Zoom } from "./zoom.js";

const NARROW = 800;
const PADDING = 28;
const SIDE_MOST = 470;
const GAP = 20;
const DIRAC = "dirac"; // a lesson without a run
const SWITCHED = ["slopes", "grid", "paths", "field", "steepness"]; // by lessons
const SPEED_OF_MS = 2000;
const REST_MS = 200; // between drawings of all but the planes while it trains: browser and training share the processor

class PlaygroundView {
  constructor(store) {
    this.store = store;
    this.look = newLook();
    this.planes = store.sides.map((side) => new Plane(store, side, this.look));
    this.slowMotion = new SlowMotion(store, this.planes, this.look, () => this.draw());
    this.controls = new Controls(store, this.slowMotion);
    this.film = new Film(store);
    this.drawing = new Drawing(store, this.planes[0], () => this.draw());
    this.dirac = new Dirac(store, this.planes[0], () => {
      this.#portray();
      this.#tellLesson();
    });
    const free = () => !this.planes.some((plane) => plane.overlay);
    this.zoom = new Zoom(store, this.planes, this.look, free, () => this.#drawPlanes());
    this.recipe = Recipe.whole(store, () => this.#startDrawing());
    this.lines = SIDES.map((word, i) => new Recipe(store, DIFFERENT, i, `${word} recipe`));
    const chosen = { measure: "high_quality", shown: "outputs" };
    const choose = (what) => {
      Object.assign(chosen, what);
      for (const curves of this.curves) curves.redraw();
    };
    this.curves = store.sides.map((side) => new Curves(store, side, chosen, choose));
    this.scores = store.sides.map((side) => new Figures(store, side));
    this.code = new Code({
      title: "Take away: code that trains this GAN",
      languages: { keras: "Keras, without ganbook", second: "Keras, right recipe", magic: "%gan_train" },
      announce: (text) => store.announce(text),
      opened: () => store.askForCode(),
    });
    this.summary = element("span", { class: "gb-options" }, "connecting…");
    this.lesson = element("select", { "aria-label": "Lesson", onchange: () => this.#choose(this.lesson.value) });
    this.watch = element("p", { class: "gb-hint" });
    this.notes = element("div", { class: "gb-notes" });
    this.diagram = new Diagram();
    this.layers = element("div", { class: "gb-layers" }, ...this.#switches());
    this.figures = { step: element("span"), speed: element("span") };
    this.live = liveRegion();
    this.sides = SIDES.map((_, i) => element("div", { class: "gb-side" }, this.lines[i].el, this.planes[i].el));
    this.left = element(
      "div",
      { class: "gb-left" },
      element("div", { class: "gb-pair" }, ...this.sides),
      this.drawing.el,
      this.dirac.el,
      this.film.el,
      this.layers,
    );
    this.right = element(
      "div",
      { class: "gb-right" },
      this.notes,
      element("label", { class: "gb-field" }, element("span", {}, "lesson"), this.lesson),
      this.watch,
      this.diagram.el,
      this.recipe.el,
      element("div", { class: "gb-pair" }, ...this.curves.map(({ el }) => el)),
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
      element("footer", {}, ...Object.values(this.figures), this.scores[0].el),
      this.code.el,
      this.live,
    );
    this.sized = new ResizeObserver(() => this.#layOut());
    this.sized.observe(this.el);
  }

  close() {
    this.sized.disconnect();
    this.slowMotion.stop();
    this.dirac.close();
    this.film.close();
    for (const plane of this.planes) plane.close();
  }

  draw() {
    const { store } = this;
    this.#drawPlanes();
    const training = store.now?.state === "training";
    if (store.moved && training && this.wasTraining && performance.now() - this.drawnAt < REST_MS) return;
    [this.drawnAt, this.wasTraining] = [performance.now(), training];
    this.controls.draw();
    this.#notes();
    this.film.draw();
    this.drawing.draw();
    if (store.going) this.dirac.stop();
    this.dirac.draw();
    this.#portray();
    this.#drawDiagram();
    for (const recipe of [this.recipe, ...this.lines]) recipe.draw();
    if (this.el.classList.contains("gb-paired") !== store.paired) this.#layOut();
    if (store.about) {
      this.#about();
      for (const curves of this.curves.slice(0, store.shown.length)) curves.draw();
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

  // In slow motion: what is at work now.
  #drawDiagram() {
    const { on, part } = this.slowMotion;
    this.diagram.el.toggleAttribute("hidden", !on);
    if (on) this.diagram.draw(part + 1, this.store.about.sides[0].recipe);
  }

  #drawPlanes() {
    this.zoom.draw();
    this.store.shown.forEach((_, i) => this.planes[i].draw());
  }

  #switch(name, on) {
    this.look.layers[name] = this.boxes[name].checked = on;
    this.#drawPlanes();
  }

  #switches() {
    this.boxes = {};
    const boxes = Object.entries(LAYERS).map(([name, [label, title]]) => {
      const box = element("input", {
        type: "checkbox",
        checked: this.look.layers[name],
        onchange: () => this.#switch(name, box.checked),
      });
      this.boxes[name] = box;
      return element("label", { title, class: `gb-layer gb-layer-${name}` }, box, label);
    });
    const which = choice("Weights shown", { latest: "latest G", average: "averaged G" }, (value) => {
      this.look.weights = value;
      this.#drawPlanes();
    });
    which.title = "Samples of the generator as it is, or of the moving average of its weights (EMA), which is measured";
    return [...boxes, which, help("layers")];
  }

  #startDrawing() {
    this.slowMotion.stop();
    this.dirac.stop();
    if (this.store.going) this.store.pause();
    this.store.leavePast();
    this.look.zoom = null;
    this.drawing.start();
  }

  #choose(name) {
    if (!name) return;
    this.slowMotion.stop();
    this.drawing.stop();
    this.chosen = name;
    if (name === DIRAC) {
      if (this.store.going) this.store.pause();
      this.dirac.start();
      return;
    }
    this.dirac.stop();
    const { layers } = this.store.about.lessons[name];
    for (const layer of SWITCHED) this.#switch(layer, layers.includes(layer));
    this.store.lesson(name);
  }

  #layOut() {
    const { store } = this;
    const width = this.el.clientWidth;
    if (!width) return;
    const { paired } = store;
    this.el.classList.toggle("gb-narrow", width < NARROW);
    this.el.classList.toggle("gb-paired", paired);
    const alone = width < NARROW && !paired;
    const side = Math.min(SIDE_MOST, alone ? width - PADDING : Math.floor((width - PADDING - GAP) / 2));
    this.left.style.width = paired ? "" : `${side}px`;
    for (const line of this.lines) line.el.hidden = !paired;
    this.sides[1].hidden = this.curves[1].el.hidden = !paired;
    store.shown.forEach((_, i) => {
      this.planes[i].size(side);
      this.curves[i].redraw();
      if (paired) this.sides[i].append(this.scores[i].el);
    });
    if (!paired) this.figures.speed.after(this.scores[0].el);
  }

  #about() {
    const { store } = this;
    const { about } = store;
    if (this.drawnAbout === about) return;
    this.drawnAbout = about;
    if (String(this.shownWindow) !== String(about.window)) this.look.zoom = null;
    this.shownWindow = about.window;
    const { recipe } = about.sides[0];
    const words = store.paired ? ["two recipes"] : objective(recipe);
    this.summary.textContent = [about.data, ...words, `batch ${recipe.batch_size}`].join(" · ");
    const lessons = Object.entries(about.lessons).map(([name, { title }]) => element("option", { value: name }, title));
    const dirac = element("option", { value: DIRAC }, about.dirac.title);
    this.lesson.replaceChildren(element("option", { value: "" }, "Choose a lesson…"), ...lessons, dirac);
    this.#tellLesson();
    if (this.code.el.open) this.store.askForCode();
  }

  // The Dirac-GAN comes and goes without news from the kernel.
  #portray() {
    this.film.el.hidden = this.layers.hidden = this.dirac.on;
    this.el.classList.toggle("gb-portrayed", this.dirac.on);
  }

  #tellLesson() {
    if (this.chosen === DIRAC && !this.dirac.on) this.chosen = "";
    const { lessons, dirac } = this.store.about;
    this.lesson.value = this.chosen ?? "";
    setText(this.watch, (this.chosen === DIRAC ? dirac : lessons[this.chosen])?.watch ?? "");
    this.#drawPlanes();
  }

  #footer() {
    const { figures } = this;
    const { now } = this.store;
    setFigure(figures.step, count(now.step), " steps");
    const speed = this.#speed();
    figures.speed.hidden = now.state !== "training" || speed == null;
    setFigure(figures.speed, count(speed), " steps/s");
    for (const scores of this.scores.slice(0, this.store.shown.length)) scores.draw();
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
    if (now?.state === "failed") notes.push(["failed", `${now.error}. Run goes on from there.`]);
    if (now?.state === "queued") notes.push(["plain", `Queued: ${now.note || "another run is training"}.`]);
    if (now?.state === "preparing") {
      notes.push(["plain", "TensorFlow is loaded and the networks are built; this is slower the first time."]);
    }
    const alarm = warnings.at(-1);
    if (alarm && !now?.error.includes(alarm)) notes.push(["alarm", alarm]);
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

export default mount(PlaygroundStore, PlaygroundView);
