"""What a run remembers of its data, and how it finds the same data again."""

from typing import Any

from ganbook.data.image_data import ImageData
from ganbook.data.load import load


def record(data: ImageData) -> dict[str, Any]:
    """Name, source, fingerprint, count, shape and classes, ready for JSON."""
    return {
        "name": data.name,
        "source": data.source,
        "fingerprint": data.fingerprint,
        "count": len(data),
        "shape": list(data.shape),
        "num_classes": data.num_classes,
        "class_names": list(data.class_names),
    }


def load_recorded(known: dict[str, Any], source: object | None = None) -> ImageData:
    """Load the data of a :func:`record` from ``source``, or from where it came.

    Raises
    ------
    ValueError
        It came from an array and no source is given, or it is not the same data any more.
    """
    source = known["source"] if source is None else source
    if source is None:
        raise ValueError("this run learns from an array that only its program had: give it again (data=array)")
    height, width, channels = known["shape"]
    data = load(source, (height, width), channels)
    if data.fingerprint != known["fingerprint"]:
        raise ValueError(
            f"{data.name} is not the data that this run was trained on (fingerprint {data.fingerprint}, then "
            f"{known['fingerprint']}): give that data, or start a new run"
        )
    return data
