// What is to be said beside the curves: waiting, failure, the monitors' messages.

import { alarmsIn, count, element } from "./words.js";

const SHOWN = 2;

export class Notes {
  constructor(store) {
    this.store = store;
    this.el = element("div", { class: "gb-notes" });
    this.drawn = "";
  }

  draw() {
    const notes = [...this.#news(), ...this.#alarms()];
    const key = JSON.stringify(notes);
    if (key === this.drawn) return;
    this.drawn = key;
    this.el.replaceChildren(...notes.slice(0, SHOWN).map(note), ...this.#older(notes.slice(SHOWN)));
  }

  // For the live region: the state and what was said last, without running seconds.
  spoken(word) {
    const { curves, said, now } = this.store;
    const alarm = curves.alarms.at(-1);
    return [word, now.error, said, alarm && alarm[2]].filter(Boolean).join(". ");
  }

  #older(notes) {
    if (!notes.length) return [];
    const open = this.el.querySelector("details")?.open;
    return [element("details", { open }, element("summary", {}, `${notes.length} earlier`), ...notes.map(note))];
  }

  #news() {
    const { store } = this;
    const { now, silent, gone, said } = store;
    const notes = [];
    if (silent) {
      const how = "Run the cell again, or open the run with ";
      notes.push(["plain", "No kernel answers.", `It is gone, or busy with a cell. What is shown is the last that was known. ${store.head ? `${how}gb.load_run("${store.head.name}").` : ""}`]);
      return notes;
    }
    if (gone) notes.push(["plain", "Gone.", gone.replace(/^The folder/, "The folder")]);
    if (said) notes.push(["plain", "", said]);
    if (!now) return notes;
    const waited = store.inState > 1 ? ` ${Math.floor(store.inState)} s so far.` : "";
    if (now.state === "queued") notes.push(["plain", "Queued:", now.note || "another run trains"]);
    if (now.state === "preparing") notes.push(["plain", "Preparing:", `${now.note ? `${now.note}.` : "TensorFlow loads and the networks are built. The first time in a kernel takes 5 to 10 s."}${waited}`]);
    if (now.state === "training" && !store.reported && !store.pressed && store.inState > 0.7) notes.push(["plain", "Compiling", `the training step, once for each shape of batch.${waited}`]);
    if (now.state === "paused" && now.note) notes.push(["plain", "Waiting:", now.note]);
    if (now.state === "failed") notes.push(["failed", "Failed.", `${now.error}${/often helps/i.test(now.error) ? "." : ""} ${now.checkpoint == null ? "" : `Resume goes on from the checkpoint of step ${count(now.checkpoint)}.`}`]);
    return notes;
  }

  #alarms() {
    const { curves, now } = this.store;
    const texts = curves.alarms.flatMap(([, , text]) => alarmsIn(text)).filter((text) => !now || text !== now.error);
    return texts.reverse().map((text) => {
      const [, what, rest] = text.match(/^([^:]*?)( since step [^]*)$/) || [null, "", text];
      return ["alarm", what, rest.trim()];
    });
  }
}

function note([kind, strong, text]) {
  return element("p", { class: `gb-note gb-note-${kind}` }, strong ? element("b", {}, strong) : null, strong ? ` ${text}` : text);
}
