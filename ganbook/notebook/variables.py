"""Names in a notebook: variables that hold data or runs, and the variable that a run is put into."""

from __future__ import annotations

import builtins
import keyword
from pathlib import Path
from typing import Any

from ganbook.utils.errors import OptionError, nearest

BROWSER, PLAYGROUND = "browser", "playground"


def find_data(name: str, variables: dict[str, Any]) -> tuple[Any, str]:
    """Return what ``--data name`` means, and a remark if it could have meant something else.

    A name that ganbook knows comes first, then a variable that holds images, then a file or folder.

    Raises
    ------
    OptionError
        It is none of them; the message has the nearest name.
    """
    from ganbook.data import names
    from ganbook.data.load import here

    path = Path(name).expanduser()
    value = variables.get(name)
    if name in names():
        if holds_data(value):
            return name, f"{name} is the data set of this name; rename your variable to use that instead"
        return name, ""
    if holds_data(value):
        folder = f", not the folder; that would be ./{name}" if path.exists() else ""
        return value, f"data is your variable {name}{folder}" if folder else ""
    if name.isidentifier() and not path.exists():
        own = data_variables(variables)
        also = f", your variables {', '.join(own)}" if own else ""
        what = f" ({name} is a variable, but holds {_kind(value)})" if name in variables else ""
        raise OptionError(
            f"unknown data {name!r}{what}: known are {', '.join(names())}{also}, .npz files and folders of images"
            f"{nearest(name, [*names(), *own, *here()])}"
        )
    return name, ""


def find_points(name: str, variables: dict[str, Any], runs_dir: Any = None) -> tuple[Any, str]:
    """Return the run or the points that ``%gan_playground name`` means, and a remark as :func:`find_data` does."""
    from ganbook.data.point_shapes import SHAPES, is_shape
    from ganbook.training.runs import load_run

    if is_shape(name):
        return name, ""
    try:
        return find_data(name, variables)
    except OptionError:
        try:
            return load_run(name, runs_dir), ""
        except (OSError, ValueError):
            raise OptionError(
                f"unknown points {name!r}: give {', '.join(SHAPES)}, a variable that holds an array (N, 2), or a run "
                f"that learns points{nearest(name, [*SHAPES, *data_variables(variables)])}"
            ) from None


def holds_data(value: Any) -> bool:
    """Whether a variable could be data: an array, a pair, a list of images or strings, or what ``load`` returns."""
    if isinstance(value, list) and value and all(isinstance(each, str) or _is_image(each) for each in value[:100]):
        return True
    if isinstance(value, tuple | list):
        return 0 < len(value) <= 2 and all(holds_data(part) for part in value)
    if isinstance(value, type):
        return False
    if isinstance(value, str):
        return False
    return (
        _is(value, "ganbook.data", "Dataset")
        or _is(value, "PIL", "Image")
        or (hasattr(value, "__array__") and getattr(value, "ndim", 1) > 0)
    )


def _is_image(value: Any) -> bool:
    return _is(value, "PIL", "Image") or (hasattr(value, "__array__") and getattr(value, "ndim", 0) in (2, 3))


def data_variables(variables: dict[str, Any]) -> list[str]:
    """Return the names of the user's variables that could be images."""
    own = [name for name in variables if not name.startswith("_") and name not in ("In", "Out")]  # not IPython's
    return [name for name in own if holds_data(variables[name])]


def find_run(name: str, variables: dict[str, Any]) -> Any:
    """Return the run in the variable ``name``, else ``name`` itself: a run's name or folder."""
    value = variables.get(name)
    return value if is_run(value) else name


def find_images(name: str, variables: dict[str, Any]) -> Any:
    """Return the run or the images in the variable ``name``, else ``name`` itself."""
    value = variables.get(name)
    return value if is_run(value) or holds_data(value) else name


def is_run(value: Any) -> bool:
    """Whether a value is a ``Run``; imports nothing."""
    return _is(value, "ganbook.training.run", "Run")


def find_generator(name: str, variables: dict[str, Any]) -> Any:
    """Return the run or the Keras model in the variable ``name``, else ``name`` itself: a run's name or folder."""
    value = variables.get(name)
    return value if is_run(value) or _is(value, "keras", "Model") else name


def put_browser(browser: Any, shell: Any) -> str:
    """Put a browser into the variable ``browser``; return why not, if the user has something else there."""
    return _put_own(
        browser,
        BROWSER,
        ("ganbook.browsing", "Browser", "LineBrowser"),
        "use b = %gan_browse …",
        shell,
    )


def put_playground(playground: Any, shell: Any) -> str:
    """Put a playground into the variable ``playground``; return why not, if the user has something else there."""
    own = ("ganbook.plane", "Playground")
    return _put_own(playground, PLAYGROUND, own, "use p = %gan_playground …", shell)


def _put_own(value: Any, name: str, own: tuple[str, ...], instead: str, shell: Any) -> str:
    before = shell.user_ns.get(name)
    if before is not None and not _is(before, *own):
        return f"your variable {name} holds {_kind(before)} and was not replaced: {instead}"
    shell.user_ns[name] = value
    return ""


def put(run: Any, shell: Any) -> str:
    """Put a run into the variable of its name; return why not, if that is not possible."""
    name = run.name
    if not name.isidentifier() or keyword.iskeyword(name):
        reason = "which is not a Python name"
    elif hasattr(builtins, name) or name in shell.user_ns_hidden or name.startswith("_"):
        reason = f"but {name} means something else to Python already"
    elif shell.user_ns.get(name) is not None and not is_run(shell.user_ns[name]):
        reason = f"but your variable {name} holds {_kind(shell.user_ns[name])}, which was not replaced"
    else:
        shell.user_ns[name] = run
        return ""
    return f"the run is named {name}, {reason}: get it with run = ganbook.load_run({str(run.folder.path)!r})"


def _is(value: Any, module: str, *names: str) -> bool:
    return any(kind.__name__ in names and kind.__module__.startswith(module) for kind in type(value).__mro__)


def _kind(value: Any) -> str:
    return f"a value of type {type(value).__name__}"
