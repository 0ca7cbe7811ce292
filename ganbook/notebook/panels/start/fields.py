"""The options of a training as fields of a form, from their model: a new option is there by itself."""

from __future__ import annotations

from typing import Any

from ganbook.config.presets import NETWORKS, TASKS, tasks_with
from ganbook.config.train import TrainConfig
from ganbook.data import names

# What the form asks for itself.
OWN = {"data", "network", "steps", "seconds", "name", "runs_dir"}
TITLES = {
    "data": "Data", "task": "Task", "networks": "Networks", "objective": "Objective", "optimisation": "Optimisation",
    "run": "Run",
}  # fmt: skip


def everything() -> dict[str, Any]:
    """Return what the form offers: data sets by name, networks, and groups of further options."""
    networks = {name: preset.summary for name, preset in NETWORKS.items() if not preset.hidden}
    groups: dict[str, list[dict[str, Any]]] = {}
    for name, schema in TrainConfig.model_json_schema()["properties"].items():
        if name not in OWN:
            groups.setdefault(schema["group"], []).append(_field(name, schema))
    return {
        "data": names(),
        "networks": {"auto": "chosen by the data"} | networks,
        "groups": [[TITLES[group], fields] for group, fields in groups.items()],
    }


def _field(name: str, schema: dict[str, Any]) -> dict[str, Any]:
    """Return one option: name, kind, choices, default, and the kinds of data and the tasks it has a meaning for.

    The default is empty where it follows from other options, and the kinds where it has a meaning for all. A switch is
    on or off, or as it follows.
    """
    kinds = [each for each in schema.get("anyOf", [schema]) if each.get("type") != "null"]
    choices = list(TASKS) if name == "task" else [str(choice) for choice in kinds[0].get("enum", ())]
    default, kind = schema["default"], "choice" if choices else kinds[0]["type"]
    if kind == "boolean" and default is None:
        kind, choices = "switch", ["yes", "no"]
    return {
        "name": name,
        "kind": kind,
        "choices": choices,
        "default": "" if default is None else str(default),
        "help": schema["description"],
        "data_kinds": list(schema["kinds"]),
        "tasks": tasks_with(name),
    }
