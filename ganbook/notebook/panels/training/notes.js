// The notes beside the curves: waiting, failure, the monitors' warnings.

import { button, element } from "../shared/dom.js";
import { count } from "../shared/format.js";

const SHOWN = 2;

export class Notes {
  constructor(store) {
    this.store = store;
    this.el = element("div", { class: "gb-notes" });
    this.drawn = "";
  }

  draw() {
    const notes = [...this.#news(), ...this.#warnings()];
    const key = JSON.stringify([notes, Boolean(this.store.silent), this.store.about?.name]);
    if (key === this.drawn) return;
    this.drawn = key;
    const made = (each) => this.#paragraph(each);
    this.el.replaceChildren(...notes.slice(0, SHOWN).map(made), ...this.#older(notes.slice(SHOWN).map(made)));
  }

  // For the live region: the state and the last note, without running seconds.
  spoken(state) {
    const { curves, note, now } = this.store;
    const warning = curves.alarms.at(-1);
    return [state, now.error, note?.text, warning?.[2]].filter(Boolean).join(". ");
  }

  #older(paragraphs) {
    if (!paragraphs.length) return [];
    const open = this.el.querySelector("details")?.open;
    return [element("details", { open }, element("summary", {}, `${paragraphs.length} earlier`), ...paragraphs)];
  }

  #paragraph([kind, strong, text]) {
    const { store } = this;
    const words = strong ? [element("b", {}, strong), ` ${text}`] : [text];
    const fault = { alarm: strong, failed: store.now?.fault }[kind];
    const change = !store.silent && store.about?.advice[fault];
    if (change) {
      const title = "Stop, and train once more on the same data with the same options but these; this run is kept";
      const press = () => store.send({ do: "again", kind: fault }, { channel: "again" });
      words.push(" ", button(`Restart with ${change}`, title, press, { class: "gb-small" }));
    }
    return element("p", { class: `gb-note gb-note-${kind}` }, ...words);
  }

  #news() {
    const { store } = this;
    const { now, silent, gone, note, about } = store;
    if (silent) {
      const goOn = now && now.state !== "finished" ? `%gan_train --resume ${about?.address} continues the run, ` : "";
      const how = about ? ` In a new kernel ${goOn}gb.load_run("${about.address}") shows it.` : "";
      const why = "It has stopped, or is busy with a cell. The panel shows the last known state.";
      return [["plain", "The kernel does not answer.", why + how]];
    }
    const notes = [];
    if (gone) notes.push(["plain", "", gone]);
    if (note) notes.push(["plain", "", note.text]);
    if (!now) return notes;
    const { state } = now;
    const seconds = store.secondsInState > 1 ? ` ${Math.floor(store.secondsInState)} s so far.` : "";
    if (state === "queued") notes.push(["plain", "Queued:", now.note || "another run is training"]);
    if (state === "preparing") notes.push(["plain", "Preparing:", `${now.note || "the next step"}.${seconds}`]);
    if (state === "training" && !store.reported && !store.pressed && store.secondsInState > 0.7) {
      notes.push(["plain", "Compiling", `the training step, once for each batch shape.${seconds}`]);
    }
    if (state === "paused" && now.note) notes.push(["plain", "Waiting:", now.note]);
    if (state === "failed") {
      const end = /\.$/.test(now.error) ? "" : ".";
      const resume =
        now.checkpoint == null ? "" : ` Resume continues from the checkpoint of step ${count(now.checkpoint)}.`;
      notes.push(["failed", "Failed.", `${now.error}${end}${resume}`]);
    }
    return notes;
  }

  #warnings() {
    const { curves, now } = this.store;
    const texts = curves.alarms.flatMap(([, , text]) => split(text)).filter((text) => text !== now?.error);
    return texts.reverse().map((text) => {
      const [, what, rest] = text.match(/^([^:]*?)( since step [\s\S]*)$/) || [null, "", text];
      return ["alarm", what, rest.trim()];
    });
  }
}

// One history row may carry several warnings; each begins with "KIND since step N:".
function split(text) {
  return text.split(/(?<=\.) (?=[A-Z][^.:]* since step )/);
}
