// What the page knows of the lines: those of the gallery, the walk, the neighbours, the favourites.

import { Store } from "../shared/store.js";

export class LinesStore extends Store {
  constructor(model) {
    super(model);
    this.lines = []; // [mark, line]
    this.favourites = [];
    this.near = null; // { line, found: [[line, edits]] }
    this.walk = null; // { a, b, lines }
    this.picked = null; // number of the line in focus
    this.from = null; // number of the line where a walk begins
  }

  pick(number) {
    this.picked = number;
    this.near = null;
    this.wish("near", { do: "near", line: this.lines[number][1] });
    this.changed();
  }

  take(message) {
    if (message.kind === "all") {
      const another = JSON.stringify(message.look) !== JSON.stringify(this.look) || this.name !== message.name;
      Object.assign(this, message);
      if (another) Object.assign(this, { picked: null, from: null, near: null, walk: null });
    }
    if (message.kind === "lines" && message.start === this.lines.length) this.lines = [...this.lines, ...message.lines];
    if (message.kind === "near" && message.line === this.lines[this.picked]?.[1]) this.near = message;
    if (message.kind === "walk") this.walk = message;
    if (message.kind === "favourites") this.favourites = message.favourites;
  }
}
