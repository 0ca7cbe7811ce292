// Sliders that move the sample in focus through the latent space, and the truncation of all samples.

import { Slide, choice, element, fillTrack } from "../shared/dom.js";
import { signed } from "../shared/format.js";
import { help } from "../shared/help.js";

const DIRECTIONS = 6;
const AXES = { activations: "along principal directions", z: "along axes of z" };

export class LatentSliders {
  constructor(store, galleryStart) {
    this.store = store;
    const look = (changes, lasting = true) => ({ do: "look", changes, lasting, start: galleryStart() });
    this.along = choice("Directions", AXES, (directions) => store.send(look({ directions })));
    this.moves = Array.from({ length: DIRECTIONS }, (_, i) => {
      const bounds = { min: -4, max: 4, step: 0.1, value: 0 };
      return new Slider(store, `direction ${i + 1}`, "steer", bounds, (lasting) => this.#steer(lasting));
    });
    const bounds = { min: 0.1, max: 1.5, step: 0.05, value: 1 };
    this.truncation = new Slider(store, "truncation", "look", bounds, (lasting) =>
      store.wish("look", look({ truncation: this.truncation.value }, lasting)),
    );
    this.truncation.el.firstChild.append(help("truncation"));
    this.truncation.el.title = "Scales z: below 1 samples are more typical and less diverse";
    const head = element("div", { class: "gb-steer-head" }, element("h4", {}, "Steer", help("directions")), this.along);
    const sliders = element("div", { class: "gb-sliders" }, ...this.moves.map(({ el }) => el));
    this.el = element("div", { class: "gb-steer" }, head, sliders, this.truncation.el);
  }

  draw() {
    const { view } = this.store;
    if (!this.along.matches(":focus")) this.along.value = view.look.directions;
    this.moves.forEach((move, i) => {
      move.show(view.moves[i] ?? 0, (v) => signed(v, 1));
      move.input.disabled ||= view.at == null || !view.directions;
    });
    this.truncation.show(view.look.truncation, (v) => v.toFixed(2));
  }

  #steer(lasting) {
    const moves = this.moves.map((move) => move.value);
    this.store.wish("steer", { do: "steer", moves, lasting });
  }
}

// A slider with its value in words. While it is dragged, or its channel is open, it stays where the user put it. A
// gesture is one step of undo.
class Slider extends Slide {
  constructor(store, name, channel, bounds, changed) {
    const moved = () => {
      this.#write();
      changed(false);
    };
    super({ ...bounds, "aria-label": name }, moved, (ended) => ended && changed(true));
    Object.assign(this, { store, channel });
    this.output = element("output");
    this.el = element("label", { class: "gb-slider" }, element("span", {}, name), this.input, this.output);
  }

  show(value, format) {
    this.format = format;
    const held = this.dragged || this.store.awaits(this.channel);
    if (!held && this.value !== value) this.input.value = value;
    this.#write();
  }

  #write() {
    fillTrack(this.input);
    if (this.format) this.output.textContent = this.format(this.value);
    this.input.setAttribute("aria-valuetext", this.output.textContent);
  }
}
