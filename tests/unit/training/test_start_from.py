"""A run that starts from another one: what it takes, what it refuses, and that it needs the other one no more."""

import re
import shutil

import numpy as np
import pytest

import ganbook as gb
from ganbook.training.start_from import aligned
from ganbook.training.trainer import newest_state

OPTIONS = {"network": "dcgan", "image_size": 12, "batch_size": 16, "seed": 3}


@pytest.fixture(scope="module")
def source(tmp_path_factory, some_digits):
    """A run of three steps on grey digits."""
    return gb.train(some_digits, name="base", steps=3, runs_dir=tmp_path_factory.mktemp("runs"), wait=True, **OPTIONS)


@pytest.fixture
def start(source, tmp_path, some_digits):
    def go(data=some_digits, **options):
        return gb.train(data, runs_dir=tmp_path, wait=True, **OPTIONS | {"start_from": source, "steps": 1} | options)

    return go


def weights(run, step=None):
    """Networks of a checkpoint, the newest unless told."""
    checkpoint = next(c for c in run.folder.checkpoints.newest_first() if step is None or c.step == step)
    from ganbook.training.checkpoint import read_gan

    gan = read_gan(checkpoint.path)
    return {name: getattr(gan, name).variables for name in ("generator", "discriminator", "ema_generator")}


def equal(a, b):
    return tuple(a.shape) == tuple(b.shape) and np.array_equal(np.asarray(a), np.asarray(b))


def test_all_three_networks_are_those_of_the_other_run(start, source):
    with pytest.warns(UserWarning, match=r"starts from base at step 3: takes (\d+) of \1 arrays of the generator and"):
        run = start()
    for part, begun in weights(run, 0).items():
        assert all(equal(a, b) for a, b in zip(weights(source)[part], begun, strict=True)), part


@pytest.mark.parametrize(
    ("options", "new"),
    [({"channels": 3}, {"generator": 2, "discriminator": 1}), ({"latent_dim": 7}, {"generator": 1, "discriminator": 0}),
     ({"conditional": True}, {"generator": 1, "discriminator": 1})],
)  # fmt: skip
def test_what_has_another_shape_begins_anew_and_is_counted(options, new, start, source):
    with pytest.warns(UserWarning, match="starts from base") as heard:
        run = start(**options)
    said = " ".join(str(warning.message) for warning in heard)
    if "latent_dim" in options or "conditional" in options:  # the rows behind z are those of the other run
        rows = min(run.gan.latent_dim, source.gan.latent_dim)
        theirs, ours = (np.asarray(weights(each, step)["generator"][0]) for each, step in ((source, None), (run, 0)))
        assert equal(theirs[:rows], ours[:rows])
    for part, begun in weights(run, 0).items():
        theirs = weights(source)[part]
        same = sum(equal(theirs[i], begun[j]) for i, j in aligned([a.shape for a in theirs], [b.shape for b in begun]))
        expected = new.get(part, new["generator"])
        assert len(begun) - same == expected, part
        if part in new:
            assert f"{same} of {len(begun)} arrays of the {part}" in said


def test_it_learns_something_else_from_there_and_is_resumed_without_the_other_run(source, some_digits, tmp_path):
    where = tmp_path / "copied"
    shutil.copytree(source.folder.path.parent, where)
    options = OPTIONS | {"runs_dir": where, "start_from": "base", "wait": True}
    with pytest.warns(UserWarning, match="starts from base"):
        whole = gb.train(some_digits, name="whole", steps=4, **options)
    with pytest.warns(UserWarning, match="starts from base"):
        part = gb.train(some_digits, name="part", steps=2, **options)
    shutil.rmtree(where / "base")
    resumed = gb.train(some_digits, resume=part.folder.path, steps=4, wait=True)
    for name, ours in weights(resumed).items():
        assert all(equal(a, b) for a, b in zip(weights(whole)[name], ours, strict=True)), name
    assert not all(equal(a, b) for a, b in zip(weights(source)["generator"], weights(whole)["generator"], strict=True))


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"start_from": "bass"}, "no run 'bass' in"),
        (
            {"network": "compact"},
            "--start-from base: that run has --network dcgan, this one --network compact; give --network dcgan, or",
        ),
        ({"task": "inpaint", "network": None}, "that run has --task generate and --network dcgan, this one --task inp"),
        ({"image_size": 28}, "that run has images of 12×12, this one images of 28×28; give --image-size 12, or take"),
        (
            {"network": "compact", "image_size": 28},
            "that run has --network dcgan and images of 12×12, this one --network compact and images of 28×28; give "
            "--network dcgan --image-size 12, or take another run",
        ),
    ],
)
def test_a_run_that_does_not_fit_is_refused_at_once_and_nothing_is_made(options, reason, start, tmp_path):
    with pytest.raises((ValueError, FileNotFoundError), match=re.escape(reason)):
        start(**options)
    assert not list(tmp_path.iterdir())


def test_a_run_does_not_start_from_itself_nor_from_one_without_checkpoints(source, some_digits, tmp_path):
    there = source.folder.path.parent
    with pytest.raises(ValueError, match="a run cannot start from itself; give another --name"):
        gb.train(some_digits, name="base", overwrite=True, runs_dir=there, start_from="base", steps=1, **OPTIONS)
    assert newest_state(source.folder)[0].step == 3
    shutil.copytree(source.folder.path, tmp_path / "bare")
    shutil.rmtree(tmp_path / "bare" / "checkpoints")
    with pytest.raises(ValueError, match="--start-from bare: that run has not been trained yet"):
        gb.train(some_digits, runs_dir=tmp_path, start_from="bare", steps=1, **OPTIONS)


def test_shapes_are_aligned_in_order():
    assert aligned([(1,), (2, 3), (4,)], [(2, 3), (9, 9), (4,)]) == [(1, 0), (2, 2)]
