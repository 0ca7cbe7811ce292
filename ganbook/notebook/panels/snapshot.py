"""The snapshot of a panel: an image and a table for readers without a kernel (GitHub, nbconvert, papermill)."""

from __future__ import annotations

import base64
import html
from collections.abc import Callable

from IPython.display import display

# A notebook that was saved without its widgets shows a line of JupyterLab in place of the panel, "Error displaying
# widget: model not found" or "Loading widget...": an output of text alone, which goes where the snapshot follows it.
NO_MODEL = (
    "<style>.jp-OutputArea-child:has(+ .jp-OutputArea-child {still}) > .jp-OutputArea-output:not(:has(*))"
    " {{ display: none; }}</style>"
)


class Snapshot:
    """An output of its own, updated in place. A live panel hides it by its class, ``ganbook-still-KEY``.

    Parameters
    ----------
    subject
        What is shown; its ``repr`` is the line below the image.
    key
        The panel's key.
    paint
        Returns a PNG and the HTML that follows it.
    """

    def __init__(self, subject: object, key: str, paint: Callable[[], tuple[bytes, str]]):
        self._subject, self._key, self._paint = subject, key, paint
        self._handle = display(self._bundle(""), raw=True, display_id=True)

    def draw(self) -> None:
        """Draw the panel as it stands."""
        if self._handle is None:
            return
        try:
            content, table = self._paint()
            bundle = self._with_image(content, table) if content else self._bundle(table)
        except Exception as error:  # a vanished folder, say: it must not end what it shows
            bundle = self._bundle(f"<p>{html.escape(str(error))}</p>")
        self._handle.update(bundle, raw=True)

    def _with_image(self, content: bytes, table: str) -> dict[str, str]:
        encoded = base64.b64encode(content).decode()
        image = f'<img alt="{html.escape(repr(self._subject))}" src="data:image/png;base64,{encoded}">'
        return self._bundle(image + table) | {"image/png": encoded}

    def _bundle(self, body: str) -> dict[str, str]:
        line, name = repr(self._subject), f"ganbook-still-{self._key}"
        hiding = NO_MODEL.format(still=f".{name}")
        text = f'<div class="{name}">{hiding}{body}<p>{html.escape(line)}</p></div>'
        return {"text/html": text, "text/plain": line}
