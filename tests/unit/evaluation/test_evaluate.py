"""``gb.evaluate`` as its users see it: numbers, verdicts, JSON, the terminal, mistakes."""

import json

import numpy as np
import pytest

import ganbook as gb
from ganbook.cli import main
from ganbook.data import load
from ganbook.evaluation import measure

KINDS = {
    "blurred",
    "speckled",
    "unlike the data",
    "memorised",
    "collapsed",
    "classes missing",
    "no fault found",
    "stopped",
}


@pytest.fixture(scope="module")
def small():
    """Digits of 12×12: 2,000 to learn, 1,000 held out, and 300 that neither has."""
    digits = load("digits", 12)
    data = load(((digits.images[:2000], digits.labels[:2000]), (digits.test_images[:1000], digits.test_labels[:1000])))
    return data, digits.images[4000:4300]


@pytest.fixture(scope="module")
def one_step(tmp_path_factory):
    place = tmp_path_factory.mktemp("one-step")
    options = {"network": "mlp", "hidden": "16", "jit": "off", "image_size": 12, "steps": 1, "batch_size": 8}
    return gb.train(data="digits", name="a", runs_dir=place, wait=True, **options).folder.path


def kinds(report):
    return {verdict.kind for verdict in report.verdicts}


@pytest.fixture(scope="module")
def of(small):
    """Reports of what is known to be good or bad."""
    data, fresh = small
    threes = load("digits", 12).labels == 3
    rng = np.random.default_rng(0)
    images = {
        "real": fresh,
        "noise": rng.integers(0, 256, fresh.shape, np.uint8),
        "one class": load("digits", 12).images[threes][-300:],
        "memorised": data.images[rng.integers(0, 100, 300)],
        "blurred": (sum(np.roll(fresh.astype(int), by, (1, 2)) for by in ((0, 0), (0, 1), (1, 0), (1, 1))) // 4).astype(
            np.uint8
        ),
    }
    made = {}

    def report(name):
        if name not in made:
            made[name] = gb.evaluate(images[name], data, progress=False)
        return made[name]

    return report


def test_new_real_images_have_no_fault_and_are_not_told_apart(of):
    report = of("real")
    assert kinds(report) & KINDS == {"no fault found"}
    assert "not distinguishable from real images" in kinds(report)
    assert report.frame.loc["coverage", "samples"] > 0.9
    assert report.frame.loc["frechet", "samples"] == pytest.approx(report.frame.loc["frechet", "real"], rel=0.6)


def test_noise_is_unlike_the_data_and_nothing_is_said_of_its_classes(of):
    assert kinds(of("noise")) & KINDS == {"unlike the data"}
    assert of("noise").frame.loc["frechet", "samples"] > 20 * of("real").frame.loc["frechet", "samples"]


def test_one_class_is_collapsed_and_the_others_are_missing(of):
    assert kinds(of("one class")) & KINDS == {"collapsed", "classes missing"}
    assert of("one class").frame.loc["precision", "samples"] > 0.8
    assert of("one class").frame.loc["coverage", "samples"] < 0.4


def test_blurred_images_are_called_so(of):
    assert kinds(of("blurred")) & KINDS == {"blurred"}


def test_a_hundred_repeated_training_images_are_memorised_and_collapsed(of):
    report = of("memorised")
    assert kinds(report) & KINDS == {"memorised", "collapsed"}
    assert report.frame.loc["copies", "samples"] == 1
    assert report.frame.loc["copies", "real"] < 0.01
    np.testing.assert_array_equal(report.pair_images[:, 0], report.pair_images[:, 1])


def test_a_report_is_a_table_text_html_json_and_a_figure(of, tmp_path):
    report = of("memorised")
    assert {"number", "space", "samples", "low", "high", "real", "ideal", "meaning", "caveat"} <= set(report.frame)
    assert report.frame.loc["frechet", "space"] == "array classifier"
    assert report.frame.loc["kid", "low"] < report.frame.loc["kid", "samples"] < report.frame.loc["kid", "high"]
    assert "Fréchet distance (array classifier)" in repr(report)
    assert "(accuracy 9" in repr(report)
    assert report.notes.count("Caveat:") == len(report.frame)
    assert "data:image/png;base64," in report._repr_html_()
    report.plot().canvas.draw()
    report.to_json(tmp_path / "r.json")
    saved = json.loads((tmp_path / "r.json").read_text())
    assert saved["numbers"]["copies"]["samples"] == 1
    assert saved["numbers"]["copies"]["low"] is None
    assert {verdict["kind"] for verdict in saved["verdicts"]} == kinds(report)
    assert len(saved["classes"]) == 10
    with pytest.raises(FileNotFoundError, match="no folder"):
        report.to_json(tmp_path / "nowhere" / "r.json")


def test_what_was_measured_is_read_from_the_cache(of, small, monkeypatch):
    first = of("real")

    def refuse(*_):
        raise AssertionError("measured again")

    monkeypatch.setattr(measure, "PARTS", dict.fromkeys(measure.PARTS, refuse))
    again = gb.evaluate(small[1], small[0], progress=False)
    assert again.samples == first.samples
    assert again.verdicts == first.verdicts


def test_an_interrupt_leaves_what_was_measured(small, monkeypatch):
    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setitem(measure.PARTS, "patches", interrupted)
    report = gb.evaluate(small[1][:100], small[0], progress=False)
    assert report.verdicts[0].kind == "stopped"
    assert report.about["stopped"]
    assert "kid" in report.samples
    assert "memory" not in report.samples
    assert "–" in repr(report)
    report._repr_html_()


def test_without_labels_the_space_learns_turns_and_no_classes_are_counted(small):
    data, fresh = small
    report = gb.evaluate(fresh, data.images, progress=False)
    assert report.about["space"] == "array turns"
    assert report.about["accuracy"] > 0.5
    assert "modes" not in report.frame.index
    assert not report.about["held_out"]
    assert "no fault found" in kinds(report)
    copied = gb.evaluate(data.images[:40].repeat(5, 0), data.images, progress=False, space="random")
    assert kinds(copied) >= {"memorised", "collapsed"}


def test_few_images_have_no_frechet_distance_but_a_kid(small):
    data, fresh = small
    report = gb.evaluate(fresh[:100], data, progress=False, space="random")
    assert "too few images for a Fréchet distance" in kinds(report)
    assert "at least 129" in repr(report)
    assert list(report.frame.index[:2]) == ["kid", "precision"]


def test_a_run_is_evaluated_by_name_in_the_terminal(one_step, tmp_path, capsys):
    words = ["evaluate", "a", "--runs-dir", str(one_step.parent), "--count", "200", "--space", "random"]
    assert main([*words, "--json", str(tmp_path / "a.json")]) == 0
    said = capsys.readouterr()
    assert said.out.startswith("a at step 1: 200 samples against as many held-out images of digits\n")
    assert "Far from real: Fréchet distance" in said.out
    assert "What the metrics mean" in said.out
    assert json.loads((tmp_path / "a.json").read_text())["about"]["count"] == 200
    report = gb.evaluate(gb.load_run(one_step), progress=False, count=200, space="random")
    assert str(report.verdicts[0]) in said.out


def test_pictures_in_files_are_evaluated(small, tmp_path):
    np.savez(tmp_path / "s.npz", images=small[1])
    report = gb.evaluate(tmp_path / "s.npz", small[0], progress=False, space="random", count=100)
    assert report.about["name"] == "s"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("evaluate", "the following arguments are required: RUN"),
        ("evaluate nobody", "no run 'nobody' in"),
        (
            "evaluate {run} --data fashion",
            "samples of a are 12×12×1 and images of fashion are 28×28×1: resize them with",
        ),
        ("evaluate {run} --data fashon", "did you mean 'fashion'?"),
        ("evaluate {run} --count 3", "3 samples are too few to be judged: give at least 40"),
        ("evaluate {run} --count 0", "--count 0: should be greater than or equal to 1"),
        ("evaluate {run} --space incepton", "did you mean inception?"),
        ("evaluate {run} --weights best", "a keeps no best checkpoint: train it with --keep best"),
        ("evaluate {run} --weights worst", "--weights worst: allowed are ema, raw, best"),
        ("evaluate {run} --json no/where/x.json", "there is no folder"),
        ("evaluate {run} --count 100 --data {plain} --space classifier", "has no labels, and a classifier needs them"),
        ("evaluate {plain}", "images are compared with reference images: give --data"),
        ("evaluate {plain} --data {few}", "few holds 60 training and 0 test images, which leaves 27 to compare"),
        ("evaluate {half}", "holds no sound checkpoint: train it first"),
        ("evaluate {broken}", "config.json cannot be read"),
        ("evaluate {plain} --data {same} --space random", "sees no difference between the real images"),
    ],
)
def test_mistakes_are_one_line(words, said, capsys, tmp_path, one_step):
    rng = np.random.default_rng(0)
    np.savez(tmp_path / "plain.npz", images=rng.integers(0, 256, (500, 12, 12), np.uint8))
    np.savez(tmp_path / "few.npz", images=rng.integers(0, 256, (60, 12, 12), np.uint8))
    np.savez(tmp_path / "same.npz", images=np.full((300, 12, 12), 9, np.uint8))
    places = {name: str(tmp_path / f"{name}.npz") for name in ("plain", "few", "same")}
    for name, config in (("half", (one_step / "config.json").read_text()), ("broken", "{")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "config.json").write_text(config)
        places[name] = str(tmp_path / name)
    assert main(words.format(run=one_step, **places).split()) == 2
    err = capsys.readouterr().err.rsplit("\r", 1)[-1].strip()
    assert said in err
    assert "\n" not in err
