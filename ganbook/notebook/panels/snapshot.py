"""What remains of a panel where no kernel is: a picture and a table, for GitHub, nbconvert and papermill."""

from __future__ import annotations

import base64
import html
from io import BytesIO
from typing import TYPE_CHECKING

from IPython.display import display

from ganbook.training import plots

if TYPE_CHECKING:
    from collections.abc import Callable

    from matplotlib.figure import Figure

    from ganbook.browsing.browser import Browser
    from ganbook.training.run import Run

DPI = 100
COLOURS = 256
WARNINGS = 3
GALLERY, GALLERY_COLUMNS, GALLERY_WIDTH, GALLERY_GAP = 36, 12, 800, 12


class Still:
    """An output of its own, updated in place. A live panel hides it by its class, ``ganbook-still-KEY``.

    Parameters
    ----------
    of
        What is shown; its ``repr`` is the line below the picture.
    key
        The panel's.
    paint
        Returns a PNG and the HTML that follows it.
    """

    def __init__(self, of: object, key: str, paint: Callable[[], tuple[bytes, str]]):
        self._of, self._key, self._paint = of, key, paint
        self._handle = display(self._bundle(""), raw=True, display_id=True)

    def draw(self) -> None:
        """Draw it as it stands."""
        if self._handle is None:
            return
        try:
            content, more = self._paint()
            picture = base64.b64encode(content).decode()
            image = f'<img alt="{html.escape(repr(self._of))}" src="data:image/png;base64,{picture}">'
            bundle = self._bundle(image + more) | {"image/png": picture}
        except Exception as error:  # a vanished folder, say: it must not end what it shows
            bundle = self._bundle(f"<p>{html.escape(str(error))}</p>")
        self._handle.update(bundle, raw=True)

    def _bundle(self, body: str) -> dict[str, str]:
        line = repr(self._of)
        text = f'<div class="ganbook-still-{self._key}">{body}<p>{html.escape(line)}</p></div>'
        return {"text/html": text, "text/plain": line}


def of_run(run: Run) -> tuple[bytes, str]:
    """Paint a training: the last preview beside the curves, and the last report."""
    return png(figure(run)), _table(run)


def figure(run: Run) -> Figure:
    """Draw the last preview beside the curves."""
    from PIL import Image

    made = plots.new_figure(9.4, 4.6)
    left, right = made.subfigures(1, 2, width_ratios=(1, 1.05))
    film = run.folder.previews()
    if film:
        sheet = left.subplots()
        with Image.open(list(film.values())[-1]) as picture:
            sheet.imshow(picture.convert("RGB"), interpolation="nearest")
        sheet.set_axis_off()
        sheet.set_title(f"{run.name}, step {max(film):,}", loc="left", fontsize=10, fontweight="bold", parse_math=False)
    history = run.history
    above, below = right.subplots(2, 1)
    plots.losses(history, above)
    plots.beliefs(history, below)
    above.set_xlabel("")
    return made


def png(drawn: Figure) -> bytes:
    """Return it as a PNG of few colours, which is smaller: notebooks keep it."""
    from PIL import Image

    full, small = BytesIO(), BytesIO()
    drawn.savefig(full, format="png", dpi=DPI)
    with Image.open(full) as picture:
        picture.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(small, "PNG", optimize=True)
    return small.getvalue()


def _table(run: Run) -> str:
    """Return the last report, and what the monitors said, as HTML."""
    history = run.history
    reports = history.dropna(subset=["d_loss", "g_loss"], how="all")
    if reports.empty:
        return ""
    last = reports.iloc[-1]
    cells = {
        "step": f"{last['step']:,.0f}",
        "seconds": f"{last['seconds']:,.1f}",
        "images/s": f"{last['images_per_second']:,.0f}",
        "loss of G": f"{last['g_loss']:.3f}",
        "loss of D": f"{last['d_loss']:.3f}",
        "D(x)": f"{last['d_real']:.2f}",
        "D(G(z))": f"{last['d_fake']:.2f}",
    }
    head = "".join(f"<th>{name}</th>" for name in cells)
    body = "".join(f"<td>{value}</td>" for value in cells.values())
    said = [line for line in history["warning"].dropna() if line][-WARNINGS:]
    return f"<table><tr>{head}</tr><tr>{body}</tr></table>" + "".join(f"<p>{html.escape(line)}</p>" for line in said)


def of_browser(browser: Browser) -> tuple[bytes, str]:
    """Paint a browser: its gallery, and below it what was kept."""
    from PIL import Image

    from ganbook.data.grid import image_grid

    parts = [browser.gallery(0, GALLERY).images, browser.picked_images()[:GALLERY]]
    grids = [image_grid(images, GALLERY_COLUMNS) for images in parts if len(images)]
    times = max(1, GALLERY_WIDTH // grids[0].width)
    grids = [grid.resize((grid.width * times, grid.height * times), resample=0) for grid in grids]
    height = sum(grid.height for grid in grids) + GALLERY_GAP * (len(grids) - 1)
    whole, top = Image.new(grids[0].mode, (grids[0].width, height), "white"), 0
    for grid in grids:
        whole.paste(grid, (0, top))
        top += grid.height + GALLERY_GAP
    out = BytesIO()
    whole.save(out, "PNG", optimize=True)
    return out.getvalue(), ""
