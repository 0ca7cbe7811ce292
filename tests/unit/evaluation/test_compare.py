"""Runs side by side."""

import numpy as np
import pytest

import ganbook as gb
from ganbook.cli import main
from ganbook.config.train import TrainConfig


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """Two runs on digits that differ in loss and batch, and one on emoji."""
    place = tmp_path_factory.mktemp("runs")
    options = {"network": "mlp", "hidden": "64,64", "image_size": 12, "jit": "off", "runs_dir": place, "wait": True}
    gb.train("digits", name="a", steps=30, batch_size=16, **options)
    gb.train("digits", name="b", steps=20, batch_size=32, loss="hinge", **options)
    gb.train("emoji", name="other", steps=1, batch_size=16, **options)
    return place


def test_runs_are_compared_by_options_curves_numbers_and_samples(place):
    found = gb.compare("a", gb.load_run("b", place), runs_dir=place, count=100, space="random", progress=False)
    assert found.options.loc[["loss", "batch_size", "steps"]].to_numpy().tolist() == [
        ["non-saturating", "hinge"], [16, 32], [30, 20],
    ]  # fmt: skip
    assert {"network", "seed", "name"}.isdisjoint(found.options.index)
    [done, *_] = found._tables().values()
    added = set(done.index) - set(found.options.index)
    assert added == {"steps done", "seconds trained"}
    assert added.isdisjoint(TrainConfig.model_fields), "no row has the name of an option, which may stand there, too"
    assert found.history.groupby("run")["step"].max().to_dict() == {"a": 30, "b": 20}
    assert list(found.frame.columns) == ["number", "space", "a", "b", "real", "ideal"]
    assert found.frame.loc["kid", "a"] == found.reports["a"].frame.loc["kid", "samples"]
    np.testing.assert_array_equal(found.samples["a"], gb.load_run("a", place).sample(36))
    found.plot().canvas.draw()
    assert "far from real" in repr(found)
    assert "data:image/png;base64," in found._repr_html_()


def test_the_terminal_compares_and_draws(place, capsys, tmp_path):
    assert main(["compare", "a", "b", "--runs-dir", str(place), "--quick", "--out", str(tmp_path / "c.png")]) == 0
    said = capsys.readouterr().out
    assert "hinge" in said
    assert "KID" not in said
    assert (tmp_path / "c.png").stat().st_size > 10_000


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("compare a", "compare takes two runs or more of different names, not a"),
        ("compare a a", "of different names, not a, a"),
        ("compare a c", "no run 'c' in"),
        ("compare a other", "the runs were trained on different data (a digits, other emoji)"),
        ("compare a b --out x.gif", "x.gif is neither .png nor .svg nor .pdf"),
        ("compare a b --quick --truncation 9", "--truncation 9: should be less than or equal to 2"),
    ],
)
def test_mistakes_are_one_line(words, said, place, capsys):
    assert main([*words.split(), "--runs-dir", str(place)]) == 2
    err = capsys.readouterr().err.rsplit("\r", 1)[-1].strip()
    assert said in err
    assert "\n" not in err
