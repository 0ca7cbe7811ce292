"""What the monitors measure, and when they speak."""

import numpy as np
import pytest

from ganbook.training.monitors import Monitors

HEALTHY = {"diversity": 0.8, "nearest": 0.7, "change": 0.3, "d_loss": 1.1, "g_loss": 0.9, "d_real": 0.6, "d_fake": 0.4}


@pytest.fixture
def data(digits):
    return digits.images[:128].astype("float32") / 127.5 - 1


def said(rows, **kw):
    monitors = Monitors(np.random.default_rng(0).standard_normal((32, 4)).astype("float32"), **kw)
    return [(row["step"], alarm) for row in rows for alarm in monitors.update(row)]


def rows(count=100, every=50, start=50, **changed):
    return [HEALTHY | changed | {"step": start + every * i} for i in range(count)]


def test_real_images_measure_as_varied_as_the_data(digits, data):
    other = digits.test_images[:128].astype("float32") / 127.5 - 1
    measured = Monitors(data).measure(other)
    assert measured["diversity"] == pytest.approx(1, abs=0.1)
    assert measured["nearest"] == pytest.approx(1, abs=0.15)


def test_one_output_has_no_diversity_and_a_few_have_no_distance_to_the_nearest(data):
    monitors = Monitors(data)
    one = monitors.measure(np.repeat(data[:1], 128, 0))
    assert one["diversity"] < 1e-3
    few = monitors.measure(np.tile(data[:4], (32, 1, 1, 1)))
    assert few["diversity"] > 0.4
    assert few["nearest"] < 5e-3  # not 0: float32 cancels


def test_change_is_measured_against_the_last_samples(data):
    monitors = Monitors(data)
    assert np.isnan(monitors.measure(data)["change"])
    assert monitors.measure(data)["change"] == 0
    assert monitors.measure(-data)["change"] > 1


def test_a_healthy_training_is_not_disturbed():
    assert said(rows(400)) == []


def test_little_diversity_is_normal_at_first_and_a_fault_when_it_lasts_or_returns():
    assert said(rows(30, diversity=0.1)) == []
    ((_, late),) = said(rows(100, diversity=0.1))
    assert (late.kind, late.since) == ("Mode collapse", 2000)
    ((_, lost),) = said(rows(5) + rows(20, start=300, diversity=0.1))
    assert lost.since == 300
    assert "samples are nearly identical (diversity 10 % of the data's)" in str(lost)


FAULTY = {
    "Mode collapse": {"nearest": 0.01},
    "Losses are diverging": {"d_loss": -4e4},
    "The discriminator has won": {"d_real": 0.999, "d_fake": 0.001},
    "The discriminator has lost": {"d_real": 0.5, "d_fake": 0.5},
    "No progress": {"change": 0.0},
}


@pytest.mark.parametrize("kind", FAULTY)
def test_a_fault_is_named_once_with_its_beginning_and_what_helps(kind):
    heard = said(rows(100) + rows(200, start=5050, **FAULTY[kind]))
    assert len(heard) == 1
    step, alarm = heard[0]
    assert alarm.kind == kind
    assert alarm.since == 5050
    assert 5050 < step < 10_000
    assert ". Try " in str(alarm)
    assert "since step 5,050" in str(alarm)


@pytest.mark.parametrize("kind", FAULTY)
def test_a_fault_that_passes_is_named_again_when_it_returns(kind):
    bad = FAULTY[kind]
    sick, well = 200, 100
    heard = said(rows(100) + rows(sick, start=5050, **bad) + rows(well, start=15_050) + rows(sick, start=20_050, **bad))
    assert [alarm.since for _, alarm in heard] == [5050, 20_050]


def test_identical_samples_are_named_after_half_the_patience():
    ((step, _),) = said(rows(7, every=100, start=100, nearest=0.0))
    assert step == 400
    assert said(rows(7, every=100, start=100, nearest=0.01)) == []


@pytest.mark.parametrize("cause", [kind for kind in FAULTY if kind != "No progress"])
def test_standing_still_is_no_fault_of_its_own_while_its_cause_shows(cause):
    # A collapse is often the work of too high a rate: to advise a higher one beside it would be wrong.
    bad = FAULTY[cause] | FAULTY["No progress"]
    heard = said(rows(100) + rows(200, start=5050, **bad) + rows(200, start=15_050, **FAULTY["No progress"]))
    assert [(alarm.kind, alarm.since) for _, alarm in heard] == [(cause, 5050), ("No progress", 5050)]


def test_standing_still_is_named_though_its_cause_shows_now_and_then():
    still, won = FAULTY["No progress"], FAULTY["The discriminator has won"]
    flickering = [row for i in range(40) for row in rows(1, start=5050 + 50 * i, **still | (won if i % 2 else {}))]
    assert [(alarm.kind, alarm.since) for _, alarm in said(rows(100) + flickering)] == [("No progress", 5050)]


def test_a_short_dip_is_no_alarm():
    assert said(rows(100) + rows(3, start=5050, nearest=0.0) + rows(100, start=5200)) == []


@pytest.mark.parametrize(("shown", "of", "named"), [(9, 10, True), (4, 5, True), (3, 4, False), (1, 2, False)])
def test_a_fault_may_flicker(shown, of, named):
    won = FAULTY["The discriminator has won"]
    flickering = [row for i in range(200) for row in rows(1, start=5050 + 50 * i, **(won if i % of < shown else {}))]
    heard = [(alarm.kind, alarm.since) for _, alarm in said(rows(100) + flickering)]
    assert heard == [("The discriminator has won", 5050)] * named


def test_what_has_no_meaning_for_a_loss_is_ignored():
    faulty = rows(100) + rows(200, start=5050, d_real=0.999, d_fake=0.001)
    assert said(faulty, ignore=frozenset({"The discriminator has won"})) == []
