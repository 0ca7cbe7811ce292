"""Arrays, pairs, labels, ``.npz`` files and names: what is accepted, and what the errors say."""

import re

import numpy as np
import pytest

from ganbook.data import load

RNG = np.random.default_rng(0)
GREY = RNG.integers(0, 256, (6, 5, 4), dtype=np.uint8)
COLOUR = RNG.integers(0, 256, (6, 5, 4, 3), dtype=np.uint8)


def refused(message, *args, error=ValueError, **options):
    """Assert that load refuses with a one-line message that matches."""
    with pytest.raises(error) as caught:
        load(*args, **options)
    assert re.search(message, str(caught.value)), str(caught.value)
    assert "\n" not in str(caught.value)


# arrays


@pytest.mark.parametrize("images", [GREY, GREY[..., None], COLOUR, GREY.astype(np.int64), COLOUR.tolist()])
def test_whole_numbers_are_taken_as_they_are(images):
    data = load(images)
    assert data.images.dtype == np.uint8
    assert np.array_equal(data.images.squeeze(), np.asarray(images).squeeze())
    assert (data.name, data.source, data.labels, data.class_names) == ("array", None, None, ())
    assert data.test_images.shape == (0, *data.shape)
    assert data.test_labels is None


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_floats_are_scaled_from_each_of_the_three_ranges(dtype):
    full = GREY.copy()
    full[0, 0, 0], full[0, 0, 1] = 0, 255
    for scaled in (full / 255.0, full / 127.5 - 1, full * 1.0):
        data = load(scaled.astype(dtype))
        assert np.abs(data.images[..., 0].astype(int) - full).max() <= (1 if dtype == np.float16 else 0)


def test_a_float_range_is_found_despite_rounding_beyond_its_ends():
    data = load(np.array([[[-1e-6, 1 + 1e-6]]], np.float32))
    assert data.images.ravel().tolist() == [0, 255]


def test_both_splits_are_scaled_alike_even_if_one_has_no_negative_value():
    train = np.linspace(-1, 1, 12).reshape(3, 2, 2)
    test = np.full((1, 2, 2), 0.5)
    data = load(((train, [0, 1, 2]), (test, [1])))
    assert data.test_images.ravel().tolist() == [191] * 4


def test_bools_become_black_and_white():
    assert load(GREY > 127).images.max() == 255


def test_whole_numbers_0_and_1_are_warned_about():
    with pytest.warns(UserWarning, match=r"nearly black.*astype\(bool\)"):
        load((GREY > 127).astype(np.uint8))


def test_transparency_is_composited_on_white():
    rgba = np.zeros((1, 1, 3, 4), np.uint8)
    rgba[0, 0, :, 0] = 200
    rgba[0, 0, :, 3] = [0, 128, 255]
    assert load(rgba).images[0, 0].tolist() == [[255, 255, 255], [227, 127, 127], [200, 0, 0]]


def test_channels_turn_colour_into_grey_and_grey_into_colour():
    from PIL import Image

    grey = load(COLOUR, channels=1)
    assert grey.shape == (5, 4, 1)
    assert np.array_equal(grey.images[0, ..., 0], np.asarray(Image.fromarray(COLOUR[0]).convert("L")))
    colour = load(GREY, channels=3)
    assert colour.shape == (5, 4, 3)
    assert (colour.images == GREY[..., None]).all()


def test_an_image_size_cuts_the_centre_and_resizes():
    images = np.zeros((1, 20, 40), np.uint8)
    images[0, :, 10:30] = 255  # the centred square
    assert load(images, image_size=20).images.min() == 255
    assert load(images, image_size=10).images.min() > 230  # Lanczos sees a little beyond the edge
    assert load(images, image_size=(10, 20)).shape == (10, 20, 1)
    assert load(images, image_size=(20, 40)).images.shape == (1, 20, 40, 1)


def test_an_image_data_is_returned_as_it_is_or_resized():
    data = load(((COLOUR, np.arange(6)), (COLOUR[:2], [0, 1])))
    assert load(data) is data
    assert load(data, image_size=(5, 4), channels=3) is data
    smaller = load(data, image_size=3)
    assert smaller.images.shape == (6, 3, 3, 3)
    assert smaller.test_images.shape == (2, 3, 3, 3)
    assert smaller.class_names == data.class_names
    assert smaller.fingerprint != data.fingerprint


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_values_that_are_not_finite_are_refused(value):
    images = GREY / 255.0
    images[2, 1, 1] = value
    refused(r"^images: NaN or infinite values.*finite", images)


def test_a_float_range_that_is_none_of_the_three_is_refused_with_what_was_found():
    refused(r"float values from -2 to 7; allowed are \[0, 1\], \[-1, 1\] or \[0, 255\]", np.array([[[-2.0, 7.0]]]))
    refused(r"from -1 to 255", np.array([[[-1.0, 255.0]]]))


def test_whole_numbers_outside_0_to_255_are_refused_with_what_was_found():
    refused("whole numbers from -3 to 999; allowed are 0 to 255", np.array([[[-3, 999]]]))


def test_arrays_of_another_rank_or_channel_count_are_refused():
    refused(r"shape \(5, 4\); allowed is \(N, H, W\) or \(N, H, W, C\)", GREY[0])
    refused(r"shape \(1, 6, 5, 4, 3\)", COLOUR[None])
    refused(r"2 channels in shape \(6, 5, 4, 2\); allowed are 1, 3 or 4", COLOUR[..., :2])
    refused(r"32 channels.*transpose\(0, 2, 3, 1\)", np.zeros((2, 3, 32, 32), np.uint8))


def test_arrays_without_a_picture_or_a_pixel_are_refused():
    refused("images: none at all", GREY[:0])
    refused(r"shape \(6, 0, 4, 1\) holds no pixel", GREY[:, :0])


def test_things_that_are_no_pictures_are_refused():
    refused("data is None; allowed are digits", None)
    refused("dtype object|dtype <U", [["a"]])
    refused("images of different sizes", [np.zeros((2, 2)), np.zeros((3, 3))])
    refused("dtype complex128", GREY * 1j)
    refused(r"shape \(\)", 3)
    refused("it holds 'a'; allowed are x_train", {"a": 1})
    refused("generator of dtype object.*collect the images", (image for image in GREY))


@pytest.mark.parametrize("size", [0, -3, 2.5, "64", (3,), (3, 4, 5), (0, 4), True])
def test_an_image_size_that_is_none_is_refused(size):
    refused("image_size is .*; allowed is a whole number from 1 on", GREY, image_size=size)


@pytest.mark.parametrize("channels", [0, 2, 4, "3", True])
def test_channels_other_than_1_and_3_are_refused(channels):
    refused("channels is .*; allowed are 1 .grey. and 3", GREY, channels=channels)


def test_splits_of_different_sizes_are_refused_unless_a_size_is_given():
    pair = ((GREY, np.zeros(6, int)), (GREY[:2, :3], [0, 0]))
    refused("test images are 4×3×1 but images are 4×5×1: give image_size", pair)
    assert load(pair, image_size=4).test_images.shape == (2, 4, 4, 1)


# labels


@pytest.mark.parametrize(
    "labels", [[0, 1, 2, 0, 1, 2], np.array([[0], [1], [2], [0], [1], [2]], np.uint8), (0, 1, 2, 0, 1, 2)]
)
def test_whole_number_labels_are_kept(labels):
    for data in (load((GREY, labels)), load(GREY, labels=labels)):
        assert data.labels.tolist() == [0, 1, 2, 0, 1, 2]
        assert data.labels.dtype == np.int32
        assert data.class_names == ("0", "1", "2")
        assert data.num_classes == 3


def test_classes_without_a_training_image_are_named_and_keep_their_numbers():
    with pytest.warns(UserWarning, match=r"5 of 6 classes without a training image: '0', '1', .*conditional"):
        assert load(GREY, labels=[5] * 6).num_classes == 6
    with pytest.warns(UserWarning, match="1 of 3 classes without a training image: '0'"):
        assert load(GREY, labels=[1, 2] * 3).num_classes == 3
    with pytest.warns(UserWarning, match="7,998 of 8,001 classes .* and 7,993 more"):
        load(GREY, labels=[0, 4000, 8000] * 2)


@pytest.mark.parametrize("kind", [list, np.array, lambda names: np.array(names, object), np.bytes_])
def test_string_labels_become_classes_in_sorted_order(kind):
    names = ["dog", "cat", "dog", "ant", "ant", "cat"]
    data = load(GREY, labels=np.array(names, "S") if kind is np.bytes_ else kind(names))
    assert data.class_names == ("ant", "cat", "dog")
    assert data.labels.tolist() == [2, 1, 2, 0, 0, 1]


def test_both_splits_share_the_classes():
    with pytest.warns(UserWarning, match="without a training image: 'a'"):
        data = load(((GREY[:2], ["b", "c"]), (GREY[:2], ["c", "a"])))
    assert data.class_names == ("a", "b", "c")
    assert data.labels.tolist() == [1, 2]
    assert data.test_labels.tolist() == [2, 0]


def test_labels_that_fit_no_picture_or_no_class_are_refused():
    refused("labels: 5 labels for 6 images", GREY, labels=[0] * 5)
    refused("dtype float64; allowed are integers.*astype", GREY, labels=[0.5] * 6)
    refused("values from -1 to 0; allowed are class numbers from 0", GREY, labels=[-1, 0, 0, 0, 0, 0])
    refused("renumber them", GREY, labels=[10**6] * 6)
    refused(r"shape \(6, 3\).*argmax", GREY, labels=np.eye(3)[[0, 1, 2, 0, 1, 2]])
    refused("rows of different lengths", GREY, labels=[[0], [0, 1], [1], [1], [1], [1]])
    refused("dtype object", GREY, labels=[None] * 6)
    refused("given twice", (GREY, [0] * 6), labels=[0] * 6)
    refused("one has numbers, the other names", ((GREY, [0] * 6), (GREY, ["a"] * 6)))
    refused("test labels without labels", ((GREY, None), (GREY, [0] * 6)))
    refused("labels= goes with an array", "digits", labels=[0])
    refused("labels= goes with an array", load(GREY), labels=[0] * 6)


# .npz


def saved(path, **arrays):
    np.savez_compressed(path, **arrays)
    return path


def test_an_npz_with_splits_loads_and_can_be_loaded_again_from_its_source(tmp_path):
    path = saved(
        tmp_path / "mine.npz",
        x_train=COLOUR,
        y_train=[0, 1, 2, 0, 1, 2],
        x_test=COLOUR[:2],
        y_test=[2, 1],
        class_names=np.array(["a", "b", "c"]),
    )
    data = load(path)
    assert np.array_equal(data.images, COLOUR)
    assert np.array_equal(data.test_images, COLOUR[:2])
    assert data.class_names == ("a", "b", "c")
    assert data.test_labels.tolist() == [2, 1]
    assert (data.name, data.source) == ("mine", str(path))
    assert load(data.source).fingerprint == data.fingerprint == load(str(path)).fingerprint


def test_an_npz_of_samples_loads(tmp_path):
    data = load(saved(tmp_path / "samples.npz", images=GREY[..., None], labels=np.arange(6)))
    assert np.array_equal(data.images[..., 0], GREY)
    assert data.labels.tolist() == [0, 1, 2, 3, 4, 5]
    assert load(saved(tmp_path / "bare.npz", images=GREY)).labels is None


def test_an_npz_in_the_home_folder_is_found_by_its_tilde(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    saved(tmp_path / "x.npz", images=GREY)
    assert len(load("~/x.npz")) == 6


class Trap:
    """Its unpickling would leave a file behind."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return (open, (str(self.path), "w"))


def test_pickled_objects_in_an_npz_are_refused_and_not_run(tmp_path):
    trap = tmp_path / "sprung"
    path = saved(tmp_path / "bad.npz", x_train=np.array([Trap(trap)], object))
    refused("bad.npz: x_train holds pickled Python objects, which could run code", path)
    assert not trap.exists()


def test_an_npz_that_is_none_or_damaged_or_holds_no_pictures_is_refused(tmp_path):
    other = tmp_path / "text.npz"
    other.write_text("hello")
    refused("text.npz: not a NumPy .npz archive", other)
    whole = saved(tmp_path / "whole.npz", x_train=RNG.integers(0, 256, (9, 30, 30))).read_bytes()
    cut = tmp_path / "cut.npz"
    cut.write_bytes(whole[: len(whole) // 2])
    refused("cut.npz: not a NumPy .npz archive, or cut short", cut)
    damaged = tmp_path / "damaged.npz"
    damaged.write_bytes(whole[:200] + bytes(50) + whole[250:])
    refused("damaged.npz: x_train is damaged", damaged)
    refused("it holds 'a', 'b'; allowed are x_train", saved(tmp_path / "names.npz", a=[1], b=[2]))
    refused("flat.npz: images: shape", saved(tmp_path / "flat.npz", x_train=GREY[0]))
    few = saved(tmp_path / "few.npz", x_train=GREY, y_train=[0, 1, 2, 0, 1, 2], class_names=["a", "b"])
    refused("few.npz: labels: values up to 2 but 2 class_names", few)
    twice = saved(tmp_path / "twice.npz", x_train=GREY, y_train=[0] * 6, class_names=["a", "a"])
    refused("'a' stands there twice", twice)
    half = saved(tmp_path / "half.npz", x_train=GREY, y_test=[0])
    refused("test labels without test images", half)


# names and paths


@pytest.mark.parametrize(
    ("typo", "right"), [("fashon", "fashion"), ("Digits", "digits"), ("cifar-10", "cifar10"), ("emojis", "emoji")]
)
def test_an_unknown_name_is_refused_with_the_nearest_right_one(typo, right):
    refused(f"unknown data '{typo}': did you mean '{right}'. allowed are digits, fashion, emoji, mnist", typo)


def test_a_name_like_nothing_known_is_refused_without_a_guess():
    refused("^unknown data 'qqqqqqqq': allowed are digits", "qqqqqqqq")


def test_a_folder_here_is_guessed_before_a_data_set(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "dogs").mkdir()
    refused("unknown data 'dgos': did you mean 'dogs'", "dgos")


def test_a_missing_path_is_a_file_not_found_error(tmp_path):
    for path in (tmp_path / "no" / "where", str(tmp_path / "no.npz"), "missing.npz", "https://example.org/x.zip"):
        refused("no file or folder .*; allowed are", path, error=FileNotFoundError)


def test_a_file_of_another_kind_is_refused(tmp_path):
    file = tmp_path / "one.csv"
    file.write_text("1,2")
    refused(r"one.csv' is a file but no .npz; read it into an array first; allowed are .* a folder of images", file)


def test_pillow_images_of_several_modes_are_images_and_not_labels():
    from PIL import Image

    colour, grey = Image.fromarray(COLOUR[0]), Image.fromarray(GREY[0])
    for pair in ([colour, grey], (colour, grey)):
        data = load(pair)
        assert (data.images.shape, data.labels) == ((2, 5, 4, 3), None)
        assert np.array_equal(data.images[1, ..., 2], GREY[0])


def test_images_of_which_nothing_is_visible_are_warned_of():
    clear = np.concatenate([COLOUR, np.zeros((6, 5, 4, 1), np.uint8)], 3)
    clear[1:, ..., 3] = 255
    with pytest.warns(UserWarning, match="images: 1 image transparent all over, read as white"):
        data = load(clear)
    assert data.images[0].min() == 255


def test_a_path_may_be_bytes(tmp_path):
    np.save(tmp_path / "a.npy", GREY)
    assert np.array_equal(load(str(tmp_path / "a.npy").encode()).images[..., 0], GREY)
