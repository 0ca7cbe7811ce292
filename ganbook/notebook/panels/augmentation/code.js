// The policy as code, to copy.

import { button, choice, element } from "../shared/dom.js";

const COPIED_MS = 2000;

export class Code {
  constructor(announce) {
    this.announce = announce;
    this.text = element("pre");
    this.language = choice("Language", { python: "Python", json: "JSON" }, () => this.#draw());
    this.copy = button("Copy", "Copy to the clipboard", () => this.#copy());
    this.el = element(
      "details",
      { class: "gb-code" },
      element("summary", {}, "Copy as Python or JSON"),
      this.language,
      this.copy,
      this.text,
    );
  }

  // Of { python, json }.
  show(code) {
    this.code = code;
    this.#draw();
  }

  #draw() {
    const text = this.code?.[this.language.value] ?? "";
    if (this.text.textContent !== text) this.text.textContent = text;
  }

  async #copy() {
    try {
      await navigator.clipboard.writeText(this.text.textContent);
      this.copy.textContent = "Copied";
      setTimeout(() => (this.copy.textContent = "Copy"), COPIED_MS);
      this.announce("copied");
    } catch {
      getSelection().selectAllChildren(this.text);
      this.announce("selected: copy with Ctrl-C");
    }
  }
}
