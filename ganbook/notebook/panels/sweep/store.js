// What the page knows of a sweep: the newest message of the kernel, and the newest figure.

import { Store } from "../shared/store.js";

export class SweepStore extends Store {
  constructor(model) {
    super(model);
    this.sweep = null; // the message of messages.py
    this.figure = null; // bytes of a PNG
  }

  stop() {
    this.send({ do: "stop" });
  }

  resume() {
    this.send({ do: "resume" });
  }

  take(message, buffers) {
    if (message.kind !== "sweep") return;
    this.sweep = message;
    if (buffers[0]?.byteLength) this.figure = buffers[0];
  }
}
