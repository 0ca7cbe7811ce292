"""Whatever write fails, nothing is lost and the next call completes; benchmarks/failing_writes.py tries every write."""

import importlib.util
import sys
from pathlib import Path

import pytest

FILE = Path(__file__).parents[3] / "benchmarks" / "failing_writes.py"
SPEC = importlib.util.spec_from_file_location("failing_writes", FILE)
failing_writes = sys.modules["failing_writes"] = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(failing_writes)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # a killed process closes no file
@pytest.mark.parametrize("scenario", failing_writes.SCENARIOS, ids=lambda scenario: scenario.name)
def test_nothing_is_lost_whatever_write_fails(scenario, tmp_path):
    tried, losses = failing_writes.try_all(scenario, tmp_path / "try", most=3)
    assert tried == 3 * len(failing_writes.WAYS)
    assert losses == []


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning", "ignore::UserWarning")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
@pytest.mark.parametrize("scenario", failing_writes.TRAINING, ids=lambda scenario: scenario.name)
def test_a_training_goes_on_whatever_write_fails(scenario, tmp_path):
    tried, losses = failing_writes.try_all(scenario, tmp_path / "try", most=2)
    assert tried == 2 * len(failing_writes.TRAINING_WAYS)
    assert losses == []


def test_the_shim_sees_every_write_and_a_loss_is_found(tmp_path):
    """Writing in place loses the old file, whichever way the write fails."""

    def prepare(folder):
        (folder / "result").write_text("old")

    scenario = failing_writes.Scenario(
        "in place", prepare, lambda folder: (folder / "result").write_text("new, longer")
    )
    tried, losses = failing_writes.try_all(scenario, tmp_path / "try")
    assert tried == 2 * 4  # to open it, and to write
    assert any("killed at write 2 of 2 (write): result from before is changed" in loss for loss in losses)
