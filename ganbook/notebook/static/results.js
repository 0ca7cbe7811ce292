// What came out: results beside each other with one slider between before and after, and the picked one in large.

import { count, element } from "./words.js";

export class Results {
  constructor(painting) {
    this.painting = painting;
    this.cut = 0; // the share of each picture, from the left, that shows it as it was before
    this.shown = new Map(); // method -> candidate looked at
    this.cards = new Map(); // method -> its card
    this.el = this.#make();
  }

  #make() {
    const { painting } = this;
    this.strip = element("div", { class: "gb-outcomes", role: "radiogroup", "aria-label": "Results" });
    this.large = this.#pair("gb-large");
    this.slider = element("input", { type: "range", min: "0", max: "100", value: "0", step: "1", "aria-label": "How much of the picture before filling is shown", oninput: () => this.#move(this.slider.value / 100) });
    this.compare = element("label", { class: "gb-row gb-compare" }, "before", this.slider, "after");
    this.use = element("button", { type: "button", title: "The picked result becomes the picture to paint on", onclick: () => painting.press("use") }, "Use this and paint on");
    this.back = element("button", { type: "button", title: "Return to the picture before", onclick: () => painting.press("back") }, "Back");
    this.save = element("button", { type: "button", title: "Save the picked result as a PNG file", onclick: () => painting.press("download", { what: "result" }) }, "Export");
    this.actions = element("div", { class: "gb-row" }, this.use, this.back, this.save);
    this.hint = element("p", { class: "gb-advice" });
    const el = element("div", { class: "gb-results" }, this.hint, this.strip, this.large.el, this.compare, this.actions);
    this.slider.style.setProperty("--gb-filled", 0);
    return el;
  }

  // A picture after, and over it the same before, cut where the slider stands; dragging over it moves the slider.
  #pair(name) {
    const after = element("img", { draggable: "false" });
    const before = element("img", { class: "gb-before", alt: "", draggable: "false" });
    const drag = (event) => {
      if (!event.buttons) return;
      const box = el.getBoundingClientRect();
      if (event.type === "pointerdown") this.pressed = event.clientX;
      if (Math.abs(event.clientX - this.pressed) < 3) return;
      el.setPointerCapture(event.pointerId);
      this.#move((event.clientX - box.left) / box.width);
    };
    const el = element("div", { class: `gb-pair ${name}`, onpointerdown: drag, onpointermove: drag }, after, before);
    return { el, after, before };
  }

  #move(share) {
    this.cut = Math.max(0, Math.min(1, share));
    this.slider.value = String(Math.round(100 * this.cut));
    this.slider.style.setProperty("--gb-filled", this.cut);
    this.el.style.setProperty("--gb-cut", `${100 * this.cut}%`);
    this.el.classList.toggle("gb-cut", this.cut > 0);
  }

  draw() {
    const { painting } = this;
    const { results, picked, picture } = painting;
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
    const off = painting.silent || Boolean(painting.filling);
    this.use.hidden = this.save.hidden = !chosen;
    this.use.disabled = this.save.disabled = off;
    this.back.hidden = !picture || picture.layers < 2;
    this.back.disabled = off;
    this.hint.hidden = results.length > 0 || !picture;
    this.hint.textContent = painting.filling ? "Filling…" : "Paint over what is to be filled, tick methods and press Fill. Results appear here, side by side.";
  }

  #card(result) {
    const { painting } = this;
    const { method, urls, lines, error } = result;
    let card = this.cards.get(method);
    if (!card) {
      card = this.#newCard(method);
      this.cards.set(method, card);
      this.strip.append(card.el);
    }
    const is = painting.picked?.method === method;
    if (is) this.shown.set(method, painting.picked.candidate);
    const candidate = Math.min(this.shown.get(method) ?? 0, urls.length - 1);
    card.pick.hidden = Boolean(error);
    card.pick.setAttribute("aria-checked", String(is));
    card.pick.tabIndex = is || !painting.picked ? 0 : -1;
    card.turn.hidden = urls.length < 2;
    card.name.textContent = method;
    card.which.textContent = urls.length > 1 ? ` ${candidate + 1} of ${urls.length}` : "";
    card.line.replaceChildren(...(error ? [error] : lines[candidate].map((word) => element("span", {}, word))));
    card.el.classList.toggle("gb-failed", Boolean(error));
    if (!error) this.#show(card, result, candidate);
  }

  #newCard(method) {
    const { painting } = this;
    const pair = this.#pair("gb-little");
    const candidates = () => painting.results.find((result) => result.method === method).urls.length;
    const pick = (by) => {
      const of = candidates();
      this.shown.set(method, ((this.shown.get(method) ?? 0) + by + of) % of);
      painting.press("pick", { method, candidate: this.shown.get(method) });
    };
    const name = element("b");
    const which = element("span");
    const line = element("span", { class: "gb-words" });
    const turn = element("span", { class: "gb-turn" },
      element("button", { type: "button", "aria-label": `${method}: candidate before`, onclick: () => pick(-1) }, "◂"),
      element("button", { type: "button", "aria-label": `${method}: next candidate`, onclick: () => pick(1) }, "▸"));
    const made = element("div", { class: "gb-pick", role: "radio", tabindex: "0", onclick: () => pick(0), onkeydown: (e) => this.#key(e, method, pick) }, pair.el);
    const el = element("figure", { class: "gb-result" }, made, element("figcaption", {}, element("span", { class: "gb-named" }, name, which, turn), line));
    return { el, pick: made, name, which, line, turn, after: pair.after, before: pair.before };
  }

  // As radio buttons do: the arrows pick the neighbour.
  #key(event, method, pick) {
    const by = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 }[event.key];
    if (!by && event.key !== " " && event.key !== "Enter") return;
    event.preventDefault();
    event.stopPropagation();
    if (!by) return pick(0);
    const all = this.painting.results.filter(({ error }) => !error).map((result) => result.method);
    const next = all[(all.indexOf(method) + by + all.length) % all.length];
    this.painting.press("pick", { method: next, candidate: this.shown.get(next) ?? 0 });
    this.cards.get(next).pick.focus();
  }

  #show({ after, before }, { method, urls }, candidate) {
    const { picture } = this.painting;
    const number = urls.length > 1 ? `, candidate ${candidate + 1} of ${count(urls.length)}` : "";
    after.alt = `${picture.name} filled by ${method}${number}`;
    for (const [image, url] of [[after, urls[candidate]], [before, picture.url]]) if (image.src !== url) image.src = url;
    after.parentNode.style.setProperty("--gb-aspect", picture.width / picture.height);
    after.parentNode.classList.toggle("gb-smooth", picture.width > 256);
  }
}
