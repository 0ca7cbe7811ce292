// The learning rates of a run: shown, and changed, in a row below the header.

import { button, element, setText } from "../shared/dom.js";
import { count } from "../shared/format.js";
import { help } from "../shared/help.js";

const NETWORKS = ["generator", "discriminator"];
const ABLE = ["training", "paused", "stopped", "finished"];

export class Rates {
  constructor(store) {
    this.store = store;
    this.toggle = button("Learning rates", "Show and change the learning rates", () => this.#open(this.el.hidden), {
      "aria-expanded": "false",
    });
    this.inputs = Object.fromEntries(NETWORKS.map((name) => [name, this.#input(name)]));
    this.apply = element(
      "button",
      { type: "submit", class: "gb-small", title: "Train with these from now on" },
      "Apply",
    );
    this.line = element("span", { class: "gb-rates-line", role: "status", "aria-live": "polite" });
    const fields = NETWORKS.map((name) => element("label", { class: `gb-rate-${name}` }, name, this.inputs[name]));
    const submit = (event) => {
      event.preventDefault();
      this.#send();
    };
    const title = element("b", {}, "Learning rates", help("learning_rates"));
    this.el = element(
      "form",
      { class: "gb-rates", hidden: true, onsubmit: submit },
      title,
      ...fields,
      this.apply,
      this.line,
    );
  }

  draw() {
    const { store } = this;
    const { now, silent } = store;
    this.toggle.disabled = !now || (silent && this.el.hidden);
    if (!now) return;
    const { rates, state } = now;
    const off = silent || Boolean(store.gone) || rates.schedule || !ABLE.includes(state);
    for (const name of NETWORKS) {
      const input = this.inputs[name];
      const shown = String(rates[name]);
      if (this.drawn?.[name] !== shown) input.value = shown; // what someone types stays until there is news
      input.disabled = off;
    }
    this.drawn = Object.fromEntries(NETWORKS.map((name) => [name, String(rates[name])]));
    this.apply.disabled = off || store.awaits("rates");
    this.line.classList.toggle("gb-refused", Boolean(store.refusedRates));
    setText(this.line, store.refusedRates || this.#since(rates));
  }

  #since({ schedule, changes }) {
    if (schedule) return `halve every ${count(schedule)} steps, and cannot be set`;
    return changes.length ? `since step ${count(changes.at(-1)[0])}` : "as the run began";
  }

  #input(name) {
    const attributes = { type: "text", inputmode: "decimal", size: "9", spellcheck: "false", autocomplete: "off" };
    return element("input", { ...attributes, "aria-label": `Learning rate of the ${name}` });
  }

  #open(open) {
    this.el.hidden = !open;
    this.toggle.setAttribute("aria-expanded", String(open));
    if (open) this.inputs.generator.focus();
  }

  #send() {
    if (this.apply.disabled) return;
    const typed = Object.fromEntries(NETWORKS.map((name) => [name, this.inputs[name].value.trim()]));
    this.store.refusedRates = "";
    this.store.send({ do: "rates", ...typed }, { channel: "rates" });
    this.store.changed();
  }
}
