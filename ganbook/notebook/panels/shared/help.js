// A "?" that explains what it stands beside. The texts are those of explanations.py.

import { element } from "./dom.js";

const EXPLANATIONS = {};
const WIDTH = 300;
const EDGE = 8;
const CLOSE_MS = 120;

// The button for an entry, or for one of a group: help("loss"), help("method.", "telea"). Without an entry, null.
export function help(key, name = "") {
  const entry = EXPLANATIONS[key + name];
  return entry ? explained(entry) : null;
}

// A label with its "?" beside it: within the label the button would become a part of the control's name.
export function withHelp(label, question = null) {
  return question ? element("span", { class: "gb-explained" }, label, question) : label;
}

// The button for { title, meaning, good, trap }, of which the last two may be missing.
export function explained(entry) {
  const card = element(
    "div",
    { class: "gb-explanation", popover: "auto", role: "note" },
    element("b", {}, entry.title),
    element("p", {}, entry.meaning),
    entry.good ? element("p", { class: "gb-good" }, entry.good) : null,
    entry.trap ? element("p", { class: "gb-trap" }, entry.trap) : null,
  );
  let closed = 0;
  card.addEventListener("toggle", (event) => {
    if (event.newState !== "closed") return;
    closed = performance.now();
    card.remove();
    opener.setAttribute("aria-expanded", "false");
  });
  const open = (event) => {
    event.preventDefault(); // it may lie in a label
    event.stopPropagation();
    if (performance.now() - closed < CLOSE_MS) return; // the press that closed it
    opener.closest(".gb").append(card);
    card.showPopover();
    const place = opener.getBoundingClientRect();
    const left = Math.min(place.left - EDGE, window.innerWidth - WIDTH - EDGE);
    const below = place.bottom + card.offsetHeight + EDGE < window.innerHeight;
    card.style.left = `${Math.max(EDGE, left)}px`;
    card.style.top = `${below ? place.bottom + 4 : Math.max(EDGE, place.top - card.offsetHeight - 4)}px`;
    opener.setAttribute("aria-expanded", "true");
  };
  // Its title says what it explains; a label would be taken for that of the control beside it.
  const attributes = { class: "gb-help", title: `What is ${entry.title}?`, "aria-expanded": "false" };
  const opener = element("button", { type: "button", onclick: open, ...attributes }, "?");
  return opener;
}
