"""What holds for all arrays, labels, names and folders: the right data or one clear line, and every file accounted for.

The examples are the same in every run. ``HYPOTHESIS_EXAMPLES=5000 pytest …`` looks for new ones.
"""

import io
import os
import tempfile
import warnings
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from PIL import Image

from ganbook.data import ImageData, PointData, load
from ganbook.data.labels import class_name, in_order, number_labels
from ganbook.data.splits import find_splits
from ganbook.data.walk import walk

EXAMPLES = os.environ.get("HYPOTHESIS_EXAMPLES")
quick = settings(
    max_examples=int(EXAMPLES or 60),
    derandomize=EXAMPLES is None,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)


def result_of(source, **options):
    """Load; return images, or None for points and where one clear line refuses. Anything else that is raised fails."""
    refusal = None
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            data = load(source, **options)
        except (ValueError, FileNotFoundError) as error:
            refusal = error
    if refusal is not None:
        assert type(refusal) in (ValueError, FileNotFoundError), repr(refusal)  # not UnicodeError and the like
        is_one_line(str(refusal))
        return None
    for warning in caught:
        is_one_line(str(warning.message))
    if isinstance(data, PointData):
        assert data.points.dtype == np.float32
        assert data.points.shape[1:] == (2,)
        assert np.isfinite(data.points).all()
        assert np.isfinite(data.samples).all()
        return None
    check(data)
    return data


def is_one_line(text):
    assert text
    assert "\n" not in text
    assert len(text) < 900


def check(data):
    """Assert what every ImageData promises."""
    assert isinstance(data, ImageData)
    for images, labels in ((data.images, data.labels), (data.test_images, data.test_labels)):
        assert images.dtype == np.uint8
        assert images.ndim == 4
        assert images.shape[1:] == data.shape
        assert data.shape[2] in (1, 3)
        if labels is not None:
            assert labels.dtype == np.int32
            assert labels.shape == (len(images),)
            assert labels.size == 0 or 0 <= labels.min() <= labels.max() < data.num_classes
    assert len(data) >= 1
    assert len(set(data.class_names)) == data.num_classes
    "".join(data.class_names).encode()


# arrays

any_dtype = st.one_of(
    hnp.boolean_dtypes(), hnp.integer_dtypes(endianness="?"), hnp.unsigned_integer_dtypes(endianness="?"),
    hnp.floating_dtypes(endianness="?"), hnp.complex_number_dtypes(), hnp.unicode_string_dtypes(max_len=3),
    hnp.byte_string_dtypes(max_len=3), hnp.datetime64_dtypes(), hnp.timedelta64_dtypes(), st.just(np.dtype(object)),
)  # fmt: skip
shapes = hnp.array_shapes(min_dims=0, max_dims=5, min_side=0, max_side=5)


def reordered(array, order):
    """The same values in another memory layout."""
    if order == "fortran":
        return np.asfortranarray(array)
    if order == "reversed":
        return array[::-1][::-1] if array.ndim else array
    if order == "strided" and array.ndim:
        return np.repeat(array, 2, axis=0)[::2]
    return array


@quick
@given(st.data(), any_dtype, shapes, st.sampled_from(["c", "fortran", "reversed", "strided"]))
def test_any_array_is_images_or_one_line(draws, dtype, shape, order):
    elements = st.integers(0, 3) if dtype.kind == "O" else None
    array = draws.draw(hnp.arrays(dtype, shape, elements=elements))
    result_of(reordered(array, order))


@quick
@given(
    hnp.arrays(np.uint8, st.tuples(*[st.integers(1, 6)] * 3, st.sampled_from([1, 3]))),
    st.sampled_from(["c", "fortran", "reversed", "strided"]),
    st.sampled_from(["u1", "<u2", ">u2", "<i4", ">i8", "f2", "<f4", ">f8", "float", "list", "255", "-1..1"]),
)
def test_the_same_levels_come_out_whatever_type_and_order_they_come_in(images, order, how):
    images[0, 0, 0, 0], images[-1, -1, -1, -1] = 0, 255
    assume(images[0, 0, 0, 0] == 0)  # an image of one pixel cannot hold both
    source = reordered(images, order)
    if how == "list":
        source = source.tolist()
    elif how == "255":
        source = source.astype(float)
    elif how in ("float", "f2"):
        source = source / np.dtype(how).type(255)
    elif how == "-1..1":
        source = source / 127.5 - 1
    elif how.endswith(("f4", "f8")):
        source = (source / 255).astype(how)
    else:
        source = source.astype(how)
    data = result_of(source)
    assert np.abs(data.images.astype(int) - images).max() <= (1 if how == "f2" else 0)


@quick
@given(st.lists(hnp.arrays(st.sampled_from([np.uint8, np.float32, np.int16]), shapes), max_size=5), st.booleans())
def test_any_list_or_tuple_of_arrays_is_data_or_one_line(parts, as_tuple):
    result_of(tuple(parts) if as_tuple else parts)


@quick
@given(
    st.one_of(
        hnp.arrays(
            any_dtype.filter(lambda dtype: dtype.kind != "O"), hnp.array_shapes(min_dims=0, max_dims=3, max_side=6)
        ),
        st.lists(
            st.one_of(st.integers(), st.text(max_size=3), st.none(), st.floats(), st.binary(max_size=3)), max_size=6
        ),
    )
)
def test_any_labels_are_classes_or_one_line(labels):
    data = result_of((np.full((6, 2, 2), 99, np.uint8), labels))
    if data is not None:
        assert data.labels.shape == (6,)


@quick
@given(st.dictionaries(st.sampled_from(
    ["x_train", "X", "images", "y", "y_train", "labels", "x_val", "y_val", "x_test", "test_labels", "class_names", "z"]
), st.one_of(
    hnp.arrays(np.uint8, st.tuples(*[st.integers(1, 3)] * 3)),
    hnp.arrays(np.int64, st.integers(1, 3), elements=st.integers(0, 3)),
), max_size=5))  # fmt: skip
def test_any_archive_is_data_or_one_line_and_equals_a_dictionary(arrays):
    with tempfile.TemporaryDirectory() as place:
        np.savez(f"{place}/a.npz", **arrays)
        data, same = result_of(f"{place}/a.npz"), result_of(arrays)
        assert (data and data.fingerprint) == (same and same.fingerprint)


# names


@quick
@given(st.lists(st.text(st.characters(exclude_characters="\0"), max_size=6), min_size=1, max_size=8))  # NumPy drops \0
def test_names_of_classes_are_stable_and_can_be_stored(names):
    normal = [class_name(name) for name in names]
    assert [class_name(name) for name in normal] == normal
    "".join(normal).encode()
    ordered = in_order(normal)
    assert sorted(ordered) == sorted(set(normal))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        labels, _, classes = number_labels(names, len(names))
    assert [classes[label] for label in labels] == normal


@quick
@given(st.lists(st.integers(-50, 5000), min_size=1, max_size=20, unique=True))
def test_numbers_as_names_are_sorted_by_value(numbers):
    assert in_order(map(str, numbers)) == [str(number) for number in sorted(numbers)]


words = st.sampled_from(["train", "Test", "val", "seg", "images", "2017", "cat", "training", "dev", "A"])


@quick
@given(st.lists(st.lists(words, min_size=1, max_size=3).map("_".join), max_size=6, unique=True))
def test_splits_are_some_of_the_names_and_one_of_them_is_for_training(names):
    roles = find_splits(names)
    assert set(roles) <= set(names)
    assert not roles or list(roles.values()).count("train") == 1
    assert len(set(roles.values())) == len(roles)


# folders


def png(level=100):
    file = io.BytesIO()
    Image.new("L", (3, 3), level).save(file, "PNG")
    return file.getvalue()


GOOD = png()
folder_names = st.one_of(
    st.sampled_from(
        ["train", "Test", "valid", "cat", "dog", "0", "10", "2", "@eaDir", ".hidden", "lost+found", "images"]
    ),
    st.text(st.characters(codec="utf-8", exclude_characters="/\0"), min_size=1, max_size=5),
).filter(lambda name: name not in (".", ".."))
suffixes = st.sampled_from([".png", ".PNG", ".jpg", ".gif", ".tif", ".txt", "", ".jpg_large", ".weird"])
contents = st.sampled_from([GOOD, GOOD, GOOD, GOOD[:40], b"", b"text", GOOD[:50] + b"\xff" + GOOD[51:]])
entries = st.tuples(
    st.lists(folder_names, max_size=3),
    st.tuples(st.text(st.characters(codec="utf-8", exclude_characters="/\0"), max_size=4), suffixes).map("".join),
    st.one_of(contents, st.sampled_from(["folder", "link to nothing", "link to itself", "link to its folder"])),
)


def build(place, tree):
    """Make files, folders and links; what a file system refuses is left out."""
    for folders, name, content in tree:
        folder = Path(place, *folders)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            path = folder / name
            if content == "folder":
                path.mkdir()
            elif isinstance(content, str):
                path.symlink_to(
                    {"link to nothing": "/gone", "link to itself": name, "link to its folder": "."}[content]
                )
            else:
                path.write_bytes(content)
        except OSError:
            continue


@quick
@given(st.lists(entries, max_size=8))
def test_every_file_of_any_folder_is_used_or_accounted_for(tree):
    with tempfile.TemporaryDirectory() as place:
        build(place, tree)
        try:
            found = walk(place)
        except ValueError:
            pytest.fail("a folder that can be read was refused")
        entries = {file.path for file in found.images} | set(found.left_out) | set(found.others)
        for above, folders, files in os.walk(place):
            folders[:] = [name for name in folders if not name.startswith(".")]
            for name in (*files, *(folder for folder in folders if os.path.islink(os.path.join(above, folder)))):
                path = os.path.relpath(os.path.join(above, name), place)
                hidden = any(part.startswith(".") for part in path.split("/"))
                within = any(path.startswith(folder) for folder in found.system)
                assert hidden or within or path in entries or path + "/" in entries or path in found.folders, path

        with tempfile.TemporaryDirectory() as cache:
            os.environ["GANBOOK_CACHE"], before = cache, os.environ.get("GANBOOK_CACHE")
            try:
                data = result_of(place)
            finally:
                os.environ.pop("GANBOOK_CACHE") if before is None else os.environ.update(GANBOOK_CACHE=before)
        if data is not None:
            used = len(data) + len(data.test_images)
            covered = [path for path, _ in data.skipped]
            good = [file.path for file in found.images if Path(place, file.path).read_bytes() == GOOD]
            outside = [path for path in good if any(path == row or path.startswith(row) for row in covered)]
            assert used >= len(good) - len(outside)
            assert {name for name, _ in data.skipped} >= set(found.left_out)
