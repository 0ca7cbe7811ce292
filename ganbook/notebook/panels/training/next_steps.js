// Where a run leads: buttons, and below the panel what they opened.

import { button, element } from "../shared/dom.js";

const LEAST_STEPS = 1;

export class NextSteps {
  constructor(store) {
    this.store = store;
    this.shown = null; // what was opened below
    this.buttons = element("span", { class: "gb-next-buttons" });
    this.note = element("span", { role: "status", "aria-live": "polite" });
    this.close = button("Close", "Remove what was opened below", () => this.#open(null));
    this.close.classList.add("gb-small");
    this.bar = element("div", { class: "gb-next" }, element("b", {}, "Next"), this.buttons, this.note, this.close);
    this.host = element("div", { class: "gb-below" });
  }

  draw() {
    const { store } = this;
    const { about, now, silent } = store;
    const rests = ["paused", "finished", "stopped", "failed"].includes(now?.state);
    this.bar.hidden = !about?.next.length || !rests || now.step < LEAST_STEPS;
    if (about && this.drawn !== about) {
      this.drawn = about;
      const made = ({ name, label, title }) => button(label, title, () => this.#take(name, label));
      this.buttons.replaceChildren(...about.next.map(made));
    }
    const waits = store.awaits("next");
    for (const control of this.buttons.children) control.disabled = silent || waits;
    this.note.textContent = waits ? `${this.taken} …` : "";
    if (store.below !== this.shown) this.#open(store.below);
    this.close.hidden = !this.host.hasChildNodes();
  }

  #take(name, label) {
    this.taken = label;
    this.store.send({ do: "next", name }, { channel: "next" });
    this.store.changed();
  }

  async #open(below) {
    this.shown = this.store.below = below;
    this.host.replaceChildren();
    if (below?.html) {
      const report = element("div", { class: "gb-report" });
      report.innerHTML = below.html; // made by ganbook, which escapes what it quotes
      this.host.append(report);
    } else if (below) {
      const view = await this.store.viewOf(below.model);
      if (view && this.shown === below) this.host.append(view);
    }
    this.store.changed();
  }
}
