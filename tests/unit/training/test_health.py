"""The health of a run in one line: what lasts is said, what has passed is not."""

import math

import pytest

from ganbook.config.train import TrainConfig
from ganbook.training.health import Health
from ganbook.training.monitors import PATIENCE_STEPS


def config(**options):
    return TrainConfig(data="digits", **options).resolved()


def row(step, **more):
    usual = {
        "d_real": 0.7,
        "d_fake": 0.3,
        "d_loss": 1.0,
        "g_loss": 1.0,
        "diversity": 0.8,
        "nearest": 0.9,
        "change": 0.1,
    }
    return {"step": step, "warning": ""} | usual | more


def test_a_run_that_is_well_says_balance_diversity_and_the_course_of_its_distance():
    health = Health(config(), [row(step, frechet=10 - step / 100) for step in range(0, 800, 100)])
    assert health.line.healthy
    assert health.line.text == (
        "Healthy · D and G in balance · diversity 80 % · Fréchet distance 3, still falling"
    )  # fmt: skip


@pytest.mark.parametrize(
    ("values", "words"),
    [([4, 4, 4, 4, 4, 4, 4.01, 4], "4, level"), ([1, 1, 1, 2, 3, 4, 5, 6], "6, rising"), ([5, 4], "4")],
)
def test_the_course_is_told_from_several_measurements(values, words):
    health = Health(config(), [row(step, frechet=value) for step, value in enumerate(values)])
    assert health.line.text.endswith(f"Fréchet distance {words}")


def test_where_higher_is_better_rising_is_what_is_hoped_for():
    health = Health(config(task="enhance"), [row(step, psnr=20 + step) for step in range(8)])
    assert health.line.text.endswith("PSNR 27 dB, still rising")


@pytest.mark.parametrize(("real", "fake", "words"), [(0.99, 0.01, "D far ahead of G"), (0.9, 0.1, "D ahead of G")])
def test_a_discriminator_that_runs_ahead_is_said(real, fake, words):
    assert words in Health(config(), [row(1, d_real=real, d_fake=fake)]).line.text


def test_samples_that_do_not_look_like_real_images_are_said_to_be_far_from_them():
    health = Health(config(), [row(100, patches=180.0, patches_real=45.0)])
    assert health.line.healthy  # no fault
    assert health.line.text.startswith("Far from real images · D and G in balance")
    health.add(row(200, patches=60.0, patches_real=45.0))
    assert health.line.text.startswith("Healthy")
    health.add({"step": 150, "seconds": 1.0, "warning": ""})
    assert health.line.text.startswith("Far from real images")


def test_one_measurement_among_good_ones_is_not_far_from_real_images():
    health = Health(config(), [row(step, patches=45.0, patches_real=45.0) for step in (100, 200)])
    for step, patches, stage in ((300, 80.0, "Healthy"), (400, 75.0, "Healthy"), (500, 75.0, "Far from real images")):
        health.add(row(step, patches=patches, patches_real=45.0))
        assert health.line.text.startswith(stage)


def test_what_was_measured_long_ago_is_said_with_its_step():
    health = Health(config(), [row(1200, frechet=4.0)])
    assert health.line.text.endswith("Fréchet distance 4")
    health.add(row(1300))
    assert health.line.text.endswith("Fréchet distance 4")
    health.add(row(2400))
    assert health.line.text.endswith("Fréchet distance 4 at step 1,200")


def test_a_critic_s_outputs_are_no_balance():
    assert "balance" not in Health(config(loss="wasserstein"), [row(1)]).line.text


def test_a_fault_is_said_while_it_shows_and_forgotten_when_it_has_passed():
    health = Health(config(), [row(500, nearest=0.0, warning="Mode collapse since step 200: samples. Try --r1 1.")])
    assert not health.line.healthy
    assert health.line.text.startswith("Mode collapse · ")
    health.add(row(500 + 2 * PATIENCE_STEPS, nearest=0.0))
    assert not health.line.healthy
    health.add(row(500 + 3 * PATIENCE_STEPS))
    assert health.line.healthy


def test_a_run_that_goes_back_is_as_it_was_then():
    rows = [row(step, frechet=10 - step / 100) for step in range(0, 800, 100)]
    health = Health(config(), rows)
    before = health.line
    bad = {"d_real": 1.0, "d_fake": 0.0, "nearest": 0.0, "diversity": 0.1, "frechet": 90}
    for step in range(800, 4000, 100):
        health.add(row(step, warning="Mode collapse since step 800: samples. Try --r1 1.", **bad))
    assert not health.line.healthy
    health.add({"step": 700, "seconds": 7.0, "warning": "Not a number: d_loss not finite at step 4,000"})
    assert health.line.healthy
    assert health.line.text.endswith(before.text.partition("diversity")[2])
    health.add(row(800, frechet=2))
    assert health.line.text == "Healthy · D and G in balance · diversity 80 % · Fréchet distance 2, still falling"


def test_lines_are_learned_while_the_discriminator_s_outputs_hardly_differ():
    lost = "The discriminator has lost since step 900: D(x) .50, D(G(z)) .50. Try --r1 .1."
    health = Health(config(task="text", network="text"), [row(1500, d_real=0.5, d_fake=0.5, js_3=0.5, warning=lost)])
    assert health.line.text == "Healthy · D and G in balance · diversity 80 % · distance of 3-grams 0.5"


def test_without_measurements_there_is_nothing_to_say():
    assert Health(config()).line.text == ""
    assert Health(config(), [{"step": 1, "diversity": math.nan}]).line.text == ""
