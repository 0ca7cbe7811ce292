// Both networks layer by layer, in a fold: asked for whenever it is opened.

import { element } from "../shared/dom.js";
import { help } from "../shared/help.js";

const BUILT = ["training", "paused", "stopped", "finished", "failed"];

export class Networks {
  constructor(store, charts) {
    this.store = store;
    this.drawn = "";
    this.host = element("div", {}, "…");
    const opened = () => {
      if (this.el.open && !store.silent) store.send({ do: "networks" }, { channel: "networks" });
      this.draw();
      charts.forget();
      charts.draw();
    };
    const summary = element("summary", {}, "Networks");
    const title = element(
      "p",
      {},
      "Bars: outputs of each layer, on a logarithmic scale. Right: shape, parameters, histogram of weights.",
    );
    title.append(help("networks"));
    this.el = element(
      "details",
      { class: "gb-used", ontoggle: opened },
      summary,
      charts.gradients.el,
      title,
      this.host,
    );
  }

  draw() {
    const { store } = this;
    const { networks, now } = store;
    this.el.hidden = !networks && !BUILT.includes(now?.state);
    if (networks && networks !== this.drawn) {
      this.drawn = networks;
      this.host.innerHTML = networks; // made by ganbook, which escapes the names of layers
    }
  }
}
