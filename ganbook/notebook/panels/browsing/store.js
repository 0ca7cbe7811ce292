// What the page knows of a browser.

import { Sheet } from "../shared/sprites.js";
import { Store } from "../shared/store.js";

const QUIET = new Set(["hello", "bye", "page", "map"]); // requests that leave the note as it is

export class BrowserStore extends Store {
  #loading = Promise.resolve(); // until the images of the last answer can be seen

  constructor(model) {
    super(model);
    this.pages = new Map(); // start -> page of the gallery
    this.of = ""; // what the pages depend on
    this.parts = {}; // sample, slots, strip, mix, favourites
    this.nearest = {};
    this.maps = {}; // by method, { samples, real }
    this.working = "";
  }

  close() {
    super.close();
    const { pages, parts, nearest, maps } = this;
    for (const group of [[...pages.values()], parts, nearest, ...Object.values(maps)]) {
      for (const part of Object.values(group)) part.sheet.close();
    }
  }

  send(content, options) {
    if (!QUIET.has(content.do)) this.note = null;
    super.send(content, options);
  }

  take(message, buffers) {
    const parts = {};
    Object.entries(message.parts ?? {}).forEach(([name, facts], i) => {
      parts[name] = { ...facts, sheet: new Sheet(facts.sheet, buffers[i]) };
    });
    if (Object.keys(parts).length) this.#loading = Promise.all(Object.values(parts).map(({ sheet }) => sheet.ready));
    if (message.about) this.about = message.about;
    if (message.working != null) this.working = message.working;
    if (message.kind === "map") this.#takeMap(parts);
    if (message.kind === "nearest") this.#takeNearest(message, parts);
    if (message.kind === "page") this.#keepPage(parts.gallery);
    if (message.view) this.#takeView(message.view, parts);
  }

  // How long it took until the answer could be seen.
  answered(n, ms) {
    const since = performance.now() - ms;
    this.#loading.then(() =>
      requestAnimationFrame(() => {
        this.took = { n, ms: performance.now() - since };
        this.changed();
      }),
    );
  }

  #takeMap(parts) {
    const { how } = parts.samples;
    for (const part of Object.values(this.maps[how] ?? {})) part.sheet.close();
    this.maps[how] = parts;
  }

  #takeView(view, parts) {
    this.view = view;
    const { gallery, ...others } = parts;
    if (gallery) this.#keepPage(gallery);
    for (const [name, part] of Object.entries(others)) {
      this.parts[name]?.sheet.close();
      this.parts[name] = part;
    }
    const gone = {
      sample: view.at == null,
      slots: !view.slots,
      strip: view.slots < 2,
      mix: view.slots < 3,
      favourites: !view.favourites.length,
    };
    for (const name of Object.keys(gone)) if (gone[name]) delete this.parts[name];
  }

  #keepPage(page) {
    if (page.of !== this.of) {
      for (const old of this.pages.values()) old.sheet.close();
      this.pages.clear();
      this.of = page.of;
    }
    this.pages.get(page.start)?.sheet.close();
    this.pages.set(page.start, page);
  }

  #takeNearest({ ready }, parts) {
    for (const part of Object.values(this.nearest)) part.sheet.close();
    this.nearest = parts;
    if (this.view) this.view.ready = ready;
  }
}
