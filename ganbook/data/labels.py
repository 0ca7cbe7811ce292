"""Labels as people have them (integers, names, columns) to class numbers with names."""

import re
import unicodedata
import warnings
from collections.abc import Iterable, Sequence

import numpy as np

from ganbook.utils.errors import few

MAX_CLASSES = 10_000


def number_labels(
    labels: object | None,
    count: int,
    test_labels: object | None = None,
    test_count: int = 0,
    class_names: Sequence[str] | None = None,
) -> tuple[np.ndarray | None, np.ndarray | None, tuple[str, ...]]:
    """Check the labels of both splits and turn them into class numbers.

    Classes without a training image, and classes whose names look alike, are named in a warning.

    Parameters
    ----------
    labels, test_labels : array-like (N,), (N, 1) or (1, N), or None
        Integers from 0 on, which stay as they are, or strings, numbered in sorted order: numbers by their value, so
        that class "2" comes before class "10".
    count, test_count : int
        Number of images in each split.
    class_names : sequence of str, optional
        Names of the integers; by default the integers themselves.

    Returns
    -------
    labels, test_labels : int32 (N,) or None
    class_names : tuple of str

    Raises
    ------
    ValueError
        For another length or rank, numbers that are not class numbers, or class names that do not fit.
    """
    train = _one_column(labels, count, "labels")
    test = _one_column(test_labels, test_count, "test labels")
    parts = [part for part in (train, test) if part is not None]
    if not parts:
        return None, None, ()
    named = [part.dtype.kind == "U" for part in parts]
    if any(named) != all(named):
        raise ValueError("labels and test labels: one has numbers, the other names; use the same kind for both")
    names = _names(class_names)
    train, test, names = (_number_names if all(named) else _check_numbers)(train, test, names)
    if train is not None:
        _warn_of_empty_classes(train, names)
    _warn_of_similar_names(names)
    return train, test, names


def class_name(text: str) -> str:
    r"""Return the name of a class as it is shown and compared.

    Names that are the same to a reader are the same here (Unicode's NFC). What cannot be shown or stored, such as line
    breaks, and bytes that are no UTF-8, is written as an escape (``\n``, ``\xe9``).
    """
    normal = unicodedata.normalize("NFC", str(text))
    return "".join(
        character if unicodedata.category(character) not in ("Cc", "Cs", "Zl", "Zp") else _escaped(character)
        for character in normal
    )


def _escaped(character: str) -> str:
    code = ord(character)
    if 0xDC80 <= code <= 0xDCFF:  # a byte of a file name that is no UTF-8, as Python keeps it
        return f"\\x{code - 0xDC00:02x}"
    return character.encode("unicode_escape").decode()


def in_order(names: Iterable[str]) -> list[str]:
    """Sort class names as people count: numbers by value, also inside of names ("class 2" before "class 10")."""
    names = sorted(set(names))
    try:
        values = {name: float(name) for name in names if name.isascii()}
        if len(values) == len(names) and all(np.isfinite(list(values.values()))):
            return sorted(names, key=lambda name: (values[name], name))  # "-1" and "0.5" are numbers, too
    except ValueError:
        pass
    return sorted(names, key=lambda name: ([_piece(piece) for piece in re.split(r"([0-9]+)", name)], name))


def _piece(text: str) -> tuple[int, str]:
    digits = text.lstrip("0") if re.fullmatch("[0-9]+", text) else None
    return (0, text) if digits is None else (len(digits) + 1, digits)


def _number_names(
    train: np.ndarray | None, test: np.ndarray | None, names: tuple[str, ...]
) -> tuple[np.ndarray | None, np.ndarray | None, tuple[str, ...]]:
    spelled = {str(name) for part in (train, test) if part is not None for name in np.unique(part)}
    normal = {name: class_name(name) for name in spelled}
    names = names or tuple(in_order(normal.values()))
    if len(names) > MAX_CLASSES:
        raise ValueError(f"labels: {len(names):,} different names; at most {MAX_CLASSES:,} classes are allowed")
    number = {name: i for i, name in enumerate(names)}
    if unknown := sorted(set(normal.values()) - set(number)):
        raise ValueError(f"labels: {few(unknown, 1)} not among the {len(names)} class_names: add to class_names")
    train, test = (
        None if part is None else np.array([number[normal[name]] for name in part.tolist()], np.int32)
        for part in (train, test)
    )
    return train, test, names


def _check_numbers(
    train: np.ndarray | None, test: np.ndarray | None, names: tuple[str, ...]
) -> tuple[np.ndarray | None, np.ndarray | None, tuple[str, ...]]:
    parts = [part for part in (train, test) if part is not None]
    low = min((int(part.min()) for part in parts if part.size), default=0)
    high = max((int(part.max()) for part in parts if part.size), default=0)
    if low < 0 or high >= MAX_CLASSES:
        raise ValueError(
            f"labels: values from {low} to {high}; allowed are class numbers from 0 to {MAX_CLASSES - 1:,}: "
            "renumber them with np.unique(labels, return_inverse=True)[1], or give names (strings)"
        )
    names = names or tuple(str(i) for i in range(high + 1))
    if high >= len(names):
        raise ValueError(f"labels: values up to {high} but {len(names)} class_names: give one name a class")
    return *(None if part is None else part.astype(np.int32) for part in (train, test)), names


def _warn_of_empty_classes(train: np.ndarray, names: tuple[str, ...]) -> None:
    counts = np.bincount(train, minlength=len(names))
    empty = np.flatnonzero(counts == 0)
    if len(empty):
        warnings.warn(
            f"{len(empty):,} of {len(names):,} classes without a training image: {few(names[i] for i in empty)}; a "
            "conditional GAN cannot learn them: leave them out, and number the others from 0 on",
            stacklevel=4,
        )


def _warn_of_similar_names(names: tuple[str, ...]) -> None:
    alike: dict[str, list[str]] = {}
    for name in names:
        plain = "".join(c for c in unicodedata.normalize("NFKC", name) if unicodedata.category(c) != "Cf")
        alike.setdefault(" ".join(plain.casefold().split()), []).append(name)
    pairs = [group for group in alike.values() if len(group) > 1]
    if pairs:
        warnings.warn(
            f"classes whose names look alike are different classes: {few(pairs[0])}"
            + (f" (and {len(pairs) - 1} more such groups)" if len(pairs) > 1 else ""),
            stacklevel=4,
        )


def _one_column(labels: object | None, count: int, what: str) -> np.ndarray | None:
    if labels is None:
        return None
    try:
        column = np.asarray(labels)
    except ValueError:
        raise ValueError(f"{what}: rows of different lengths; allowed is one integer or name an image") from None
    except Exception as error:
        raise ValueError(f"{what}: a {type(labels).__name__} that NumPy cannot read ({error})") from None
    if column.ndim == 2 and 1 in column.shape:  # keras.datasets has CIFAR labels as a column, MATLAB has rows
        column = column.ravel()
    if column.ndim != 1:
        raise ValueError(f"{what}: shape {column.shape}; allowed is (N,), one label an image{_matrix_hint(column)}")
    if len(column) != count:
        raise ValueError(f"{what}: {len(column)} labels for {count} images: give one label an image")
    if column.dtype.kind == "O" and all(isinstance(name, str | bytes) for name in column.tolist()):
        return np.array([_text(name) for name in column.tolist()], dtype=np.str_)
    if column.dtype.kind == "S":
        return np.array([_text(name) for name in column.tolist()], dtype=np.str_)
    if column.dtype.kind not in "Ubiu":
        raise ValueError(
            f"{what}: dtype {column.dtype}; allowed are integers from 0 on or strings: "
            "use labels.astype(int) if they are class numbers"
        )
    return column


def _matrix_hint(labels: np.ndarray) -> str:
    if labels.ndim != 2 or not len(labels) or labels.dtype.kind not in "buif":
        return ""
    if ((labels != 0).sum(axis=1) == 1).all():
        return "; for one-hot rows use labels.argmax(axis=1)"
    if np.isin(labels, (0, 1)).all():
        return "; these rows have several classes or none: choose one class for each image, or leave the labels out"
    return "; choose the column that holds the class"


def _text(name: object) -> str:
    if not isinstance(name, bytes):
        return str(name)
    try:
        return name.decode("utf-8")
    except UnicodeDecodeError:
        return name.decode("latin-1")


def _names(class_names: Sequence[str] | None) -> tuple[str, ...]:
    if class_names is None:
        return ()
    names = tuple(class_name(_text(name)) for name in np.asarray(class_names).ravel().tolist())
    if len(set(names)) < len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"class_names: {twice!r} stands there twice; give each class a name of its own")
    return names
