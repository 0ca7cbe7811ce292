"""The processes that train together: their addresses, and which of them this one is."""

from __future__ import annotations

import json
import os
import re

from ganbook.utils.errors import OptionError

ADDRESS = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+):([0-9]{1,5})")
MOST_WORKERS = 1024


def addresses(text: str) -> tuple[str, ...]:
    """Return the addresses of ``host:port,host:port``, the chief's first; ``ValueError`` if there are none."""
    parts = tuple(part.strip() for part in text.split(",") if part.strip())
    for part in parts:
        match = ADDRESS.fullmatch(part)
        if match is None or not 1 <= int(match[2]) <= 65535:
            raise ValueError(f"{part!r} is no address: give host:port,host:port, as in node1:2345,node2:2345")
    if not 2 <= len(parts) <= MOST_WORKERS:
        raise ValueError(f"give 2 to {MOST_WORKERS:,} addresses, host:port,host:port; without it, one process trains")
    if repeated := next((part for part in parts if parts.count(part) > 1), None):
        raise ValueError(f"{repeated} is there twice: every worker has an address of its own")
    return parts


def from_tf_config() -> dict[str, str]:
    """Return the options ``workers`` and ``worker_index`` that the variable ``TF_CONFIG`` means.

    None of them where it is not set, or means one process. Its ``chief``, if it has one, comes before its workers.

    Raises
    ------
    OptionError
        It cannot be read, or means another kind of training.
    """
    text = os.environ.get("TF_CONFIG", "").strip()
    if not text:
        return {}
    try:
        content = json.loads(text)
        cluster = content.get("cluster") or {}
        task, index = (
            (content.get("task") or {}).get("type", "worker"),
            int((content.get("task") or {}).get("index", 0)),
        )
        chiefs, workers = list(cluster.get("chief", [])), list(cluster.get("worker", []))
    except (ValueError, TypeError, AttributeError) as error:
        raise OptionError(f"TF_CONFIG cannot be read ({error}): mend or unset it, or give --workers") from None
    if len(chiefs) + len(workers) < 2:
        return {}
    if task not in ("chief", "worker") or "ps" in cluster:
        raise OptionError(
            "TF_CONFIG has tasks that ganbook does not know (ps, evaluator): a chief and workers train together; mend "
            "or unset it, or give --workers"
        )
    return {
        "workers": ",".join(map(str, chiefs + workers)),
        "worker_index": str(index if task == "chief" else index + len(chiefs)),
    }


def check(workers: str | None, index: int | None) -> None:
    """Raise ``OptionError`` unless the two options go together."""
    count = len(addresses(workers)) if workers else 0
    if workers is None and index is not None:
        raise OptionError("--worker-index says which of --workers this is: give both, or neither")
    if workers is not None and index is None:
        raise OptionError(f"--workers needs --worker-index, 0 for the chief and 1 to {count - 1} for the others")
    if index is not None and index >= count:
        raise OptionError(f"--worker-index {index}: there are {count} --workers, 0 to {count - 1}")
