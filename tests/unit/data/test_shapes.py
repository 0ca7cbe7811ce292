"""What people hold in a notebook: axes in any order, tensors, tables, Pillow images, pairs."""

import warnings
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from ganbook.data import load, masks

RNG = np.random.default_rng(0)
COLOUR = RNG.integers(0, 256, (40, 30, 20, 3), dtype=np.uint8)
GREY = RNG.integers(0, 256, (40, 30, 20), dtype=np.uint8)
LABELS = np.arange(40) % 2


@pytest.fixture(autouse=True)
def _no_unexpected_warning():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


# axes


@pytest.mark.parametrize("channels", [3, 4])
def test_one_colour_image_is_not_a_stack_of_grey_ones(channels):
    image = RNG.integers(0, 256, (40, 30, channels), dtype=np.uint8)
    with pytest.raises(ValueError, match=r"is one colour image.*images\[np.newaxis\]"):
        load(image)
    assert load(image[np.newaxis]).shape == (40, 30, 3)
    assert load((image, LABELS)).shape == (30, channels, 1)  # as many labels as rows: a stack after all
    assert load(image[:, :3]).shape == (3, channels, 1)  # nobody has images of 40×3


@pytest.mark.parametrize(
    ("moved", "order"),
    [((0, 3, 1, 2), (0, 2, 3, 1)), ((1, 2, 3, 0), (3, 0, 1, 2)), ((3, 1, 2, 0), (3, 1, 2, 0))],
)
def test_channels_elsewhere_are_refused_with_the_transpose_that_helps(moved, order):
    images = COLOUR.transpose(moved)
    with pytest.raises(ValueError, match=r"channels .*images\.transpose\(") as caught:
        load(images)
    assert f"images.transpose{order}" in str(caught.value)
    assert np.array_equal(load(images.transpose(order)).images, COLOUR)


@pytest.mark.parametrize("shape", [(32, 32, 300), (28, 28, 10), (28, 20, 1965)])
def test_grey_images_on_the_last_axis_are_warned_of(shape):
    with pytest.warns(UserWarning, match=r"if images lie on the last axis, use images\.transpose\(2, 0, 1\)"):
        load(np.full(shape, 99, np.uint8))
    with pytest.raises(ValueError, match=r"labels; if images lie on the last axis"):
        load((np.full(shape, 99, np.uint8), np.zeros(shape[2], int)))
    load((np.full(shape, 99, np.uint8), np.zeros(shape[0], int)))


def test_one_colour_image_whose_channels_come_first_is_warned_of():
    with pytest.warns(UserWarning, match="is read as 3 grey images; if it is one image whose channels come first"):
        load(GREY[:3])
    load((GREY[:3], [0, 1, 0]))


def test_a_list_of_paths_is_told_to_be_a_folder():
    for paths in (["a.png", "b.png"], [Path("a.png")]):
        with pytest.raises(ValueError, match="a list of .* paths: give the folder"):
            load(paths)


def test_rows_of_pixels_are_refused_with_the_reshape_that_helps():
    hints = {784: "images.reshape(-1, 28, 28)", 785: "images[:, 1:].reshape(-1, 28, 28)", 3072: "(-1, 32, 32, 3)"}
    for columns, hint in hints.items():
        with pytest.raises(ValueError, match="reshape") as caught:
            load(np.full((10, columns), 99, np.uint8))
        assert hint in str(caught.value)


# levels


@pytest.mark.parametrize(("dtype", "most"), [(np.uint8, 1), (np.int64, 15), (float, 16)])
def test_levels_that_are_nearly_black_are_warned_of(dtype, most):
    images = (GREY % (most + 1)).astype(dtype)
    with pytest.warns(UserWarning, match="nearly black"):
        load(images)


# what holds images


def test_a_tensor_that_numpy_cannot_read_is_one_line():
    class Tensor:
        ndim, shape = 3, (8, 16, 16)

        def __array__(self, *args, **options):
            raise TypeError("can't convert cuda:0 device type tensor to numpy.\nUse it")

    with pytest.raises(ValueError, match=r"a Tensor that NumPy cannot read .*tensor\.detach\(\)\.cpu\(\)") as caught:
        load(Tensor())
    assert "\n" not in str(caught.value)


def test_a_tensor_on_another_device_is_brought_to_the_cpu():
    class Tensor:
        ndim, shape = 3, GREY.shape

        def detach(self):
            return self

        def cpu(self):
            return GREY

    assert np.array_equal(load(Tensor()).images[..., 0], GREY)


def test_masked_values_are_refused_and_a_mask_that_hides_nothing_is_not():
    with pytest.raises(ValueError, match=r"masked array with [\d,]+ masked values: fill them first"):
        load(np.ma.masked_less(GREY, 100))
    assert np.array_equal(load(np.ma.masked_array(GREY)).images[..., 0], GREY)


def test_a_table_is_refused_with_the_way_out():
    import pandas as pd

    with pytest.raises(ValueError, match=r"a table of 3 rows and 785 columns.*to_numpy\(\)\.reshape"):
        load(pd.DataFrame(np.zeros((3, 785))))


def test_pillow_images_of_any_mode_are_read_as_they_look():
    colour = [Image.fromarray(image) for image in COLOUR[:4]]
    assert np.array_equal(load(colour).images, COLOUR[:4])
    palette = [image.quantize(16) for image in colour]
    assert np.array_equal(load(palette).images, np.stack([np.asarray(image.convert("RGB")) for image in palette]))
    mixed = load([colour[0].convert("L"), colour[1]])
    assert mixed.shape == (30, 20, 3)
    assert np.array_equal(mixed.images[1], COLOUR[1])
    assert load([Image.new("1", (4, 4), 1)] * 2).images.min() == 255
    with pytest.warns(UserWarning, match="2 images transparent all over, read as white"):
        assert load([Image.new("RGBA", (4, 4), (99, 99, 99, 0))] * 2).images.min() == 255
    assert load(colour[0]).images.shape == (1, 30, 20, 3)
    deep = [Image.fromarray(np.full((4, 4), 257 * 100, np.uint16))] * 2
    assert load(deep).images.ravel().tolist() == [100] * 32


def test_images_of_different_sizes_need_an_image_size():
    images = [Image.new("RGB", (9, 8), "red"), Image.new("RGB", (5, 6), "red")]
    for source in (images, [np.asarray(image) for image in images]):
        with pytest.raises(ValueError, match="different sizes, such as 5×6 and 9×8: give image_size"):
            load(source)
        assert load(source, image_size=4).images.shape == (2, 4, 4, 3)
    with pytest.raises(ValueError, match="different sizes; bring them"):
        load([np.zeros((2, 2)), np.zeros((3, 3))])


# pairs, and more than pairs


@pytest.mark.parametrize(
    "source",
    [
        (GREY, LABELS, GREY[:9], LABELS[:9]),
        [GREY, LABELS, GREY[:9], LABELS[:9]],
        (GREY, GREY[:9], LABELS, LABELS[:9]),
        ((GREY, LABELS), (GREY[:9], LABELS[:9])),
        [(GREY, LABELS), (GREY[:9], LABELS[:9])],
        {"x_train": GREY, "y_train": LABELS, "x_test": GREY[:9], "y_test": LABELS[:9]},
        {"images": GREY, "labels": LABELS, "val_images": GREY[:9], "val_labels": LABELS[:9]},
    ],
)
def test_both_splits_are_known_in_every_usual_order(source):
    data = load(source)
    assert np.array_equal(data.images[..., 0], GREY)
    assert np.array_equal(data.test_images[..., 0], GREY[:9])
    assert data.labels.tolist() == LABELS.tolist()
    assert data.test_labels.tolist() == LABELS[:9].tolist()


def test_a_list_of_images_and_labels_is_a_pair():
    data = load([GREY, LABELS])
    assert len(data) == 40
    assert data.labels.tolist() == LABELS.tolist()
    assert load([GREY[0], GREY[1]]).images.shape == (2, 30, 20, 1)
    assert load(list(COLOUR[:4])).images.shape == (4, 30, 20, 3)


def test_the_middle_one_of_three_pairs_is_said_to_be_unused():
    with pytest.warns(UserWarning, match="the second is not used"):
        data = load(((GREY, LABELS), (GREY[:5], LABELS[:5]), (GREY[:9], LABELS[:9])))
    assert len(data.test_images) == 9


def test_parts_in_an_order_that_means_nothing_are_one_line():
    with pytest.raises(ValueError, match=r"3 parts .*; allowed are images, \(images, labels\)"):
        load((GREY, LABELS, ["a", "b"]))
    with pytest.raises(ValueError, match="given twice"):
        load([GREY, LABELS], labels=LABELS)


# labels


@pytest.mark.parametrize("names", [["0", "1", "2", "10", "11"], ["-1", "0", "0.5", "10"], ["c1", "c2", "c10"]])
def test_class_names_that_are_numbers_are_sorted_as_numbers(names):
    shuffled = sorted(names)
    assert load((GREY[: len(names)], shuffled)).class_names == tuple(names)


def test_class_names_of_bytes_are_text():
    data = load({"images": GREY, "labels": LABELS, "class_names": np.array([b"cat", "caf\u00e9".encode("latin-1")])})
    assert data.class_names == ("cat", "caf\u00e9")
    assert load((GREY, np.array([b"caf\xe9", b"tea"] * 20))).class_names == ("caf\u00e9", "tea")


def test_names_that_look_the_same_are_one_class_or_warned_of():
    composed, decomposed = "caf\u00e9", "cafe\u0301"
    assert load((GREY, [composed, decomposed] * 20)).class_names == (composed,)
    for pair in (("Cat", "cat"), ("cat", "cat "), ("cat", "c\u200bat")):
        with pytest.warns(UserWarning, match="look alike are different classes"):
            assert load((GREY, pair * 20)).num_classes == 2


def test_names_that_cannot_be_shown_are_escaped():
    assert load((GREY, ["a\nb", "caf\udce9"] * 20)).class_names == ("a\\nb", "caf\\xe9")


def test_several_classes_an_image_are_not_told_to_use_argmax():
    several = np.zeros((40, 5), int)
    several[:20, :2] = 1
    with pytest.raises(ValueError, match="several classes or none: choose one") as caught:
        load((GREY, several))
    assert "argmax" not in str(caught.value)
    with pytest.raises(ValueError, match="argmax"):
        load((GREY, np.eye(5)[LABELS]))
    assert load((GREY, LABELS[np.newaxis])).labels.tolist() == LABELS.tolist()  # a row, as MATLAB has it


def test_a_size_is_said_with_the_width_first():
    data = load(np.zeros((12, 20, 30, 1), np.uint8))
    assert "30×20 grey" in repr(data)
    assert data.size_in_words(data.record()) == "30×20"
    with pytest.warns(UserWarning, match="is read as 20 images of 50×10"):
        load(np.zeros((20, 10, 50), np.uint8))
    with pytest.raises(ValueError, match="and for 20 grey images of 3×10 images"):
        load(np.zeros((20, 10, 3), np.uint8))
    with pytest.raises(ValueError, match="not 1 of 30×3"):
        masks.draw("thick", (3, 30))
    train, test = (np.zeros(shape, np.uint8) for shape in ((40, 20, 30, 1), (40, 30, 20, 1)))
    with pytest.raises(ValueError, match="test images are 20×30×1 but images are 30×20×1"):
        load(((train, LABELS), (test, LABELS)))
