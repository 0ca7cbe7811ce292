// The results beside each other with one slider between original and filled, and the picked one in large.

import { Closer } from "../shared/closer.js";
import { Comparison } from "../shared/comparison.js";
import { button, element } from "../shared/dom.js";
import { count } from "../shared/format.js";

const FIRST = "Paint over the area to fill, choose methods, then press Fill.";
const OUTDATED = "The mask has changed: these results are of the mask before. Press Fill for new ones.";

export class Results {
  constructor(store) {
    this.store = store;
    this.shown = new Map(); // method -> candidate looked at
    this.cards = new Map(); // method -> its card
    this.el = element("div", { class: "gb-results" });
    this.comparison = new Comparison(this.el, "original", "filled");
    this.el.append(...this.#make());
  }

  #make() {
    const { store } = this;
    this.strip = element("div", { class: "gb-outcomes", role: "radiogroup", "aria-label": "Results" });
    this.large = this.comparison.pair("gb-large");
    this.use = button("Continue with this result", "Paint on the picked result", () => store.press("use"));
    this.back = button("Back", "Return to the image before this result", () => store.press("back"));
    const save = () => store.press("download", { what: "result" });
    this.save = button("Download result", "Save the picked result as a PNG file", save);
    this.hold = this.comparison.holdButton("Hold for original", this.large.el);
    this.closer = new Closer(
      this.large.el,
      () => store.mask.middle,
      () => store.changed(),
    );
    const actions = element("div", { class: "gb-row" }, this.closer.el, this.hold, this.use, this.back, this.save);
    this.hint = element("p", { class: "gb-advice" });
    return [this.hint, this.strip, this.large.el, this.comparison.el, actions];
  }

  draw() {
    const { store } = this;
    const { results, picked, image, working } = store;
    const methods = results.map(({ method }) => method);
    for (const [method, card] of this.cards) {
      if (methods.includes(method)) continue;
      card.el.remove();
      this.cards.delete(method);
      this.shown.delete(method);
    }
    for (const result of results) this.#card(result);
    const chosen = picked && results.find(({ method }) => method === picked.method);
    this.large.el.hidden = this.comparison.el.hidden = !chosen;
    if (chosen) this.#show(this.large, chosen, picked.candidate);
    const off = store.silent || Boolean(working);
    this.use.hidden = this.save.hidden = this.hold.hidden = this.closer.el.hidden = !chosen;
    if (this.zoomed !== image?.url) this.closer.fit();
    this.zoomed = image?.url;
    this.use.disabled = this.save.disabled = off;
    this.back.hidden = !image || image.layers < 2;
    this.back.disabled = off;
    const outdated = store.outdated && !working;
    this.strip.classList.toggle("gb-outdated", outdated);
    this.large.el.classList.toggle("gb-outdated", outdated);
    this.hint.hidden = (results.length > 0 && !outdated) || !image;
    this.hint.textContent = working ? "Filling…" : outdated ? OUTDATED : FIRST;
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
    const pair = this.comparison.pair("gb-little");
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
    return { el, pick, name, number, line, turn, after: pair.after, before: pair.before };
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

  #show({ after, before }, { method, urls }, candidate) {
    const { image } = this.store;
    const number = urls.length > 1 ? `, candidate ${candidate + 1} of ${count(urls.length)}` : "";
    after.alt = `${image.name} filled by ${method}${number}`;
    if (after.src !== urls[candidate]) after.src = urls[candidate];
    if (before.src !== image.url) before.src = image.url;
    after.parentNode.style.setProperty("--gb-aspect", image.width / image.height);
    after.parentNode.classList.toggle("gb-smooth", image.width > 256);
  }
}
