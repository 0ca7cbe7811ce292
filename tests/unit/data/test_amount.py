"""Too few images, or of a class: said by the report, and before a training on them begins."""

import warnings

import numpy as np
import pytest

import ganbook as gb
from ganbook.data.amount import few, too_few

SMALL = {"network": "mlp", "hidden": "16", "jit": "off", "batch_size": 4, "steps": 1, "wait": True}


@pytest.mark.parametrize(
    ("images", "classes", "each", "said"),
    [
        (5000, {}, True, []),
        (4999, {}, True, ["4,999 images are few"]),
        (499, {}, True, ["499 images are very few"]),
        (5003, {"cat": 5000, "dog": 3}, False, ["Class 'dog' has 3 images, 'cat' 5,000"]),
        (6099, {"cat": 99, "dog": 900, "cow": 5100}, True, ["Class 'cat' has 99 images, 'cow' 5,100"]),
        (5098, {"cat": 99, "dog": 980, "cow": 990}, True, ["Class 'cat' has 99 images: too few"]),
        (5098, {"cat": 99, "dog": 980, "cow": 990}, False, []),
        (4, {"cat": 1, "dog": 3}, True, ["Class 'cat' has 1 image:", "4 images are very few"]),
    ],
)
def test_what_is_said_of_how_many(images, classes, each, said):
    lines = few(images, classes) if each else too_few(images, classes, each)
    assert len(lines) == len(said)
    assert all(line.startswith(words) for line, words in zip(lines, said, strict=True))


def test_a_training_on_a_handful_is_warned_of_and_begins(tmp_path, some_digits):
    images, _ = some_digits
    three = gb.ImageData(images=images[:3], test_images=images[:0], name="three")
    with pytest.warns(UserWarning, match="three: 3 images are very few.*--start-from RUN"):
        run = gb.train(three, **SMALL | {"batch_size": 3}, runs_dir=tmp_path)
    assert run.state == "finished"
    labels = np.arange(20) // 19
    rare = gb.ImageData(images=images[:20], test_images=images[:0], labels=labels, class_names=("a", "b"), name="rare")
    with pytest.warns(UserWarning, match="Class 'b' has 1 image, 'a' 19"):
        gb.train(rare, **SMALL, runs_dir=tmp_path)


def test_nothing_is_said_where_it_would_not_help(tmp_path, some_digits):
    images, _ = some_digits
    base = gb.train(np.concatenate([images, images[:, ::-1]]), **SMALL, runs_dir=tmp_path)
    with warnings.catch_warnings():
        warnings.filterwarnings("error", ".*(few|Class)")
        gb.train(images[:40], **SMALL, runs_dir=tmp_path, start_from=base)  # as the warning asks
        gb.train("emoji", **SMALL, runs_dir=tmp_path)  # one class of 80, but it is not conditional
