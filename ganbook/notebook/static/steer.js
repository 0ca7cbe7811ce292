// The sample looked at: the picture, what is known of it, its neighbours, and sliders that move it.

import { element } from "./words.js";
import { crisp } from "./sprites.js";

const SHOWN = 112, NEAR = 44, NEAR_MOST = 60;
const SPACES = ["pixels", "features"];

export class Steer {
  constructor(store, galleryStart) {
    this.store = store;
    this.start = galleryStart;
    this.picture = element("div", { class: "gb-shown", role: "img" });
    this.title = element("h4");
    this.facts = element("div", { class: "gb-facts" });
    this.near = element("div", { class: "gb-near" });
    this.features = element("button", { type: "button", class: "gb-small", onclick: () => this.#askFeatures() }, "Compare in features too");
    this.along = element("select", { "aria-label": "Directions", onchange: () => store.send({ do: "look", changes: { directions: this.along.value }, start: this.start() }) },
      element("option", { value: "activations" }, "along principal directions"), element("option", { value: "z" }, "along axes of z"));
    this.sliders = element("div", { class: "gb-sliders" });
    this.truncation = this.#slider("truncation", "look", { min: 0.1, max: 1.5, step: 0.05, value: 1 }, (lasting) =>
      store.wish("look", { do: "look", changes: { truncation: Number(this.truncation.input.value) }, lasting, start: this.start() }));
    const button = (text, title, press) => element("button", { type: "button", title, onclick: press }, text);
    this.reset = button("Reset", "Back to where the sample was picked", () => store.send({ do: "steer", moves: [] }));
    this.undo = button("Undo", "Ctrl-Z", () => store.send({ do: "undo", start: this.start() }));
    this.star = button("Star", "S", () => this.toggleStar());
    this.star.classList.add("gb-primary");
    this.el = element("div", { class: "gb-steer" },
      element("div", { class: "gb-sample" }, this.picture, element("div", {}, this.title, this.facts)),
      this.near, this.features, element("div", { class: "gb-steer-head" }, element("h4", {}, "Steer"), this.along), this.sliders, this.truncation.el,
      element("div", { class: "gb-buttons" }, this.reset, this.undo, this.star));
    this.moves = [];
  }

  draw() {
    const { view, parts, head } = this.store;
    while (this.moves.length < 6) this.#addDirection();
    this.#facts(parts.sample, head);
    this.#neighbours();
    const none = view.at == null;
    if (document.activeElement !== this.along) this.along.value = view.look.directions;
    this.moves.forEach((move, i) => {
      move.show(view.moves[i] ?? 0, (v) => `${v > 0 ? "+" : v < 0 ? "−" : ""}${Math.abs(v).toFixed(1)}`);
      move.input.disabled ||= none || !view.directions;
    });
    this.truncation.show(view.look.truncation, (v) => v.toFixed(2));
    this.reset.disabled ||= none || !view.moves.some(Boolean);
    this.star.disabled ||= none;
    const starred = Boolean(parts.sample?.starred);
    this.star.textContent = starred ? "Unstar" : "Star";
  }

  toggleStar() {
    if (this.store.view?.at == null) return;
    this.store.send({ do: this.star.textContent === "Star" ? "star" : "unstar", selection: this.selection?.() });
  }

  // Show a frame of a strip for a moment.
  lend(sheet, i) {
    sheet.dress(this.picture, i, this.shown);
    this.lent = true;
  }

  giveBack() {
    this.lent = false;
    this.draw();
  }

  #facts(sample, head) {
    this.shown = crisp(head.width, SHOWN);
    if (!sample) {
      this.title.textContent = "No sample picked";
      this.facts.replaceChildren("Pick one in the gallery: click, or the arrow keys.");
      this.picture.style.cssText = `width: ${this.shown}px; height: ${(this.shown * head.height) / head.width}px`;
      this.picture.setAttribute("aria-label", "no sample picked");
      return;
    }
    if (!this.lent) sample.sheet.dress(this.picture, 0, this.shown);
    this.picture.setAttribute("aria-label", `sample ${sample.title}`);
    this.title.textContent = `${/^\d+/.test(sample.title) ? "Sample " : ""}${sample.title}${sample.starred ? " ★" : ""}`;
    const lines = [];
    if (sample.label != null) lines.push(element("p", {}, sample.label));
    if (sample.score != null) {
      const top = sample.below >= 0.5 ? `above ${(100 * sample.below).toFixed(0)} %` : `below ${(100 * (1 - sample.below)).toFixed(0)} %`;
      lines.push(element("p", { title: "The discriminator's logit, and how many of the first 60 samples it lies above or below" }, `score ${sample.score.toFixed(2).replace("-", "−")} · ${top}`));
    }
    for (const space of SPACES) {
      const near = this.store.nearest[space];
      if (!near) continue;
      const [where, verdict] = near.verdict.split(": ");
      lines.push(element("p", {}, space === "pixels" ? `${where}: ` : `in features at ${near.distances[0].toFixed(1)}×: `, element("span", { class: near.copied ? "gb-copied" : "gb-safe" }, verdict)));
    }
    this.facts.replaceChildren(...lines);
  }

  #neighbours() {
    const { nearest, view, head, silent } = this.store;
    const shown = SPACES.filter((space) => nearest[space]);
    const key = shown.map((space) => nearest[space].sheet.url).join(" ");
    this.features.hidden = view.at == null || !view.ready.includes("pixels") || view.ready.includes("features") || Boolean(this.askedFeatures) || silent;
    if (key === this.drawnNear) return;
    this.drawnNear = key;
    this.near.replaceChildren(...shown.map((space) => {
      const { sheet, indices, distances } = nearest[space];
      const pictures = indices.map((index, i) => {
        const picture = element("div", { class: "gb-real", role: "img", "aria-label": `training image ${index}, at ${distances[i].toFixed(2)} times the usual distance`, title: `training image ${index} · ${distances[i].toFixed(2)}×` });
        sheet.dress(picture, i, crisp(head.width, NEAR, NEAR_MOST));
        return picture;
      });
      return element("div", { class: "gb-near-row" }, element("span", {}, `nearest in ${space}`), element("div", {}, ...pictures));
    }));
  }

  #askFeatures() {
    this.askedFeatures = true;
    this.store.send({ do: "features" });
    this.draw();
  }

  #addDirection() {
    const number = this.moves.length + 1;
    const move = this.#slider(`direction ${number}`, "steer", { min: -4, max: 4, step: 0.1, value: 0 }, (lasting) =>
      this.store.wish("steer", { do: "steer", moves: this.moves.map((each) => Number(each.input.value)), lasting }));
    this.moves.push(move);
    this.sliders.append(move.el);
  }

  #slider(name, channel, bounds, changed) {
    const value = element("output");
    const slider = { dragged: false };
    slider.input = element("input", {
      type: "range", ...bounds, "aria-label": name,
      oninput: () => {
        slider.dragged = true;
        slider.write();
        changed(false);
      },
      onchange: () => {
        slider.dragged = false;
        changed(true);
      },
    });
    slider.write = () => {
      const { min, max } = slider.input;
      const at = Number(slider.input.value);
      slider.input.style.setProperty("--gb-filled", (at - min) / (max - min));
      if (slider.text) value.textContent = slider.text(at);
      slider.input.setAttribute("aria-valuetext", value.textContent);
    };
    slider.show = (at, text) => {
      slider.text = text;
      const held = slider.dragged || this.store.awaits(channel);
      if (!held && Number(slider.input.value) !== at) slider.input.value = at;
      slider.write();
    };
    slider.el = element("label", { class: "gb-slider" }, element("span", {}, name), slider.input, value);
    return slider;
  }
}
