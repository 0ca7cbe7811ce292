"""The list that a page edits: the parts of a policy, of which some are switched off and keep their strength."""

from __future__ import annotations

import json
from typing import Any

from ganbook.augmentation import Policy

# The headings that families of operations stand under.
GROUPS = {
    "geometry": "Geometry", "elastic": "Geometry", "colour": "Colour", "levels": "Colour", "texture": "Texture",
    "box": "Occlusion", "mixing": "Mixing",
}  # fmt: skip


def read(text: str) -> tuple[Policy, list[dict[str, Any]]]:
    """Read a policy as a page sends it; return it without what is switched off, and the whole list."""
    document = json.loads(text)
    listed = document["operations"]
    on = [part for part in listed if not part.get("off")]
    return Policy.from_json(json.dumps(document | {"operations": on})), listed


def of(policy: Policy) -> list[dict[str, Any]]:
    """Return the list of a policy, all of it switched on."""
    return json.loads(policy.to_json())["operations"]
