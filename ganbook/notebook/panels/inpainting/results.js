// The results beside each other with one slider between original and filled, and the picked one in large.

import { button, element, fillTrack } from "../shared/dom.js";
import { count } from "../shared/format.js";

const DRAG_PIXELS = 3; // a shorter one is a click

const FIRST = "Paint over the area to fill, choose methods, then press Fill.";
const OUTDATED = "The mask has changed: these results are of the mask before. Press Fill for new ones.";

export class Results {
  constructor(store) {
    this.store = store;
    this.shown = new Map(); // method -> candidate looked at
    this.cards = new Map(); // method -> its card
    this.el = this.#make();
    this.#compare(1);
  }

  #make() {
    const { store } = this;
    this.strip = element("div", { class: "gb-outcomes", role: "radiogroup", "aria-label": "Results" });
    this.large = this.#pair("gb-large");
    this.slider = element("input", {
      type: "range",
      min: "0",
      max: "100",
      step: "1",
      "aria-label": "How much of the filled image is shown",
      oninput: () => this.#compare(this.slider.value / 100),
    });
    this.compare = element("label", { class: "gb-row gb-compare" }, "original", this.slider, "filled");
    this.use = button("Continue with this result", "Paint on the picked result", () => store.press("use"));
    this.back = button("Back", "Return to the image before this result", () => store.press("back"));
    const save = () => store.press("download", { what: "result" });
    this.save = button("Download result", "Save the picked result as a PNG file", save);
    const actions = element("div", { class: "gb-row" }, this.use, this.back, this.save);
    this.hint = element("p", { class: "gb-advice" });
    return element("div", { class: "gb-results" }, this.hint, this.strip, this.large.el, this.compare, actions);
  }

  // The filled image, and over it the original, cut where the slider stands; dragging over it moves the slider.
  #pair(name) {
    const filled = element("img", { draggable: "false" });
    const original = element("img", { class: "gb-original", alt: "", draggable: "false" });
    const drag = (event) => {
      if (!event.buttons) return;
      const box = el.getBoundingClientRect();
      if (event.type === "pointerdown") this.pressed = event.clientX;
      if (Math.abs(event.clientX - this.pressed) < DRAG_PIXELS) return;
      el.setPointerCapture(event.pointerId);
      this.#compare((event.clientX - box.left) / box.width);
    };
    const el = element("div", { class: `gb-pair ${name}`, onpointerdown: drag, onpointermove: drag }, filled, original);
    return { el, filled, original };
  }

  // Show this fraction of each image, from the left, as it was filled; the rest as it was.
  #compare(fraction) {
    const shown = Math.max(0, Math.min(1, fraction));
    this.slider.value = String(Math.round(100 * shown));
    fillTrack(this.slider);
    this.el.style.setProperty("--gb-cut", `${100 * shown}%`);
    this.el.classList.toggle("gb-cut", shown < 1);
  }

  draw() {
    const { store } = this;
    const { results, picked, image, filling } = store;
    const methods = results.map(({ method }) => method);
    for (const [method, card] of this.cards) {
      if (methods.includes(method)) continue;
      card.el.remove();
      this.cards.delete(method);
      this.shown.delete(method);
    }
    for (const result of results) this.#card(result);
    const chosen = picked && results.find(({ method }) => method === picked.method);
    this.large.el.hidden = this.compare.hidden = !chosen;
    if (chosen) this.#show(this.large, chosen, picked.candidate);
    const off = store.silent || Boolean(filling);
    this.use.hidden = this.save.hidden = !chosen;
    this.use.disabled = this.save.disabled = off;
    this.back.hidden = !image || image.layers < 2;
    this.back.disabled = off;
    const outdated = store.outdated && !filling;
    this.strip.classList.toggle("gb-outdated", outdated);
    this.large.el.classList.toggle("gb-outdated", outdated);
    this.hint.hidden = (results.length > 0 && !outdated) || !image;
    this.hint.textContent = filling ? "Filling…" : outdated ? OUTDATED : FIRST;
  }

  #card(result) {
    const { picked } = this.store;
    const { method, urls, lines, error } = result;
    let card = this.cards.get(method);
    if (!card) {
      card = this.#newCard(method);
      this.cards.set(method, card);
      this.strip.append(card.el);
    }
    const isPicked = picked?.method === method;
    if (isPicked) this.shown.set(method, picked.candidate);
    const candidate = Math.min(this.shown.get(method) ?? 0, urls.length - 1);
    card.pick.hidden = Boolean(error);
    card.pick.setAttribute("aria-checked", String(isPicked));
    card.pick.tabIndex = isPicked || !picked ? 0 : -1;
    card.turn.hidden = urls.length < 2;
    card.name.textContent = method;
    card.number.textContent = urls.length > 1 ? ` ${candidate + 1} of ${urls.length}` : "";
    card.line.replaceChildren(...(error ? [error] : lines[candidate].map((word) => element("span", {}, word))));
    card.el.classList.toggle("gb-failed", Boolean(error));
    if (!error) this.#show(card, result, candidate);
  }

  #newCard(method) {
    const { store } = this;
    const pair = this.#pair("gb-little");
    const candidates = () => store.results.find((result) => result.method === method).urls.length;
    const pickBy = (by) => {
      const of = candidates();
      this.shown.set(method, ((this.shown.get(method) ?? 0) + by + of) % of);
      store.press("pick", { method, candidate: this.shown.get(method) });
    };
    const name = element("b");
    const number = element("span");
    const line = element("span", { class: "gb-words" });
    const turnBy = (text, label, by) => button(text, label, () => pickBy(by), { "aria-label": `${method}: ${label}` });
    const turn = element(
      "span",
      { class: "gb-turn" },
      turnBy("◂", "previous candidate", -1),
      turnBy("▸", "next candidate", 1),
    );
    const pick = element(
      "div",
      {
        class: "gb-pick",
        role: "radio",
        tabindex: "0",
        onclick: () => pickBy(0),
        onkeydown: (event) => this.#key(event, method, pickBy),
      },
      pair.el,
    );
    const caption = element("figcaption", {}, element("span", { class: "gb-named" }, name, number, turn), line);
    const el = element("figure", { class: "gb-result" }, pick, caption);
    return { el, pick, name, number, line, turn, filled: pair.filled, original: pair.original };
  }

  // As radio buttons do: the arrows pick the neighbour.
  #key(event, method, pickBy) {
    const by = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 }[event.key];
    if (!by && event.key !== " " && event.key !== "Enter") return;
    event.preventDefault();
    event.stopPropagation();
    if (!by) {
      pickBy(0);
      return;
    }
    const methods = this.store.results.filter(({ error }) => !error).map((result) => result.method);
    const next = methods[(methods.indexOf(method) + by + methods.length) % methods.length];
    this.store.press("pick", { method: next, candidate: this.shown.get(next) ?? 0 });
    this.cards.get(next).pick.focus();
  }

  #show({ filled, original }, { method, urls }, candidate) {
    const { image } = this.store;
    const number = urls.length > 1 ? `, candidate ${candidate + 1} of ${count(urls.length)}` : "";
    filled.alt = `${image.name} filled by ${method}${number}`;
    if (filled.src !== urls[candidate]) filled.src = urls[candidate];
    if (original.src !== image.url) original.src = image.url;
    filled.parentNode.style.setProperty("--gb-aspect", image.width / image.height);
    filled.parentNode.classList.toggle("gb-smooth", image.width > 256);
  }
}
