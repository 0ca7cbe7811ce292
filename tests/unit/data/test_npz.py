"""Archives as people have them, damaged ones and hostile ones: the right data, or one short line with the reason."""

import io
import struct
import warnings
import zipfile

import numpy as np
import pytest

from ganbook.data import load

X = np.random.default_rng(0).integers(0, 256, (8, 9, 9), dtype=np.uint8)


@pytest.fixture(autouse=True)
def _no_unexpected_warning():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


def refused(path, reason):
    with pytest.raises(ValueError, match=reason) as caught:
        load(path)
    line = str(caught.value)
    assert "\n" not in line
    assert len(line) - len(str(path)) < 300, line
    assert str(path) in line


# names


@pytest.mark.parametrize("name", ["x_valid", "x_val", "X_validation", "x_test", "test_images", "val_images", "x_dev"])
@pytest.mark.parametrize("training", ["x_train", "images", "train_images", "X_train"])
def test_a_split_to_hold_out_is_used_whatever_it_is_called(tmp_path, training, name):
    np.savez(tmp_path / "a.npz", **{training: X, name: X[:4]})
    data = load(tmp_path / "a.npz")
    assert (len(data), len(data.test_images)) == (8, 4)


def test_arrays_that_are_not_used_are_named(tmp_path):
    np.savez(tmp_path / "a.npz", x_train=X, images=X[::-1], x_test=X[:2], x_val=X[:3], mean=X.mean(0))
    with pytest.warns(UserWarning, match="not used: 'images', 'x_val', 'mean'; used are x_train, x_test"):
        data = load(tmp_path / "a.npz")
    assert np.array_equal(data.images[..., 0], X)


def test_labels_go_with_the_split_that_is_used(tmp_path):
    np.savez(
        tmp_path / "a.npz",
        train_images=X, train_labels=np.arange(8) % 2, val_images=X[:2], val_labels=[1, 1],
    )  # fmt: skip
    assert load(tmp_path / "a.npz").test_labels.tolist() == [1, 1]


def test_what_a_file_is_counts_more_than_how_it_is_called(tmp_path):
    np.save(tmp_path / "a.npy", X)
    (tmp_path / "a.npy").rename(tmp_path / "array.npz")
    assert np.array_equal(load(tmp_path / "array.npz").images, load(X).images)
    np.savez(tmp_path / "b.npz", x_train=X)
    (tmp_path / "b.npz").rename(tmp_path / "archive.npy")
    assert np.array_equal(load(tmp_path / "archive.npy").images, load(X).images)


def test_a_npy_file_holds_images(tmp_path):
    np.save(tmp_path / "a.npy", X)
    data = load(tmp_path / "a.npy")
    assert np.array_equal(data.images[..., 0], X)
    assert load(data.source).fingerprint == data.fingerprint


def test_labels_of_objects_are_named(tmp_path):
    np.savez(tmp_path / "a.npz", x_train=X, y_train=np.array(["a", None] * 4, object))
    refused(tmp_path / "a.npz", "y_train holds pickled Python objects")


def test_an_archive_of_image_files_is_told_to_be_unpacked(tmp_path):
    with zipfile.ZipFile(tmp_path / "p.npz", "w") as archive:
        for number in range(2000):
            archive.writestr(f"set/{number:06}.png", b"")
    refused(tmp_path / "p.npz", "2,000 images, such as 'set/000000.png' and 1,999 more, and no arrays: unpack it")


def test_many_arrays_are_not_all_listed(tmp_path):
    np.savez(tmp_path / "a.npz", **{f"image_{number}": X[0] for number in range(500)})
    refused(tmp_path / "a.npz", "it holds 'image_0', .* and 495 more; allowed are x_train")


def test_an_array_that_is_there_twice_is_refused(tmp_path):
    with warnings.catch_warnings(), zipfile.ZipFile(tmp_path / "a.npz", "w") as archive:
        warnings.simplefilter("ignore")
        for part in (X, X[::-1]):
            file = io.BytesIO()
            np.save(file, part)
            archive.writestr("x_train.npy", file.getvalue())
    refused(tmp_path / "a.npz", "two arrays called 'x_train'")


# damage


def packed(path, content, method=zipfile.ZIP_STORED):
    with zipfile.ZipFile(path, "w", method) as archive:
        archive.writestr("x_train.npy", content)
    return path


def npy(header, data=bytes(256)):
    line = header.encode().ljust(117) + b"\n"
    return b"\x93NUMPY\x01\x00" + len(line).to_bytes(2, "little") + line + data


def saved(array=X):
    file = io.BytesIO()
    np.save(file, array)
    return file.getvalue()


@pytest.mark.parametrize("method", [93, 9, 1])
def test_a_method_that_python_cannot_unpack_is_said(tmp_path, method):
    path = packed(tmp_path / "a.npz", saved())
    content = bytearray(path.read_bytes())
    directory = content.index(b"PK\x01\x02")
    struct.pack_into("<H", content, 8, method)
    struct.pack_into("<H", content, directory + 10, method)
    path.write_bytes(content)
    refused(path, "x_train is packed in a way that Python cannot unpack; save it again")


def test_a_password_is_said(tmp_path):
    path = packed(tmp_path / "a.npz", saved())
    content = bytearray(path.read_bytes())
    content[6] |= 1
    content[content.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(content)
    refused(path, "protected by a password")


@pytest.mark.parametrize("method", [zipfile.ZIP_LZMA, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_STORED])
def test_damaged_data_are_said_to_be_damaged(tmp_path, method):
    path = packed(tmp_path / "a.npz", saved(), method)
    content = bytearray(path.read_bytes())
    content[80:130] = b"\xff" * 50
    path.write_bytes(content)
    refused(path, "x_train (is damaged|has a damaged header|cannot be read)")


@pytest.mark.parametrize(
    "header",
    [
        "{'descr': '|u1', 'fortran_order': False, 'shape': (4, 8, 8",
        "{'descr': '|u1', 'fortran_order': False, 'shape': (4, 8, 8), }}}",
        "{'descr': 'what', 'fortran_order': False, 'shape': (4, 8, 8), }",
        "{'descr': '|u1', 'fortran_order': False, 'shape': (-4, 8, 8), }",
        "{'descr': '|u1', 'fortran_order': 7, 'shape': (4, 8, 8), }",
        "(((((((((((((((((((((((((((((((((((((((((((((((((",
        "",
        "\x00",
    ],
)
def test_a_header_that_does_not_parse_is_one_line(tmp_path, header):
    refused(packed(tmp_path / "a.npz", npy(header)), "x_train has a")
    (tmp_path / "a.npy").write_bytes(npy(header))
    refused(tmp_path / "a.npy", "has a")


def test_a_header_that_claims_more_than_there_is_takes_no_memory(tmp_path):
    for shape in ("(4, 800, 800)", f"({2**62}, 8, 8)", "(99999, 99999, 99999, 99999)"):
        header = f"{{'descr': '|u1', 'fortran_order': False, 'shape': {shape}, }}"
        refused(packed(tmp_path / "a.npz", npy(header)), "x_train is cut short: its header claims")


def test_a_header_that_is_too_long_is_not_called_a_pickle(tmp_path):
    line = b"{'descr': '|u1', 'fortran_order': False, 'shape': (4, 8, 8), }".ljust(20_000) + b"\n"
    content = b"\x93NUMPY\x01\x00" + len(line).to_bytes(2, "little") + line + bytes(256)
    refused(packed(tmp_path / "a.npz", content), "x_train has a header too long")


def test_more_than_the_memory_is_refused_before_unpacking(tmp_path, monkeypatch):
    from ganbook.data import npz

    monkeypatch.setattr(npz, "physical_memory", lambda: 256)
    refused(packed(tmp_path / "a.npz", saved()), "its arrays take .* GB, and this computer has")
