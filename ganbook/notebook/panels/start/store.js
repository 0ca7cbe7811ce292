// What the page knows of the form: what it offers, the data looked at, and the panel that was opened.

import { Store } from "../shared/store.js";

export class StartStore extends Store {
  constructor(model) {
    super(model);
    this.form = null;
    this.data = null; // of what was looked at: { of, holds, task, auto, line, remarks, lines, expectation }
    this.sheet = null; // its images, bytes of a PNG
    this.picture = null; // what was drawn of images like them
    this.below = null; // { name, model }
  }

  take(message, buffers) {
    if (message.kind === "form") this.form = message;
    else if (message.kind === "data") [this.data, this.sheet, this.picture] = [message, ...buffers];
    else if (message.kind === "opened") this.below = message;
  }
}
