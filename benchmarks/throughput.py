"""What a step costs: the same GAN step run by ganbook and in the ways people run it elsewhere, side by side.

    pip install -e '.[benchmark]'
    python -m benchmarks.throughput [--quick] [--rounds 5] [--seconds 6]
    python -m benchmarks.throughput --sides 32 64 128 --only fit PyTorch    # dcgan on colour images

Every contender has a process of its own and the same number of threads; one works at a time, in turns. All start
from the same weights; before anything is timed, each shows that it learns the same thing: the losses of its first
steps on the same batches and noise must agree with ganbook's. A step is one update of D and one of G.
"""

from __future__ import annotations

import argparse
import importlib
import multiprocessing
import os
import statistics
import time
from typing import Any

import numpy as np

from benchmarks.machine import processor, roof
from benchmarks.steps.problem import Problem, new_problem

CONTENDERS = {
    "frozen combined model": "frozen_model:FrozenModel",
    "frozen, predict_on_batch": "frozen_model:FrozenModelOnBatch",
    "Keras fit": "keras_fit:KerasFit",
    "Keras fit, XLA": "keras_fit:KerasFitXLA",
    "PyTorch": "pytorch:PyTorch",
    "PyTorch compiled": "pytorch:PyTorchCompiled",
    "JAX": "jax_jit:Jax",
    "ganbook": "ganbook_run:Ganbook",
    "ganbook --one-backward": "ganbook_run:GanbookOneBackward",
    "ganbook bfloat16": "ganbook_run:GanbookBfloat16",
}
CHECK_STEPS = 3


def work(where: str, problem: Problem, pipe: Any) -> None:
    """A contender's process: make it, then do what is asked."""
    module, name = where.split(":")
    try:
        contender = getattr(importlib.import_module(f"benchmarks.steps.{module}"), name)(problem)
    except ImportError as error:
        pipe.send(error)
        return
    pipe.send("ready")
    while (order := pipe.recv()) is not None:
        method, *arguments = order
        try:
            pipe.send(rate(contender, *arguments) if method == "rate" else getattr(contender, method)(*arguments))
        except Exception as error:
            pipe.send(error)


def rate(contender: Any, seconds: float) -> float:
    """Steps per second, measured over about that time."""
    if hasattr(contender, "rate"):
        return contender.rate(seconds)
    steps, took = 4, 0.0
    while took < seconds:
        began = time.perf_counter()
        steps = contender.run(steps) or steps
        took = time.perf_counter() - began
        measured = steps / took
        steps = int(measured * seconds * 1.1) + 1
    return measured


class Contender:
    """A contender from outside: its process and the pipe to it."""

    def __init__(self, name: str, problem: Problem, threads: dict[str, str]):
        context = multiprocessing.get_context("spawn")
        self.name, (self.pipe, theirs) = name, context.Pipe()
        os.environ |= threads
        self.process = context.Process(target=work, args=(CONTENDERS[name], problem, theirs), daemon=True)
        self.process.start()
        theirs.close()  # so that its death is noticed
        self._answer()

    def ask(self, *order: Any) -> Any:
        self.pipe.send(order)
        return self._answer()

    def _answer(self) -> Any:
        answer = self.pipe.recv()
        if isinstance(answer, Exception):
            raise answer
        return answer

    def close(self) -> None:
        self.pipe.send(None)
        self.process.join(20)
        self.process.kill()


def flop_of_step(problem: Problem) -> float:
    """Floating-point operations that one step needs in matrix products and convolutions, by separate backward passes.

    G: forward, gradient of its weights, gradient of its layers' inputs. D: the same three for real and for generated
    samples, then a forward pass and the gradient of its input for G's update. Only there is the gradient of a first
    layer's input needed.
    """
    each = [[multiply_adds(layer) for layer in network.layers] for network in problem.pair()]
    (g, g_first), (d, d_first) = ((sum(layers), next(filter(None, layers))) for layers in each)
    return 2 * problem.batch * (3 * g - g_first + 8 * d - 2 * d_first)


def multiply_adds(layer: Any) -> int:
    """Multiply-adds of one sample in a layer."""
    if not layer.weights or not hasattr(layer, "kernel"):
        return 0
    size, shape = int(np.prod(layer.kernel.shape)), layer.kernel.shape
    if len(shape) == 2:
        return size
    transposed = type(layer).__name__ == "Conv2DTranspose"
    places = layer.input.shape[1:3] if transposed else layer.output.shape[1:3]
    return size * places[0] * places[1]


def agree(losses: dict[str, Any], reference: str) -> list[str]:
    """Name the contenders whose losses differ by more than 0.3 % from the reference's."""
    return [name for name, each in losses.items() if not np.allclose(each, losses[reference], rtol=0.003, atol=0)]


def compare(problem: Problem, names: list[str], rounds: int, seconds: float, roofs: dict[str, float]) -> None:
    limits = {"OMP_NUM_THREADS": str(problem.threads), "TF_CPP_MIN_LOG_LEVEL": "3", "KMP_WARNINGS": "0"}
    started: list[Contender] = []
    rng = np.random.default_rng(0)
    images = problem.images()
    real = images[rng.integers(0, len(images), (CHECK_STEPS, problem.batch))]
    losses, rates = {}, {}
    try:
        for name in names:
            try:
                contender = Contender(name, problem, limits)
            except ImportError as error:
                print(f"  {name}: left out, {error}")
                continue
            if not started:
                z = contender.ask("noise", CHECK_STEPS)
            started.append(contender)
            # Only where the same arithmetic is meant: predict() normalises by moving averages, bfloat16 rounds,
            # one backward pass updates both at once.
            if name in ("ganbook --one-backward", "ganbook bfloat16") or (
                name.startswith("frozen") and problem.network == "dcgan"
            ):
                continue
            losses[name] = contender.ask("check", real, z)
        wrong = agree(losses, "ganbook")
        print(f"\n{problem.network}, batch {problem.batch}: losses of D, G after {CHECK_STEPS} equal steps: "
              + "; ".join(f"{name} {each[-1][0]:.4f}, {each[-1][1]:.4f}" for name, each in losses.items())
              + (f"; DIFFERENT: {', '.join(wrong)}" if wrong else "; all agree"))  # fmt: skip
        for contender in started:
            contender.ask("rate", min(seconds, 2.0))  # warm-up: traces, compiles, fills caches
        for turn in range(rounds):
            for contender in started if turn % 2 else started[::-1]:
                rates.setdefault(contender.name, []).append(contender.ask("rate", seconds))
    finally:
        for contender in started:
            contender.close()
    flop = flop_of_step(problem)
    middle = {name: statistics.median(each) for name, each in rates.items()}
    head = f"{problem.network} {problem.shape[0]}×{problem.shape[1]}×{problem.shape[2]}, batch {problem.batch}"
    print(f"\n| {head} | steps/s (median, range) | ganbook is faster by | of float32 roof |\n|---|---|---|---|")
    for name in [name for name in CONTENDERS if name in rates]:
        mine, low, high = middle[name], min(rates[name]), max(rates[name])
        ratio = statistics.median(a / b for a, b in zip(rates["ganbook"], rates[name], strict=True))
        share = flop * mine / 1e9 / roofs["float32"]
        print(f"| {name} | {mine:.1f} ({low:.1f}–{high:.1f}) | {ratio:.2f} | {share:.0%} |", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="a smoke check in under three minutes")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=6, help="each contender's turn")
    parser.add_argument("--sides", type=int, nargs="+", choices=(32, 64, 128), help="colour images instead, for dcgan")
    parser.add_argument("--only", nargs="*", help="parts of contenders' names")
    asked = parser.parse_args()
    threads = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    roofs = {dtype: roof(dtype) for dtype in ("float32", "bfloat16")}
    print(
        f"{processor()}, {threads} threads; 4096² matrix product: "
        + ", ".join(f"{k} {v:.0f} GFLOP/s" for k, v in roofs.items())
    )
    grey = (28, 28, 1)
    problems = [("mlp", batch, grey) for batch in (64, 128, 512)] + [("dcgan", batch, grey) for batch in (64, 128)]
    if asked.sides:
        problems = [("dcgan", 64, (side, side, 3)) for side in asked.sides]
    left_out = set()
    if asked.quick:
        problems, left_out = (
            [("mlp", 128, grey), ("dcgan", 64, grey)],
            {
                "frozen, predict_on_batch",
                "Keras fit, XLA",
                "PyTorch compiled",
                "ganbook --one-backward",
                "ganbook bfloat16",
            },
        )
        asked.rounds, asked.seconds = 2, 1.5
    for network, batch, shape in problems:
        names = [name for name in CONTENDERS if name not in left_out]
        if asked.only:
            names = [name for name in names if any(part in name for part in asked.only) or name == "ganbook"]
        if network == "dcgan":  # XLA has no fast convolutions on a CPU
            slow = {"Keras fit, XLA", *(["JAX"] if asked.sides else [])}
            names = [name for name in names if name not in slow]
        names = ["ganbook", *(name for name in names if name != "ganbook")]
        compare(new_problem(network, batch, threads, shape), names, asked.rounds, asked.seconds, roofs)


if __name__ == "__main__":
    main()
