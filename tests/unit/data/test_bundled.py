"""The data sets inside the package."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import ganbook.data
from ganbook.data import ImageData, load, names
from ganbook.data.point_shapes import SHAPES
from ganbook.data.text_sets import TEXT_SETS

BUNDLED = Path(ganbook.data.__file__).parent / "bundled"


@pytest.mark.parametrize(
    ("name", "count", "test_count", "shape", "classes"),
    [
        ("digits", 10_000, 2_000, (28, 28, 1), 10),
        ("fashion", 10_000, 2_000, (28, 28, 1), 10),
        ("emoji", 1_706, 200, (32, 32, 3), 9),
    ],
)
def test_a_bundled_set_is_as_described(name, count, test_count, shape, classes):
    data = load(name)
    assert (len(data), len(data.test_images), data.shape) == (count, test_count, shape)
    assert data.images.dtype == data.test_images.dtype == np.uint8
    assert data.labels.dtype == data.test_labels.dtype == np.int32
    assert len(data.labels) == count
    assert len(data.test_labels) == test_count
    assert data.num_classes == classes == len(np.unique(data.labels)) == len(np.unique(data.test_labels))
    assert (data.name, data.source) == (name, name)
    assert data.images.min() == 0
    assert data.images.max() == 255


def test_digits_and_fashion_have_as_many_pictures_of_each_class():
    for name in ("digits", "fashion"):
        data = load(name)
        assert np.bincount(data.labels).tolist() == [1000] * 10
        assert np.bincount(data.test_labels).tolist() == [200] * 10


def test_the_classes_have_their_names():
    assert load("digits").class_names == tuple("0123456789")
    assert load("fashion").class_names[0] == "T-shirt/top"
    assert load("fashion").class_names[9] == "Ankle boot"
    assert "Animals & Nature" in load("emoji").class_names


def test_no_picture_of_a_test_split_is_in_its_training_split():
    # but one: Diego Garcia and the British Indian Ocean Territory fly the same flag
    for name, twins in (("digits", 0), ("fashion", 0), ("emoji", 1)):
        data = load(name)
        train = {image.tobytes() for image in data.images}
        assert sum(image.tobytes() in train for image in data.test_images) == twins


def test_the_bundled_files_stay_small_and_name_their_authors_and_licences():
    assert sum(file.stat().st_size for file in BUNDLED.glob("*.npz")) < 12e6
    text = (BUNDLED / "ATTRIBUTION.md").read_text(encoding="utf-8")
    for needed in ("Yann LeCun", "CC BY-SA 3.0", "Zalando SE", "WITHOUT WARRANTY", "Google", "Apache-2.0"):
        assert needed in text


def test_names_lists_every_name_with_one_line_each():
    lines = names()
    images = ["digits", "fashion", "emoji", "mnist", "fashion_mnist", "cifar10", "cifar100"]
    assert list(lines) == [*images, *SHAPES, *TEXT_SETS]
    assert all(line and "\n" not in line for line in lines.values())


def test_an_image_size_and_channels_apply_to_bundled_sets_too():
    data = load("emoji", image_size=16, channels=1)
    assert data.shape == (16, 16, 1)
    assert data.test_images.shape == (200, 16, 16, 1)
    assert data.num_classes == 9


def test_importing_and_loading_bundled_data_imports_no_tensorflow():
    code = (
        "import sys; from ganbook.data import load; load('digits'); "
        "sys.exit(any(name in sys.modules for name in ('tensorflow', 'keras', 'IPython')))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_the_fingerprint_is_the_same_each_time_and_tells_data_apart():
    first, again = load("digits"), load("digits")
    assert first.fingerprint == again.fingerprint
    assert len(first.fingerprint) == 16
    int(first.fingerprint, 16)
    assert first.fingerprint != load("fashion").fingerprint
    assert first.fingerprint != load("digits", image_size=20).fingerprint


def test_the_fingerprint_depends_on_pixels_labels_split_and_shape():
    images = np.arange(4 * 2 * 3, dtype=np.uint8).reshape(4, 2, 3)
    changed = images.copy()
    changed[3, 1, 2] += 1
    variants = [
        load(images),
        load(changed),
        load(images.reshape(4, 3, 2)),
        load(images, labels=[0, 1, 0, 1]),
        load(images, labels=[0, 1, 1, 1]),
        load(((images[:3], [0, 1, 0]), (images[3:], [1]))),
    ]
    assert all(isinstance(data, ImageData) for data in variants)
    assert len({data.fingerprint for data in variants}) == len(variants)
