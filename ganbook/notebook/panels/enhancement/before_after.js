// What came out: the part by each method, one of them in large with a slider between before and after, or the whole.

import { Comparison } from "../shared/comparison.js";
import { button, element } from "../shared/dom.js";
import { Lens } from "./lens.js";

const HINT = "Click on the image to look at another part.";
const INVENTS = "network"; // the method that the map is of
const SAVES = "Save the whole result as a PNG file";
const OUTDATED = "Settings have changed: these are results of the settings before. Press Enhance for new ones.";

export class BeforeAfter {
  constructor(store) {
    this.store = store;
    this.cards = new Map();
    this.el = element("div", { class: "gb-results" });
    this.comparison = new Comparison(this.el, "before", "enhanced");
    this.large = this.comparison.pair("gb-large");
    this.lens = new Lens(this.large);
    this.el.append(...this.#make());
  }

  #make() {
    const { store } = this;
    this.strip = element("div", { class: "gb-outcomes", role: "radiogroup", "aria-label": "Methods in large" });
    this.partly = button("Part", "Show the part in large", () => store.show({ whole: false }));
    this.wholly = button("Whole", "Show the whole image in large", () => store.show({ whole: true }));
    this.map = element("input", { type: "checkbox", onchange: () => store.show({ mapped: this.map.checked }) });
    this.mapLabel = element(
      "label",
      { class: "gb-check", title: "The difference to the faithful result, eight times amplified" },
      this.map,
      "What was invented",
    );
    this.save = button("Download", SAVES, () => store.press("download", { method: store.picked }));
    this.words = element("p", { class: "gb-advice" });
    const view = { class: "gb-row", role: "group", "aria-label": "What is shown in large" };
    return [
      this.strip,
      element("div", view, this.partly, this.wholly, this.mapLabel, element("span", { class: "gb-gap" }), this.save),
      this.large.el,
      this.comparison.el,
      this.words,
    ];
  }

  draw() {
    const { part, results, picked, whole, mapped, image, silent, working, outdated } = this.store;
    this.#cards(part?.methods ?? []);
    const result = results.find(({ method }) => method === picked);
    const shownWhole = whole && Boolean(result?.url);
    const made = part?.methods.find(({ method }) => method === picked);
    const url = shownWhole ? result.url : made?.url;
    this.large.el.hidden = this.comparison.el.hidden = !url;
    if (url) this.#show(shownWhole, result, url);
    this.partly.setAttribute("aria-pressed", String(!shownWhole));
    this.wholly.setAttribute("aria-pressed", String(shownWhole));
    this.wholly.disabled = !result?.url;
    this.partly.disabled = !part;
    this.mapLabel.hidden = shownWhole || !part?.map || picked !== INVENTS;
    this.map.checked = mapped;
    const old = outdated && !working;
    this.save.disabled = silent || !result?.url || Boolean(working) || old;
    this.save.title = old ? OUTDATED : SAVES;
    this.large.el.classList.toggle("gb-outdated", old && shownWhole);
    const words = shownWhole ? result.lines.join(" · ") : (result?.error ?? "");
    this.words.hidden = !image;
    this.words.textContent = words && old ? `${OUTDATED}` : words || (image ? HINT : "");
  }

  #show(whole, result, url) {
    const { part, image, picked, mapped } = this.store;
    const { after, before } = this.large;
    const map = !whole && mapped && picked === INVENTS && part.map;
    const shown = map || url;
    const earlier = whole ? image.url : part.before;
    const [width, height] = whole ? [result.width, result.height] : [part.width, part.height];
    after.alt = map ? "what was invented, bright where most" : `${image.name} enhanced by ${picked}`;
    if (after.src !== shown) after.src = shown;
    if (before.src !== earlier) before.src = earlier;
    this.large.el.style.setProperty("--gb-aspect", width / height);
    this.large.el.classList.toggle("gb-smooth", whole);
    this.lens.over(shown, earlier);
  }

  #cards(methods) {
    const names = methods.map(({ method }) => method);
    for (const [method, card] of this.cards) {
      if (names.includes(method)) continue;
      card.el.remove();
      this.cards.delete(method);
    }
    if (names.length && !names.includes(this.store.picked)) this.store.picked = names[0];
    for (const made of methods) this.#card(made, names);
  }

  #card({ method, url, lines, error }, names) {
    const { store } = this;
    let card = this.cards.get(method);
    if (!card) {
      card = this.#newCard(method);
      this.cards.set(method, card);
    }
    if (this.strip.children[names.indexOf(method)] !== card.el)
      this.strip.insertBefore(card.el, this.strip.children[names.indexOf(method)] ?? null);
    const isPicked = store.picked === method;
    card.pick.setAttribute("aria-checked", String(isPicked));
    card.pick.tabIndex = isPicked ? 0 : -1;
    card.pick.hidden = Boolean(error);
    card.line.textContent = error || lines.join(" · ");
    card.pair.el.style.setProperty("--gb-aspect", store.part.width / store.part.height);
    if (url && card.pair.after.src !== url) card.pair.after.src = url;
    if (card.pair.before.src !== store.part.before) card.pair.before.src = store.part.before;
    card.pair.after.alt = `the part by ${method}`;
  }

  #newCard(method) {
    const pair = this.comparison.pair("gb-little");
    const line = element("span", { class: "gb-words" });
    const pick = element(
      "div",
      {
        class: "gb-pick",
        role: "radio",
        "aria-label": method,
        onclick: () => this.store.pick(method),
        onkeydown: (event) => this.#key(event, method),
      },
      pair.el,
    );
    const name = element("span", { class: "gb-named" }, element("b", {}, method));
    const el = element("figure", { class: "gb-result" }, pick, element("figcaption", {}, name, line));
    return { el, pick, pair, line };
  }

  // As radio buttons do: the arrows pick the neighbour.
  #key(event, method) {
    const by = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 }[event.key];
    if (!by) return;
    event.preventDefault();
    event.stopPropagation();
    const names = [...this.cards.keys()];
    const next = names[(names.indexOf(method) + by + names.length) % names.length];
    this.store.pick(next);
    this.cards.get(next).pick.focus();
  }
}
