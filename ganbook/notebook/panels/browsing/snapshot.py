"""The browsing panel without a kernel: its gallery, and below it the favourites."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ganbook.browsing.browser import Browser

IMAGES, COLUMNS, WIDTH, GAP, GROUND = 36, 12, 800, 12, "#808080"


def snapshot(browser: Browser) -> tuple[bytes, str]:
    """Draw a browser as a PNG; no HTML follows it."""
    from PIL import Image

    from ganbook.data.grid import image_grid

    parts = [browser.gallery(0, IMAGES).images, browser.picked_images()[:IMAGES]]
    grids = [image_grid(images, COLUMNS) for images in parts if len(images)]
    scale = max(1, WIDTH // grids[0].width)
    grids = [grid.resize((grid.width * scale, grid.height * scale), resample=0) for grid in grids]
    height = sum(grid.height for grid in grids) + GAP * (len(grids) - 1)
    whole, top = Image.new(grids[0].mode, (grids[0].width, height), GROUND), 0
    for grid in grids:
        whole.paste(grid, (0, top))
        top += grid.height + GAP
    out = BytesIO()
    whole.save(out, "PNG", optimize=True)
    return out.getvalue(), ""
