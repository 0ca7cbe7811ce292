// What a panel shows, as code to copy: in one of several languages.

import { button, choice, element } from "./dom.js";

const COPIED_MS = 2000;

// Copy the text of an element; without the browser's leave, select it. Return what to say of it.
export async function copyText(el) {
  try {
    await navigator.clipboard.writeText(el.textContent);
    return "Copied";
  } catch {
    getSelection().selectAllChildren(el);
    return "Selected: Ctrl-C";
  }
}

export class Code {
  // languages: { key: name }; opened() is called when someone wants to read it.
  constructor({ title, languages, announce, opened = () => {} }) {
    this.announce = announce;
    this.text = element("pre");
    this.language = choice("Language", languages, () => this.#draw());
    this.copy = button("Copy", "Copy to the clipboard", () => this.#copy());
    this.copy.disabled = true;
    this.el = element(
      "details",
      { class: "gb-code", ontoggle: () => this.el.open && opened() },
      element("summary", {}, title),
      this.language,
      this.copy,
      this.text,
    );
  }

  // code: { key: text }; a language without a text is not offered
  show(code) {
    this.code = code;
    for (const option of this.language.options) option.hidden = option.disabled = code[option.value] == null;
    if (this.language.selectedOptions[0]?.hidden) this.language.selectedIndex = 0;
    this.#draw();
  }

  #draw() {
    const text = this.code?.[this.language.value] ?? "";
    if (this.text.textContent !== text) this.text.textContent = text;
    this.copy.disabled = !text;
  }

  async #copy() {
    this.copy.textContent = await copyText(this.text);
    this.announce(this.copy.textContent);
    setTimeout(() => (this.copy.textContent = "Copy"), COPIED_MS);
  }
}
