"""From a folder of one's own photographs to a judged generator in a file, by clicks alone, timed.

    python -m benchmarks.beginners_path FOLDER [--minutes 2] [--pictures DIR]

A real JupyterLab in Chromium, started as the browser tests start it. Two cells, ``%load_ext ganbook`` and ``%gan``, are
run; then a folder is typed and buttons are pressed: Look, Train, Evaluate, Download generator. Prints when each answer
was there, in seconds since the cells were run, and what it said; ``--pictures`` keeps a screenshot of each.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "browser"))

from conftest import CHROMIUM, FLAGS
from jupyter_server_of_its_own import Page, Server

LONG = 600_000  # ms


class Diary:
    """What was there when."""

    def __init__(self, page: Page, pictures: Path | None) -> None:
        self._page, self._pictures, self._began, self._count = page, pictures, time.perf_counter(), 0

    def note(self, what: str, words: str = "") -> None:
        """Print what has just come, and keep how the page looks."""
        self._count += 1
        print(f"{time.perf_counter() - self._began:6.1f} s  {what}{': ' + words if words else ''}", flush=True)
        if self._pictures is not None:
            self._page.page.screenshot(path=self._pictures / f"{self._count}-{what.replace(' ', '-')}.png")


def walk(page: Page, folder: Path, minutes: float, diary: Diary) -> None:
    """Press what a beginner would press."""
    form = page.page.locator(".gb-start")
    form.locator("button:enabled").first.wait_for(timeout=LONG)
    diary.note("the form")
    form.get_by_label("Data", exact=True).fill(str(folder))
    form.get_by_role("button", name="Look").click()
    form.locator(".gb-looked b").filter(has_text=folder.name).wait_for(timeout=LONG)
    diary.note("the folder looked at", form.locator(".gb-looked").inner_text().replace("\n", " · ")[:300])
    form.get_by_label("How long").fill(f"{minutes:g}")
    form.get_by_label("Unit").select_option("minutes")
    form.get_by_role("button", name="Train", exact=True).click()
    panel = page.page.locator(".gb-training")
    panel.locator("img.gb-sheet").wait_for(timeout=LONG)
    diary.note("the first samples")
    panel.locator(".gb-state").filter(has_text="finished").wait_for(timeout=LONG)
    diary.note("trained", panel.locator("footer").inner_text().replace("\n", " ")[:200])
    panel.get_by_role("button", name="Evaluate").click()
    report = page.page.locator(".gb-report")
    report.wait_for(timeout=LONG)
    report.scroll_into_view_if_needed()
    diary.note("judged", report.inner_text().replace("\n", " · ")[:400])
    with page.page.expect_download(timeout=LONG) as saved:
        panel.get_by_role("button", name="Download generator").click()
    size = Path(saved.value.path()).stat().st_size
    diary.note("the generator downloaded", f"{saved.value.suggested_filename}, {size / 1e6:.1f} MB")


def main() -> None:
    """Walk the path once."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--minutes", type=float, default=2)
    parser.add_argument("--pictures", type=Path)
    asked = parser.parse_args()
    from playwright.sync_api import sync_playwright

    if asked.pictures is not None:
        asked.pictures.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as place, sync_playwright() as playwright, Server(Path(place)) as server:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = Page(browser, server, ["%load_ext ganbook", "%gan"], run=False)
        diary = Diary(page, asked.pictures)
        page.page.evaluate("() => { jupyterapp.commands.execute('notebook:run-all-cells') }")
        walk(page, asked.folder.resolve(), asked.minutes, diary)
        browser.close()


if __name__ == "__main__":
    main()
