// The map: samples and real images in a plane. A click picks, a drawn loop adds to the favourites, arrows walk from
// point to point.

import { choice, element } from "../shared/dom.js";
import { help } from "../shared/help.js";

const DOT = 4;
const REACH = 18;
const PREVIEW = 56;
const METHODS = { pca: "PCA of real images", tsne: "t-SNE (takes some seconds)" };
const CLASSES = [
  "#0072b2",
  "#d55e00",
  "#009e73",
  "#cc79a7",
  "#e69f00",
  "#56b4e9",
  "#7a5195",
  "#8c6d31",
  "#636363",
  "#bc5090",
];

export class SampleMap {
  constructor(store, favourites) {
    Object.assign(this, { store, favourites });
    this.canvas = element("canvas", {
      class: "gb-map-canvas",
      tabindex: "0",
      role: "img",
      onpointerdown: (event) => this.#begin(event),
      onpointermove: (event) => this.#move(event),
      onpointerup: () => this.#end(),
      onpointerleave: () => this.#hover(null),
      onkeydown: (event) => this.#key(event),
    });
    this.method = choice("Projection", METHODS, () => {
      this.ask();
      this.draw();
    });
    this.colour = choice("Colour of the samples", {}, () => this.draw());
    this.legend = element("span", { class: "gb-hint" });
    this.classes = element("div", { class: "gb-map-classes gb-hint", hidden: true });
    this.el = element(
      "div",
      { class: "gb-map" },
      this.canvas,
      element("div", { class: "gb-map-foot" }, this.method, help("map"), this.colour, this.legend),
      this.classes,
    );
    this.hovered = null;
    this.asked = {}; // by method, of which samples
  }

  // Ask for the map that is chosen. A slow one is worked on while another is looked at.
  ask() {
    const [method, { of }] = [this.method.value, this.store];
    if (this.#current || (this.asked[method] === of && this.store.awaits(this.#channel))) return;
    this.asked[method] = of;
    this.store.wish(this.#channel, { do: "map", method });
  }

  get #channel() {
    return `map by ${this.method.value}`;
  }

  size(width, height) {
    const ratio = window.devicePixelRatio || 1;
    [this.width, this.height] = [width, height];
    [this.canvas.width, this.canvas.height] = [width * ratio, height * ratio];
    this.canvas.style.cssText = `width: ${width}px; height: ${height}px`;
    this.ratio = ratio;
  }

  // The map that is drawn: made in the way chosen, or in another as long as there is none; null without any.
  get #map() {
    const { maps } = this.store;
    return maps[this.method.value] ?? Object.values(maps)[0] ?? null;
  }

  // The same if it was made in the way chosen, of the samples in sight.
  get #current() {
    const { maps, of } = this.store;
    const map = maps[this.method.value];
    return map?.samples.of === of ? map : null;
  }

  draw() {
    const { about, view, of } = this.store;
    if (this.el.hidden || !this.width || !about) return;
    if (this.asked[this.method.value] !== of) this.ask();
    const map = this.#map;
    this.el.classList.toggle("gb-outdated", !this.#current);
    if (!this.#current) {
      this.hovered = this.loop = null;
      this.legend.textContent = this.store.awaits(this.#channel) ? "Computing the map …" : "There is no such map yet";
      this.canvas.setAttribute("aria-label", this.legend.textContent);
    }
    if (!map) return;
    this.#choices(map.samples);
    const context = this.canvas.getContext("2d");
    const style = getComputedStyle(this.canvas);
    context.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    context.clearRect(0, 0, this.width, this.height);
    context.strokeStyle = style.getPropertyValue("--gb-quiet");
    context.globalAlpha = 0.7;
    for (const place of map.real.places) ring(context, ...this.#at(place), DOT - 1);
    context.globalAlpha = 1;
    map.samples.places.forEach((place, i) => {
      context.fillStyle = this.#colourOf(map.samples, i, style);
      dot(context, ...this.#at(place), DOT);
    });
    const picked = map.samples.titles.indexOf(String(view.at));
    context.strokeStyle = style.getPropertyValue("--gb-text");
    context.lineWidth = 2;
    if (picked >= 0) ring(context, ...this.#at(map.samples.places[picked]), DOT + 3);
    context.lineWidth = 1;
    if (this.loop) this.#drawLoop(context);
    if (this.hovered) this.#preview(context, map);
    const blue = map.samples.scores && this.colour.value !== "class" ? " (blue = high D score)" : "";
    const [samples, real] = [map.samples.places.length, map.real.places.length];
    if (!this.#current) return;
    this.legend.textContent = `● ${samples} samples${blue} · ○ ${real} real · draw a loop to add favourites`;
    this.#nameClasses(map.samples, about.classes, style);
    this.canvas.setAttribute(
      "aria-label",
      `Map of ${map.samples.places.length} samples and ${map.real.places.length} real images.${picked >= 0 ? ` Sample ${view.at} is picked.` : ""}`,
    );
  }

  #choices({ scores, labels }) {
    const offered = [...(scores ? ["score"] : []), ...(labels ? ["class"] : [])];
    this.colour.hidden = offered.length < 2;
    if (this.colour.children.length !== offered.length) {
      this.colour.replaceChildren(
        ...offered.map((name) => element("option", { value: name }, `colour: ${name === "score" ? "D score" : name}`)),
      );
    }
  }

  #nameClasses({ labels }, names, style) {
    const shown = this.colour.value === "class" && labels ? [...new Set(labels)].sort((a, b) => a - b) : [];
    const key = [shown, style.getPropertyValue("--gb-text")].join();
    if (this.classesNamed === key) return; // the map is drawn with every movement of the pointer
    this.classesNamed = key;
    this.classes.hidden = !shown.length;
    this.classes.replaceChildren(
      ...shown.map((label) => {
        const dot = element("i", { style: `background: ${classColour(label, style)}`, "aria-hidden": "true" });
        return element("span", {}, dot, names[label] ?? String(label));
      }),
    );
  }

  #colourOf(map, i, style) {
    if (this.colour.value === "class" && map.labels) return classColour(map.labels[i], style);
    if (!map.scores) return style.getPropertyValue("--gb-g");
    if (this.ranksOf !== map) {
      this.ranksOf = map;
      const order = map.scores.map((score, place) => [score, place]).sort((a, b) => a[0] - b[0]);
      this.ranks = [];
      order.forEach(([, place], rank) => (this.ranks[place] = rank / order.length));
    }
    return `color-mix(in srgb, ${style.getPropertyValue("--gb-g")} ${Math.round(30 + 70 * this.ranks[i])}%, ${style.getPropertyValue("--gb-d")})`;
  }

  #at([x, y]) {
    const side = DOT + 6;
    return [side + ((x + 1) / 2) * (this.width - 2 * side), side + ((1 - y) / 2) * (this.height - 2 * side)];
  }

  // The nearest point: ["samples" or "real", index], or null.
  #nearest(x, y) {
    const map = this.#map;
    let [nearest, best] = [null, REACH];
    for (const kind of ["samples", "real"]) {
      map[kind].places.forEach((place, i) => {
        const [px, py] = this.#at(place);
        const far = Math.hypot(px - x, py - y) + (kind === "real" ? 3 : 0);
        if (far < best) [nearest, best] = [[kind, i], far];
      });
    }
    return nearest;
  }

  #preview(context, map) {
    const [kind, i] = this.hovered;
    const [x, y] = this.#at(map[kind].places[i]);
    const left = x + PREVIEW + 14 > this.width ? x - PREVIEW - 10 : x + 10;
    const top = Math.max(2, Math.min(this.height - PREVIEW - 2, y - PREVIEW / 2));
    map[kind].sheet.paint(context, i, left, top, PREVIEW);
    context.strokeStyle = getComputedStyle(this.canvas).getPropertyValue(kind === "samples" ? "--gb-g" : "--gb-quiet");
    context.strokeRect(left - 0.5, top - 0.5, PREVIEW + 1, PREVIEW + 1);
  }

  #drawLoop(context) {
    context.beginPath();
    this.loop.forEach(([x, y], i) => (i ? context.lineTo(x, y) : context.moveTo(x, y)));
    context.stroke();
  }

  #begin(event) {
    if (!this.#current) return;
    this.canvas.setPointerCapture(event.pointerId);
    this.loop = [[event.offsetX, event.offsetY]];
  }

  #move(event) {
    if (!this.#current) return;
    if (this.loop) this.loop.push([event.offsetX, event.offsetY]);
    this.#hover(this.loop && this.loop.length > 3 ? null : this.#nearest(event.offsetX, event.offsetY));
  }

  #hover(point) {
    this.hovered = point;
    this.draw();
  }

  #end() {
    const { loop } = this;
    this.loop = null;
    if (!loop || !this.#current) return;
    const [x, y] = loop[0];
    if (loop.every(([px, py]) => Math.hypot(px - x, py - y) < 6)) {
      const point = this.#nearest(x, y);
      if (point?.[0] === "samples") this.#pick(point[1]);
      return;
    }
    const { places, titles } = this.#map.samples;
    const samples = titles.filter((_, i) => inside(this.#at(places[i]), loop)).map(Number);
    if (samples.length) this.store.send({ do: "star", samples, selection: this.favourites.selection });
    this.draw();
  }

  #pick(i) {
    this.store.wish("pick", { do: "pick", source: "gallery", index: Number(this.#map.samples.titles[i]) });
  }

  // To the nearest sample that lies in the arrow's direction.
  #key(event) {
    const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (!way || !this.#current) return;
    event.preventDefault();
    const { places, titles } = this.#map.samples;
    const from = this.#at(places[Math.max(0, titles.indexOf(String(this.store.view.at)))]);
    let [to, best] = [0, Infinity];
    places.forEach((place, i) => {
      const [x, y] = this.#at(place);
      const along = (x - from[0]) * way[0] + (y - from[1]) * way[1];
      const across = Math.abs((x - from[0]) * way[1]) + Math.abs((y - from[1]) * way[0]);
      if (along > 0.5 && along + 2 * across < best) [to, best] = [i, along + 2 * across];
    });
    if (best < Infinity) this.#pick(to);
  }
}

// A little towards the colour of text: lighter where the ground is dark.
function classColour(label, style) {
  return `color-mix(in srgb, ${CLASSES[label % CLASSES.length]} 80%, ${style.getPropertyValue("--gb-text")})`;
}

function dot(context, x, y, r) {
  context.beginPath();
  context.arc(x, y, r, 0, 7);
  context.fill();
}

function ring(context, x, y, r) {
  context.beginPath();
  context.arc(x, y, r, 0, 7);
  context.stroke();
}

// Whether a point lies in a closed line: a ray from it crosses the line an odd number of times.
function inside([x, y], line) {
  let odd = false;
  for (let i = 0, j = line.length - 1; i < line.length; j = i++) {
    const [[ax, ay], [bx, by]] = [line[i], line[j]];
    if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) odd = !odd;
  }
  return odd;
}
