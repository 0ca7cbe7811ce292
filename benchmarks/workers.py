"""Workers on one machine: the same losses as one process, equal weights, what communication costs, and a kill.

    python benchmarks/workers.py [--networks mlp compact] [--workers 1 2 4] [--steps 60]
    python benchmarks/workers.py --kill

Each worker is a process with one thread, on one core; more workers than cores share them. Bytes are those of the
loopback device: ``unshare -rn sh -c 'ip link set lo up; python benchmarks/workers.py'`` counts nobody else's. The curve
for more machines is computed from the measured bytes and milliseconds, and is no measurement.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

GANBOOK = [sys.executable, "-m", "ganbook.cli", "train"]
OPTIONS = {"jit": "off", "data": "digits", "batch_size": 128, "augment": "none"}
WARM_UP, A_CALL = 20, 10
COLLECTIVES = 3  # a step: D's gradients, G's gradients, the losses
MACHINES = (1, 2, 4, 8, 16, 32, 64)
NETWORKS_GBIT = {"1 Gbit/s": 1e9 / 8, "10 Gbit/s": 10e9 / 8}
ROUND_TRIP = 1e-4  # seconds, of a message between two machines in one building


def loopback_bytes() -> int:
    return int(re.search(r"lo:\s*(\d+)", Path("/proc/net/dev").read_text())[1])


def work(index: int, addresses: list[str], network: str, steps: int, batch_size: int) -> None:
    """Train as one of the workers; write what was measured to stdout."""
    cores = sorted(os.sched_getaffinity(0))
    os.sched_setaffinity(0, {cores[index % len(cores)]})
    from ganbook.utils import backend

    tf = backend.tensorflow()
    tf.config.threading.set_intra_op_parallelism_threads(1)
    from ganbook.config.parser import make
    from ganbook.config.train import TrainConfig
    from ganbook.data import load
    from ganbook.data.batches import Batches
    from ganbook.training import checkpoint, devices
    from ganbook.training.build import new_gan

    strategy = devices.strategy_of_workers(addresses, index) if len(addresses) > 1 else None
    data = load(OPTIONS["data"])
    options = OPTIONS | {"network": network, "batch_size": batch_size}
    config = make(TrainConfig, **options).resolved(len(data), data.shape)
    gan = new_gan(config, data)
    if strategy is not None:
        gan = checkpoint.unpack(*checkpoint.pack(gan), strategy)
    batches, losses = Batches(data.samples, None, batch_size, 0), []
    for call in range(-(-(WARM_UP + steps) // A_CALL)):
        if call * A_CALL == WARM_UP:
            began, cpu, sent = time.perf_counter(), time.process_time(), loopback_bytes()
        losses.append(gan.train_steps(*batches.block(gan.steps_done, A_CALL))[0])
    wall, cpu, sent = time.perf_counter() - began, time.process_time() - cpu, loopback_bytes() - sent
    measured = {
        "ms": wall / steps * 1e3, "cpu_ms": cpu / steps * 1e3, "bytes": sent / steps / len(addresses),
        "losses": [[row["d_loss"], row["g_loss"]] for row in losses], "digest": checkpoint.digest(gan),
        "costs": costs(tf, strategy) if len(addresses) == 2 else None,
        "parameters": int(sum(np.prod(v.shape) for v in gan.trainable_variables)),
    }  # fmt: skip
    print(json.dumps(measured))


def measure(count: int, network: str, steps: int, batch_size: int, first_port: int) -> list[dict]:
    addresses = [f"127.0.0.1:{first_port + index}" for index in range(count)]
    environment = os.environ | {"OMP_NUM_THREADS": "1", "TF_NUM_INTRAOP_THREADS": "1"}
    processes = [  # pinned, and each with one thread
        subprocess.Popen(
            [sys.executable, __file__, "--index", str(index), "--addresses", ",".join(addresses), "--networks", network,
             "--steps", str(steps), "--batch-size", str(batch_size)],
            stdout=subprocess.PIPE, text=True, env=environment,
        )
        for index in range(count)
    ]  # fmt: skip
    return [json.loads(process.communicate()[0].splitlines()[-1]) for process in processes]


def table(network: str, counts: list[int], steps: int) -> None:
    batch, cores, port = OPTIONS["batch_size"], len(os.sched_getaffinity(0)), 24000
    alone: dict[int, dict] = {}
    print(f"\n{network}, batch {batch} in all, {cores} cores, one thread a worker\n")
    print("| workers | ms a step | of it communication | CPU ms a step, all | KB sent a step by each | efficiency | "
          "largest difference of losses | weights |\n|---|---|---|---|---|---|---|---|")  # fmt: skip
    for count in counts:
        # what this part of the batch costs with nobody to talk to
        alone[count] = measure(1, network, steps, batch // count, port)[0]
        found = [alone[1]] if count == 1 else measure(count, network, steps, batch, port + 10)
        port += 20
        on_a_core = -(-count // cores)
        ms = max(worker["ms"] for worker in found)
        waits = 0 if count == 1 else ms - alone[count]["ms"] * on_a_core
        cpu = sum(worker["cpu_ms"] for worker in found)
        ours, theirs = np.array(found[0]["losses"]), np.array(alone[counts[0]]["losses"])
        equal = "equal" if len({worker["digest"] for worker in found}) == 1 else "DIFFER"
        sent = 0 if count == 1 else found[0]["bytes"] / 1e3
        print(f"| {count} | {ms:.1f} | {waits:.1f} | {cpu:.1f} | {sent:,.0f} | "
              f"{alone[counts[0]]['ms'] / ms / min(count, cores):.0%} | {np.abs(ours - theirs).max():.1e} | "
              f"{equal} |")  # fmt: skip
        if count == 2:
            two = found[0]
    if 1 in alone and 2 in alone:
        expect(network, alone[1], two)


def expect(network: str, alone: dict, two: dict) -> None:
    """Print what more machines would do, each with the whole batch that one has now: computed, not measured.

    A ring of N sends 2 (N − 1) messages for each sum, one after the other, and 2 (N − 1)/N times the gradients' bytes.
    What a message and a byte cost the processor is measured between two workers here; the network's part is added.
    """
    size, (message, byte) = 4 * two["parameters"], two["costs"]
    print(f"\nComputed, not measured: times as many images a second as one machine, {network}, "
          f"{OPTIONS['batch_size']} images on each, {size / 1e6:.1f} MB of gradients\n")  # fmt: skip
    print(f"| network | {' | '.join(map(str, MACHINES))} |\n|---{'|---' * len(MACHINES)}|")
    for name, bandwidth in NETWORKS_GBIT.items():
        row = []
        for machines in MACHINES:
            messages = 2 * (machines - 1)
            seconds = alone["ms"] / 1e3 + COLLECTIVES * messages * (message + ROUND_TRIP / 2)
            seconds += messages / machines * size * (byte + 1 / bandwidth)
            row.append(f"{machines * alone['ms'] / 1e3 / seconds:.1f}")
        print(f"| {name} | {' | '.join(row)} |")


def costs(tf, strategy) -> tuple[float, float]:
    """Return seconds of a message between two workers, and of a byte, from a small and a large sum."""

    def seconds(size: int, count: int) -> float:
        def add(x):
            return tf.distribute.get_replica_context().all_reduce("MEAN", tf.identity(x))

        @tf.function(autograph=False)
        def many():
            def once(i, x):
                return i + 1, strategy.experimental_local_results(strategy.run(add, (x,)))[0]

            return tf.while_loop(lambda i, _: i < count, once, (0, tf.zeros([size])), parallel_iterations=1)[1]

        many()
        began = time.perf_counter()
        many().numpy()
        return (time.perf_counter() - began) / count

    small, large = seconds(256, 100), seconds(2**20, 30)
    return small / 2, (large - small) / 2**22


def kill() -> None:
    """Kill a worker in the middle, resume, and compare with an uninterrupted training."""
    runs = Path(tempfile.mkdtemp())
    environment = os.environ | {"GANBOOK_RUNS": str(runs)}
    options = ["--data", "digits", "--network", "mlp", "--jit", "off", "--checkpoint-every", "1", "--steps", "400"]

    def pair(port: int, *words: str) -> list[subprocess.Popen]:
        workers = ["--workers", f"127.0.0.1:{port},127.0.0.1:{port + 1}", "--worker-index"]
        return [
            subprocess.Popen(
                [*GANBOOK, *words, *workers, str(index)], stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True,
                env=environment,
            )
            for index in range(2)
        ]  # fmt: skip

    def last_lines(processes: list[subprocess.Popen]) -> None:
        for name, process in zip(("chief", "worker 1"), processes, strict=True):
            said = [line for line in process.communicate()[1].replace("\r", "\n").splitlines() if "ganbook:" in line]
            print(f"{name}, exit code {process.returncode}: {said[-1] if said else '(nothing)'}")

    print("uninterrupted")
    last_lines(pair(24400, *options, "--name", "whole"))
    print("\nworker 1 is killed")
    chief, worker = pair(24410, *options, "--name", "killed")
    while not any(int(place.name[5:]) > 50 for place in (runs / "killed/checkpoints").glob("step-*")):
        time.sleep(0.05)
    time.sleep(0.5)
    worker.send_signal(signal.SIGKILL)
    began = time.perf_counter()
    last_lines([chief, worker])
    print(f"the chief had ended after {time.perf_counter() - began:.1f} s")
    print("\nresumed")
    last_lines(pair(24420, "--resume", "killed"))
    whole, resumed = (np.load(runs / name / "checkpoints/step-0000400/arrays.npz") for name in ("whole", "killed"))
    different = [name for name in whole.files if not np.array_equal(whole[name], resumed[name])]
    print(f"\n{len(whole.files)} variables, {len(different)} of them differ from the uninterrupted run's")
    shutil.rmtree(runs)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--networks", nargs="+", default=["mlp", "compact"])
    parser.add_argument("--workers", nargs="+", type=int, default=[1, 2, 4])
    parser.add_argument("--steps", type=int, default=60)
    parser.add_argument("--kill", action="store_true")
    parser.add_argument("--index", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--addresses", default="", help=argparse.SUPPRESS)
    parser.add_argument("--batch-size", type=int, default=OPTIONS["batch_size"], help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.index is not None:
        work(options.index, options.addresses.split(","), options.networks[0], options.steps, options.batch_size)
    elif options.kill:
        kill()
    else:
        for network in options.networks:
            table(network, options.workers, options.steps)


if __name__ == "__main__":
    main()
