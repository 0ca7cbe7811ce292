// The browsing panel: the gallery or the map on the left, the sample in focus on the right.

import { KEEPS_KEYS, button, choice, element, liveRegion, setText } from "../shared/dom.js";
import { count } from "../shared/format.js";
import { help } from "../shared/help.js";
import { mount } from "../shared/mount.js";
import { CheckpointSlider } from "./checkpoint_slider.js";
import { Combination } from "./combination.js";
import { Favourites } from "./favourites.js";
import { Gallery } from "./gallery.js";
import { SampleMap } from "./map.js";
import { SampleCard } from "./sample.js";
import { BrowserStore } from "./store.js";

const NARROW = 720;
const SIDE = 316;
const PADDING = 30;
const GAP = 20;
const SORTS = { drawn: "random order", score: "D score", nearest: "distance to real" };

class BrowsingView {
  constructor(store) {
    this.store = store;
    this.gallery = new Gallery(store);
    this.favourites = new Favourites(store);
    this.sample = new SampleCard(store, { galleryStart: () => this.gallery.start, favourites: this.favourites });
    this.combination = new Combination(store, this.sample);
    this.checkpoints = new CheckpointSlider(store, (step, lasting) => this.#look({ step }, lasting));
    this.map = new SampleMap(store, this.favourites);
    this.el = this.#make();
    this.sized = new ResizeObserver(() => this.#layOut());
    this.sized.observe(this.el);
  }

  close() {
    this.sized.disconnect();
    this.checkpoints.close();
    this.combination.close();
  }

  #make() {
    const { store } = this;
    this.name = element("h3");
    this.summary = element("span", { class: "gb-options" });
    this.mapButton = button("Map", "Show the samples as points in a plane", () => this.#toggleMap(), {
      "aria-pressed": "false",
    });
    this.seed = element("input", {
      type: "number",
      min: "0",
      max: "2147483647",
      step: "1",
      "aria-label": "Seed",
      onchange: () => this.#chooseSeed(),
    });
    const next = () => this.#look({ seed: store.view.look.seed + 1 });
    this.newSeed = button("New seed", "Show other samples", next, { class: "gb-small" });
    this.label = choice("Class", { "": "all classes" }, (label) =>
      this.#look({ label: label === "" ? null : Number(label) }),
    );
    this.weights = choice("Weights", { ema: "EMA weights", raw: "raw weights" }, (weights) => this.#look({ weights }));
    this.weights.title = "EMA: the moving average of the generator's weights, usually better";
    this.weightsBox = element("span", {}, this.weights, help("weights"));
    const sorts = Object.entries(SORTS).map(([value, text]) => [value, `Sort: ${text}`]);
    this.sort = choice("Sort", Object.fromEntries(sorts), (sort) => this.#look({ sort }));
    this.note = element("p", { class: "gb-note" });
    this.working = element("p", { class: "gb-note gb-working" });
    this.bar = element("div", { class: "gb-progress" }, element("i"));
    this.live = liveRegion();
    const seed = element("label", {}, "Seed ", this.seed);
    const toolbar = element("div", { class: "gb-toolbar" }, seed, this.newSeed, this.label, this.weightsBox, this.sort);
    this.map.el.hidden = true;
    const left = element(
      "div",
      { class: "gb-left" },
      this.gallery.el,
      this.map.el,
      this.checkpoints.el,
      this.combination.el,
    );
    const side = element("div", { class: "gb-side" }, this.working, this.note, this.sample.el);
    this.body = element("div", { class: "gb-body" }, left, side);
    return element(
      "section",
      { class: "gb gb-browsing", tabindex: "-1", [KEEPS_KEYS]: "true", onkeydown: (event) => this.#key(event) },
      element(
        "header",
        {},
        element("div", { class: "gb-title" }, this.name, this.summary),
        element("div", { class: "gb-controls" }, this.mapButton, this.favourites.exports),
      ),
      this.bar,
      toolbar,
      this.body,
      this.favourites.el,
      this.live,
    );
  }

  draw() {
    const { store } = this;
    const { about, view, working, silent, note } = store;
    this.name.textContent = about ? `Browse ${about.name}` : "Browse";
    this.el.setAttribute("aria-label", this.name.textContent);
    showLine(this.working, working ? `${working} …` : "");
    const gone =
      "The kernel does not answer: it has stopped, or is busy with a cell. The panel shows the last known state.";
    showLine(this.note, silent ? gone : (note?.text ?? ""));
    this.bar.classList.toggle("gb-waiting", Boolean(working) && !silent);
    // What has the focus keeps it while the kernel is only slow.
    for (const control of this.el.querySelectorAll("button, select, input")) {
      control.disabled = !view || (silent && !control.matches(":focus"));
    }
    if (!about || !view) return;
    this.#header(about, view);
    for (const part of [this.gallery, this.map, this.checkpoints, this.sample, this.combination, this.favourites])
      part.draw();
    const { sample } = store.parts;
    setText(this.live, [note?.text, sample && this.sample.spoken].filter(Boolean).join(". "));
    if (store.took) Object.assign(this.el.dataset, { answered: store.took.n, took: store.took.ms });
    if (!this.laidOut) this.#layOut();
  }

  #header(about, view) {
    const { look } = view;
    const weights = look.weights === "ema" ? "EMA" : "raw";
    const checkpoint = about.run ? `checkpoint ${count(view.step)} · ${weights} weights · ` : "";
    this.summary.textContent = `${checkpoint}seed ${look.seed}`;
    setValue(this.seed, look.seed);
    if (this.label.children.length === 1) {
      this.label.append(...about.classes.map((name, i) => element("option", { value: i }, name)));
    }
    setValue(this.label, look.label ?? "");
    setValue(this.weights, look.weights);
    setValue(this.sort, look.sort);
    this.label.hidden = !about.classes.length;
    this.weightsBox.hidden = !about.run;
    this.sort.querySelector("[value=score]").disabled = !about.judges;
    this.sort.querySelector("[value=nearest]").disabled = !view.ready.includes("pixels");
    this.mapButton.disabled ||= !view.ready.includes("pixels");
  }

  #look(changes, lasting = true) {
    if ("seed" in changes || "sort" in changes || "label" in changes) this.gallery.toTop();
    this.store.wish("look", { do: "look", changes, lasting, start: this.gallery.start });
  }

  #chooseSeed() {
    const seed = Math.max(0, Math.floor(Number(this.seed.value)));
    this.seed.value = seed;
    if (seed !== this.store.view.look.seed) this.#look({ seed });
  }

  #toggleMap() {
    const shown = this.map.el.hidden;
    this.map.el.hidden = !shown;
    this.gallery.el.hidden = shown;
    this.mapButton.setAttribute("aria-pressed", String(shown));
    this.#layOut();
  }

  #layOut() {
    const width = this.el.clientWidth;
    this.laidOut = Boolean(width && this.store.about);
    if (!this.laidOut) return;
    const narrow = width < NARROW;
    this.el.classList.toggle("gb-narrow", narrow);
    const left = width - PADDING - (narrow ? 0 : GAP + SIDE);
    this.body.style.gridTemplateColumns = narrow ? "minmax(0, 1fr)" : `minmax(0, 1fr) ${SIDE}px`;
    this.gallery.size(left);
    this.map.size(left, Math.max(300, Math.min(360, 0.6 * left)));
    this.draw();
  }

  #key(event) {
    event.stopPropagation(); // the notebook would take the focus back to its cell
    if (event.target === this.seed && event.key === "Enter") this.#chooseSeed();
    if (event.target.closest("input[type=text], input[type=number], select")) return;
    const key = event.key.toLowerCase();
    const undo = key === "z" && (event.ctrlKey || event.metaKey);
    if (!undo && (event.ctrlKey || event.metaKey || event.altKey)) return;
    if (undo) this.store.send({ do: "undo", start: this.gallery.start });
    else if (key === "s") this.sample.toggleFavourite();
    else if (key === "a" && this.store.view?.at != null) this.store.send({ do: "combine" });
    else return;
    event.preventDefault();
  }
}

function showLine(el, text) {
  el.hidden = !text;
  setText(el, text);
}

// Set the value of a control that nobody is using.
function setValue(control, value) {
  if (!control.matches(":focus") && control.value !== String(value)) control.value = value;
}

export default mount(BrowserStore, BrowsingView);
