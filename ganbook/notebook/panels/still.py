"""What remains of a panel where no kernel is: a picture and a table, for GitHub, nbconvert and papermill."""

from __future__ import annotations

import base64
import html
from io import BytesIO
from typing import TYPE_CHECKING

from IPython.display import display

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from ganbook.run import Run

DPI = 100
COLOURS = 256


class Still:
    """An output of its own, updated in place. A live panel hides it by its class, ``ganbook-still-KEY``."""

    def __init__(self, run: Run, key: str):
        self._run, self._key = run, key
        self._handle = display(self._bundle(""), raw=True, display_id=True)

    def draw(self) -> None:
        """Draw the run as it stands."""
        run = self._run
        try:
            picture = base64.b64encode(_png(figure(run))).decode()
            self._update(
                self._bundle(f'<img alt="{html.escape(_line(run))}" src="data:image/png;base64,{picture}">'), picture
            )
        except Exception as error:  # a vanished folder, say: it must not end what it shows
            self._update(self._bundle(f"<p>{html.escape(str(error))}</p>"))

    def _update(self, bundle: dict[str, str], picture: str | None = None) -> None:
        if self._handle is not None:
            self._handle.update(bundle | ({"image/png": picture} if picture else {}), raw=True)

    def _bundle(self, body: str) -> dict[str, str]:
        line = _line(self._run)
        text = f'<div class="ganbook-still-{self._key}">{body}<p>{html.escape(line)}</p></div>'
        return {"text/html": text, "text/plain": line}


def _line(run: Run) -> str:
    return repr(run)


def _png(drawn: Figure) -> bytes:
    """Return it as a PNG of few colours, a third of the size: notebooks keep it."""
    from PIL import Image

    full, small = BytesIO(), BytesIO()
    drawn.savefig(full, format="png", dpi=DPI)
    with Image.open(full) as picture:
        picture.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(small, "PNG", optimize=True)
    return small.getvalue()


def figure(run: Run) -> Figure:
    """Draw the last preview beside the curves."""
    from PIL import Image

    from ganbook import plots

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
