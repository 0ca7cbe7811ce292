"""How a data set looks in a notebook: a small table and some of its images, on any background."""

import base64
import html
import io
from typing import TYPE_CHECKING

import numpy as np

from ganbook.data.grid import image_grid
from ganbook.data.resize import fit_images

if TYPE_CHECKING:
    from ganbook.data.image_data import ImageData

_COLUMNS = 10  # images a class
_CLASSES = 12  # classes shown; a data set may have thousands
_LARGEST = 64  # pixels; larger images are shrunk, to keep the notebook's file small


def to_html(data: "ImageData") -> str:
    """Describe a data set as HTML; all text in it is escaped."""
    height, width, channels = data.shape
    rows = {
        "training images": f"{len(data):,}",
        "test images": f"{len(data.test_images):,}",
        "size": f"{width}×{height} {'grey' if channels == 1 else 'RGB'}",
        "classes": f"{data.num_classes:,}" if data.num_classes else "no labels",
        "source": data.source or "array",
    }
    if data.skipped:
        path, reason = data.skipped[0]
        more = ", …" if len(data.skipped) > 1 else ""
        rows["skipped"] = f"{len(data.skipped)}: {path} ({reason}){more}"
    cells = "".join(
        f'<tr><th style="text-align:left">{html.escape(key)}</th>'
        f'<td style="text-align:left">{html.escape(value)}</td></tr>'
        for key, value in rows.items()
    )
    return f"<div><strong>{html.escape(data.name)}</strong><table>{cells}</table><table>{_samples(data)}</table></div>"


def _samples(data: "ImageData") -> str:
    if data.labels is None:
        shown = np.linspace(0, len(data) - 1, min(len(data), 4 * _COLUMNS)).astype(int)
        return f"<tr><td>{_sheet(data, shown, 'sample images')}</td></tr>"
    lines = []
    for number, name in enumerate(data.class_names[:_CLASSES]):
        shown = np.flatnonzero(data.labels == number)[:_COLUMNS]
        sheet = _sheet(data, shown, f"images of class {name}") if len(shown) else "none"
        lines.append(
            f'<tr><td style="text-align:left">{html.escape(name)}</td><td style="text-align:left">{sheet}</td></tr>'
        )
    if data.num_classes > _CLASSES:
        lines.append(f'<tr><td colspan="2">… and {data.num_classes - _CLASSES} more classes</td></tr>')
    return "".join(lines)


def _sheet(data: "ImageData", indices: np.ndarray, alt: str) -> str:
    images = np.asarray(data.images[indices])
    height, width = images.shape[1:3]
    shrink = min(1.0, _LARGEST / max(height, width))
    if shrink < 1:
        images = fit_images(images, (max(1, round(height * shrink)), max(1, round(width * shrink))), None)
    sheet = image_grid(images, columns=_COLUMNS, gap=1)
    buffer = io.BytesIO()
    sheet.save(buffer, "PNG")
    code = base64.b64encode(buffer.getvalue()).decode()
    zoom = max(1, 40 // max(images.shape[1:3]))  # whole multiples keep pixels square
    return (
        f'<img src="data:image/png;base64,{code}" alt="{html.escape(alt)}" width="{sheet.width * zoom}" '
        f'style="image-rendering:pixelated;max-width:100%">'
    )
