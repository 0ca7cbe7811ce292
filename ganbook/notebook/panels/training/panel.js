// The training panel: samples on the left, curves and notes on the right.

import { KEEPS_KEYS, ProgressBar, element, liveRegion, setText } from "../shared/dom.js";
import { help } from "../shared/help.js";
import { mount } from "../shared/mount.js";
import { Charts } from "./charts.js";
import { Controls } from "./controls.js";
import { Footer } from "./footer.js";
import { Networks } from "./networks.js";
import { NextSteps } from "./next_steps.js";
import { Notes } from "./notes.js";
import { Previews } from "./previews.js";
import { Rates } from "./rates.js";
import { RunStore } from "./store.js";

const NARROW = 720;
const PADDING = 28;
const GAP = 20;
const CHARTS_LEAST = 352;
const SAMPLES_MOST = 480;

class TrainingView {
  constructor(store) {
    this.store = store;
    this.rates = new Rates(store);
    this.controls = new Controls(store, this.rates.toggle);
    this.progress = new ProgressBar("Progress");
    this.previews = new Previews(store);
    this.charts = new Charts(store, {
      shownChanged: () => this.#layOut(),
      hovered: (step) => this.previews.lend(step),
    });
    this.notes = new Notes(store);
    this.footer = new Footer(store, this.charts.controls);
    this.next = new NextSteps(store);
    this.healthText = element("span");
    this.health = element("p", { class: "gb-health", hidden: true }, element("i"), this.healthText, help("health"));
    this.name = element("h3");
    this.summary = element("span", { class: "gb-options" });
    this.used = element("dl");
    this.folder = element("code");
    this.networks = new Networks(store, this.charts);
    this.live = liveRegion();
    this.side = element("div", { class: "gb-side" }, this.charts.el, this.notes.el);
    this.body = element("div", { class: "gb-body" }, this.previews.el, this.side);
    this.el = element(
      "section",
      {
        class: "gb gb-training",
        tabindex: "-1",
        [KEEPS_KEYS]: "true",
        onkeydown: (event) => this.#key(event),
      },
      element("header", {}, element("div", { class: "gb-title" }, this.name, this.summary), this.controls.el),
      this.progress.el,
      this.rates.el,
      this.health,
      this.body,
      this.footer.el,
      element(
        "div",
        { class: "gb-ends" },
        this.next.bar,
        this.networks.el,
        element(
          "details",
          { class: "gb-used" },
          element("summary", {}, "Options used"),
          this.used,
          element("p", {}, "Folder ", this.folder),
        ),
      ),
      this.next.host,
      this.live,
    );
    // Drawing is cheap only when little is drawn: sizes are taken when they change, charts when someone can see them.
    this.sized = new ResizeObserver(() => this.#resized());
    this.sized.observe(this.el);
    this.sized.observe(this.notes.el);
    this.seen = new IntersectionObserver((entries) => {
      this.charts.inSight = entries.at(-1).isIntersecting;
      if (this.charts.inSight) this.draw();
    });
    this.seen.observe(this.body);
    this.previews.image.addEventListener("load", () => this.#resized());
  }

  close() {
    this.sized.disconnect();
    this.seen.disconnect();
    this.previews.close();
  }

  draw() {
    const { store } = this;
    this.notes.draw();
    this.previews.draw();
    this.controls.draw();
    this.rates.draw();
    this.next.draw();
    this.networks.draw();
    if (!store.about) {
      this.name.textContent = "Training";
      return;
    }
    this.#progress();
    this.#health();
    this.charts.mark(this.previews.at);
    this.charts.draw();
    this.footer.draw();
    this.#options();
    setText(this.live, this.notes.spoken(this.controls.word));
  }

  #resized() {
    this.#layOut();
    this.charts.forget();
    this.draw();
  }

  #layOut() {
    const width = this.el.clientWidth;
    if (!width) return;
    const inner = width - PADDING;
    const narrow = width < NARROW;
    this.el.classList.toggle("gb-narrow", narrow);
    const left = this.previews.size(Math.min(SAMPLES_MOST, narrow ? inner : inner - GAP - CHARTS_LEAST));
    this.body.style.gridTemplateColumns = narrow ? "minmax(0, 1fr)" : `${left}px minmax(0, 1fr)`;
    // The charts take what the notes leave of the height of the samples, so that the card does not jump.
    this.charts.size(narrow ? 0 : this.previews.el.offsetHeight, this.notes.el.offsetHeight);
  }

  #progress() {
    const { now, silent } = this.store;
    const { step, seconds, steps_wanted, seconds_wanted } = now;
    const done = steps_wanted ? step / steps_wanted : seconds_wanted ? seconds / seconds_wanted : 0;
    this.progress.show(now.state === "preparing" && !silent ? null : done);
  }

  #health() {
    const [healthy, text] = this.store.now.health;
    this.health.hidden = !text || this.store.now.state === "preparing";
    this.health.classList.toggle("gb-unwell", !healthy);
    setText(this.healthText, text);
  }

  #options() {
    const { about } = this.store;
    if (this.drawnAbout === about) return;
    this.drawnAbout = about;
    this.name.textContent = about.name;
    this.el.setAttribute("aria-label", `Training of ${about.name}`);
    this.summary.textContent = about.summary.join(" · ");
    this.used.replaceChildren(
      ...about.options.map(([name, value]) => element("div", {}, element("dt", {}, name), element("dd", {}, value))),
    );
    this.folder.textContent = about.folder;
  }

  // Space belongs to buttons and fields where they have the focus, and to Pause elsewhere.
  #key(event) {
    if (event.key !== " " || event.target.closest("button, select, summary, input[type=text]")) return;
    event.preventDefault();
    if (this.store.now?.state !== "finished") this.controls.pressMain();
  }
}

export default mount(RunStore, TrainingView);
