// Samples that scroll on without end.

import { KEEPS_KEYS, element } from "../shared/dom.js";
import { crisp } from "../shared/sprites.js";

const THUMB = 54;
const BETWEEN = 2;

export class Gallery {
  constructor(store) {
    this.store = store;
    this.options = []; // by place
    this.cursor = 0; // the place that keys start from
    this.coming = null; // the place to pick once its page is there
    this.el = element("div", {
      class: "gb-gallery",
      role: "listbox",
      tabindex: "0",
      [KEEPS_KEYS]: "true",
      "aria-label": "Samples: arrow keys pick, S adds to the favourites, A adds to the slots",
      onkeydown: (event) => this.#key(event),
      onclick: (event) => this.#click(event),
      onscroll: () => this.draw(),
    });
  }

  // Fit as many columns as go into so many pixels.
  size(width) {
    const { about } = this.store;
    if (!about) return;
    this.thumb = crisp(about.width, THUMB);
    this.columns = Math.max(1, Math.floor((width - 12 + BETWEEN) / (this.thumb + BETWEEN)));
    this.el.style.gridTemplateColumns = `repeat(${this.columns}, ${this.thumb}px)`;
    this.row = (this.thumb * about.height) / about.width + BETWEEN;
    this.el.style.height = `${Math.round(Math.max(4, Math.round(300 / this.row)) * this.row)}px`;
  }

  draw() {
    const { about, view, pages } = this.store;
    if (!about || !view || !this.row) return;
    const first = Math.floor(this.el.scrollTop / this.row) * this.columns;
    const last = Math.ceil((this.el.scrollTop + this.el.clientHeight) / this.row) * this.columns;
    const wanted = (Math.floor(last / about.page) + 2) * about.page;
    while (this.options.length < wanted) this.#grow();
    for (let start = Math.floor(first / about.page) * about.page; start <= last; start += about.page) {
      const page = pages.get(start);
      if (page) this.#dress(page);
      else if (!this.store.silent) this.store.wish("page", { do: "page", start });
    }
    if (this.coming != null && this.options[this.coming].dataset.number) this.#pick(this.coming);
    this.#mark(String(view.at));
  }

  // Where the first page in sight begins.
  get start() {
    const { about } = this.store;
    const place = Math.floor(this.el.scrollTop / (this.row || 1)) * (this.columns || 1);
    return about ? Math.floor(place / about.page) * about.page : 0;
  }

  toTop() {
    this.el.scrollTop = 0;
    this.cursor = 0;
    this.coming = null;
  }

  #grow() {
    const place = this.options.length;
    const option = element("div", {
      class: "gb-thumb",
      role: "option",
      id: `gb-${Math.random().toString(36).slice(2)}`,
      "aria-selected": "false",
    });
    option.style.height = `${this.row - BETWEEN}px`;
    option.dataset.place = place;
    this.options.push(option);
    this.el.append(option);
  }

  #dress(page) {
    const worn = `${page.sheet.url} ${this.thumb}`;
    if (this.options[page.start].dataset.worn === worn) return;
    page.titles.forEach((title, i) => {
      const option = this.options[page.start + i];
      page.sheet.dress(option, i, this.thumb);
      option.dataset.number = title;
      option.setAttribute("aria-label", `sample ${title}`);
    });
    this.options[page.start].dataset.worn = worn;
  }

  #mark(number) {
    for (const marked of this.el.querySelectorAll(".gb-picked")) {
      marked.classList.remove("gb-picked");
      marked.setAttribute("aria-selected", "false");
    }
    const picked = this.options.find((option) => option.dataset.number === number);
    if (!picked) return;
    picked.classList.add("gb-picked");
    picked.setAttribute("aria-selected", "true");
    this.el.setAttribute("aria-activedescendant", picked.id);
    // It may have been picked elsewhere: on the map, or by an undo.
    if (this.coming == null && !this.store.awaits("pick")) this.cursor = Number(picked.dataset.place);
  }

  #pick(place) {
    while (this.options.length <= place) this.#grow();
    const option = this.options[place];
    this.cursor = place;
    option.scrollIntoView({ block: "nearest" });
    this.coming = option.dataset.number ? null : place;
    if (this.coming != null) return;
    this.store.wish("pick", { do: "pick", source: "gallery", index: Number(option.dataset.number) });
  }

  #click(event) {
    const option = event.target.closest(".gb-thumb");
    if (!option) return;
    this.#pick(Number(option.dataset.place));
    if (event.shiftKey || event.ctrlKey || event.metaKey) this.store.send({ do: "combine" });
  }

  #key(event) {
    const { columns, cursor } = this;
    const page = columns * Math.max(1, Math.floor(this.el.clientHeight / this.row));
    const steps = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns, ArrowDown: columns };
    Object.assign(steps, { PageUp: -Math.min(page, cursor), PageDown: page, Home: -cursor });
    steps.End = this.options.length - 1 - cursor; // of what there is so far: it goes on
    const by = { ...steps, Enter: 0, " ": 0 }[event.key];
    if (by == null || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    event.stopPropagation();
    const first = this.store.view?.at == null && event.key.startsWith("Arrow");
    const to = first ? 0 : this.cursor + by;
    if (to >= 0) this.#pick(to);
    this.draw();
  }
}
