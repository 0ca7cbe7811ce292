"""Splits by the names that people give them."""

import pytest

from ganbook.data.splits import find_splits


@pytest.mark.parametrize(
    "names",
    [
        ("train", "test"), ("Train", "Test"), ("TRAIN", "VAL"), ("training", "testing"), ("train", "valid"),
        ("train", "validation"), ("train", "validate"), ("train", "dev"), ("seg_train", "seg_test"),
        ("train2017", "val2017"), ("train_images", "test_images"), ("training-set", "test set"),
        ("trainset", "testset"), ("images_train", "images_eval"), ("train", "test_images"),
        ("trn", "tst"), ("TrainingData", "TestData"), ("traindata", "testdata"), ("trainingimages", "validationimages"),
        ("train-images", "t10k-images"), ("01_train", "02_test"),
    ],
)  # fmt: skip
def test_two_splits_are_known(names):
    roles = find_splits(names)
    assert roles[names[0]] == "train"
    assert roles[names[1]] in ("test", "validation")


def test_three_splits_are_told_apart():
    assert find_splits(["train", "valid", "test"]) == {"train": "train", "valid": "validation", "test": "test"}


def test_what_stands_beside_the_splits_is_none():
    assert set(find_splits(["train", "test", "other"])) == {"train", "test"}
    assert set(find_splits(["train", "test", "train_masks", "test_masks"])) == {"train", "test"}


@pytest.mark.parametrize(
    "names",
    [
        ("cat", "dog"), ("car", "plane", "train"), ("test", "val"), ("test",), ("trainA", "trainB", "testA", "testB"),
        ("strain", "contest"), (), ("training", "train", "test"),
    ],
)  # fmt: skip
def test_classes_are_no_splits(names):
    assert find_splits(names) == {}


def test_training_images_alone_are_a_split():
    assert find_splits(["train"]) == {"train": "train"}
