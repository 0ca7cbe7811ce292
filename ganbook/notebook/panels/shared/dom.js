// Elements of a page, and the controls that all panels share.

// JupyterLab asks the element in focus first whether its shortcuts may take the arrows and letters.
const CONTROLS = new Set(["button", "canvas", "input", "select"]);
export const KEEPS_KEYS = "data-lm-suppress-shortcuts";

// An element with its text or children; text is never read as HTML.
export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  if (CONTROLS.has(tag)) made.setAttribute(KEEPS_KEYS, "true");
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (value !== false && value != null) made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children.filter((child) => child != null));
  return made;
}

export function button(text, title, press, more = {}) {
  return element("button", { type: "button", title, onclick: press, ...more }, text);
}

// A select of { value: text }.
export function choice(label, choices, changed) {
  const options = Object.entries(choices).map(([value, text]) => element("option", { value }, text));
  const select = element("select", { "aria-label": label, onchange: () => changed(select.value) }, ...options);
  return select;
}

export function playButton(press) {
  return element(
    "button",
    { type: "button", class: "gb-play", onclick: press },
    element("i", { "aria-hidden": "true" }),
  );
}

export function showPlaying(play, playing, title) {
  play.classList.toggle("gb-playing", playing);
  play.setAttribute("aria-label", playing ? "Stop playing" : title);
  play.title = play.getAttribute("aria-label");
}

// The line under the header: show(fraction), or show(null) while nobody knows how far it is.
export class ProgressBar {
  constructor(label) {
    this.bar = element("i");
    this.el = element(
      "div",
      {
        class: "gb-progress",
        role: "progressbar",
        "aria-label": label,
        "aria-valuemin": "0",
        "aria-valuemax": "100",
      },
      this.bar,
    );
  }

  show(fraction) {
    const percent = Math.max(0, Math.min(100, 100 * (fraction ?? 0)));
    this.bar.style.width = fraction == null ? "" : `${percent}%`;
    this.el.classList.toggle("gb-waiting", fraction == null);
    this.el.setAttribute("aria-valuenow", percent.toFixed(0));
  }
}

export function liveRegion() {
  return element("div", { class: "gb-unseen", role: "status", "aria-live": "polite" });
}

// Colour the track of a slider from its lower end, or from zero within it, to its value.
export function fillTrack(input) {
  const [min, max] = [Number(input.min), Number(input.max)];
  const at = (value) => (max > min ? (value - min) / (max - min) : 0);
  const ends = [at(Math.max(min, Math.min(max, 0))), at(Number(input.value))];
  input.style.setProperty("--gb-from", Math.min(...ends));
  input.style.setProperty("--gb-filled", Math.max(...ends));
}

// A slider that is moved in gestures: one drag, or presses of keys until the focus leaves. moved() is called at every
// change, rested(ended) when it comes to rest, and whether the gesture ends with that.
export class Slide {
  constructor(attributes, moved, rested) {
    this.dragged = false; // it moves, and is not at rest yet
    this.open = false; // moved by keys, which may go on
    let keys = false;
    const rest = (ended) => {
      this.dragged = false;
      this.open = !ended;
      rested(ended);
    };
    this.input = element("input", {
      type: "range",
      ...attributes,
      onkeydown: () => (keys = true),
      onpointerdown: () => {
        keys = false;
        if (this.open) rest(true);
      },
      oninput: () => {
        this.dragged = true;
        moved();
      },
      onchange: () => rest(!keys),
      onblur: () => this.open && rest(true),
    });
  }

  get value() {
    return Number(this.input.value);
  }
}

// Set a text only if it is another one: what is selected or read aloud stays.
export function setText(el, text) {
  if (el.textContent !== text) el.textContent = text;
}

// A figure with its unit, the figure in bold.
export function setFigure(el, figure, unit) {
  if (el.textContent !== figure + unit) el.replaceChildren(element("b", {}, figure), unit);
}

export function download(name, type, buffers) {
  const url = URL.createObjectURL(new Blob(buffers, { type }));
  element("a", { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
