// Images as they are beside augmented versions of them, or one operation at several strengths.

import { button, element, setText } from "../shared/dom.js";
import { count } from "../shared/format.js";
import { help } from "../shared/help.js";
import { Picture } from "../shared/picture.js";

export class Preview {
  constructor(store) {
    this.store = store;
    this.heading = element("h4");
    this.back = button("Back to the preview", "", () => store.request());
    const captions = element("input", {
      type: "checkbox",
      onchange: () => this.el.classList.toggle("gb-captioned", captions.checked),
    });
    this.sheet = element("img", { class: "gb-sheet", alt: "" });
    this.picture = new Picture(this.sheet);
    this.pointed = element("p", { class: "gb-hint gb-pointed" }); // what was done to the image under the pointer
    this.cells = element("div", {
      class: "gb-cells",
      onpointerover: ({ target }) => setText(this.pointed, target.closest("[title]")?.title ?? ""),
    });
    this.speed = element("meter", { min: 2, max: 6, "aria-label": "Speed" });
    this.words = element("span");
    this.facts = element("footer", {}, this.speed, this.words);
    const show = element("label", { class: "gb-captions" }, captions, "Show parameters");
    this.el = element(
      "div",
      { class: "gb-preview" },
      element("div", { class: "gb-heading" }, this.heading, this.back, show),
      element("div", { class: "gb-stage" }, this.sheet, this.cells),
      this.pointed,
    );
  }

  close() {
    this.picture.close();
  }

  draw() {
    const { preview } = this.store;
    if (!preview || preview === this.drawn) return;
    this.drawn = preview;
    const { message, bytes } = preview;
    this.back.hidden = message.kind === "preview";
    if (message.kind === "preview") {
      this.heading.textContent = `Original and ${message.columns - 1} augmented versions`;
      this.#images(bytes, message, message.captions);
      this.#facts(message);
    } else {
      const { name, strengths, rows, columns } = message;
      this.heading.textContent = `${name}: original, then ${strengths.join(" · ")}`;
      const caption = (column) => (column ? strengths[column - 1] : "");
      this.#images(
        bytes,
        message,
        Array.from({ length: rows * columns }, (_, i) => caption(i % columns)),
      );
    }
  }

  #images(bytes, { rows, columns }, captions) {
    this.picture.show(bytes);
    this.sheet.alt = `${rows} images, each followed by ${columns - 1} augmented versions`;
    this.cells.style.gridTemplate = `repeat(${rows}, 1fr) / repeat(${columns}, 1fr)`;
    const cells = captions.map((text, i) => {
      const attributes = { title: text || "original", class: i % columns ? "" : "gb-original" };
      return element("div", attributes, element("span", {}, text));
    });
    this.cells.replaceChildren(...cells);
  }

  #facts({ speed, keeps_labels, leaks, refusal }) {
    this.speed.value = Math.log10(speed);
    this.speed.title = `${count(speed)} images per second`;
    const labels = keeps_labels ? "labels unchanged" : "labels are mixed";
    const leak = leaks.length ? `May leak into GAN samples: ${leaks.join(", ")}` : "No leak risk";
    const risk = refusal ? `Not for training a GAN: ${refusal}` : leak;
    this.words.replaceChildren(
      element("b", {}, count(speed)),
      ` images/s · ${labels} · `,
      element("span", { class: refusal || leaks.length ? "" : "gb-safe" }, risk),
      help("leak"),
    );
  }
}
