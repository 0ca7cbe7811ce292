import sys

import numpy as np
import pandas as pd
import pytest

from ganbook.training import plots


def history(count):
    step = np.arange(1, count + 1)
    warning = pd.Series([""] * count, dtype="string")
    if count:
        warning[count // 2] = "Mode collapse since step 3: few outputs. Try $this."
    columns = {name: np.random.default_rng(0).random(count) for name in ("d_loss", "g_loss", "d_real", "d_fake")}
    return pd.DataFrame({"step": step, "seconds": step / 5.0, "warning": warning} | columns)


@pytest.mark.parametrize("count", [0, 1, 50, 5000])
@pytest.mark.parametrize("x", ["step", "seconds"])
def test_a_history_of_any_length_is_drawn_with_both_players_and_the_alarm(count, x):
    figure = plots.history_figure(history(count), x=x, title="a $ name_")
    figure.canvas.draw()
    losses, beliefs = figure.axes
    assert beliefs.get_ylim()[0] <= 0
    assert beliefs.get_ylim()[1] >= 1
    labels = [text.get_text() for text in losses.get_legend().get_texts()]
    assert {"generator", "discriminator"} <= set(labels)
    assert ("alarm" in labels) == bool(count)
    colours = {line.get_label(): line.get_color() for line in losses.lines}
    assert (colours["generator"], colours["discriminator"]) == (plots.GENERATOR, plots.DISCRIMINATOR)


@pytest.mark.parametrize(("x", "places"), [("step", [4, 40]), ("seconds", [0.8, 8.0])])
def test_what_was_changed_is_marked_where_it_was(x, places):
    changes = [(4, "learning rate G 5e-05"), (40, "learning rate D 0.001")]
    losses, beliefs = plots.history_figure(history(50), x=x, changes=changes).axes
    for axes in (losses, beliefs):
        marks = [line.get_xdata()[0] for line in axes.lines if line.get_color() == plots.CHANGE]
        assert marks == pytest.approx(places)
    assert [text.get_text() for text in losses.texts] == [words for _, words in changes]


def test_it_draws_on_axes_that_are_given_and_says_when_they_are_not_two():
    figure = plots.new_figure(4, 2)
    axes = figure.subplots(1, 2)
    assert plots.history_figure(history(9), ax=axes) is figure
    with pytest.raises(ValueError, match="two axes"):
        plots.history_figure(history(9), ax=[axes[0]])
    with pytest.raises(ValueError, match="'step' or 'seconds'"):
        plots.history_figure(history(9), x="epochs")


def test_drawing_leaves_pyplot_s_figures_alone():
    plots.history_figure(history(9))
    pyplot = sys.modules["matplotlib.pyplot"]
    assert pyplot.get_fignums() == []
