"""Which of several arrays are images, labels and splits: by their names, or by their order in a tuple."""

import re
import warnings
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ganbook.data.splits import ROLES
from ganbook.utils.errors import few

ALLOWED_NAMES = "allowed are x_train (with y_train, x_test, y_test) or images (with labels)"
ALLOWED_ORDERS = (
    "allowed are images, (images, labels), ((x_train, y_train), (x_test, y_test)) or (x_train, y_train, x_test, y_test)"
)
_KINDS = {"x": "images", "images": "images", "image": "images", "imgs": "images", "img": "images"}
_KINDS |= {"y": "labels", "labels": "labels", "label": "labels", "targets": "labels", "target": "labels"}
_CLASS_NAMES = ("class_names", "classnames", "label_names")


def choose_names(names: Iterable[str]) -> dict[str, str]:
    """Find the parts of a data set among the names of arrays; what is not used is named in a warning.

    Names are read in capitals or not: ``x_train``, ``X_val``, ``train_images``, ``images``, ``y``, …. Validation arrays
    are held out where there are no test arrays.

    Returns
    -------
    dict
        Names by part: "images", "labels", "test_images", "test_labels", "class_names", as far as they are there.

    Raises
    ------
    ValueError
        If there are no images to train on.
    """
    names = list(names)
    candidates: dict[tuple[str, str], list[str]] = {}
    for name in names:
        if name.lower() in _CLASS_NAMES:
            candidates.setdefault(("class_names", "train"), []).append(name)
        elif read := _kind_and_role(name):
            candidates.setdefault(read, []).append(name)

    def first(kind: str, role: str) -> str | None:
        # x_train before train_images before images
        order = sorted(
            candidates.get((kind, role), []), key=lambda name: (not _has_role(name), name.lower()[1:2] != "_")
        )
        return order[0] if order else None

    held_out = "test" if first("images", "test") else "validation" if first("images", "validation") else None
    parts = {
        "images": first("images", "train"),
        "labels": first("labels", "train"),
        "test_images": held_out and first("images", held_out),
        "test_labels": first("labels", held_out or "test"),
        "class_names": first("class_names", "train"),
    }
    if parts["images"] is None:
        raise ValueError(f"it holds {few(names) or 'nothing'}; {ALLOWED_NAMES}")
    unused = [name for name in names if name not in parts.values()]
    if unused:
        used = ", ".join(name for name in parts.values() if name)
        warnings.warn(f"arrays that are not used: {few(unused)}; used are {used}", stacklevel=3)
    return {part: name for part, name in parts.items() if name}


def _kind_and_role(name: str) -> tuple[str, str] | None:
    words = re.split(r"[\W_]+", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).lower())
    kinds = [_KINDS[word] for word in words if word in _KINDS]
    roles = [ROLES[word] for word in words if word in ROLES]
    if len(kinds) != 1 or len(kinds) + len(roles) != len(words):
        return None
    return kinds[0], roles[0] if roles else "train"


def _has_role(name: str) -> bool:
    return any(word in ROLES for word in re.split(r"[\W_]+", name.lower()))


def from_mapping(source: Mapping[str, Any]) -> dict[str, Any]:
    """Take the parts of a data set from a dictionary of arrays, or an open archive."""
    chosen = choose_names([str(name) for name in source])
    return {part: source[name] for part, name in chosen.items()}


def from_sequence(source: Sequence[Any]) -> dict[str, Any] | None:
    """Take the parts of a data set from a tuple or list; None if it is a list of images.

    Raises
    ------
    ValueError
        If its parts have an order that means nothing.
    """
    if source and all(hasattr(part, "getbands") for part in source):
        return None  # Pillow images, of whatever modes
    if isinstance(source, tuple) and len(source) == 2:
        if all(isinstance(part, tuple) and len(part) == 2 for part in source):
            return _from_pairs(source)
        if not all(_is_pair(part) for part in source):
            return {"images": source[0], "labels": source[1]}
    if not 2 <= len(source) <= 6:
        return None
    if all(_is_pair(part) for part in source):
        return _from_pairs(source)
    images = [_rank(part) >= 3 for part in source]
    if len(set(map(_rank, source))) == 1 or not images[0]:
        return None  # a list of images
    if images in ([True, False], [True, False] * 2, [True, False] * 3):
        return _from_pairs(list(zip(source[::2], source[1::2], strict=True)))
    if images == [True, True, False, False]:  # as scikit-learn's train_test_split returns them
        return _from_pairs([(source[0], source[2]), (source[1], source[3])])
    if {_rank(part) for part in source} <= {2, 3}:
        return None  # a list of grey and colour images
    shapes = ", ".join(str(getattr(part, "shape", type(part).__name__)) for part in source)
    raise ValueError(f"{len(source)} parts ({shapes}); {ALLOWED_ORDERS}")


def _from_pairs(pairs: Sequence[tuple[Any, Any]]) -> dict[str, Any]:
    if len(pairs) > 3:
        raise ValueError(f"{len(pairs)} pairs of images and labels; {ALLOWED_ORDERS}")
    if len(pairs) == 3:
        warnings.warn(
            "of three pairs the first is trained on and the last held out; the second is not used", stacklevel=4
        )
    parts = {"images": pairs[0][0], "labels": pairs[0][1]}
    return parts if len(pairs) == 1 else parts | {"test_images": pairs[-1][0], "test_labels": pairs[-1][1]}


def _is_pair(part: Any) -> bool:
    if not isinstance(part, tuple | list) or len(part) != 2:
        return False
    return _rank(part[0]) >= 3 and (part[1] is None or 1 <= _rank(part[1]) <= 2) and _rank(part[1]) < _rank(part[0])


def _rank(part: Any, deepest: int = 6) -> int:
    """Count the dimensions of an array or of nested lists, by their first items."""
    if isinstance(part, tuple | list) and deepest:
        return 1 + (_rank(part[0], deepest - 1) if len(part) else 0)
    if hasattr(part, "getbands"):  # a Pillow image
        return 2 + (len(part.getbands()) > 1)
    dimensions = getattr(part, "ndim", 0)
    return dimensions if isinstance(dimensions, int) else 0
