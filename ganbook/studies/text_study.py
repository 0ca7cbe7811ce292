"""A text GAN beside what it must beat: language models that learn by maximum likelihood, at equal seconds.

Their temperature trades quality for diversity, as truncation does for a GAN; with it they were ahead of the text GANs
of their time over the whole plane (Caccia et al. 2018, *Language GANs Falling Short*, arXiv 1811.02549).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ganbook.data import TextData, load
from ganbook.data.characters import characters_of
from ganbook.metrics.ngram_model import NgramModel
from ganbook.metrics.text import measure
from ganbook.training.run import Run
from ganbook.training.runs import load_run
from ganbook.utils.bounds import positive_number
from ganbook.utils.progress import bar as progress_bar

if TYPE_CHECKING:
    from matplotlib.figure import Figure

TEMPERATURES = (0.5, 0.7, 0.85, 1.0, 1.2)
NGRAMS = (2, 3, 4, 5)
REAL, GRU = "held-out lines", "GRU"


@dataclass(frozen=True, eq=False, repr=False)
class TextStudy:
    """Results of :func:`ganbook.studies.text`.

    Attributes
    ----------
    table
        One row for each model and temperature: ``model``, ``temperature`` (nan for real lines),
        ``seconds`` of training, and what :func:`ganbook.metrics.text.measure` gives.
    lines
        What was measured, by model and temperature.
    data
        Name of the data.
    """

    table: pd.DataFrame
    lines: dict[tuple[str, float], list[str]]
    data: str

    def plot(self) -> Figure:
        """Draw the plane of quality and diversity: language models as curves over temperature, GANs as points."""
        from ganbook.utils.figures import new_figure

        figure = new_figure(6.4, 4.2)
        axes = figure.subplots()
        models = [name for name in dict.fromkeys(self.table["model"]) if name != REAL]
        for name in models:
            rows = self.table[self.table["model"] == name]
            gan = not (name == GRU or name.endswith("-gram"))
            axes.plot(
                rows["diversity"], rows["quality"], marker="o" if gan else ".", markersize=8 if gan else 5,
                linewidth=0 if gan else 1.2, label=name,
            )  # fmt: skip
        real = self.table[self.table["model"] == REAL]
        axes.plot(
            real["diversity"], real["quality"], marker="*", markersize=12, linewidth=0, color="#444444", label=REAL
        )
        axes.set_xlabel("diversity: likelihood of held-out lines, nats a character")
        axes.set_ylabel("quality: likelihood of the samples")
        axes.set_title(f"{self.data}: up and to the right is better", loc="left", fontsize=10, fontweight="bold")
        axes.legend(fontsize=8, frameon=False)
        axes.spines[["top", "right"]].set_visible(False)
        return figure

    def verdicts(self) -> list[str]:
        """Say of each GAN which language models are better in quality and in diversity at once, if any."""
        said = []
        rows = self.table[self.table["model"] != REAL]
        models = rows[(rows["model"] == GRU) | rows["model"].str.endswith("-gram")]
        for name in dict.fromkeys(rows["model"]):
            if name in set(models["model"]):
                continue
            gan = rows[(rows["model"] == name) & (rows["temperature"] == 1)].iloc[0]
            ahead = models[(models["quality"] > gan["quality"]) & (models["diversity"] > gan["diversity"])]
            better = ", ".join(dict.fromkeys(ahead["model"]))
            said.append(
                f"{name}: behind {better} in quality and diversity at once" if better
                else f"{name}: no language model is ahead in quality and diversity at once"
            )  # fmt: skip
        return said

    def __repr__(self) -> str:
        shown = self.table.drop(columns=["js_1", "js_2", "length"])
        return "\n".join([shown.to_string(index=False, float_format="{:.3g}".format), "", *self.verdicts()])

    def _repr_html_(self) -> str:
        said = "".join(f"<li>{line}</li>" for line in self.verdicts())
        return f"<ul>{said}</ul>" + self.table.to_html(index=False, float_format="{:.3g}".format, border=0)


def text(
    *runs: Run | str,
    data: Any = None,
    seconds: float | None = None,
    temperatures: Sequence[float] = TEMPERATURES,
    ngrams: Iterable[int] = NGRAMS,
    seed: int = 0,
    progress: Callable[[str], None] | None = None,
) -> TextStudy:
    """Measure runs of ``--task text`` beside language models of the same data.

    Parameters
    ----------
    *runs
        Runs, their names or folders; none compares language models alone.
    data
        Whatever :func:`ganbook.data.load` takes as text; that of the first run unless given.
    seconds
        How long the GRU learns; as long as the longest run unless given. The n-gram models count, in a second or two.
    temperatures
        Of the language models. A run has none: its networks hardly feel the length of z.
    ngrams
        Orders of the n-gram models, 2 … 5.
    seed
        Of the models, the noise, and the choice of held-out lines.
    progress
        Called with what is done next; a bar on stderr unless given.

    Raises
    ------
    ValueError
        No text, too few held-out lines, or neither data nor a run.
    """
    opened = [run if isinstance(run, Run) else load_run(run) for run in runs]
    source = load(data) if data is not None else opened[0].data if opened else None
    if source is None:
        raise ValueError("text compares models of lines: give runs, or data=, as in gb.studies.text('names-text-1')")
    if not isinstance(source, TextData):
        raise ValueError(f"text compares models of lines, and {source.name} holds {source.holds}: give text")
    if seconds is None and not opened:
        raise ValueError("without a run the study needs seconds=, how long the GRU learns")
    budget = positive_number(
        seconds if seconds is not None else max(run.seconds for run in opened), "seconds, how long the GRU learns,"
    )
    order = np.random.default_rng(seed).permutation(len(source.test_lines))
    half = len(order) // 2
    if half < 20:
        raise ValueError(f"{source.name} holds out {len(order)} lines; at least 40 are needed to measure")
    reference, real = ([source.test_lines[i] for i in part] for part in (order[:half], order[half : 2 * half]))
    rows: list[dict[str, Any]] = []
    lines: dict[tuple[str, float], list[str]] = {}
    bar = progress_bar(total=len(opened) + len(list(ngrams := tuple(ngrams))) + 2, disable=progress is not None)

    def doing(what: str) -> None:
        bar.set_description(what)
        bar.update()
        if progress is not None:
            progress(what)

    def add(model: str, temperature: float, drawn: list[str], took: float) -> None:
        lines[model, temperature] = drawn
        measured = measure(drawn, reference, source.lines, rule=source.rule)
        rows.append({"model": model, "temperature": temperature, "seconds": took} | measured)

    doing(REAL)
    add(REAL, float("nan"), real, 0.0)
    for run in opened:
        doing(run.name)
        add(run.name, 1.0, run.sample(half, seed), run.seconds)
    split = [characters_of(line) for line in source.lines]
    for n in ngrams:
        doing(f"{n}-gram")
        model = NgramModel(split, n, source.characters)
        for temperature in temperatures:
            drawn = model.sample(half, temperature=temperature, longest=source.length, seed=seed)
            add(f"{n}-gram", temperature, ["".join(line) for line in drawn], 0.0)
    doing(GRU)
    from ganbook.studies.gru_model import GRUModel

    gru = GRUModel(source, seed=seed)
    gru.train(budget)
    for temperature in temperatures:
        add(GRU, temperature, gru.sample(half, temperature=temperature, seed=seed), gru.seconds)
    bar.close()
    return TextStudy(pd.DataFrame(rows), lines, source.name)
