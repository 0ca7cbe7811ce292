"""The data report: what stands in the way of learning is counted, named by file, and comes with what to do."""

import io
import shutil

import numpy as np
import pytest
from PIL import Image

import ganbook as gb
from ganbook.data import duplicates


@pytest.fixture(scope="module")
def photographs():
    """24 different crops of a photograph, uint8 (24, 40, 40, 3)."""
    from skimage import data

    image = data.astronaut()
    return np.stack([image[y : y + 120 : 3, x : x + 120 : 3] for y in range(0, 360, 100) for x in range(0, 360, 60)])


def save(images, folder, start=0):
    folder.mkdir(parents=True, exist_ok=True)
    for i, image in enumerate(images, start):
        Image.fromarray(image).save(folder / f"{i:03}.png")


def saved_again(image, quality):
    buffer = io.BytesIO()
    Image.fromarray(image).save(buffer, "JPEG", quality=quality)
    return np.asarray(Image.open(buffer))


def test_a_messy_folder_is_described_by_file(photographs, tmp_path):
    train, test = tmp_path / "photos" / "train", tmp_path / "photos" / "test"
    save(photographs[:12], train / "a")
    save(photographs[12:14], train / "b", 100)
    shutil.copy(train / "a" / "003.png", train / "a" / "copy.png")
    Image.fromarray(saved_again(photographs[5], 90)).save(train / "a" / "jpeg.png")
    Image.fromarray(photographs[14][:20, :20]).save(train / "a" / "small.png")
    Image.fromarray(np.hstack(list(photographs[15:18]))).save(train / "a" / "wide.png")
    Image.fromarray(photographs[18][..., :1].repeat(3, 2)).save(train / "a" / "grey.png")
    Image.fromarray(np.full((40, 40, 3), 200, np.uint8)).save(train / "a" / "blank.png")
    (train / "a" / "text.jpg").write_text("no image")
    save(photographs[20:22], test / "a")
    shutil.copy(train / "a" / "007.png", test / "a" / "seen.png")

    found = gb.data.report(tmp_path / "photos", image_size=40)
    assert (found.images, found.test_images, found.size) == (20, 3, (40, 40, 3))
    assert sorted(map(tuple, found.file_sizes.tolist()))[::19] == [(20, 20), (40, 120)]
    assert (found.enlarged, found.cropped, found.grey, found.blank) == (1, 1, 2, 1)
    assert found.duplicates == (("train/a/003.png", "train/a/copy.png"),)
    assert found.alike == (("train/a/005.png", "train/a/jpeg.png"),)
    assert found.in_test == ("train/a/007.png",)
    assert found.class_counts == {"a": 18, "b": 2}
    assert found.suggested_size == 32
    text = str(found)
    for part in (
        "photos: 20 images to learn from, 40×40, colour", "20×20 to 120×40 pixels", "--image-size 32",
        "1 image is smaller than 40×40", "1 image loses more than a quarter to the centre crop (--crop center)",
        "give --crop random or none", "2 images are grey among images in colour, such as 'train/a/",
        "1 image is of one colour", "1 image too many: 'train/a/003.png' = 'train/a/copy.png' are equal to the bit",
        "1 file left out, which cannot be read: 'train/a/text.jpg'", "1 pair is nearly the same", "'train/a/007.png'",
        "20 images are very few", "--start-from",
    ):  # fmt: skip
        assert part in text
    assert found._repr_html_().count("<li>") == len(found.lines) == text.count("\n- ")


def test_clean_images_are_said_to_be_clean():
    clean = gb.data.report(gb.data.load("digits"))
    assert not clean.duplicates
    assert clean.file_sizes is None
    assert clean.suggested_size is None
    assert clean.grey == clean.blank == 0
    assert len(clean.alike) < 0.01 * clean.images


def test_copies_saved_again_are_found_among_photographs_and_different_ones_are_not(photographs):
    again = np.stack([saved_again(image, 75) for image in photographs])
    pairs, compared = duplicates.alike(np.concatenate([photographs, again]), set())
    assert compared == 48
    assert pairs == [(i, i + 24) for i in range(24)]


def test_rare_classes_are_named(photographs):
    labels = np.array([0] * 22 + [1] * 2)
    assert "Class '1' has 2 images, '0' 22" in str(gb.data.report(gb.data.load((photographs, labels))))


def test_a_report_is_about_images():
    with pytest.raises(ValueError, match="a report is about images, and ring is points"):
        gb.data.report("ring")
