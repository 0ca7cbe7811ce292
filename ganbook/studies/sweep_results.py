"""What a sweep has found: read from its folder, so that every process that sees it knows the same."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ganbook.config.parser import flag, switched
from ganbook.config.train import TrainConfig
from ganbook.studies import sweep_plots
from ganbook.studies.sweep_plan import BEST, Plan
from ganbook.studies.sweep_trials import CLAIMS, RUNGS, TRIES, Trials
from ganbook.training import run_lock
from ganbook.training.run_folder import RunFolder

if TYPE_CHECKING:
    from matplotlib.figure import Figure

CONFIDENCE = 0.95
FINISHED, PRUNED, FAILED, TRAINING, INTERRUPTED, WAITING = (
    "finished", "pruned", "failed", "training", "interrupted", "waiting",
)  # fmt: skip


class SweepResults:
    """Tables and verdicts of a sweep."""

    def __init__(self, folder: Path, plan: Plan, trials: Trials):
        self._folder, self._plan, self._trials = folder, plan, trials
        self._histories: dict[str, tuple[tuple[int, int], pd.DataFrame]] = {}

    # One training

    def _history(self, name: str) -> pd.DataFrame:
        """Return the reports of a training, read again only if there are new ones."""
        folder = RunFolder(self._folder / "runs" / name)
        try:
            stat = (folder.path / "history.csv").stat()
        except OSError:
            return pd.DataFrame()
        mark = (stat.st_mtime_ns, stat.st_size)
        if name not in self._histories or self._histories[name][0] != mark:
            self._histories[name] = mark, folder.history()
        return self._histories[name][1]

    def _measured(self, name: str) -> list[tuple[float, float]]:
        """Return the part of its length, 0 to 1, and the value of each measurement of a training."""
        history, column = self._history(name), self._plan.measure.column
        if column not in history:
            return []
        rows = history.dropna(subset=[column])
        done = rows["seconds"] / self._plan.options["seconds"] if "seconds" in self._plan.options else (
            rows["step"] / self._plan.options["steps"]
        )  # fmt: skip
        return list(zip(done.astype(float), rows[column].astype(float), strict=True))

    def value_of(self, name: str) -> float | None:
        """Return the last value that was measured of a training; None if none was."""
        measured = self._measured(name)
        return measured[-1][1] if measured else None

    def rungs(self, name: str) -> list[tuple[int, float]]:
        """Return the value at each tenth of its length that a training has reached; the last one known, in between."""
        reached: list[tuple[int, float]] = []
        for done, value in self._measured(name):
            rung = min(RUNGS, math.floor(done * RUNGS + 1e-6))
            if rung < 1 or (reached and rung <= reached[-1][0]):
                continue
            if reached:
                before, last = reached[-1]
                reached += [(between, last) for between in range(before + 1, rung)]
            reached.append((rung, value))
        return reached

    def _part(self, name: str) -> float:
        """Return how much of its length a training has behind it, 0 to 1."""
        history, options = self._history(name), self._plan.options
        if history.empty:
            return 0.0
        last = history.iloc[-1]
        done = last["seconds"] / options["seconds"] if "seconds" in options else last["step"] / options["steps"]
        return min(1.0, float(done))

    def is_finished(self, name: str) -> bool:
        """Tell whether a training has all its steps or seconds, and was measured at their end."""
        measured = self._measured(name)
        return self._part(name) >= 1 and bool(measured) and measured[-1][0] >= 1

    def is_open(self, name: str) -> bool:
        """Tell whether a training is still to be done."""
        return not self.is_finished(name) and not (self._folder / CLAIMS / f"{name}.failed").exists()

    def is_held(self, name: str) -> bool:
        """Tell whether some process works on a training."""
        return run_lock.is_held(self._folder / CLAIMS, f"{name}.lock")

    def note_failure(self, name: str, why: str) -> None:
        """Remember that a training with another seed failed, and is not tried again."""
        (self._folder / CLAIMS / f"{name}.failed").write_text(why, encoding="utf-8")

    def _failure(self, name: str) -> str:
        """Return why a training with another seed failed; empty if it did not."""
        try:
            return (self._folder / CLAIMS / f"{name}.failed").read_text(encoding="utf-8")
        except FileNotFoundError:
            return ""

    def note_kill(self, name: str) -> None:
        """Remember that the process of a training with another seed was killed; a third time it has failed."""
        file = self._folder / CLAIMS / f"{name}.kills"
        kills = (int(file.read_text()) if file.exists() else 0) + 1
        file.write_text(str(kills))
        if kills >= TRIES:
            self.note_failure(name, f"its process was killed {kills} times")

    # All trials

    def _current(self) -> dict[str, Any]:
        """Return the last attempt at each trial, by name."""
        attempts = {}
        for trial in self._trials.all():
            if "refused" not in trial.user_attrs:
                attempts[trial.user_attrs.get("run", f"trial-{trial.number:03d}")] = trial
        return attempts

    def _state(self, name: str, trial: Any) -> str:
        if trial.state.name == "PRUNED":
            return FAILED if "failed" in trial.user_attrs else PRUNED
        if trial.state.name == "RUNNING":
            return TRAINING if self.is_held(name) else INTERRUPTED
        return {"COMPLETE": FINISHED, "FAIL": FAILED}.get(trial.state.name, WAITING)

    def trials_left(self, wanted: int) -> bool:
        """Tell whether there are trials that have not ended."""
        states = [self._state(name, trial) for name, trial in self._current().items()]
        return len(states) < wanted or any(state in (TRAINING, INTERRUPTED, WAITING) for state in states)

    def params(self, name: str) -> dict[str, Any]:
        """Return the tried options of a trial."""
        return dict(self._current()[name].params)

    def table(self) -> pd.DataFrame:
        """Return one row for each trial, the best first; see :attr:`ganbook.studies.sweep_study.Sweep.table`."""
        rows = []
        for name, trial in self._current().items():
            state, history = self._state(name, trial), self._history(name)
            value = trial.value if state == FINISHED else self.value_of(name)
            note = trial.user_attrs.get("failed", "defaults" if "default" in trial.user_attrs else "")
            if trial.state.name == "FAIL":
                note = f"its process was killed {TRIES} times"
            last = {} if history.empty else history.iloc[-1]
            rows.append(
                {"trial": name, "state": state, self._plan.measure.name: value}
                | {option: self._param(trial, option) for option in self._plan.space}
                | {"steps": last.get("step"), "seconds": last.get("seconds"), "note": note}
            )
        columns = ["trial", "state", self._plan.measure.name, *self._plan.space, "steps", "seconds", "note"]
        table = pd.DataFrame(rows, columns=columns)
        table["steps"] = table["steps"].astype("Float64").astype("Int64")
        order = [FINISHED, TRAINING, PRUNED, INTERRUPTED, WAITING, FAILED]
        sign = -1 if self._plan.measure.maximize else 1
        keys = pd.DataFrame({
            "state": table["state"].map(order.index), "value": sign * table[self._plan.measure.name].astype(float),
        })  # fmt: skip
        return table.loc[keys.sort_values(["state", "value"], kind="stable").index].reset_index(drop=True)

    @staticmethod
    def _param(trial: Any, option: str) -> Any:
        """Return an option of a trial, also of one that waits."""
        return trial.params.get(option, trial.system_attrs.get("fixed_params", {}).get(option))

    # The best, with other seeds

    def finalists(self) -> list[str]:
        """Return the names of the best trials, and of the defaults, whose other seeds are trained."""
        finished = [(t.value, name) for name, t in self._current().items() if t.state.name == "COMPLETE"]
        names = [name for _, name in sorted(finished, reverse=self._plan.measure.maximize)[:BEST]]
        names += [
            name for name, t in self._current().items()
            if "default" in t.user_attrs and name not in names and t.state.name in ("COMPLETE", "PRUNED")
        ]  # fmt: skip
        return names

    def _repeats(self, seeds: int) -> list[tuple[str, int, str]]:
        """Return trial, seed and name of each training with another seed."""
        base = self._plan.options.get("seed", 0)
        numbers = range(base + 1, base + 1 + seeds)
        return [(name, seed, f"{name}-seed-{seed}") for seed in numbers for name in self.finalists()]

    def seeds_left(self, seeds: int) -> list[tuple[str, dict[str, Any]]]:
        """Return name and options of the trainings with other seeds that are to be done."""
        return [
            (run, self.params(name) | {"seed": seed})
            for name, seed, run in self._repeats(seeds)
            if self.is_open(run)
        ]  # fmt: skip

    def is_anybody_at_work(self, seeds: int) -> bool:
        """Tell whether some process still works on a training of this sweep."""
        return any(self.is_held(name) for name in [*self._current(), *(run for _, _, run in self._repeats(seeds))])

    def is_complete(self, trials: int, seeds: int) -> bool:
        """Tell whether nothing is left to do."""
        return not self.trials_left(trials) and not self.seeds_left(seeds)

    def seeds(self, seeds: int) -> pd.DataFrame:
        """Return one row for each training with another seed: ``trial``, ``seed``, ``state``, and what was measured."""
        rows = []
        for name, seed, run in self._repeats(seeds):
            done = self.is_finished(run)
            state = FINISHED if done else TRAINING if self.is_held(run) else WAITING if self.is_open(run) else FAILED
            value = self.value_of(run) if done else None
            rows.append({"trial": name, "seed": seed, "state": state, self._plan.measure.name: value})
        table = pd.DataFrame(rows, columns=["trial", "seed", "state", self._plan.measure.name])
        return table.astype({self._plan.measure.name: float})

    def _by_trial(self, seeds: int) -> dict[str, np.ndarray]:
        """Return the values with other seeds of each finalist that has some, the best mean first."""
        table = self.seeds(seeds)
        values = {
            str(name): rows[self._plan.measure.name].dropna().to_numpy()
            for name, rows in table.groupby("trial", sort=False)
        }
        sign = -1 if self._plan.measure.maximize else 1
        return dict(sorted(((n, v) for n, v in values.items() if len(v)), key=lambda item: sign * item[1].mean()))

    def best(self, seeds: int) -> str | None:
        """Return the name of the best trial; its other seeds count if all are there, for its own made it the best."""
        finalists = self.finalists()
        by_trial = self._by_trial(seeds)
        if seeds and finalists and all(len(by_trial.get(name, ())) == seeds for name in finalists):
            return next(iter(by_trial))
        finished = [name for name in finalists if self._current()[name].state.name == "COMPLETE"]
        return finished[0] if finished else None

    def failures(self, seeds: int) -> dict[str, str]:
        """Return why trainings failed, by their names."""
        table = self.table()
        failed = table[table["state"].eq(FAILED)]
        of_seeds = {run: why for *_, run in self._repeats(seeds) if (why := self._failure(run))}
        return dict(zip(failed["trial"], failed["note"], strict=True)) | of_seeds

    def progress(self, trials: int, seeds: int) -> tuple[float, int]:
        """Return trainings that have ended, failed ones among them, and trainings wanted."""
        states = {name: self._state(name, trial) for name, trial in self._current().items()}
        done = sum(
            1.0 if state in (FINISHED, PRUNED, FAILED) else self._part(name) if state == TRAINING else 0.0
            for name, state in states.items()
        )
        repeats = self._repeats(seeds)
        done += sum(1.0 if not self.is_open(run) else self._part(run) for _, _, run in repeats)
        to_come = seeds * min(BEST, trials) if self.trials_left(trials) else 0  # the best are not known yet
        return done, max(trials, len(states)) + max(len(repeats), to_come)

    # In words and pictures

    def verdict(self, seeds: int) -> str:
        """Say what was found, a sentence a line."""
        best, failures = self.best(seeds), self.failures(seeds)
        if best is None:
            return "No trial has finished yet." + "".join(f"\n{name} failed: {why}" for name, why in failures.items())
        name, unit = self._plan.measure.name, self._plan.measure.unit
        by_trial = self._by_trial(seeds)
        options = " ".join(filter(None, (_flagged(*param) for param in self.params(best).items())))
        own = self._current()[best].value
        if best not in by_trial:
            lines = [f"Best so far: {best}, {name} {own:.4g}{unit} with one seed ({options})."]
        else:
            lines = [
                f"Best: {best}, {name} {_mean(by_trial[best])}{unit} over {len(by_trial[best])} other seeds "
                f"({options}); {own:.4g}{unit} in the search."
            ]
            lines += self._differences(best, by_trial, failed=bool(failures.keys() - self._current().keys()))
        held_out = self._plan.options["hold_out"]
        lines.append(
            f"Measured on {held_out:,} training images that no trial learned from; the test images were not looked at: "
            f"judge the best run on them with ganbook evaluate."
        )
        return "\n".join(lines)

    def in_a_line(self, name: str) -> str:
        """Say in a line how a training ended; empty while it goes on."""
        measure, value = self._plan.measure, self.value_of(name)
        measured = "" if value is None else f"{measure.name} {value:.4g}{measure.unit}"
        trial = self._current().get(name)
        if trial is None:  # another seed of a trial
            if why := self._failure(name):
                return f"{name}: (failed: {why})"
            return f"{name}: {measured}" if self.is_finished(name) and not self.is_held(name) else ""
        state = self._state(name, trial)
        if state not in (FINISHED, PRUNED, FAILED):
            return ""
        options = " ".join(f"{key}={_written(each)}" for key, each in trial.params.items())
        how = {PRUNED: " (ended early)", FAILED: f" (failed: {trial.user_attrs.get('failed', 'killed')})"}.get(
            state, ""
        )
        return f"{name}: {measured}{how}  {options}"

    def _differences(self, best: str, by_trial: dict[str, np.ndarray], *, failed: bool) -> list[str]:
        """Compare the best trial with the other ones, by 95 % intervals of a pooled deviation."""
        if len(by_trial) < 2:
            return ["There is no other trial with other seeds to compare it with."]
        freedom = sum(len(values) - 1 for values in by_trial.values())
        if not freedom:
            what_then = ", and others failed" if failed else ": give --seeds 2 or more"
            return [f"Whether that is more than the spread of seeds, one seed cannot tell{what_then}."]
        from scipy import stats

        pooled = math.sqrt(sum(((values - values.mean()) ** 2).sum() for values in by_trial.values()) / freedom)
        lines = []
        for name, values in by_trial.items():
            if name == best:
                continue
            whose = "the defaults" if "default" in self._current()[name].user_attrs else name
            apart = abs(values.mean() - by_trial[best].mean())
            reach = stats.t.ppf(0.5 + CONFIDENCE / 2, freedom) * pooled * math.sqrt(
                1 / len(values) + 1 / len(by_trial[best])
            )  # fmt: skip
            beside = f"{whose} ({_mean(values)}{self._plan.measure.unit})"
            if apart > reach:
                lines.append(
                    f"Better than {beside} by {apart:.3g}, 95 % interval {apart - reach:.3g} to {apart + reach:.3g}."
                )
            else:
                lines.append(f"Not different from {beside}: {apart:.3g} is within the spread of seeds (±{reach:.3g}).")
        if "default" in self._current()[best].user_attrs:
            lines.append("The defaults are the best that was found.")
        return lines

    def plot(self) -> Figure:
        """Draw what was found."""
        return sweep_plots.draw(self.table(), self._plan.space, self._plan.measure, self._trials.importances())


def _mean(values: np.ndarray) -> str:
    spread = f" ± {values.std(ddof=1):.2g}" if len(values) > 1 else ""
    return f"{values.mean():.4g}{spread}"


def _flagged(name: str, value: Any) -> str:
    """Write an option as the terminal takes it; one that is left at what follows from others is not written."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return switched(TrainConfig, name, value)
    return f"{flag(name)} {_written(value)}"


def _written(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:.4g}" if isinstance(value, float) else "auto" if value is None else str(value)
