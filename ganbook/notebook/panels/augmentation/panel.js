// The augmentation panel: the list of operations on the left, what they do on the right.

import { Code } from "../shared/code.js";
import { button, element, liveRegion, setText } from "../shared/dom.js";
import { FileInput } from "../shared/file_input.js";
import { mount } from "../shared/mount.js";
import { OperationList, optionsOf } from "./operation_list.js";
import { Preview } from "./preview.js";
import { PolicyStore } from "./store.js";
import { Study } from "./study.js";

class AugmentationView {
  constructor(store) {
    this.store = store;
    this.list = new OperationList(store);
    this.preview = new Preview(store);
    this.study = new Study(store);
    this.code = new Code({
      title: "Copy as code",
      languages: {
        python: "Python",
        keras: "Keras layers",
        torchvision: "torchvision",
        albumentations: "albumentations",
        json: "JSON",
      },
      announce: (text) => store.announce(text),
      opened: () => store.askForCode(),
    });
    this.summary = element("span", { class: "gb-options" }, "connecting…");
    this.presets = element("select", { "aria-label": "Presets", onchange: () => this.#choosePreset() });
    this.undo = button("Undo", "Ctrl-Z", () => store.undo());
    this.redo = button("Redo", "Ctrl-Shift-Z", () => store.redo());
    this.resample = button("Resample", "Show other random draws (another seed)", () => store.resample());
    this.file = new FileInput(store, "%gan_augment --data", { several: true });
    const ask = () => this.file.ask("image");
    const upload = "Try the policy on images of your own; you can also drop them onto the panel";
    this.upload = button("Upload images", upload, ask);
    this.useData = button("", "Try the policy on images of the data set again", () => store.useData());
    this.note = element("p", { class: "gb-note", hidden: true });
    this.live = liveRegion();
    const buttons = [this.presets, this.undo, this.redo, this.resample, this.upload, this.useData];
    const controls = element("div", { class: "gb-controls" }, ...buttons);
    this.el = element(
      "section",
      {
        class: "gb gb-augmentation",
        tabindex: "-1",
        "aria-label": "Augmentation",
        onkeydown: (event) => this.#key(event),
        onfocusin: (event) => this.#focus(event),
        ondragover: (event) => event.preventDefault(),
        ondrop: (event) => {
          if (event.dataTransfer.files.length) this.file.dropped(event);
        },
      },
      element(
        "header",
        {},
        element("div", { class: "gb-title" }, element("h3", {}, "Augment"), this.summary),
        controls,
      ),
      element("div", { class: "gb-body" }, this.list.el, element("div", {}, this.preview.el, this.note)),
      this.preview.facts,
      this.study.el,
      this.code.el,
      this.file.el,
      this.live,
    );
  }

  close() {
    this.preview.close();
    this.study.close();
  }

  draw() {
    const { store } = this;
    const gone =
      "The kernel does not answer: it has stopped, or is busy with a cell. The panel shows the last known state.";
    const text = store.silent ? gone : (store.note?.text ?? "");
    setText(this.note, text);
    this.note.hidden = !text;
    this.undo.disabled = !store.canUndo;
    this.redo.disabled = !store.canRedo;
    this.study.draw();
    setText(this.live, store.announcement);
    if (!store.data) return;
    const own = store.own ? [`${store.own} of your own images`] : [];
    this.summary.textContent = [store.data, ...own, `seed ${store.seed}`].join(" · ");
    this.upload.disabled = store.silent;
    this.useData.hidden = !store.own;
    setText(this.useData, `Back to ${store.about.name}`);
    this.#drawPresets();
    this.list.draw();
    this.preview.draw();
    this.#drawCode();
    if (store.drawn >= 0) this.el.dataset.shown = store.drawn;
  }

  // The code of the policy is written while someone may read it, once the policy rests.
  #drawCode() {
    const { store } = this;
    if (this.code.el.open) store.askForCode();
    if (store.code && store.code !== this.shownCode) this.code.show(store.code);
    this.shownCode = store.code;
  }

  // The active preset, or what has become of it.
  #drawPresets() {
    const { store } = this;
    if (this.drawnPresets !== store.presets) {
      this.drawnPresets = store.presets;
      this.presets.replaceChildren(...optionsOf("", store.presets));
    }
    const active = store.preset;
    store.origin = active ?? store.origin;
    const changed = store.origin ? `${store.origin} (changed)` : "own policy";
    setText(this.presets.options[0], active || !store.parts.length ? "Presets…" : changed);
    this.presets.value = active ?? "";
  }

  #choosePreset() {
    const name = this.presets.value;
    const preset = this.store.presets[name];
    if (preset) this.store.edit((parts) => parts.splice(0, parts.length, ...structuredClone(preset)));
    else this.draw();
  }

  #key(event) {
    if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "z") return;
    event.preventDefault();
    event.stopPropagation();
    if (event.shiftKey) this.store.redo();
    else this.store.undo();
  }

  // JupyterLab leaves the keys to the panel while one of its inputs has the focus.
  #focus(event) {
    if (event.target.closest("input")) this.el.setAttribute("data-lm-suppress-shortcuts", "true");
    else this.el.removeAttribute("data-lm-suppress-shortcuts");
  }
}

export default mount(PolicyStore, AugmentationView);
