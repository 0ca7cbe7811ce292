"""Folders as they lie on disks: every entry is used, or left out and accounted for; splits, classes."""

import os
import sys
import unicodedata
import warnings

import pytest
from PIL import Image

from ganbook.data import load
from ganbook.data.walk import image_files, walk


@pytest.fixture(autouse=True)
def _own_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("GANBOOK_CACHE", str(tmp_path / "cache"))


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "photos").mkdir()
    return tmp_path / "photos"


def save(path, level=100):
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", (8, 8), (level, 9, 9)).save(path, "PNG")
    return path


def loaded(folder):
    """Load, and return the data and the warnings."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        data = load(folder)
    lines = [str(warning.message) for warning in caught]
    assert not any("\n" in line for line in lines)
    return data, lines


# every entry


@pytest.mark.parametrize(
    "name",
    [
        "#recycle",
        "$RECYCLE.BIN",
        "@eaDir",
        "System Volume Information",
        "lost+found",
        "__MACOSX",
        "#snapshot",
        "@Recycle",
    ],
)
def test_what_systems_leave_is_left_out_and_accounted_for(folder, name):
    save(folder / "a.png")
    save(folder / name / "old.png")
    data, lines = loaded(folder)
    assert (len(data), data.labels, lines) == (1, None, [])
    assert data.skipped == ((f"{name}/", "made by the system, not looked into"),)
    (folder / "cat").mkdir()
    (folder / "a.png").rename(folder / "cat" / "a.png")
    save(folder / "cat" / name / "thumb.png")
    assert loaded(folder)[0].class_names == ("cat",)
    assert [file.path for file in image_files(str(folder)).images] == ["cat/a.png"]


def test_a_folder_called_thumbs_is_left_out_with_a_warning(folder):
    save(folder / "cat" / "a.png")
    save(folder / "Thumbs" / "a.png")
    data, lines = loaded(folder)
    assert data.class_names == ("cat",)
    assert "'Thumbs/'" in lines[0]


def test_links_to_nothing_and_to_themselves_are_counted_and_named(folder):
    save(folder / "a.png")
    for number in range(3):
        (folder / f"gone{number}.png").symlink_to("/gone/x.png")
    (folder / "loop.png").symlink_to("loop.png")
    (folder / "class").symlink_to("/gone/class")
    data, (line,) = loaded(folder)
    assert len(data) == 1
    assert dict(data.skipped) == {f"gone{n}.png": "a link to nothing" for n in range(3)} | {
        "loop.png": "a link in a circle",
        "class": "a link to nothing",
    }
    assert line.startswith("skipped 5 of 6 images")


def test_only_links_to_nothing_are_not_called_empty(folder):
    (folder / "gone.png").symlink_to("/gone/x.png")
    with pytest.raises(ValueError, match=r"no image in .*: 'gone.png' is left out .a link to nothing."):
        load(folder)


def test_a_tree_of_links_that_grows_without_end_is_cut(folder):
    save(folder / "cat" / "a.png")
    for depth in range(30):  # 2**30 paths
        (folder / f"d{depth}").mkdir()
        for name in ("left", "right"):
            (folder / f"d{depth}" / name).symlink_to(folder / f"d{depth + 1}")
    found = walk(str(folder))
    assert len(found.images) == 1
    assert any("through links" in reason for reason in found.left_out.values())


def test_a_tree_deeper_than_pythons_stack_is_walked(folder):
    save(folder / "a.png")
    places = [str(folder) + "/d" * depth for depth in range(1, 1201)]
    try:
        for place in places:
            os.mkdir(place)
        assert len(walk(str(folder)).folders) == 1200
    finally:  # shutil.rmtree is recursive
        for place in reversed(places):
            os.rmdir(place)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root reads everything")
def test_a_folder_that_may_not_be_read_is_skipped(folder):
    save(folder / "a.png")
    save(folder / "secret" / "b.png")
    (folder / "secret").chmod(0)
    try:
        data, (line,) = loaded(folder)
    finally:
        (folder / "secret").chmod(0o700)
    assert len(data) == 1
    assert "'secret/' (a folder that cannot be read: Permission denied)" in line


def test_a_folder_whose_listing_fails_is_skipped(folder, monkeypatch):
    save(folder / "cat" / "a.png")
    save(folder / "secret" / "b.png")
    scandir = os.scandir

    def refusing(path):
        if str(path).rstrip("/").endswith("secret"):
            raise PermissionError(13, "Permission denied", path)
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refusing)
    data, (line,) = loaded(folder)
    assert data.class_names == ("cat",)
    assert "'secret/' (a folder that cannot be read: Permission denied)" in line
    monkeypatch.setattr(os, "scandir", lambda path: (_ for _ in ()).throw(PermissionError(13, "Permission denied")))
    with pytest.raises(ValueError, match="photos' cannot be read: Permission denied; check its permissions"):
        load(folder)


@pytest.mark.parametrize(
    "suffix", [".tga", ".ico", ".pcx", ".jpg_large", ".pbm", ".exr", ".jxl", ".NEF", ".dcm", ".jpg_original", ".bak"]
)
def test_an_image_that_is_not_read_is_counted_whatever_its_name(folder, suffix):
    save(folder / "a.png")
    save(folder / f"other{suffix}")
    data, (line,) = loaded(folder)
    assert len(data) == 1
    assert [path for path, _ in data.skipped] == [f"other{suffix}"]
    assert "skipped 1 of 2" in line


@pytest.mark.parametrize("name", ["photo", "0a4f9c", "a.MPO", "a.jfif", "a.APNG"])
def test_images_named_by_a_hash_or_a_rare_suffix_are_read(folder, name):
    save(folder / name)
    data, lines = loaded(folder)
    assert (len(data), lines) == (1, [])


@pytest.mark.parametrize("name", ["labels.csv", "readme", "a.xml", "Thumbs.db", "desktop.ini", "notes.weird"])
def test_files_that_are_no_images_are_no_business_of_a_data_set(folder, name):
    save(folder / "a.png")
    (folder / name).write_text("x")
    data, lines = loaded(folder)
    assert (len(data), data.skipped, lines) == (1, (), [])
    assert walk(str(folder)).others == [name]


@pytest.mark.skipif(sys.platform == "win32", reason="no pipes there")
@pytest.mark.timeout(60)
def test_a_pipe_is_not_waited_for(folder):
    save(folder / "a.png")
    os.mkfifo(folder / "pipe.png")
    os.mkfifo(folder / "pipe")
    data, _ = loaded(folder)
    assert dict(data.skipped) == {"pipe.png": "not a file, but a pipe, socket or device"}


# splits


@pytest.mark.parametrize(
    "names", [("training", "testing"), ("TRAIN", "VAL"), ("seg_train", "seg_test"), ("train", "dev")]
)
def test_splits_hold_out_images_whatever_they_are_called(folder, names):
    for split in names:
        for label in ("cat", "dog"):
            save(folder / split / label / "1.png")
    data, lines = loaded(folder)
    assert data.class_names == ("cat", "dog")
    assert (len(data), len(data.test_images), lines) == (2, 2, [])


def test_splits_in_a_folder_of_the_archive_are_found(folder):
    for split in ("seg_train", "seg_test"):
        save(folder / "archive" / split / split / "cat" / "1.png")
    data, lines = loaded(folder)
    assert data.class_names == ("cat",)
    assert (len(data), len(data.test_images), lines) == (1, 1, [])


def test_a_folder_of_images_inside_a_split_is_no_class(folder):
    for split in ("train", "val"):
        save(folder / split / "images" / "1.png")
    data, _ = loaded(folder)
    assert (data.labels, len(data.test_images)) == (None, 1)


@pytest.mark.parametrize("above", [".", "archive"])
def test_splits_inside_the_class_folders_hold_out_images_too(folder, above):
    for label in ("cat", "dog"):
        save(folder / above / label / "train" / "1.png")
        save(folder / above / label / "train" / "deeper" / "2.png")
        save(folder / above / label / "Test" / "1.png")
    data, lines = loaded(folder)
    assert data.class_names == ("cat", "dog")
    assert (data.labels.tolist(), data.test_labels.tolist(), lines) == ([0, 0, 1, 1], [0, 1], [])


def test_a_third_split_inside_the_class_folders_is_named(folder):
    for label in ("cat", "dog"):
        for split in ("train", "val", "test"):
            save(folder / label / split / "1.png")
    data, (line,) = loaded(folder)
    assert (data.class_names, len(data), len(data.test_images)) == (("cat", "dog"), 2, 2)
    assert "not used: 'cat/val/', 'dog/val/' (2 images)" in line


def test_class_folders_of_which_some_have_splits_are_classes_with_a_warning(folder):
    save(folder / "cat" / "train" / "1.png")
    save(folder / "cat" / "test" / "1.png")
    save(folder / "dog" / "1.png")
    data, (line,) = loaded(folder)
    assert data.labels.tolist() == [0, 0, 1]
    assert "'cat/test', 'cat/train' may be splits" in line


@pytest.mark.parametrize("beside", ["labels", "masks", "Annotations"])
def test_splits_in_the_folder_of_images_are_found_beside_what_belongs_to_them(folder, beside):
    for split in ("train", "val"):
        for label in ("cat", "dog"):
            save(folder / "images" / split / label / "1.png")
        save(folder / beside / split / "1.png", level=255)
    data, (line,) = loaded(folder)
    assert (data.class_names, len(data), len(data.test_images)) == (("cat", "dog"), 2, 2)
    assert f"not used: '{beside}/train/', '{beside}/val/' (2 images)" in line


def test_masks_beside_images_are_no_class(folder):
    for split in ("train", "test"):
        save(folder / split / "images" / "1.png")
        save(folder / split / "masks" / "1.png", level=255)
    save(folder / "train" / "images" / "2.png")
    data, (line,) = loaded(folder)
    assert (data.labels, len(data), len(data.test_images)) == (None, 2, 1)
    assert data.images.max() == 100
    assert "not used: 'test/masks/', 'train/masks/' (2 images)" in line


def test_masks_beside_images_are_no_class_without_splits_either(folder):
    for label in ("cat", "dog"):
        save(folder / "images" / label / "1.png")
    save(folder / "masks" / "1.png", level=255)
    data, (line,) = loaded(folder)
    assert (data.class_names, data.images.max()) == (("cat", "dog"), 100)
    assert "its images are trained on; not used: 'masks/' (1 image)" in line


def test_images_and_something_else_are_classes(folder):
    for label in ("images", "drawings"):
        save(folder / label / "1.png")
    data, lines = loaded(folder)
    assert (data.class_names, lines) == (("drawings", "images"), [])


def test_the_folder_of_an_archive_is_no_class(folder):
    for label in ("rose", "tulip"):
        save(folder / "flowers" / "flowers" / label / "1.png")
    data, (line,) = loaded(folder)
    assert data.class_names == ("rose", "tulip")
    assert "all images lie in 'flowers/flowers/', whose folders are the classes" in line


def test_a_single_class_is_one(folder):
    save(folder / "cat" / "1.png")
    save(folder / "cat" / "2" / "2.png")
    data, lines = loaded(folder)
    assert (data.class_names, lines) == (("cat",), [])


def test_all_that_the_splits_leave_over_is_named(folder):
    for split, count in (("train", 3), ("valid", 2), ("test", 1), ("other", 4)):
        for number in range(count):
            save(folder / split / f"{number}.png")
    save(folder / "cover.png")
    data, (line,) = loaded(folder)
    assert (len(data), len(data.test_images)) == (3, 1)
    assert "'train' is trained on and 'test' held out; not used: 'cover.png', 'other/', 'valid/' (7 images)" in line
    assert dict(data.skipped)["valid/"] == "2 images outside the splits"


def test_folders_that_may_be_splits_are_warned_of(folder):
    for name in ("trainA", "trainB", "testA", "testB"):
        save(folder / name / "1.png")
    data, (line,) = loaded(folder)
    assert data.num_classes == 4
    assert "'testA', 'testB' may be splits but are read as classes" in line


def test_an_empty_training_folder_is_an_error_and_an_empty_test_folder_a_warning(folder):
    save(folder / "test" / "1.png")
    (folder / "train").mkdir()
    with pytest.raises(ValueError, match="no image to train on in .*: its folder 'train' holds none"):
        load(folder)
    (folder / "test" / "1.png").rename(folder / "train" / "1.png")
    data, (line,) = loaded(folder)
    assert len(data.test_images) == 0
    assert "no image in 'test'" in line


def test_a_split_without_class_folders_is_warned_of(folder):
    save(folder / "train" / "cat" / "1.png")
    save(folder / "test" / "1.png")
    assert "the test images have no class folders, so no labels" in loaded(folder)[1][0]


# classes


def test_classes_are_numbered_as_people_count(folder):
    for number in range(12):
        save(folder / str(number) / "1.png", number + 50)
    data, _ = loaded(folder)
    assert data.class_names == tuple(str(number) for number in range(12))
    assert (data.images[:, 0, 0, 0] == data.labels + 50).all()


@pytest.mark.parametrize("inside", [None, "notes.txt", "scan.tif", "broken.png"])
def test_a_class_without_an_image_is_named(folder, inside):
    save(folder / "cat" / "1.png")
    (folder / "emu").mkdir()
    if inside:
        (folder / "emu" / inside).write_text("x")
    data, lines = loaded(folder)
    assert data.class_names == ("cat",)
    assert any("no image in 'emu', so no class" in line for line in lines)


def test_a_class_that_only_the_test_split_has_is_named(folder):
    for split, labels in (("train", "ab"), ("test", "abc")):
        for label in labels:
            save(folder / split / label / "1.png")
    data, (line,) = loaded(folder)
    assert data.num_classes == 3
    assert "1 of 3 classes without a training image: 'c'" in line


def test_names_that_are_the_same_to_a_reader_are_one_class(folder):
    save(folder / unicodedata.normalize("NFC", "café") / "1.png")
    save(folder / unicodedata.normalize("NFD", "café") / "2.png")
    save(folder / "tea" / "3.png")
    assert loaded(folder)[0].class_names == ("café", "tea")


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such names")
def test_names_that_are_no_utf8_can_be_shown_and_stored(folder):
    os.makedirs(os.fsencode(folder) + b"/caf\xe9")
    save(folder / "a.png").rename(os.fsdecode(os.fsencode(folder) + b"/caf\xe9/a\xe9.png"))
    data, _ = loaded(folder)
    assert data.class_names == ("caf\\xe9",)
    data._repr_html_().encode()
