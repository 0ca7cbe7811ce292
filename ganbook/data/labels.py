"""Labels as people have them (integers, names, columns) to class numbers with names."""

from collections.abc import Sequence

import numpy as np

MAX_CLASSES = 10_000


def number_labels(
    labels: object | None,
    count: int,
    test_labels: object | None = None,
    test_count: int = 0,
    class_names: Sequence[str] | None = None,
) -> tuple[np.ndarray | None, np.ndarray | None, tuple[str, ...]]:
    """Check the labels of both splits and turn them into class numbers.

    Parameters
    ----------
    labels, test_labels : array-like (N,) or (N, 1), or None
        Integers from 0 on (kept as they are) or strings (numbered in sorted order).
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
    if all(part.dtype.kind == "U" for part in parts):
        names = _names(class_names) or tuple(sorted({str(name) for part in parts for name in np.unique(part)}))
        number = {name: i for i, name in enumerate(names)}
        unknown = sorted({str(name) for part in parts for name in np.unique(part)} - set(number))
        if unknown:
            raise ValueError(f"labels: {unknown[0]!r} is not among the {len(names)} class_names: add it there")
        train, test = (
            None if part is None else np.array([number[name] for name in part.tolist()], np.int32)
            for part in (train, test)
        )
        return train, test, names
    if any(part.dtype.kind == "U" for part in parts):
        raise ValueError("labels and test labels: one has numbers, the other names; use the same kind for both")
    low = min((int(part.min()) for part in parts if part.size), default=0)
    high = max((int(part.max()) for part in parts if part.size), default=0)
    names = _names(class_names) or tuple(str(i) for i in range(min(high, MAX_CLASSES) + 1))
    if low < 0 or high >= MAX_CLASSES:
        raise ValueError(
            f"labels: values from {low} to {high}; allowed are class numbers from 0 to {MAX_CLASSES - 1:,}: "
            "renumber them, or give names (strings)"
        )
    if high >= len(names):
        raise ValueError(f"labels: values up to {high} but {len(names)} class_names: give one name a class")
    return *(None if part is None else part.astype(np.int32) for part in (train, test)), names


def _one_column(labels: object | None, count: int, what: str) -> np.ndarray | None:
    if labels is None:
        return None
    try:
        column = np.asarray(labels)
    except ValueError:
        raise ValueError(f"{what}: rows of different lengths; allowed is one integer or name an image") from None
    if column.ndim == 2 and column.shape[1] == 1:  # keras.datasets keeps CIFAR labels as a column
        column = column[:, 0]
    if column.ndim != 1:
        hint = "; for one-hot rows use labels.argmax(axis=1)" if column.ndim == 2 else ""
        raise ValueError(f"{what}: shape {column.shape}; allowed is (N,), one label an image{hint}")
    if len(column) != count:
        raise ValueError(f"{what}: {len(column)} labels for {count} images: give one label an image")
    if column.dtype.kind == "O" and all(isinstance(name, str) for name in column.tolist()):
        return column.astype(np.str_)
    if column.dtype.kind == "S":
        return np.char.decode(column, "utf-8")
    if column.dtype.kind not in "Ubiu":
        raise ValueError(
            f"{what}: dtype {column.dtype}; allowed are integers from 0 on or strings: "
            "use labels.astype(int) if they are class numbers"
        )
    return column


def _names(class_names: Sequence[str] | None) -> tuple[str, ...]:
    if class_names is None:
        return ()
    names = tuple(str(name) for name in np.asarray(class_names).ravel().tolist())
    if len(set(names)) < len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"class_names: {twice!r} stands there twice; give each class a name of its own")
    return names
