// How the image is enhanced: times, noise, traces of JPEG, crispness, and the methods beside each other.

import { button, choice, element, fillTrack } from "../shared/dom.js";
import { help, withHelp } from "../shared/help.js";
import { MOST } from "./store.js";

const STRONGEST = 50; // noise, grey levels of 255
const FIRST_NOISE = 15;

export class Settings {
  constructor(store) {
    this.store = store;
    this.scales = new Map();
    this.boxes = new Map();
    this.el = this.#make();
  }

  #make() {
    const { store } = this;
    this.enlarge = element("span", { class: "gb-row", role: "group", "aria-label": "Times larger" });
    this.noise = choice("Noise", { none: "none", auto: "estimated", given: "σ" }, (kind) =>
      store.ask({ denoise: { none: null, auto: "auto", given: Number(this.sigma.value) }[kind] }),
    );
    this.sigma = this.#slider("Noise, standard deviation in grey levels", "1", String(STRONGEST), "1", (value) =>
      store.ask({ denoise: value }),
    );
    this.sigma.value = String(FIRST_NOISE);
    this.sigmaValue = element("output");
    this.jpeg = element("input", { type: "checkbox", onchange: () => store.ask({ jpeg: this.jpeg.checked }) });
    this.crispness = this.#slider("Crispness", "0", "1", "0.05", (value) => store.ask({ crispness: value }));
    this.crispnessValue = element("output");
    this.crispnessRow = row("Crispness", this.crispness, this.crispnessValue, help("crispness"));
    this.tested = element("input", {
      type: "checkbox",
      onchange: () => store.test(this.tested.checked),
    });
    this.methods = element("div", { class: "gb-row gb-methods", role: "group", "aria-label": "Methods" });
    return element(
      "div",
      { class: "gb-choices" },
      row("Enlarge", this.enlarge),
      row("Remove noise", this.noise, this.sigma, this.sigmaValue, help("noise")),
      this.crispnessRow,
      element(
        "div",
        { class: "gb-row gb-methods" },
        check("Remove traces of JPEG", "Blocks and rings that strong compression leaves", this.jpeg),
        check(
          "Test: make it small first",
          "The image is made small, and noisy where noise is removed; results are compared with the original",
          this.tested,
          help("test_first"),
        ),
      ),
      row("Compare", this.methods),
    );
  }

  #slider(label, min, max, step, changed) {
    const slider = element("input", { type: "range", min, max, step, "aria-label": label });
    slider.addEventListener("input", () => changed(Number(slider.value)));
    return slider;
  }

  draw() {
    const { about, settings, image, silent, working } = this.store;
    if (!about) return;
    const off = silent || !image || Boolean(working);
    this.#scales(off);
    this.#methods(off);
    const { denoise = null, jpeg = false, crispness = 0 } = settings ?? {};
    const given = typeof denoise === "number";
    this.noise.value = denoise === null ? "none" : given ? "given" : "auto";
    if (given && document.activeElement !== this.sigma) this.sigma.value = String(Math.round(denoise));
    this.noise.disabled = off || !about.denoises;
    this.sigma.disabled = off || !given;
    this.sigmaValue.textContent = given ? `σ ${denoise}` : denoise ? `σ ${image?.noise ?? "–"}` : "";
    this.jpeg.checked = jpeg;
    this.jpeg.disabled = off || !about.jpeg;
    this.crispnessRow.hidden = !about.crisp.length;
    this.crispness.value = String(crispness);
    this.crispness.disabled = off || !this.store.crisp;
    this.crispness.title = this.store.crisp
      ? "0: what is most probably right; 1: texture that looks right and is invented"
      : `There is no crisp network here: enlarge ${about.crisp.join(" or ")} times`;
    this.crispnessValue.textContent = crispness ? crispness.toFixed(2) : "faithful";
    this.tested.checked = Boolean(image?.tested);
    this.tested.disabled = off;
    for (const slider of [this.sigma, this.crispness]) fillTrack(slider);
  }

  #scales(off) {
    const { about, settings, store } = { ...this.store, store: this.store };
    if (!this.scales.size) {
      for (const scale of about.scales) {
        const label = scale === 1 ? "Keep the size" : `${scale} times larger`;
        const press = () => store.ask({ scale });
        this.scales.set(scale, button(`${scale}×`, label, press, { "aria-label": label }));
      }
      this.enlarge.append(...this.scales.values());
    }
    for (const [scale, control] of this.scales) {
      control.disabled = off;
      control.setAttribute("aria-pressed", String(scale === settings?.scale));
    }
  }

  #methods(off) {
    const { store } = this;
    const names = store.methods;
    if (this.drawn !== names.join()) {
      this.drawn = names.join();
      this.boxes = new Map(
        names.map((method) => {
          const box = element("input", { type: "checkbox", onchange: () => store.tick(method, box.checked) });
          return [method, box];
        }),
      );
      const run = store.about.run;
      const title = (method) => (method === "network" && run ? `the network of ${run}` : null);
      this.methods.replaceChildren(
        ...names.map((method) => check(method, title(method), this.boxes.get(method), help("method.", method))),
      );
    }
    const { chosen } = store;
    for (const [method, box] of this.boxes) {
      box.checked = chosen.includes(method);
      box.disabled = off || (!box.checked && chosen.length >= MOST);
    }
  }
}

function row(label, ...controls) {
  return element("div", { class: "gb-row gb-setting" }, element("span", { class: "gb-label" }, label), ...controls);
}

function check(text, title, box, explained) {
  return withHelp(element("label", { class: "gb-check", title }, box, text), explained);
}
