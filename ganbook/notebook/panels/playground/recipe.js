// What is trained, and how: each change begins anew.

import { button, element, setText } from "../shared/dom.js";
import { help } from "../shared/help.js";

const RATES = [1e-5, 1e-4, 2e-4, 5e-4, 1e-3, 2e-3, 5e-3, 1e-2, 5e-2];
const WEIGHTS = [0.001, 0.01, 0.1, 1, 10];
const HALF_LIVES = [1000, 2000, 4000, 8000];
const WIDTHS = [1, 4, 8, 16, 32, 64, 128, 256];
const WORDS_OF = {
  wasserstein: "Wasserstein",
  leaky_relu: "leaky ReLU",
  relu: "ReLU",
  elu: "ELU",
  silu: "SiLU",
  gaussian: "Gaussian",
  adam: "Adam",
  sgd: "SGD",
};
const PENALTIES = {
  none: ["none", []],
  r1: ["R1", ["r1"]],
  r2: ["R2", ["r2"]],
  both: ["R1 + R2", ["r1", "r2"]],
  gp: ["gradient penalty", ["gradient_penalty"]],
};
const USUAL_WEIGHT = { r1: 0.1, r2: 0.1, both: 0.1, gp: 0.1 };

// What may differ between two recipes side by side; all else belongs to both.
export const DIFFERENT = ["loss", "penalty", "weight", "learning_rate", "d_learning_rate", "beta_1"];
const LABELS = {
  loss: "loss",
  penalty: "penalty on D",
  weight: "its weight",
  learning_rate: "rate of G",
  d_learning_rate: "rate of D",
  beta_1: "Adam's β₁",
  optimizer: "optimiser",
  rate_half_life: "rates halve every",
  critic_steps: "D steps a step of G",
  width: "width",
  depth: "hidden layers",
  activation: "activation",
  latent_dim: "dimensions of z",
  noise: "noise",
  batch_size: "batch",
  ema_half_life: "EMA half-life",
};
const WRITTEN = new Set(["loss", "activation", "noise", "optimizer"]);

// names: which options; side: 0 or 1 of two recipes whose options they are, or null for both
export class Recipe {
  constructor(store, names, side, label) {
    Object.assign(this, { store, names, side });
    this.controls = {};
    this.fields = Object.fromEntries(names.map((name) => [name, this.#field(name)]));
    this.el = element("fieldset", { class: "gb-recipe", "aria-label": label }, ...Object.values(this.fields));
  }

  // The options of both recipes, with data and seed.
  static whole(store, startDrawing) {
    const recipe = new Recipe(store, Object.keys(LABELS), null, "Recipe");
    const data = recipe.#select("data", "data", (value) => recipe.#change({ data: value }));
    const draw = button("Draw…", "Draw your own distribution", startDrawing);
    recipe.title = element("b", {}, "Recipe");
    recipe.el.prepend(
      element("legend", {}, recipe.title, help("recipe"), element("span", {}, "a change begins again at step 0")),
      element("div", { class: "gb-field gb-wide" }, data, draw),
    );
    recipe.el.append(recipe.#seed());
    return recipe;
  }

  draw() {
    const { store, controls } = this;
    this.el.disabled = store.silent || !store.now || store.restarting;
    if (!store.about || this.drawn === store.about) return;
    this.drawn = store.about;
    const { choices, data, named } = store.about;
    const { recipe } = store.sides[this.side ?? 0];
    if (!recipe) return;
    const active = Object.entries(PENALTIES).find(([, [, names]]) => same(names, recipe));
    this.penalty = active?.[0] ?? "none";
    const weight = PENALTIES[this.penalty][1].map((name) => recipe[name])[0] ?? 0;
    const widths = String(recipe.hidden ?? "")
      .split(",")
      .map(Number);
    [this.width, this.depth] = [widths[0], widths.length];
    const options = {
      loss: [words(choices.loss), recipe.loss],
      penalty: [Object.entries(PENALTIES).map(([key, [text]]) => [key, text]), this.penalty],
      weight: [numbers(WEIGHTS, weight), weight],
      learning_rate: [numbers(RATES, recipe.learning_rate), recipe.learning_rate],
      d_learning_rate: [numbers(RATES, recipe.d_learning_rate), recipe.d_learning_rate],
      beta_1: [numbers([0, 0.5, 0.9], recipe.beta_1), recipe.beta_1],
      optimizer: [words(["adam", "sgd"]), recipe.optimizer],
      rate_half_life: [[["", "never"], ...steps(HALF_LIVES, recipe.rate_half_life)], recipe.rate_half_life ?? ""],
      critic_steps: [numbers([1, 2, 5, 10], recipe.critic_steps), recipe.critic_steps],
      width: [numbers(WIDTHS, this.width), this.width],
      depth: [numbers([1, 2, 3, 4], this.depth), this.depth],
      activation: [words(choices.activation), recipe.activation],
      latent_dim: [numbers([1, 2, 4, 8, 16], recipe.latent_dim), recipe.latent_dim],
      noise: [words(["gaussian", "uniform"]), recipe.noise],
      batch_size: [numbers([4, 16, 64, 128, 256, 512, 1024], recipe.batch_size), recipe.batch_size],
      ema_half_life: [numbers([1000, 20000, 100000, 500000], recipe.ema_half_life), recipe.ema_half_life],
    };
    for (const name of this.names) fill(controls[name], ...options[name]);
    if (controls.beta_1) controls.beta_1.disabled = recipe.optimizer !== "adam";
    if (controls.weight) controls.weight.disabled = this.penalty === "none";
    if (!controls.data) return;
    const datas = Object.keys(choices.data).map((name) => [name, name, choices.data[name]]);
    fill(controls.data, named && choices.data[data] ? datas : [[data, data], ...datas], data);
    controls.seed.value = recipe.seed;
    for (const name of DIFFERENT) this.fields[name].hidden = store.paired;
    setText(this.title, store.paired ? "Both recipes" : "Recipe");
    this.el.setAttribute("aria-label", this.title.textContent);
  }

  #change(options) {
    this.store.restart(options, this.side);
  }

  #field(name) {
    const changed = {
      penalty: (value) => this.#penalize(value),
      weight: (value) => this.#penalize(this.penalty, Number(value)),
      width: (value) => this.#shape(Number(value), this.depth),
      depth: (value) => this.#shape(this.width, Number(value)),
      rate_half_life: (value) => this.#change({ rate_half_life: value ? Number(value) : null }),
    };
    const usual = (value) => this.#change({ [name]: WRITTEN.has(name) ? value : Number(value) });
    return this.#select(name, LABELS[name], changed[name] ?? usual);
  }

  #select(name, label, changed) {
    const select = element("select", { onchange: () => changed(select.value), "data-option": name });
    this.controls[name] = select;
    return element("label", { class: "gb-field" }, element("span", {}, label), select);
  }

  #seed() {
    const input = element("input", {
      type: "number",
      min: 0,
      step: 1,
      "data-option": "seed",
      onchange: () => this.#reseed(),
    });
    this.controls.seed = input;
    return element("label", { class: "gb-field" }, element("span", {}, "seed"), input);
  }

  #reseed() {
    const value = Number(this.controls.seed.value);
    if (Number.isInteger(value) && value >= 0 && value < 2 ** 31) this.#change({ seed: value });
    else this.controls.seed.value = this.store.sides[0].recipe.seed;
  }

  #penalize(key, weight = USUAL_WEIGHT[key] ?? 0) {
    const names = PENALTIES[key][1];
    const chosen = ["r1", "r2", "gradient_penalty"].map((name) => [name, names.includes(name) ? weight : 0]);
    this.#change(Object.fromEntries(chosen));
  }

  #shape(width, depth) {
    this.#change({ hidden: Array(depth).fill(width).join(",") });
  }
}

// Loss and penalties, in words.
export function objective(recipe) {
  const penalties = [
    ["R1", recipe.r1],
    ["R2", recipe.r2],
    ["gradient penalty", recipe.gradient_penalty],
  ].filter(([, weight]) => weight);
  return [recipe.loss, ...penalties.map(([name, weight]) => `${name} ${weight}`)];
}

function same(names, recipe) {
  return ["r1", "r2", "gradient_penalty"].every((name) => names.includes(name) === recipe[name] > 0);
}

// Choices in order, with the value that is set among them.
function numbers(values, value) {
  const all = [...new Set([...values, value])].filter((v) => v != null).sort((a, b) => a - b);
  return all.map((v) => [v, written(v)]);
}

const steps = (values, value) => numbers(values, value).map(([v, text]) => [v, `${text} steps`]);

function written(value) {
  if (value === 0 || value >= 0.01) return value.toLocaleString("en-US");
  return value.toExponential().replace("e-", "e−");
}

// Choices by name.
export const words = (names) => names.map((name) => [name, WORDS_OF[name] ?? name]);

export function fill(select, options, value) {
  const made = options.map(([key, text, title]) => element("option", { value: key, title }, text));
  select.replaceChildren(...made);
  select.value = String(value);
}
