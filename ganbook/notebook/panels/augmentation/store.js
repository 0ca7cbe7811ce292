// What the page knows of a policy: the list of operations that is edited here, and what the kernel says it does.

import { Store } from "../shared/store.js";

const UNDO_STEPS = 60;

export class PolicyStore extends Store {
  #past = [];
  #undone = [];
  #group = null; // of the last edit: edits of one group are undone together
  #final = true; // whether the request that waits is final
  #coded = null; // the preview whose code was asked for last

  constructor(model) {
    super(model);
    this.parts = []; // operations, in order
    this.version = 0; // counts up when the list is another one
    this.seed = 0;
    this.operations = {};
    this.presets = {};
    this.origin = null; // the preset that was chosen last
    this.preview = null; // { message, bytes }: the policy's, or a sweep of one operation
    this.drawn = -1; // previews that have come
    this.code = null; // the policy as code, by language
    this.announcement = "";
  }

  get canUndo() {
    return this.#past.length > 0;
  }

  get canRedo() {
    return this.#undone.length > 0;
  }

  // The preset that the list is exactly, by what is switched on; null if it is none.
  get preset() {
    const on = JSON.stringify(this.parts.filter(({ off }) => !off));
    return Object.keys(this.presets).find((name) => JSON.stringify(this.presets[name]) === on) ?? null;
  }

  get policy() {
    return JSON.stringify({ ganbook_policy: 1, seed: this.seed, operations: this.parts });
  }

  // Change the list. A group names a control that is still being moved: the list on the page is not drawn again.
  edit(change, { group = null, announcement = "" } = {}) {
    if (group === null || group !== this.#group) {
      this.#past.push(JSON.stringify(this.parts));
      this.#past.splice(0, this.#past.length - UNDO_STEPS);
      this.#undone = [];
    }
    this.#group = group;
    change(this.parts);
    if (group === null) this.version += 1;
    this.announcement = announcement;
    this.request({ final: group === null });
    this.changed();
  }

  // The control is at rest; unless the gesture has ended, what follows is undone together with what was.
  settle(ended) {
    if (ended) this.#group = null;
    this.request();
  }

  undo() {
    this.#restore(this.#past, this.#undone, "undone");
  }

  redo() {
    this.#restore(this.#undone, this.#past, "redone");
  }

  resample() {
    this.seed = (this.seed + 1) % 2 ** 31;
    this.request();
  }

  // Ask for a preview: one question is on its way at a time, and only the newest next one is kept.
  request({ final = true } = {}) {
    this.#final = final || (this.awaits("preview") && this.#final);
    this.#ask({ do: "edit", policy: this.policy, final: this.#final });
  }

  sweep(index) {
    this.#ask({ do: "sweep", policy: this.policy, index });
  }

  upload(what, name, file, more) {
    this.send({ do: "upload", what, name, ...more }, { buffers: [file] });
  }

  useData() {
    this.send({ do: "use_data" });
  }

  // Ask for the code of the policy that is shown, unless it has come or a newer policy is on its way.
  askForCode() {
    if (this.#coded === this.drawn || this.awaits("preview")) return;
    this.#coded = this.drawn;
    this.wish("code", { do: "code" });
  }

  startStudy(options) {
    this.send({ do: "start_study", policy: this.policy, options });
  }

  stopStudy() {
    this.send({ do: "stop_study" });
  }

  announce(text) {
    this.announcement = text;
    this.changed();
  }

  take(message, buffers) {
    if (message.kind === "about") this.#takeAbout(message);
    if (message.kind === "code") this.code = message;
    if (message.kind === "study") [this.study, this.studyPlot] = [message, buffers[0]];
    if (!["preview", "sweep"].includes(message.kind)) return;
    this.preview = { message, bytes: buffers[0] };
    if (message.kind === "sweep") return;
    this.drawn += 1;
    this.own = message.own; // images of the user's own that it is tried on
    if (message.adopt) {
      [this.parts, this.seed] = [message.policy.operations, message.policy.seed];
      this.version += 1;
      this.origin = null;
    }
  }

  #takeAbout(about) {
    const { data, operations, presets } = about;
    Object.assign(this, { about, data, operations, presets });
  }

  #ask(content) {
    this.note = null;
    this.wish("preview", content);
  }

  #restore(from, to, announcement) {
    if (!from.length) return;
    to.push(JSON.stringify(this.parts));
    this.parts = JSON.parse(from.pop());
    this.#group = null;
    this.version += 1;
    this.announcement = announcement;
    this.request();
    this.changed();
  }
}
