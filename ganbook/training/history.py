"""``history.csv``: one row for each report, written as a whole, read without what a crash or a power cut spoilt."""

from __future__ import annotations

import bisect
import contextlib
import csv
import errno
import io
import os
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

COLUMNS = (
    "step", "seconds", "images_per_second", "d_loss", "g_loss", "d_real", "d_fake",
    "diversity", "nearest", "change", "patches", "patches_real", "frechet", "psnr", "psnr_bicubic", "psnr_lanczos",
    "ssim", "ssim_bicubic", "ssim_lanczos", "js_3", "js_3_real",
    "augment_probability", "overfitting", "d_gradient_norm", "g_gradient_norm", "warning",
)  # fmt: skip
TEXT_COLUMNS = {"warning": "string"}
# A step is suspicious if it is this many times as far from the one before as its speed and its seconds explain.
TOO_FAST = 5


def append_row(file: Path, row: dict[str, Any]) -> None:
    """Add one report, on a line of its own even if the line before it was cut short.

    Raises
    ------
    OSError
        The row could not be written as a whole; then nothing of it stays.
    """
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, restval="", lineterminator="\n")
    with file.open("a+b", buffering=0) as out:
        size = out.seek(0, os.SEEK_END)
        if size == 0:
            writer.writeheader()
        else:
            out.seek(-1, os.SEEK_END)
            text.write("" if out.read(1) == b"\n" else "\n")
        writer.writerow({name: " ".join(v.split()) if isinstance(v, str) else v for name, v in row.items()})
        content = text.getvalue().encode("utf-8", "backslashreplace")
        try:
            if out.write(content) != len(content):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(file))
        except OSError:
            with contextlib.suppress(OSError):  # a device cannot be truncated
                out.truncate(size)
            raise


def empty() -> pd.DataFrame:
    """Return a history without rows."""
    return pd.DataFrame({name: pd.Series(dtype=TEXT_COLUMNS.get(name, "float64")) for name in COLUMNS})


def by_step(reports: pd.DataFrame) -> pd.DataFrame:
    """Return one row a step: what was measured at the end of a training is a row of its own, of the same step."""
    return reports.groupby("step", as_index=False).first()


def read(file: Path, batch_size: int | None = None) -> pd.DataFrame:
    """Read every report.

    Rows that a crash cut short, filled with NUL bytes or glued to the next one are left out, and so are rows whose step
    cannot be right.

    Parameters
    ----------
    file
        ``history.csv``; it need not exist.
    batch_size
        Images per step. With it, steps that a glued row made too large are recognised.

    Returns
    -------
    DataFrame
        The columns of :data:`COLUMNS`, float64 but for ``warning``; ``step`` never falls.
    """
    if not file.is_file():  # nor is a device a history: it may never end
        return empty()
    content = file.read_bytes()
    lines = content.replace(b"\r\n", b"\n").split(b"\n")
    header = _header(lines[0])
    if header is not None:
        lines = lines[1:]
    header = header or list(COLUMNS)
    whole = [line for line in lines if _is_whole(line, len(header))]
    if not whole:
        return empty()
    table = pd.read_csv(
        io.BytesIO(b"\n".join(whole)), header=None, names=header, index_col=False, dtype="string",
        encoding="utf-8", encoding_errors="replace", low_memory=False,
    ).reindex(columns=list(COLUMNS))  # fmt: skip
    sound = np.ones(len(table), bool)
    for name in COLUMNS:
        if name in TEXT_COLUMNS:
            continue
        numbers = pd.to_numeric(table[name].astype(object), errors="coerce").astype("float64")
        sound &= (numbers.notna() | table[name].isna()).to_numpy()
        table[name] = numbers
    steps, values = table["step"].to_numpy(), table.drop(columns="step").notna().any(axis=1).to_numpy()
    with np.errstate(invalid="ignore"):
        sound &= np.isfinite(steps) & (steps >= 0) & (steps == np.floor(steps)) & values
    sound &= ~np.isinf(table["seconds"].to_numpy())
    table = table[sound]
    if batch_size:
        table = table[~_glued(table, batch_size)]
    return table[_in_order(table["step"].to_numpy())].reset_index(drop=True)


def _header(line: bytes) -> list[str] | None:
    """The names of the columns, if this is a header."""
    names = line.decode("utf-8", "replace").strip().split(",")
    return names if "step" in names and len(set(names)) == len(names) and all(names) else None


def _is_whole(line: bytes, count: int) -> bool:
    """Tell whether a line has ``count`` fields and nothing that is no text."""
    if b"\0" in line or not line:
        return False
    if b'"' not in line:
        return line.count(b",") == count - 1
    try:
        return [len(row) for row in csv.reader([line.decode("utf-8")], strict=True)] == [count]
    except (csv.Error, UnicodeDecodeError):
        return False


def _glued(table: pd.DataFrame, batch_size: int) -> np.ndarray:
    """Find rows whose step begins with the digits of a row that was cut short: 1|12 for 12. Return bool (rows,)."""
    glued = np.zeros(len(table), bool)
    steps = table["step"].to_numpy()
    gains = np.diff(steps, prepend=0.0)
    seconds = np.diff(table["seconds"].to_numpy(), prepend=0.0)
    explained = TOO_FAST * (table["images_per_second"].to_numpy() * seconds / batch_size + 1)
    for i in np.flatnonzero(gains > explained):
        digits, before = str(int(steps[i])), steps[i] - gains[i]
        glued[i] = any(before <= int(digits[cut:]) <= before + explained[i] for cut in range(1, len(digits)))
    return glued


def _in_order(steps: np.ndarray) -> np.ndarray:
    """Choose the most rows whose steps never fall (patience sorting). Return bool (rows,)."""
    if not np.any(np.diff(steps) < 0):
        return np.ones(len(steps), bool)
    tails: list[float] = []
    ends: list[int] = []
    before = np.full(len(steps), -1)
    for i, step in enumerate(steps.tolist()):
        length = bisect.bisect_right(tails, step)
        before[i] = ends[length - 1] if length else -1
        tails[length : length + 1] = [step]
        ends[length : length + 1] = [i]
    chosen, i = np.zeros(len(steps), bool), ends[-1]
    while i >= 0:
        chosen[i], i = True, before[i]
    return chosen
