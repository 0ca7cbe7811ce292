// The form that begins a training, the line of code that does the same, and below it the panel of the run.

import { copyText } from "../shared/code.js";
import { KEEPS_KEYS, button, choice, element, liveRegion, setText } from "../shared/dom.js";
import { mount } from "../shared/mount.js";
import { Options } from "./options.js";
import { StartStore } from "./store.js";

const SILENT = "The kernel does not answer: it has stopped, or is busy with a cell.";
const UNITS = { minutes: "minutes", steps: "steps" };

class StartView {
  constructor(store) {
    this.store = store;
    this.shown = this.drawnData = null; // what was opened below, and the data shown
    this.pressed = false; // whether somebody waits for what opens below
    const changed = () => {
      this.store.note = null; // it may be mended by now
      this.#written();
      this.draw();
    };
    this.names = element("datalist", { id: `gb-data-${Math.random().toString(36).slice(2)}` });
    this.data = element("input", {
      type: "text",
      "aria-label": "Data",
      list: this.names.id,
      placeholder: "a name, or the path of a folder of images, an .npz or a .txt file",
      oninput: changed,
      onchange: () => this.#look(),
    });
    this.looked = element("div", { class: "gb-looked" });
    this.network = choice("Network", {}, changed);
    this.about = element("span", { class: "gb-options" });
    this.amount = element("input", {
      type: "number",
      min: "0",
      step: "any",
      value: "2",
      "aria-label": "How long",
      oninput: changed,
    });
    this.unit = choice("Unit", UNITS, changed);
    this.name = element("input", {
      type: "text",
      placeholder: "chosen by ganbook",
      "aria-label": "Name",
      oninput: changed,
    });
    this.options = new Options(changed);
    this.code = element("code");
    this.copy = button("Copy", "Copy this line", () => this.#copy(), { class: "gb-small" });
    this.train = button("Train", "Begin", () => this.#train(), { class: "gb-primary" });
    this.ready = element("div", { class: "gb-row gb-ready", hidden: true });
    this.note = element("p", { class: "gb-note", hidden: true });
    this.host = element("div", { class: "gb-below" });
    this.live = liveRegion();
    this.el = element(
      "section",
      { class: "gb gb-start", tabindex: "-1", "aria-label": "Train a GAN", [KEEPS_KEYS]: "true" },
      element("header", {}, element("div", { class: "gb-title" }, element("h3", {}, "Train a GAN")), this.train),
      element(
        "div",
        { class: "gb-form" },
        this.note,
        row(
          "Data",
          this.data,
          button("Look", "Show some of the data, and what to expect", () => this.#look()),
        ),
        this.looked,
        row("Network", this.network, this.about),
        row("Train for", this.amount, this.unit),
        row("Name", this.name),
        this.options.el,
        element("div", { class: "gb-line" }, this.code, this.copy),
        this.ready,
      ),
      this.names,
      this.host,
      this.live,
    );
  }

  close() {
    for (const url of this.urls ?? []) URL.revokeObjectURL(url);
    this.urls = [];
  }

  draw() {
    const { store } = this;
    const waiting = store.awaits("train") ? "Opening …" : store.awaits("look") ? "Reading the data …" : "";
    const text = store.silent ? SILENT : (store.note?.text ?? waiting);
    setText(this.note, text);
    this.note.hidden = !text;
    setText(this.live, text);
    const other = store.data && store.data.of !== this.data.value.trim();
    this.looked.hidden = Boolean(other) && !store.awaits("look");
    this.looked.setAttribute("aria-busy", String(store.awaits("look"))); // of other data than the field names by now
    this.train.disabled = !store.heard || store.silent || store.awaits("train");
    if (!store.form) return;
    this.#fill(store.form);
    if (store.data !== this.drawnData) this.#looked(store.data);
    if (store.below !== this.shown) this.#open(store.below);
  }

  #fill({ begins, data, networks, groups, shipped }) {
    if (this.filled) return;
    this.filled = true;
    this.data.value = begins;
    this.names.replaceChildren(...Object.entries(data).map(([value, text]) => element("option", { value }, text)));
    this.network.replaceChildren(...Object.keys(networks).map((value) => element("option", { value }, value)));
    this.options.draw(groups);
    this.ready.hidden = !shipped.length;
    this.ready.replaceChildren(
      element("span", { class: "gb-options" }, "or look at a run that comes with ganbook:"),
      ...shipped.map((name) => button(name, "Open its panel: browse and judge it", () => this.#openShipped(name))),
    );
    this.#written();
    if (this.store.heard) this.#look();
  }

  #looked({ line, remarks, lines, expectation, of, holds, task }) {
    this.drawnData = this.store.data;
    this.options.suit(holds, task);
    this.#written();
    this.close();
    const { sheet, picture } = this.store;
    const parts = [element("p", {}, element("b", {}, of), ` · ${line}`)];
    if (sheet?.byteLength) parts.push(this.#image(sheet, `Some images of ${of}`));
    if (lines.length) parts.push(element("p", { class: "gb-samples" }, lines.join(" · ")));
    if (remarks.length) parts.push(element("ul", {}, ...remarks.map((remark) => element("li", {}, remark))));
    if (expectation) parts.push(element("p", { class: "gb-expectation" }, expectation));
    if (picture?.byteLength) parts.push(this.#image(picture, "The first samples of that run, none chosen"));
    this.looked.replaceChildren(...parts);
  }

  #image(png, alt) {
    const url = URL.createObjectURL(new Blob([png], { type: "image/png" }));
    this.urls.push(url);
    return element("img", { src: url, alt });
  }

  get #chosen() {
    const amount = Number(this.amount.value);
    const long = this.unit.value === "steps" ? { steps: amount } : { seconds: Math.round(600 * amount) / 10 };
    const name = this.name.value.trim();
    const network = this.network.value === "auto" ? {} : { network: this.network.value };
    return { data: this.data.value.trim(), ...network, ...long, ...(name ? { name } : {}), ...this.options.chosen };
  }

  // The line that does the same.
  #written() {
    const words = Object.entries(this.#chosen).map(([name, value]) => {
      const flag = `--${value === false ? "no-" : ""}${name.replaceAll("_", "-")}`;
      return typeof value === "boolean" ? flag : `${flag} ${/[\s'"]/.test(value) ? JSON.stringify(value) : value}`;
    });
    setText(this.code, `%gan_train ${words.join(" ")}`);
    const { form, data } = this.store;
    const known = data?.of === this.data.value.trim();
    const auto = known && this.network.value === "auto" && data.auto[this.options.task];
    const summary = form?.networks[auto || this.network.value] ?? "";
    setText(this.about, auto ? `${auto} for these data: ${summary}` : summary);
  }

  #look() {
    const { image_size, channels, crop } = this.options.chosen;
    this.store.note = null;
    this.store.wish("look", { do: "look", data: this.data.value.trim(), options: { image_size, channels, crop } });
    this.draw();
  }

  #train() {
    const amount = Number(this.amount.value);
    if (!(amount > 0)) {
      this.store.say({ text: `Train for ${this.amount.value || "nothing"}: give a number above 0, as 2` });
      return;
    }
    this.store.note = null;
    this.pressed = true;
    this.store.send({ do: "train", options: this.#chosen }, { channel: "train" });
    this.draw();
  }

  #openShipped(name) {
    this.store.note = null;
    this.pressed = true;
    this.store.send({ do: "shipped", name }, { channel: "train" });
    this.draw();
  }

  async #copy() {
    this.store.say({ text: await copyText(this.code) });
  }

  async #open(below) {
    this.shown = below;
    const view = await this.store.viewOf(below.model);
    if (!view || this.shown !== below) return;
    this.host.replaceChildren(view);
    if (this.pressed) this.host.scrollIntoView({ block: "nearest" }); // it may be far below
    this.pressed = false;
  }
}

function row(label, ...controls) {
  return element("div", { class: "gb-row" }, element("span", { class: "gb-label" }, label), ...controls);
}

export default mount(StartStore, StartView);
