// The chart of the discriminator's output, as Chart takes it.

import { probability } from "./format.js";

export const DISCRIMINATOR_OUTPUT = {
  title: "Discriminator output",
  ticks: () => [0, 0.5, 1],
  tickText: (v) => ({ 0: "0", 0.5: "½", 1: "1" })[v],
  value: probability,
  lines: [
    { name: "d_fake", label: "D(G(z)), fake", who: "g" },
    { name: "d_real", label: "D(x), real", who: "d" },
  ],
};
