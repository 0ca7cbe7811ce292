// What is trained, and how: each change begins anew.

import { button, element } from "../shared/dom.js";

const RATES = [1e-5, 1e-4, 2e-4, 5e-4, 1e-3, 2e-3, 5e-3, 1e-2, 5e-2];
const WEIGHTS = [0.001, 0.01, 0.1, 1, 10];
const WIDTHS = [1, 4, 8, 16, 32, 64, 128, 256];
const WORDS_OF = {
  wasserstein: "Wasserstein",
  leaky_relu: "leaky ReLU",
  relu: "ReLU",
  elu: "ELU",
  silu: "SiLU",
};
const PENALTIES = {
  none: ["none", []],
  r1: ["R1", ["r1"]],
  r2: ["R2", ["r2"]],
  both: ["R1 + R2", ["r1", "r2"]],
  gp: ["gradient penalty", ["gradient_penalty"]],
};
const USUAL_WEIGHT = { r1: 0.1, r2: 0.1, both: 0.1, gp: 10 };

export class Recipe {
  constructor(store, startDrawing) {
    this.store = store;
    this.controls = {};
    const change = (name) => (value) => store.restart({ [name]: value });
    const number = (name) => (value) => store.restart({ [name]: Number(value) });
    this.data = this.#select("data", "data", change("data"));
    this.draw_ = button("Draw…", "Draw your own distribution", startDrawing);
    this.rows = [
      element("div", { class: "gb-field gb-wide" }, this.data, this.draw_),
      this.#select("loss", "loss", change("loss")),
      this.#select("penalty", "penalty on D", (value) => this.#penalize(value)),
      this.#select("weight", "its weight", (value) => this.#penalize(this.penalty, Number(value))),
      this.#select("learning_rate", "rate of G", number("learning_rate")),
      this.#select("d_learning_rate", "rate of D", number("d_learning_rate")),
      this.#select("beta_1", "Adam's β₁", number("beta_1")),
      this.#select("critic_steps", "D steps a step of G", number("critic_steps")),
      this.#select("width", "width", (value) => this.#shape(Number(value), this.depth)),
      this.#select("depth", "hidden layers", (value) => this.#shape(this.width, Number(value))),
      this.#select("activation", "activation", change("activation")),
      this.#select("latent_dim", "dimensions of z", number("latent_dim")),
      this.#select("noise", "noise", change("noise")),
      this.#select("batch_size", "batch", number("batch_size")),
      this.#select("ema_half_life", "EMA half-life", number("ema_half_life")),
      this.#seed(),
    ];
    this.el = element(
      "fieldset",
      { class: "gb-recipe" },
      element("legend", {}, "Recipe", element("span", {}, "a change begins again at step 0")),
      ...this.rows,
    );
  }

  draw() {
    const { store, controls } = this;
    this.el.disabled = store.silent || !store.now || store.restarting;
    if (!store.about || this.drawn === store.about) return;
    this.drawn = store.about;
    const { recipe, choices, data, named } = store.about;
    const active = Object.entries(PENALTIES).find(([, [, names]]) => same(names, recipe));
    this.penalty = active?.[0] ?? "none";
    const weight = PENALTIES[this.penalty][1].map((name) => recipe[name])[0] ?? 0;
    const widths = String(recipe.hidden ?? "")
      .split(",")
      .map(Number);
    [this.width, this.depth] = [widths[0], widths.length];
    const datas = Object.keys(choices.data).map((name) => [name, name, choices.data[name]]);
    fill(controls.data, named && choices.data[data] ? datas : [[data, data], ...datas], data);
    fill(
      controls.loss,
      choices.loss.map((name) => [name, WORDS_OF[name] ?? name]),
      recipe.loss,
    );
    fill(
      controls.penalty,
      Object.entries(PENALTIES).map(([key, [text]]) => [key, text]),
      this.penalty,
    );
    fill(controls.weight, numbers(WEIGHTS, weight), weight);
    controls.weight.disabled = this.penalty === "none";
    fill(controls.learning_rate, numbers(RATES, recipe.learning_rate), recipe.learning_rate);
    fill(controls.d_learning_rate, numbers(RATES, recipe.d_learning_rate), recipe.d_learning_rate);
    fill(controls.beta_1, numbers([0, 0.5, 0.9], recipe.beta_1), recipe.beta_1);
    fill(controls.critic_steps, numbers([1, 2, 5, 10], recipe.critic_steps), recipe.critic_steps);
    fill(controls.width, numbers(WIDTHS, this.width), this.width);
    fill(controls.depth, numbers([1, 2, 3, 4], this.depth), this.depth);
    fill(
      controls.activation,
      choices.activation.map((name) => [name, WORDS_OF[name] ?? name]),
      recipe.activation,
    );
    fill(controls.latent_dim, numbers([1, 2, 4, 8, 16], recipe.latent_dim), recipe.latent_dim);
    fill(
      controls.noise,
      [
        ["gaussian", "Gaussian"],
        ["uniform", "uniform"],
      ],
      recipe.noise,
    );
    fill(controls.batch_size, numbers([4, 16, 64, 128, 256, 512, 1024], recipe.batch_size), recipe.batch_size);
    fill(controls.ema_half_life, numbers([1000, 20000, 100000, 500000], recipe.ema_half_life), recipe.ema_half_life);
    controls.seed.value = recipe.seed;
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
    if (Number.isInteger(value) && value >= 0 && value < 2 ** 31) this.store.restart({ seed: value });
    else this.controls.seed.value = this.store.about.recipe.seed;
  }

  #penalize(key, weight = USUAL_WEIGHT[key] ?? 0) {
    const names = PENALTIES[key][1];
    const chosen = ["r1", "r2", "gradient_penalty"].map((name) => [name, names.includes(name) ? weight : 0]);
    this.store.restart(Object.fromEntries(chosen));
  }

  #shape(width, depth) {
    this.store.restart({ hidden: Array(depth).fill(width).join(",") });
  }
}

function same(names, recipe) {
  return ["r1", "r2", "gradient_penalty"].every((name) => names.includes(name) === recipe[name] > 0);
}

// Choices in order, with the value that is set among them.
function numbers(values, value) {
  const all = [...new Set([...values, value])].filter((v) => v != null).sort((a, b) => a - b);
  return all.map((v) => [v, written(v)]);
}

function written(value) {
  if (value === 0 || value >= 0.01) return value.toLocaleString("en-US");
  return value.toExponential().replace("e-", "e−");
}

function fill(select, options, value) {
  const made = options.map(([key, text, title]) => element("option", { value: key, title }, text));
  select.replaceChildren(...made);
  select.value = String(value);
}
