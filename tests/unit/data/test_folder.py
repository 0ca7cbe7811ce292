"""Folders of pictures of every kind."""

import warnings

import numpy as np
import pytest
from PIL import Image

from ganbook.data import image_file as picture_module
from ganbook.data import load

RED, BLUE, WHITE = (255, 0, 0), (0, 0, 255), (255, 255, 255)


@pytest.fixture(autouse=True)
def _own_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("GANBOOK_CACHE", str(tmp_path / "cache"))


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "photos").mkdir()
    return tmp_path / "photos"


def save(path, colour=RED, size=(8, 8), mode="RGB", **options):
    """Write a picture of one colour; size is (width, height)."""
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new(mode, size, colour).save(path, **options)
    return path


def only_picture(folder, **options):
    """Load a folder of one picture and return it, (H, W, C)."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        data = load(folder, **options)
    assert len(data) == 1
    return data.images[0]


def near(pixel, colour, tolerance=6):
    return np.abs(np.asarray(pixel, int) - np.asarray(colour, int)).max() <= tolerance


# what is read


@pytest.mark.parametrize("name", ["a.jpg", "a.JPEG", "a.png", "a.webp", "a.gif", "a.bmp"])
def test_every_kind_of_picture_is_read(folder, name):
    save(folder / name)
    pixels = only_picture(folder)
    assert pixels.shape == (8, 8, 3)
    assert near(pixels[4, 4], RED)


@pytest.mark.parametrize(
    ("mode", "colour", "name", "expected"),
    [
        ("1", 1, "a.png", (255,)),
        ("L", 100, "a.png", (100,)),
        ("L", 100, "a.jpg", (100,)),
        ("LA", (0, 128), "a.png", (127,)),
        ("RGB", RED, "a.png", RED),
        ("RGBA", (255, 0, 0, 128), "a.png", (255, 127, 127)),
        ("RGBA", (255, 0, 0, 128), "a.webp", (255, 127, 127)),
        ("CMYK", (0, 255, 255, 0), "a.jpg", RED),
        ("I;16", 65535, "a.png", (255,)),
        ("I;16", 25700, "a.png", (100,)),
        ("I;16", 16448, "a.png", (64,)),
    ],
)
def test_every_mode_becomes_grey_or_rgb_on_white(folder, mode, colour, name, expected):
    options = {"lossless": True} if name.endswith("webp") else {}
    save(folder / name, colour, mode=mode, **options)
    pixels = only_picture(folder)
    assert pixels.shape == (8, 8, len(expected))
    assert near(pixels[3, 3], expected)
    assert near(only_picture(folder, channels=3)[3, 3], expected * (3 // len(expected)))
    assert only_picture(folder, channels=1).shape == (8, 8, 1)


def test_palettes_are_grey_coloured_or_transparent(folder):
    coloured = Image.new("P", (8, 8), 1)
    coloured.putpalette([0, 0, 0, 255, 0, 0, 0, 255, 0])
    coloured.save(folder / "a.png")
    assert near(only_picture(folder)[0, 0], RED, 0)
    coloured.putpixel((7, 7), 2)
    coloured.save(folder / "a.png", transparency=1)
    assert near(only_picture(folder)[0, 0], WHITE, 0)
    grey = Image.new("P", (8, 8), 1)
    grey.putpalette([0, 0, 0, 90, 90, 90])
    grey.save(folder / "a.png")
    assert only_picture(folder).shape == (8, 8, 1)
    assert near(only_picture(folder)[0, 0], (90,), 0)


def test_the_first_frame_of_a_gif_is_read(folder):
    frames = [Image.new("P", (8, 8), 0), Image.new("P", (8, 8), 0)]
    frames[0].putpalette(RED)
    frames[1].putpalette(BLUE)
    frames[0].save(folder / "a.gif", save_all=True, append_images=frames[1:], duration=100)
    with Image.open(folder / "a.gif") as written:
        assert written.n_frames == 2
    assert near(only_picture(folder)[4, 4], RED)


@pytest.mark.parametrize("kind", ["jpg", "png", "webp"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_exif_orientation_is_respected(folder, kind, orientation):
    # upright: 24 wide, 16 high, its top left corner red
    upright = Image.new("RGB", (24, 16), BLUE)
    upright.paste(RED, (0, 0, 12, 8))
    undo = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}  # Pillow's number of the opposite turn
    stored = upright.transpose(Image.Transpose(undo[orientation])) if orientation > 1 else upright
    exif = Image.Exif()
    exif[0x0112] = orientation
    stored.save(folder / f"a.{kind}", exif=exif, **({"quality": 95} if kind != "png" else {}))
    pixels = only_picture(folder)
    assert pixels.shape == (16, 24, 3)
    assert near(pixels[3, 5], RED, 40)
    assert near(pixels[12, 5], BLUE, 40)
    assert near(pixels[3, 18], BLUE, 40)
    assert only_picture(folder, image_size=(8, 12)).shape == (8, 12, 3)


@pytest.mark.parametrize("kind", ["jpg", "png", "webp"])
def test_damaged_exif_data_does_not_spoil_a_picture(folder, kind):
    save(folder / f"a.{kind}", exif=b"Exif\0\0" + b"\xff" * 40)
    assert near(only_picture(folder)[4, 4], RED)


def test_pictures_of_one_size_keep_it_and_mixed_ones_become_64(folder):
    save(folder / "a.png", size=(20, 10))
    save(folder / "b.png", size=(20, 10))
    assert load(folder).shape == (10, 20, 3)
    save(folder / "c.png", size=(10, 20))
    assert load(folder).shape == (64, 64, 3)
    assert load(folder, image_size=32).shape == (32, 32, 3)
    assert load(folder, image_size=(12, 30)).shape == (12, 30, 3)


def test_a_picture_is_cut_around_its_centre_before_it_is_resized(folder):
    wide = Image.new("RGB", (190, 100), BLUE)
    wide.paste(RED, (45, 0, 145, 100))
    for name in ("a.png", "a.jpg"):
        for old in folder.iterdir():
            old.unlink()
        wide.save(folder / name, quality=95)
        assert near(only_picture(folder, image_size=10)[5, 1:9], RED, 12)


def test_a_large_jpeg_resized_early_looks_as_if_resized_late(folder):
    noise = np.random.default_rng(0).integers(0, 256, (12, 12, 3), dtype=np.uint8)
    smooth = Image.fromarray(noise).resize((1200, 1200), Image.Resampling.BICUBIC)
    smooth.save(folder / "a.jpg", quality=95)
    pixels = only_picture(folder, image_size=48).astype(int)
    wanted = np.asarray(smooth.resize((48, 48), Image.Resampling.LANCZOS)).astype(int)
    assert np.abs(pixels - wanted).mean() < 2


def test_one_coloured_picture_makes_all_of_them_coloured(folder):
    save(folder / "a.png", 7, mode="L")
    assert load(folder).shape == (8, 8, 1)
    save(folder / "b.png")
    assert load(folder).shape == (8, 8, 3)
    assert load(folder, channels=1).shape == (8, 8, 1)


def test_a_picture_of_100_megapixels_is_read_without_a_warning(folder):
    save(folder / "large.png", 1, size=(10_000, 10_000), mode="1")
    assert only_picture(folder, image_size=16).shape == (16, 16, 1)


def test_many_large_pictures_are_decoded_one_at_a_time(folder, monkeypatch):
    monkeypatch.setattr(picture_module, "_LARGE", 10)
    for number in range(20):
        save(folder / f"{number:02}.png", (number, 0, 0))
    assert load(folder).images[:, 0, 0, 0].tolist() == list(range(20))


# classes and splits


def test_a_folder_is_decoded_once_while_it_stays_as_it_is(folder, monkeypatch):
    for name in "abc":
        save(folder / f"{name}.png")
    first = load(folder)
    with monkeypatch.context() as patch:
        patch.setattr("ganbook.data.folder.decode_content", None)  # nothing can be decoded now
        again = load(folder)
        with pytest.raises(TypeError):
            load(folder, 4)
    assert again.images is first.images
    assert again.fingerprint == first.fingerprint
    with pytest.raises(ValueError, match="read-only"):
        first.images[0] = 0
    save(folder / "b.png", BLUE, (8, 9))
    assert load(folder, 8).images[1, 4, 4].tolist() == list(BLUE)


def test_a_flat_folder_has_no_labels(folder):
    for name in ("b.png", "a.png"):
        save(folder / name, (ord(name[0]), 0, 0))
    data = load(folder)
    assert data.labels is None
    assert data.class_names == ()
    assert data.images[:, 0, 0, 0].tolist() == [ord("a"), ord("b")]  # sorted
    assert (data.name, data.source) == ("photos", str(folder))
    assert load(data.source).fingerprint == data.fingerprint


def test_subfolders_are_classes(folder):
    save(folder / "dog" / "1.png", (2, 0, 0))
    save(folder / "cat" / "deep" / "1.png", (1, 0, 0))
    save(folder / "dog" / "2.png", (2, 0, 0))
    data = load(folder)
    assert data.class_names == ("cat", "dog")
    assert data.labels.tolist() == [0, 1, 1]
    assert data.images[:, 0, 0, 0].tolist() == [1, 2, 2]


def test_a_split_by_itself_is_called_after_the_folder_around_it(folder):
    for name in ("train", "seg_train", "training wheels"):
        save(folder / name / "1.png", (1, 0, 0))
    assert load(folder / "train").name == folder.name
    assert load(folder / "seg_train").name == "seg_train"
    assert load(folder / "training wheels").name == "training wheels"


@pytest.mark.parametrize("name", ["test", "val"])
def test_train_and_test_are_splits_with_classes_below_them(folder, name):
    save(folder / "train" / "cat" / "1.png", (1, 0, 0))
    save(folder / "train" / "dog" / "1.png", (2, 0, 0))
    save(folder / name / "dog" / "9.png", (3, 0, 0))
    data = load(folder)
    assert data.class_names == ("cat", "dog")
    assert data.labels.tolist() == [0, 1]
    assert data.test_labels.tolist() == [1]
    assert data.test_images[:, 0, 0, 0].tolist() == [3]


def test_splits_without_classes_and_a_test_split_without_labels_are_fine(folder):
    save(folder / "train" / "1.png")
    save(folder / "test" / "1.png")
    data = load(folder)
    assert (len(data), len(data.test_images), data.labels, data.test_labels) == (1, 1, None, None)
    (folder / "train" / "1.png").unlink()
    save(folder / "train" / "cat" / "1.png")
    data = load(folder)
    assert data.labels.tolist() == [0]
    assert data.test_labels is None


def test_train_among_other_folders_is_a_class_like_them(folder):
    for name in ("car", "plane", "train"):
        save(folder / name / "1.png")
    assert load(folder).class_names == ("car", "plane", "train")


def test_a_folder_beside_the_splits_is_warned_about(folder):
    for name in ("train", "test", "val"):
        save(folder / name / "1.png")
    with pytest.warns(UserWarning, match="'train' is trained on and 'test' held out; not used: 'val/' .1 image."):
        assert len(load(folder).test_images) == 1


def test_links_to_class_folders_are_followed_but_not_in_circles(folder, tmp_path):
    save(tmp_path / "elsewhere" / "1.png")
    (folder / "train").mkdir()
    (folder / "train" / "cat").symlink_to(tmp_path / "elsewhere", target_is_directory=True)
    (tmp_path / "elsewhere" / "round").symlink_to(tmp_path / "elsewhere", target_is_directory=True)
    data = load(folder)
    assert len(data) == 1
    assert data.class_names == ("cat",)


def test_hidden_files_and_other_files_are_ignored(folder):
    save(folder / "cat" / "a.png")
    save(folder / ".hidden.png")
    save(folder / ".thumbnails" / "a.png")
    save(folder / "cat" / "._a.png")
    save(folder / "__MACOSX" / "a.png")
    (folder / "labels.csv").write_text("a,1")
    assert only_picture(folder).shape == (8, 8, 3)


# what is refused


def refused(path, message, error=ValueError):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with pytest.raises(error, match=message) as caught:
            load(path)
    assert "\n" not in str(caught.value)


def test_an_empty_folder_is_refused(folder):
    refused(folder, "no image in '.*photos': it is empty; JPEG, PNG, WebP, GIF and BMP images are read")


def test_a_folder_without_a_picture_is_refused(folder):
    (folder / "notes.txt").write_text("x")
    (folder / "sub").mkdir()
    (folder / "sub" / "more.txt").write_text("x")
    refused(folder, "no image in .*: it holds 2 other files, such as 'notes.txt'")


def test_a_folder_with_no_picture_that_can_be_read_is_refused(folder):
    (folder / "a.png").write_bytes(b"")
    (folder / "b.png").write_bytes(b"x")
    refused(folder, r"no image in .* can be read: 'a.png' \(.*\) and 1 more; give some that can")


def test_pictures_beside_class_folders_are_refused(folder):
    save(folder / "cover.png")
    save(folder / "cat" / "1.png")
    refused(folder, "images beside its class folders .'cover.png'. and inside .'cat/1.png'.")


def test_a_missing_folder_is_a_file_not_found_error(folder):
    refused(folder / "no", "no file or folder", FileNotFoundError)


def test_a_single_picture_is_refused(folder):
    refused(
        save(folder / "a.png"),
        "a.png' is a file but no .npz; give the folder that it is in",
    )


def test_a_name_that_a_folder_has_too_means_the_bundled_set(folder, monkeypatch):
    save(folder / "digits" / "1.png")
    monkeypatch.chdir(folder)
    assert len(load("digits")) == 10_000
    assert len(load("./digits")) == 1
