"""The study: whole, able to go on, and honest about what it cannot tell."""

import json

import numpy as np
import pandas as pd
import pytest

import ganbook as gb
from ganbook.studies import AugmentationStudy, augmentation_study, sample_filters
from ganbook.studies.classifier import Classifier


@pytest.fixture(scope="module")
def small():
    digits = gb.data.load("digits", image_size=14)
    arrays = (digits.images[:400], digits.labels[:400]), (digits.test_images[:200], digits.test_labels[:200])
    return gb.data.load(arrays)


@pytest.mark.slow
def test_interrupted_it_goes_on_and_every_arm_is_judged_on_real_test_pictures(small, tmp_path, monkeypatch):
    cell, calls = augmentation_study._cell, []

    def interrupted(*args):
        calls.append(args[1:3])
        if len(calls) == 2:
            raise KeyboardInterrupt
        return cell(*args)

    monkeypatch.setattr(augmentation_study, "_cell", interrupted)
    options = {"fractions": (0.5,), "seeds": 2, "steps": 60, "gan_steps": 30, "filters": "agreement,score,distance"}
    (tmp_path / "study").mkdir()  # an empty folder will do
    partial = gb.studies.augmentation(small, tmp_path / "study", **options)
    assert set(partial.table["seeds"]) == {1}
    assert "inconclusive with one seed" in partial.verdict
    whole = gb.studies.augmentation(small, tmp_path / "study", **options)
    assert calls == [(0.5, 0), (0.5, 1), (0.5, 1)]
    table = whole.table.set_index("arm")
    assert {"real", "real + classical", "real + synthetic", "real + both", "synthetic only"} <= set(table.index)
    assert table["accuracy"]["real"] > 0.4  # ten classes
    assert table["images"]["real"] == pytest.approx(200, abs=5)  # half of each class
    accepted = whole.cells.set_index("arm")["accepted"]
    assert accepted["real + synthetic by score"].between(0.45, 0.5).all()
    assert accepted["real + synthetic by distance"].between(0.5, 1).all()
    assert whole.by_class.shape[1] == 10
    assert whole.cells["gan_test"].notna().sum() == 2
    assert len(whole.plot().axes) == 1
    with pytest.raises(FileExistsError, match="holds another study"):
        gb.studies.augmentation(small, tmp_path / "study", **options | {"steps": 61})


def test_the_classifier_begins_anew_each_time(small):
    classifier = Classifier(small.shape, 10)
    found = []
    for seed in (3, 4, 3):
        classifier.train([(small.images, small.labels)], 5, seed)
        found.append([weight.numpy() for weight in classifier._model.weights])
    assert all(np.array_equal(a, b) for a, b in zip(found[0], found[2], strict=True))
    assert not np.array_equal(found[0][0], found[1][0])


def test_pictures_far_from_all_training_pictures_are_filtered_out(small):
    noise = np.random.default_rng(0).integers(0, 256, small.test_images.shape, np.uint8)
    images, labels = np.concatenate([small.test_images, noise]), np.zeros(400, int)
    kept = sample_filters.chosen("distance", None, small, images, labels, labels)
    assert kept[:200].mean() > 0.8
    assert not kept[200:].any()


def test_a_share_has_as_much_of_every_class(small):
    part = augmentation_study.part_of(small, 0.25, seed=1)
    counts = np.bincount(small.labels, minlength=10)
    assert np.array_equal(np.bincount(part.labels, minlength=10), np.round(counts * 0.25).astype(int))
    assert not np.array_equal(part.images, augmentation_study.part_of(small, 0.25, seed=2).images)


@pytest.mark.parametrize(
    ("gains", "verdict"),
    [
        ((0.03, 0.035, 0.04), "helps"),
        ((-0.03, -0.035, -0.04), "hurts"),
        ((0.001, 0.0, -0.001), "no difference"),
        ((0.05, -0.04, 0.01), "inconclusive"),
        ((-0.006, -0.008, -0.01), "hurts"),  # little, but by all three
        ((0.05,), "inconclusive"),
    ],
)
def test_a_verdict_is_as_sure_as_the_seeds_allow(gains, verdict):
    rows = []
    for seed, gain in enumerate(gains):
        for arm, accuracy in (("real", 0.8 + 0.01 * seed), ("real + classical", 0.8 + 0.01 * seed + gain)):
            row = {"fraction": 0.1, "images": 50, "seed": seed, "arm": arm, "accepted": 1.0, "accuracy": accuracy}
            rows.append(row | {"by_class": json.dumps([accuracy] * 2)})
    study = AugmentationStudy(pd.DataFrame(rows))
    assert study.table.iloc[1]["verdict"] == verdict
    assert verdict in study.verdict


def test_mistakes_are_one_clear_line(small, tmp_path):
    def refuse(data, **options):
        with pytest.raises(ValueError, match="[a-z]") as caught:
            gb.studies.augmentation(data, tmp_path / "x", **options)
        assert not (tmp_path / "x").exists()
        return str(caught.value)

    assert "has no labels" in refuse(small.images)
    assert "has one class" in refuse(((small.images, small.labels * 0), (small.test_images, small.test_labels * 0)))
    assert "has no test split" in refuse((small.images, small.labels))
    assert "a fraction is 5: it is more than 0 and at most 1" in refuse(small, fractions=(5,))
    assert "leaves nothing of class" in refuse(small, fractions=(0.01,))
    assert "filter 'scores' is unknown; did you mean score?" in refuse(small, filters="scores")
