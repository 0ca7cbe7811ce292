"""``--evaluate-every`` and ``--keep best``: a curve in the history, an alarm, a checkpoint that stays."""

import numpy as np
import pandas as pd
import pytest

import ganbook as gb
from ganbook.cli import main
from ganbook.config.train import EVALUATE_SECONDS, TrainConfig
from ganbook.training.monitors import Course


def said(distances, floor=1.0):
    course = Course([], floor)
    return [alarm for step, distance in enumerate(distances) for alarm in course.update(100 * step, distance)]


def test_a_run_that_gets_better_or_wobbles_near_the_floor_is_left_in_peace():
    assert said([90, 40, 20, 12, 11, 12, 13, 12, 15, 14]) == []
    assert said([3, 0.5, 1.6, 1.7, 1.6, 1.7]) == []


def test_a_run_that_gets_worse_is_named_once_with_its_best_step():
    (alarm,) = said([90, 20, 12, 25, 11.8, 20, 30, 39.7, 45, 50])
    assert str(alarm).startswith(
        "Getting worse since step 400: the Fréchet distance to real images was 11.8 then and is 39.7 now. Try "
    )
    assert len(said([10, 30, 30, 30, 10, 30, 30, 30])) == 2


def test_a_resumed_run_remembers_its_best():
    course = Course([(100, 5.0), (200, 20.0), (300, 20.0)], 1.0)
    assert [alarm.since for alarm in course.update(400, 20.0)] == [100]


def test_keep_best_measures_every_half_minute_unless_told_otherwise():
    assert TrainConfig().resolved().evaluate_every is None
    assert TrainConfig(keep="best").resolved().evaluate_every == EVALUATE_SECONDS
    assert TrainConfig(keep="best", evaluate_every=5).resolved().evaluate_every == 5


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    """A short run that keeps its best checkpoint and one more, and what it learned."""
    place = tmp_path_factory.mktemp("kept")
    options = {
        "network": "mlp",
        "hidden": "64,64",
        "image_size": 12,
        "batch_size": 16,
        "jit": "off",
        "keep_checkpoints": 1,
    }
    options |= {"evaluate_every": 0.2, "keep": "best", "checkpoint_every": 0.3}
    digits = gb.data.load("digits", 12)
    data = ((digits.images[:1000], digits.labels[:1000]), (digits.test_images[:1000], digits.test_labels[:1000]))
    return gb.train(data, name="kept", runs_dir=place, steps=200, wait=True, **options), data


def test_the_distance_is_in_the_history_and_the_best_checkpoint_stays(kept):
    run, _ = kept
    measured = run.history.dropna(subset=["frechet"])
    assert len(measured) >= 2
    best = measured.loc[measured["frechet"].idxmin()]
    assert (run.folder.checkpoints.best().step, run.folder.checkpoints.best().frechet) == (
        best["step"],
        best["frechet"],
    )
    steps = [checkpoint.step for checkpoint in run.folder.checkpoints.newest_first()]
    assert set(steps) == {200, run.folder.checkpoints.best().step}
    assert run.sample(8, weights="best").shape == (8, 12, 12, 1)
    if best["step"] == 200:
        np.testing.assert_array_equal(run.sample(8, weights="best"), run.sample(8))


def test_it_goes_on_from_the_newest_and_keeps_the_best_so_far(kept):
    run, data = kept
    before = run.folder.checkpoints.best()
    again = gb.train(data, resume=run.folder.path, steps=230, wait=True)
    assert again.steps_done == 230
    assert again.folder.checkpoints.best().frechet <= before.frechet
    assert again.folder.checkpoints.best().step in {
        checkpoint.step for checkpoint in again.folder.checkpoints.newest_first()
    }


def test_the_weights_do_not_depend_on_being_measured(kept, tmp_path, weights_of):
    _, data = kept
    options = {
        "network": "mlp",
        "hidden": "64,64",
        "batch_size": 16,
        "jit": "off",
        "steps": 30,
        "wait": True,
        "runs_dir": tmp_path,
    }
    plain = gb.train(data, name="plain", **options)
    measured = gb.train(data, name="measured", evaluate_every=0.01, keep="best", **options)
    for a, b in zip(weights_of(plain.gan), weights_of(measured.gan), strict=True):
        np.testing.assert_array_equal(a, b)


def test_a_history_from_before_there_was_a_distance_is_read_and_continued(kept, tmp_path):
    _, data = kept
    options = {"network": "mlp", "hidden": "64,64", "batch_size": 16, "jit": "off", "wait": True}
    run = gb.train(data, name="old", runs_dir=tmp_path, steps=5, **options)
    file = run.folder.path / "history.csv"
    pd.read_csv(file).drop(columns="frechet").to_csv(file, index=False)
    assert run.history["frechet"].isna().all()
    again = gb.train(data, resume=run.folder.path, steps=10, wait=True)
    assert again.history["step"].max() == 10
    assert again.history["d_loss"].notna().all()


def test_mistakes_are_one_line(capsys, tmp_path, kept):
    _, data = kept
    for words, line in {
        "train --evaluate-every 0": "--evaluate-every 0: should be greater than 0",
        "train --keep first": "--keep first: allowed are last, best",
        "train --task inpaint --keep best --data digits": "--evaluate-every does not go with --task inpaint",
    }.items():
        assert main(words.split()) == 2
        assert line in capsys.readouterr().err
    options = {"network": "mlp", "hidden": "64,64", "batch_size": 16, "jit": "off", "steps": 1, "wait": True}
    plain = gb.train(data, name="p", runs_dir=tmp_path, **options)
    with pytest.raises(ValueError, match="p keeps no best checkpoint: train it with --keep best"):
        plain.sample(4, weights="best")
