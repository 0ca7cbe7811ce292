// The sample in focus: its image, what is known of it, its nearest training images, and the sliders that move it.

import { button, element } from "../shared/dom.js";
import { help } from "../shared/help.js";
import { crisp } from "../shared/sprites.js";
import { LatentSliders } from "./latent_sliders.js";

const SHOWN = 112;
const NEAR = 44;
const NEAR_MOST = 60;
const SPACES = { pixels: "nearest in pixels", features: "nearest in feature space" };

export class SampleCard {
  constructor(store, { galleryStart, favourites }) {
    Object.assign(this, { store, favourites });
    this.image = element("div", { class: "gb-shown", role: "img" });
    this.title = element("h4");
    this.facts = element("div", { class: "gb-facts" });
    this.near = element("div", { class: "gb-near" });
    this.features = button("Also compare in feature space", "Takes longer the first time", () => this.#askFeatures(), {
      class: "gb-small",
    });
    this.sliders = new LatentSliders(store, galleryStart);
    this.reset = button("Reset", "Back to where the sample was picked", () => store.send({ do: "steer", moves: [] }));
    this.undo = button("Undo", "Ctrl-Z", () => store.send({ do: "undo", start: galleryStart() }));
    this.favourite = button("Favourite", "Add to the favourites, or remove (S)", () => this.toggleFavourite());
    this.favourite.classList.add("gb-primary");
    this.el = element(
      "div",
      { class: "gb-sample-card" },
      element("div", { class: "gb-sample" }, this.image, element("div", {}, this.title, this.facts)),
      this.near,
      this.features,
      this.sliders.el,
      element("div", { class: "gb-buttons" }, this.reset, this.undo, this.favourite),
    );
  }

  get spoken() {
    return `${this.title.textContent}. ${this.facts.textContent}`;
  }

  draw() {
    const { view, parts, about } = this.store;
    this.width = crisp(about.width, SHOWN);
    if (parts.sample) this.#facts(parts.sample);
    else this.#nothing(about);
    this.#neighbours();
    this.sliders.draw();
    const none = view.at == null;
    this.reset.disabled ||= none || !view.moves.some(Boolean);
    this.undo.disabled ||= !view.can_undo;
    this.favourite.disabled ||= none;
    this.favourite.textContent = parts.sample?.favourite ? "Remove favourite" : "Favourite";
  }

  toggleFavourite() {
    const { view, parts } = this.store;
    if (view?.at == null) return;
    if (parts.sample?.favourite) this.store.send({ do: "unstar" });
    else this.store.send({ do: "star", selection: this.favourites.selection });
  }

  // Show a frame of the interpolation for a moment.
  lend(sheet, i) {
    sheet.dress(this.image, i, this.width);
    this.lent = true;
  }

  giveBack() {
    this.lent = false;
    this.draw();
  }

  #nothing(about) {
    this.title.textContent = "No sample picked";
    this.facts.replaceChildren("Pick one in the gallery: click, or use the arrow keys.");
    this.image.style.cssText = `width: ${this.width}px; height: ${(this.width * about.height) / about.width}px`;
    this.image.setAttribute("aria-label", "no sample picked");
  }

  #facts({ title, label, score, below, favourite, sheet }) {
    if (!this.lent) sheet.dress(this.image, 0, this.width);
    this.image.setAttribute("aria-label", `sample ${title}`);
    this.title.textContent = `${/^\d+/.test(title) ? "Sample " : ""}${title}${favourite ? " ★" : ""}`;
    const lines = [];
    if (label != null) lines.push(element("p", {}, label));
    if (score != null) {
      const percent = Math.round(100 * Math.max(below, 1 - below));
      const others = percent === 100 ? "all samples" : `${percent} % of samples`;
      const rank = `${below >= 0.5 ? "higher" : "lower"} than ${others}`;
      const logit = "The discriminator's logit, compared with the first 60 samples: higher looks more real to it";
      lines.push(
        element("p", { title: logit }, `D score ${score.toFixed(2).replace("-", "−")} (${rank})`, help("d_score")),
      );
    }
    for (const space of Object.keys(SPACES)) {
      const near = this.store.nearest[space];
      if (near) lines.push(verdictLine(space, near));
    }
    this.facts.replaceChildren(...lines);
  }

  #neighbours() {
    const { nearest, view, about, silent } = this.store;
    const shown = Object.keys(SPACES).filter((space) => nearest[space]);
    const { ready } = view;
    const asked = Boolean(this.askedFeatures) || ready.includes("features");
    this.features.hidden = view.at == null || !ready.includes("pixels") || asked || silent;
    const key = shown.map((space) => nearest[space].sheet.url).join(" ");
    if (key === this.drawnNear) return;
    this.drawnNear = key;
    const width = crisp(about.width, NEAR, NEAR_MOST);
    this.near.replaceChildren(
      ...shown.map((space) => {
        const images = neighbourImages(nearest[space], width);
        return element(
          "div",
          { class: "gb-near-row" },
          element("span", {}, SPACES[space], help("nearest")),
          element("div", {}, ...images),
        );
      }),
    );
  }

  #askFeatures() {
    this.askedFeatures = true;
    this.store.send({ do: "features" });
    this.draw();
  }
}

function verdictLine(space, { copied, distances }) {
  const where = space === "pixels" ? "nearest training image" : "in feature space";
  const verdict = element("span", { class: copied ? "gb-copied" : "gb-safe" }, copied ? "nearly a copy" : "not a copy");
  return element("p", {}, `${where}: ${distances[0].toFixed(1)}× the typical distance – `, verdict);
}

function neighbourImages({ sheet, indices, distances }, width) {
  return indices.map((index, i) => {
    const distance = `${distances[i].toFixed(2)}× the typical distance`;
    const image = element("div", {
      class: "gb-real",
      role: "img",
      "aria-label": `training image ${index}, at ${distance}`,
      title: `training image ${index} · ${distance}`,
    });
    sheet.dress(image, i, width);
    return image;
  });
}
