// The favourites, the name under which they are kept, and what can be exported.

import { choice, element } from "../shared/dom.js";
import { count } from "../shared/format.js";
import { crisp } from "../shared/sprites.js";

const FAVOURITE_WIDTH = 36;
const EXPORTS = {
  png: "Favourites, one PNG",
  zip: "Favourites, ZIP of PNGs",
  npz: "Favourites with z, NPZ",
  gif: "Training animation, GIF",
  webp: "Training animation, WebP",
  mp4: "Training animation, MP4",
  "strip-gif": "Interpolation, GIF",
  "strip-webp": "Interpolation, WebP",
  "strip-mp4": "Interpolation, MP4",
};

export class Favourites {
  constructor(store) {
    this.store = store;
    this.exports = choice("Export", { "": "Export", ...EXPORTS }, (kind) => {
      this.exports.value = "";
      store.send({ do: "export", kind });
    });
    this.name = element("input", {
      type: "text",
      maxlength: "60",
      "aria-label": "Name of the collection",
      title: "browser.picked_images(name) returns the favourites of a collection",
      oninput: () => (this.typed = true),
    });
    this.count = element("b", { class: "gb-count" });
    this.thumbs = element("div", { class: "gb-favourites", role: "group", "aria-label": "Favourites" });
    this.el = element("footer", {}, this.count, this.thumbs, element("label", {}, "Collection ", this.name));
  }

  // The collection that new favourites join.
  get selection() {
    return this.name.value.trim();
  }

  draw() {
    const { view, about, parts } = this.store;
    const amount = view.favourites.length;
    if (view.selection !== this.drawnSelection) {
      this.drawnSelection = view.selection;
      if (!this.typed) this.name.value = view.selection;
    }
    this.count.textContent = amount === 1 ? "1 favourite" : `${count(amount)} favourites`;
    for (const option of this.exports.children) {
      const kind = option.value;
      const animation = ["gif", "webp", "mp4"].find((format) => kind.endsWith(format));
      option.hidden = animation !== undefined && !about.films.includes(animation);
      if (kind.startsWith("strip")) option.disabled = view.slots < 2;
      else if (animation) option.disabled = view.steps.length < 2;
      else option.disabled = Boolean(kind) && !amount;
    }
    const { sheet } = parts.favourites ?? {};
    const key = `${sheet?.url} ${amount}`;
    if (key === this.drawn) return;
    this.drawn = key;
    const width = crisp(about.width, FAVOURITE_WIDTH);
    this.thumbs.replaceChildren(
      ...view.favourites.map((title, index) => {
        const thumb = element("button", {
          type: "button",
          class: "gb-thumb",
          "aria-label": `favourite sample ${title}`,
          title: `sample ${title}`,
          onclick: () => this.store.send({ do: "pick", source: "favourites", index }),
        });
        sheet.dress(thumb, index, width);
        return thumb;
      }),
    );
  }
}
