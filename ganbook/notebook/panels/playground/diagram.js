// The two networks, and what flows between them in each part of a step: forward, and the gradients back.

import { setText } from "../shared/dom.js";
import { svg } from "../shared/svg.js";

// x, y, width, height; the parts of slow motion in which a box is at work
const BOXES = {
  z: [4, 20, 56, 44, [1, 2]],
  G: [92, 12, 104, 60, [2, 6]],
  samples: [228, 20, 76, 44, [2, 3, 5, 6]],
  real: [228, 96, 76, 44, [3]],
  D: [346, 46, 104, 60, [3, 4, 5]],
};
const NAMES = { z: "z", G: "G", samples: "samples", real: "real points", D: "D" };
const FLOWS = [
  ["M60 42 H86", [2]],
  ["M196 42 H222", [2]],
  ["M304 42 L340 62", [3]],
  ["M304 118 L340 92", [3]],
];
const GRADIENTS = [
  ["M398 106 V128 H420 V112", [4]], // D's own loss
  ["M346 52 C328 20 322 14 310 24", [5, 6]],
  ["M228 60 C216 84 204 84 199 66", [6]],
];

export class Diagram {
  constructor() {
    this.parts = []; // shapes, with the parts of a step that they belong to
    const add = (made, parts) => {
      this.parts.push([made, parts]);
      return made;
    };
    const boxes = Object.entries(BOXES).map(([name, [x, y, width, height, parts]]) => {
      const middle = x + width / 2;
      const network = name in { G: 0, D: 0 };
      const lines = network ? [y + 18, y + 36, y + 51] : [y + height / 2 + 4];
      const texts = lines.map((at, i) =>
        svg("text", { x: middle, y: at, "text-anchor": "middle", class: i ? "gb-small" : "" }, i ? "" : NAMES[name]),
      );
      if (network) this[name] = texts;
      return add(
        svg("g", { class: `gb-box gb-box-${name}` }, svg("rect", { x, y, width, height, rx: 6 }), ...texts),
        parts,
      );
    });
    const arrows = (paths, kind) =>
      paths.map(([d, parts]) => add(svg("path", { d, class: kind, "marker-end": "url(#gb-head)" }), parts));
    const head = svg(
      "marker",
      { id: "gb-head", viewBox: "0 0 8 8", refX: 5, refY: 4, markerWidth: 6, markerHeight: 6, orient: "auto" },
      svg("path", { d: "M0 0 L8 4 L0 8 Z", fill: "context-stroke" }),
    );
    this.el = svg(
      "svg",
      { viewBox: "0 0 454 144", class: "gb-diagram", role: "img", "aria-label": "The two networks" },
      svg("defs", {}, head),
      ...boxes,
      ...arrows(FLOWS, "gb-flow"),
      ...arrows(GRADIENTS, "gb-flow gb-back"),
    );
  }

  // part: from 1; recipe: of the networks that are shown
  draw(part, recipe) {
    for (const [made, parts] of this.parts) made.classList.toggle("gb-on", parts.includes(part));
    const hidden = String(recipe.hidden).split(",").map(Number);
    const widths = { G: [recipe.latent_dim, ...hidden, 2], D: [2, ...hidden, 1] };
    for (const [name, all] of Object.entries(widths)) {
      setText(this[name][1], all.join("·"));
      setText(this[name][2], `${weights(all).toLocaleString("en-US")} weights`);
    }
  }
}

// Of dense layers with these widths, with their biases.
function weights(widths) {
  return widths.slice(1).reduce((sum, width, i) => sum + (widths[i] + 1) * width, 0);
}
