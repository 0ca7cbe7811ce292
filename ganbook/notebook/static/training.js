// The training panel. One store for each model, any number of views.

import { Store } from "./store.js";
import { Chart, niceTicks } from "./chart.js";
import { Film } from "./film.js";
import { Notes } from "./notes.js";
import { OURS, ago, belief, count, duration, element, number } from "./words.js";

const NARROW = 720;
const GAP = 20;
const CHART_LEAST = 330;
const SHEET_MOST = 480;
const PLOT_LEAST = 136, PLOT_LEAST_OF_THREE = 84, PLOT_MOST = 224, PLOT_GAP = 10;

const STATE_WORDS = { pause: "pausing…", stop: "stopping…", save: "saving…", resume: "resuming…", step: "stepping…", extend: "starting…" };

class View {
  constructor(store, root) {
    this.store = store;
    this.axis = "step";
    this.hovered = null;
    this.film = new Film(store);
    this.notes = new Notes(store);
    this.card = this.#card();
    root.append(this.card);
    this.stop = store.watch(() => this.draw());
    // Drawing is cheap only when little is drawn: sizes are taken when they change, charts when someone can see them.
    this.sized = new ResizeObserver(() => this.#resized());
    this.sized.observe(this.card);
    this.sized.observe(this.notes.el);
    this.seen = new IntersectionObserver((entries) => {
      this.inSight = entries.at(-1).isIntersecting;
      if (this.inSight) this.draw();
    });
    this.seen.observe(this.body);
    this.film.image.addEventListener("load", () => this.#resized());
    this.#resized();
  }

  close() {
    this.stop();
    this.sized.disconnect();
    this.seen.disconnect();
    this.film.close();
  }

  #card() {
    const button = (text, title, press) => element("button", { type: "button", title, onclick: press }, text);
    const { store } = this;
    this.main = button("Pause", "Space", () => this.#main());
    this.step = button("Step", "Train one step, then pause", () => store.press("step"));
    this.end = button("Stop", "Save and end; Resume goes on from there", () => store.press("stop"));
    this.save = button("Save", "Write a checkpoint now", () => store.press("save"));
    this.main.classList.add("gb-primary");
    const onHover = (index) => {
      this.hovered = index;
      this.draw();
    };
    this.losses = new Chart({
      title: "Loss", onHover, ticks: niceTicks, tickText: tick, value: number,
      lines: [{ name: "g_loss", label: "generator", who: "g" }, { name: "d_loss", label: "discriminator", who: "d" }],
    });
    this.beliefs = new Chart({
      title: "What D believes", onHover, ticks: () => [0, 0.5, 1], tickText: (v) => ({ 0: "0", 0.5: "½", 1: "1" })[v], value: belief,
      lines: [{ name: "d_fake", label: "D(G(z)) fakes", who: "g" }, { name: "d_real", label: "D(x) reals", who: "d" }],
    });
    this.quality = new Chart({
      title: "Distance to real images", onHover, ticks: niceTicks, tickText: tick, value: number,
      lines: [{ name: "frechet", label: "Fréchet, averaged G", who: "g", sparse: true }],
    });
    this.quality.el.hidden = true;
    this.name = element("h3");
    this.summary = element("span", { class: "gb-options" });
    this.state = element("span", { class: "gb-state" });
    this.bar = element("i");
    this.progress = element("div", { class: "gb-progress", role: "progressbar", "aria-label": "Progress", "aria-valuemin": "0", "aria-valuemax": "100" }, this.bar);
    this.foot = Object.fromEntries(["done", "left", "speed", "beliefs", "augment", "saved"].map((key) => [key, element("span", { class: `gb-${key}` })]));
    const select = element("select", { "aria-label": "Horizontal axis", onchange: () => this.#chooseAxis(select.value) },
      element("option", { value: "step" }, "by step"), element("option", { value: "seconds" }, "by time"));
    this.used = element("dl");
    this.folder = element("code");
    this.live = element("div", { class: "gb-unseen", role: "status", "aria-live": "polite" });
    this.side = element("div", { class: "gb-side" }, this.losses.el, this.beliefs.el, this.quality.el, this.notes.el);
    this.body = element("div", { class: "gb-body" }, this.film.el, this.side);
    return element("section", { class: "gb gb-training", tabindex: "-1", [OURS]: "true", onkeydown: (event) => this.#key(event) },
      element("header", {}, element("div", { class: "gb-title" }, this.name, this.summary), this.state,
        element("div", { class: "gb-controls" }, this.main, this.step, this.end, this.save)),
      this.progress,
      this.body,
      element("footer", {}, ...Object.values(this.foot), select),
      element("details", { class: "gb-used" }, element("summary", {}, "Options used"), this.used, element("p", {}, "Folder ", this.folder)),
      this.live);
  }

  draw() {
    const { store, film } = this;
    this.notes.draw();
    film.draw();
    if (!store.head) {
      this.name.textContent = "Training";
      this.state.textContent = "connecting…";
      for (const control of [this.main, this.step, this.end, this.save]) control.disabled = true;
      return;
    }
    this.#header();
    this.#progress();
    this.#charts();
    this.#foot();
    this.#options();
    const said = this.notes.spoken(this.word);
    if (this.live.textContent !== said) this.live.textContent = said;
  }

  #resized() {
    this.#layOut();
    this.drawnCurves = null;
    this.draw();
  }

  #charts() {
    const { store, axis, hovered } = this;
    // Browser and training share the processor: growing curves are redrawn once a second.
    const fresh = performance.now() - this.chartsAt < 1000;
    if (fresh && store.now.state === "training" && this.drawnCurves?.endsWith(` ${axis} ${hovered}`)) return;
    const shown = `${store.curvesVersion} ${axis} ${hovered}`;
    if (!this.inSight || shown === this.drawnCurves) return;
    this.drawnCurves = shown;
    this.chartsAt = performance.now();
    const measured = store.curves.columns.frechet.some((v) => v != null);
    if (this.quality.el.hidden === measured) {
      this.quality.el.hidden = !measured;
      this.#layOut();
    }
    for (const chart of this.#shown()) chart.draw(store.curves, axis, hovered);
  }

  #shown() {
    return [this.losses, this.beliefs, this.quality].filter((chart) => !chart.el.hidden);
  }

  #layOut() {
    const wide = this.card.clientWidth;
    if (!wide) return;
    const inner = wide - 28;
    const narrow = wide < NARROW;
    this.card.classList.toggle("gb-narrow", narrow);
    const left = this.film.size(narrow ? Math.min(inner, SHEET_MOST) : Math.min(SHEET_MOST, inner - GAP - CHART_LEAST));
    this.body.style.gridTemplateColumns = narrow ? "minmax(0, 1fr)" : `${left}px minmax(0, 1fr)`;
    // The charts take what the notes leave of the height of the samples, so that the card does not jump.
    const notes = this.notes.el.offsetHeight;
    const shown = this.#shown();
    const room = this.film.el.offsetHeight - (notes ? notes + PLOT_GAP : 0) - (shown.length - 1) * PLOT_GAP;
    const legends = shown.reduce((sum, chart) => sum + chart.legend.offsetHeight, 0);
    const least = shown.length > 2 ? PLOT_LEAST_OF_THREE : PLOT_LEAST;
    const plot = narrow ? PLOT_LEAST : Math.max(least, Math.min(PLOT_MOST, Math.floor((room - legends) / shown.length)));
    this.card.style.setProperty("--gb-plot", `${plot}px`);
  }

  #header() {
    const { store } = this;
    const { now, pressed } = store;
    this.word = store.silent ? "no kernel" : store.gone ? "folder gone" : pressed ? STATE_WORDS[pressed] : now.state;
    if (this.state.textContent !== this.word) this.state.textContent = this.word;
    const off = store.silent || !store.heard || Boolean(store.gone) || ["pause", "stop"].includes(pressed);
    const { state } = now;
    this.main.textContent = store.going || state === "queued" ? "Pause" : state === "finished" ? `+${this.#more().text}` : "Resume";
    this.main.title = state === "finished" ? "Train this much longer" : "Space";
    this.main.disabled = off || state === "queued";
    this.step.disabled = off || !["training", "paused", "stopped", "failed"].includes(state);
    this.end.disabled = off || !store.active;
    this.save.disabled = off || pressed === "save" || !["training", "paused"].includes(state);
  }

  // How much "longer" is: as much as was asked for, up to 1,000 steps or a minute.
  #more() {
    const { steps_wanted: steps, seconds_wanted: seconds } = this.store.now;
    if (steps) return { budget: "steps", count: Math.min(steps, 1000), text: `${count(Math.min(steps, 1000))} steps` };
    return { budget: "seconds", count: Math.min(seconds, 60), text: `${count(Math.min(seconds, 60))} s` };
  }

  #main() {
    if (this.store.now.state === "finished" && !this.store.going) {
      const { budget, count: howMany } = this.#more();
      this.store.press("extend", { budget, count: howMany });
    } else this.store.press(this.store.going ? "pause" : "resume");
  }

  #progress() {
    const { now } = this.store;
    const share = now.steps_wanted ? now.step / now.steps_wanted : this.#seconds() / now.seconds_wanted;
    const percent = Math.max(0, Math.min(100, 100 * share));
    const waiting = now.state === "preparing" && !this.store.silent;
    this.bar.style.width = waiting ? "" : `${percent}%`;
    this.progress.classList.toggle("gb-waiting", waiting);
    this.progress.setAttribute("aria-valuenow", percent.toFixed(0));
  }

  #seconds() {
    return this.store.now.seconds;
  }

  #foot() {
    const { store, foot } = this;
    const { now, curves } = store;
    const fill = (el, strong, rest) => {
      if (el.textContent !== strong + rest) el.replaceChildren(element("b", {}, strong), rest);
    };
    if (now.steps_wanted) fill(foot.done, count(now.step), ` of ${count(now.steps_wanted)} steps`);
    else fill(foot.done, duration(now.seconds), ` of ${duration(now.seconds_wanted)} · ${count(now.step)} steps`);
    const going = now.state === "training";
    const left = this.#left();
    fill(foot.left, left == null ? "–:––" : duration(left), " left");
    foot.left.hidden = now.state === "finished";
    const speeds = curves.columns.images_per_second.slice(-10).filter((v) => v != null);
    fill(foot.speed, going && speeds.length ? count(speeds.reduce((a, b) => a + b) / speeds.length) : "–", " images/s");
    fill(foot.beliefs, `D(x) ${belief(curves.last("d_real"))} · D(G(z)) ${belief(curves.last("d_fake"))}`, "");
    const augment = curves.last("augment_probability");
    foot.augment.hidden = augment == null;
    fill(foot.augment, `augmentation ${belief(augment)}`, "");
    const age = now.checkpoint_age == null ? null : now.checkpoint_age + (performance.now() - store.nowAt) / 1000;
    const kept = store.active ? (age == null ? "" : `checkpoint ${ago(age)}`) : now.checkpoint == null ? "" : `saved at step ${count(now.checkpoint)}`;
    if (foot.saved.textContent !== kept) foot.saved.textContent = kept;
  }

  #left() {
    const { now, curves } = this.store;
    if (!now.steps_wanted) return now.seconds_wanted - now.seconds;
    const { step, seconds } = curves.columns;
    const from = Math.max(0, step.length - 25);
    const pace = step.length > from + 1 ? (step.at(-1) - step[from]) / (seconds.at(-1) - seconds[from]) : 0;
    return pace > 0 ? (now.steps_wanted - now.step) / pace : null;
  }

  #options() {
    const { head } = this.store;
    if (this.drawnHead === head) return;
    this.drawnHead = head;
    this.name.textContent = head.name;
    this.card.setAttribute("aria-label", `Training of ${head.name}`);
    this.summary.textContent = head.summary.join(" · ");
    this.used.replaceChildren(...head.options.map(([name, value]) => element("div", {}, element("dt", {}, name), element("dd", {}, value))));
    this.folder.textContent = head.folder;
  }

  #chooseAxis(axis) {
    this.axis = axis;
    this.draw();
  }

  // Space belongs to buttons where they have the focus, and to Pause elsewhere.
  #key(event) {
    if (event.key !== " " || event.target.closest("button, select, summary")) return;
    event.preventDefault();
    if (!this.main.disabled && this.store.now.state !== "finished") this.#main();
  }
}

function tick(value) {
  const size = Math.abs(value);
  if (size >= 10000 || (size > 0 && size < 0.001)) return value.toExponential(0).replace("e+", "e");
  return String(Number(value.toPrecision(3)));
}

export default () => {
  let store;
  return {
    initialize({ model }) {
      store = new Store(model);
      return () => store.close();
    },
    render({ model, el }) {
      // The picture for pages without a kernel is not shown beside a live panel.
      const still = `.ganbook-still-${CSS.escape(model.get("key"))}`;
      el.append(element("style", {}, `${still}, .jp-OutputArea-child:has(${still}) { display: none; }`));
      const view = new View(store, el);
      store.send({ do: "hello" });
      return () => {
        view.close();
        try {
          model.send({ do: "bye" });
        } catch {
          // no kernel to tell
        }
      };
    },
  };
};
