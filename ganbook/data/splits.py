"""Which folders of a data set are its splits, by the names that people give them."""

import re
from collections.abc import Iterable

_WORDS = {
    "train": ("train", "training", "trn", "trainset", "trainingset"),
    "test": ("test", "testing", "tst", "testset", "eval", "evaluation", "heldout", "holdout", "t10k"),
    "validation": ("val", "valid", "validate", "validation", "valset", "validationset", "dev", "devel", "development"),
}
ROLES = {word: role for role, words in _WORDS.items() for word in words}
_FILLER = {
    "image", "images", "img", "imgs", "photo", "photos", "picture", "pictures", "data", "dataset", "set", "split",
}  # fmt: skip


def split_name(name: str) -> tuple[str, str] | None:
    """Read a name such as "Train", "seg_test", "val2017", "training-images" or "testdata".

    Returns
    -------
    tuple of str, or None
        The role, "train", "test" or "validation", and what else the name says, in lower case, such as "seg" or "2017";
        None if it names no split, or several.
    """
    spaced = re.sub(r"(?<=[a-z]{2})(?=[A-Z0-9])", " ", name).lower()
    words = [part for word in re.split(r"[\W_]+", spaced) if word for part in _parts(word)]
    roles = [ROLES[word] for word in words if word in ROLES]
    if len(roles) != 1:
        return None
    return roles[0], " ".join(word for word in words if word not in ROLES and word not in _FILLER)


def _parts(word: str) -> tuple[str, ...]:
    """Take apart a role and a filler that are written in one word."""
    for filler in _FILLER:
        if word not in ROLES and word.removesuffix(filler) in ROLES:
            return word.removesuffix(filler), filler
    return (word,)


def find_splits(names: Iterable[str]) -> dict[str, str]:
    """Find the splits among the names of folders.

    One name for training and another one for testing or validation are splits. Of several sets of such names, as in
    ``train``, ``test``, ``train_masks``, ``test_masks``, it is the one that says no more than that. A name alone is
    one if it means training.

    Returns
    -------
    dict
        "train", "test" or "validation" by name; empty if the names are no splits, or more than one set of them.
    """
    names = sorted(names)
    read = {name: split for name in names if (split := split_name(name))}
    sets: dict[str, dict[str, str]] = {}
    for name, (role, rest) in read.items():
        sets.setdefault(rest, {})[name] = role
    if _is_complete(all_names := {name: role for name, (role, _) in read.items()}):
        return all_names
    complete = {rest: roles for rest, roles in sets.items() if _is_complete(roles)}
    if "" in complete:
        return complete[""]
    if len(complete) == 1:
        return next(iter(complete.values()))
    return all_names if len(names) == 1 and "train" in all_names.values() else {}


def _is_complete(roles: dict[str, str]) -> bool:
    """Whether there is one name for training, another one to hold out, and none twice."""
    return len(roles) > 1 and "train" in roles.values() and len(set(roles.values())) == len(roles)
