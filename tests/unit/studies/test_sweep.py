"""A sweep: shared by processes, continued after kills, honest about seeds."""

import json
import os
import signal
import subprocess
import sys
import time

import numpy as np
import pytest

import ganbook as gb
from ganbook.config.space import parse
from ganbook.studies.sweep_plan import METRICS, Plan, read
from ganbook.studies.sweep_results import SweepResults
from ganbook.studies.sweep_trials import Trials

# A network so small that steps are quick even while other tests run.
TINY = {"network": "mlp", "hidden": "8", "latent_dim": 4, "batch_size": 8, "jit": "off", "image_size": 8}


def no_refusal(params):
    return ""


@pytest.fixture
def trials(tmp_path):
    return Trials(tmp_path, parse({"r1": (0.1, 10.0, "log"), "loss": ["hinge", "relativistic"]}), False, seed=0)


def test_two_processes_share_trials_and_what_one_leaves_is_tried_again_by_the_other(trials, tmp_path):
    other = Trials(tmp_path, parse(["r1=0.1:10:log", "loss=hinge,relativistic"]), False, seed=0)
    first, second = trials.next(3, no_refusal), other.next(3, no_refusal)
    assert [first.name, second.name] == ["trial-000", "trial-001"]
    assert first.params != second.params
    trials.finish(first, 2.0)
    first.release()
    second.release()  # as the system does when a process is killed
    again = trials.next(3, no_refusal)
    assert (again.name, again.params) == (second.name, second.params)
    third = other.next(3, no_refusal)
    assert third.name not in (first.name, again.name)
    assert trials.next(3, no_refusal) is None
    for _ in range(2):  # whose process dies again and again
        again.release()
        again = trials.next(3, no_refusal)
    assert again is None


def test_what_makes_no_training_is_neither_done_nor_counted(trials):
    job = trials.next(1, lambda params: "no hinge here" if params["loss"] == "hinge" else "")
    assert job.params["loss"] == "relativistic"
    trials.finish(job, 1.0)
    job.release()
    assert trials.next(1, no_refusal) is None
    with pytest.raises(ValueError, match="50 combinations .* cannot be trained: never"):
        trials.next(2, lambda params: "never")


def test_the_worse_half_ends_early_once_there_is_something_to_compare_with(trials):
    for value in (1.0, 2.0, 3.0, 4.0, 5.0):
        job = trials.next(10, no_refusal)
        assert not any(trials.report(job, rung, value) for rung in range(1, 11))
        trials.finish(job, value)
        job.release()
    good, bad = trials.next(10, no_refusal), trials.next(10, no_refusal)
    assert not any(trials.report(good, rung, 0.5) for rung in range(1, 5))
    assert [trials.report(bad, rung, 9.0) for rung in (1, 2, 3)] == [False, False, True]


def a_run(folder, name, value, *, seconds=10.0):
    """What a finished training leaves, as far as results read it."""
    run = folder / "runs" / name
    run.mkdir(parents=True)
    (run / "config.json").write_text(json.dumps({"options": {"batch_size": 8}}))
    (run / "history.csv").write_text(
        f"step,seconds,images_per_second,d_loss,g_loss,frechet\n50,5.1,80,1,1,{2 * value}\n100,{seconds},80,1,1,{value}"
        "\n"
    )


def a_sweep(folder, trials, values, seeds):
    """A sweep with these values of its trials, the first of which are the defaults, and of their other seeds."""
    for index, value in enumerate(values):
        if index == 0:
            trials.begin_with({"r1": 1.0, "loss": "relativistic"})
        job = trials.next(len(values), no_refusal)
        a_run(folder, job.name, value)
        trials.finish(job, value)
        job.release()
        for seed, other in enumerate(seeds[index], start=1):
            a_run(folder, f"{job.name}-seed-{seed}", other)
    data = {"name": "digits", "source": "digits", "fingerprint": "0" * 16}
    plan = Plan(data, trials._space, {"seconds": 10.0, "hold_out": 2000}, "frechet", True)
    return SweepResults(folder, plan, trials)


def test_a_difference_within_the_spread_of_seeds_is_said_to_be_none(trials, tmp_path):
    spread = [(20.1, 19.8, 20.3), (10.0, 10.4, 9.7), (10.2, 9.9, 10.5), (), ()]
    results = a_sweep(tmp_path, trials, [20.0, 9.0, 9.5, 12.0, 30.0], spread)
    assert results.finalists() == ["trial-001", "trial-002", "trial-003", "trial-000"]
    assert [name for name, _ in results.seeds_left(3)] == [f"trial-003-seed-{seed}" for seed in (1, 2, 3)]
    assert not results.is_complete(5, 3)
    for seed, value in enumerate((12.1, 12.0, 12.3), start=1):
        a_run(tmp_path, f"trial-003-seed-{seed}", value)
    assert results.is_complete(5, 3)
    assert results.best(3) == "trial-001"
    verdict = results.verdict(3)
    assert "Best: trial-001, Fréchet distance 10.03 ± 0.35 over 3 other seeds" in verdict
    assert "Not different from trial-002" in verdict
    assert "Better than trial-003" in verdict
    assert "Better than the defaults (20.07 ± 0.25) by 10" in verdict
    table = results.table()
    assert list(table["trial"]) == ["trial-001", "trial-002", "trial-003", "trial-000", "trial-004"]
    assert results.rungs("trial-001") == [(5, 18.0), *((rung, 18.0) for rung in range(6, 10)), (10, 9.0)]
    assert len(results.plot().axes) == 3  # with importances


def test_failures_are_counted_and_said_and_no_seeds_advised_where_they_failed(trials, tmp_path):
    results = a_sweep(tmp_path, trials, [20.0, 9.0], [(), ()])
    job = trials.next(3, no_refusal)
    trials.prune(job, "Not a number")
    job.release()
    assert results.failures(1) == {job.name: "Not a number"}
    for name, _ in results.seeds_left(2):
        if name.endswith("seed-1"):
            a_run(tmp_path, name, 8.0)
        else:
            results.note_failure(name, "killed")
    assert results.is_complete(3, 2)
    assert results.progress(3, 2) == (7.0, 7)
    assert set(results.failures(2)) == {job.name, "trial-000-seed-2", "trial-001-seed-2"}
    assert "one seed cannot tell, and others failed" in results.verdict(2)
    assert "one seed cannot tell: give --seeds 2 or more" in results.verdict(1)


def test_where_all_fail_it_is_said_why(trials, tmp_path):
    results = a_sweep(tmp_path, trials, [], [])
    job = trials.next(1, no_refusal)
    trials.prune(job, "Not a number")
    job.release()
    assert results.verdict(2) == f"No trial has finished yet.\n{job.name} failed: Not a number"


def test_mistakes_are_one_clear_line_and_change_nothing(tmp_path, digits):
    def refuse(data="digits", space=("r1=0.1:10:log",), **options):
        with pytest.raises((ValueError, OSError), match="[a-z]") as caught:
            gb.studies.sweep(data, space, folder=tmp_path / "new", wait=False, **options)
        assert not (tmp_path / "new").exists()
        assert "\n" not in str(caught.value)
        return str(caught.value)

    assert "--r1 is given and tried" in refuse(r1=1.0)
    assert "--name is chosen by the sweep" in refuse(name="x")
    assert "did you mean batch_size" in refuse(batch_sise=3)
    assert "minutes leave" in refuse(minutes=1)
    assert "points" in refuse("ring")
    assert "needs 200 or more" in refuse(digits.images[:120])
    assert "psnr is not measured by --task generate" in refuse(metric="psnr")
    assert "no combination of what is tried can be trained" in refuse(space=["loss=hinge"], one_backward=True)
    (tmp_path / "new").write_text("")
    with pytest.raises(FileExistsError, match="is a file"):
        gb.studies.sweep("digits", ["r1=1,2"], folder=tmp_path / "new")


def test_a_folder_of_another_sweep_or_of_other_data_is_refused(tmp_path, digits):
    from ganbook.config.sweep import SweepConfig
    from ganbook.studies.sweep_plan import begin, planned

    def plan_of(data=digits.images[:300], space=("r1=0.1:10:log",), **options):
        return planned(data, space, SweepConfig(), {"seconds": 9, **options})

    begin(tmp_path / "sweep", *plan_of())
    assert begin(tmp_path / "sweep", *plan_of()) == read(tmp_path / "sweep")
    with np.load(tmp_path / "sweep" / "data.npz") as saved:
        assert np.array_equal(saved["x_train"], digits.images[:300])
    for changed, message in (
        (plan_of(digits.images[1:301]), "its data are array"),
        (plan_of(space=["r1=0.1:20:log"]), r"--try r1=0.1:10.0:log there, 0.1:20.0:log here"),
        (plan_of(network="mlp"), r"--network \(not\) there, mlp here"),
    ):
        with pytest.raises(FileExistsError, match=message):
            begin(tmp_path / "sweep", *changed)
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "a.jpg").write_text("")
    with pytest.raises(FileExistsError, match="holds something else"):
        begin(tmp_path / "photos", *plan_of())


def test_psnr_is_better_when_larger():
    assert METRICS["psnr"].maximize


@pytest.mark.slow  # two processes that import TensorFlow
def test_killed_in_the_middle_a_sweep_goes_on_from_the_last_checkpoint(tmp_path):
    space, folder = {"r1": (0.1, 10.0, "log")}, tmp_path / "sweep"
    words = [f"--{name.replace('_', '-')}={value}" for name, value in TINY.items()]
    command = [
        sys.executable, "-m", "ganbook.cli", "sweep", "--data", "digits", "--try", "r1=0.1:10:log", "--trials", "1",
        "--seeds", "0", "--folder", str(folder), "--threads", "1", "--seconds", "2", *words,
    ]  # fmt: skip
    process = subprocess.Popen(command, stderr=subprocess.PIPE, cwd=tmp_path)
    history = folder / "runs" / "trial-000" / "history.csv"
    while not (history.exists() and len(history.read_text().splitlines()) > 2):
        assert process.poll() is None, process.stderr.read().decode()
        time.sleep(0.02)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()

    sweep = gb.studies.sweep("digits", space, 1, seeds=0, folder=folder, threads=1, seconds=2, **TINY)
    assert sweep.state == "finished"
    assert list(sweep.table["state"]) == ["finished"]
    history = gb.load_run(folder / "runs" / "trial-000").history
    assert history["step"].is_monotonic_increasing
    assert history["seconds"].is_monotonic_increasing
    assert history["seconds"].iloc[-1] >= 2
    assert f"--r1 {sweep.options['r1']:.4g}" in sweep.verdict
    assert len(sweep.best.data.test_images) == sweep.best.data.held_out == 2000
