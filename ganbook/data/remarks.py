"""What is odd about images that can be read, counted over a folder and said in one line a kind."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import Any

from ganbook.data.image_file import ImageContent
from ganbook.utils.errors import counted

# Sixteen bits of which so few are used are more likely fourteen or fewer in the wrong place than dark images, if most
# images are like that.
_FEW_BITS = 16383
# An image that keeps less of its area than this is a panorama for the centre crop, and one that is enlarged as much as
# this a thumbnail.
_KEPT, _ENLARGED = 0.5, 2.0


@dataclass
class Remarks:
    """Counts, and the first file of each kind; all of it goes into JSON and back (:meth:`as_json`)."""

    transparent: int = 0
    deep: int = 0
    shallow: int = 0
    highest: int = 0
    cut: int = 0
    enlarged: int = 0
    warned: int = 0
    warning: str = ""
    first: dict[str, str] = field(default_factory=dict)

    def note(self, path: str, content: ImageContent) -> None:
        """Count what is odd about one image."""
        if content.transparent:
            self.transparent += 1
            self.first.setdefault("transparent", path)
        if content.highest is not None:
            self.deep += 1
            if content.highest <= _FEW_BITS:
                self.shallow += 1
                self.highest = max(self.highest, content.highest)
                self.first.setdefault("shallow", path)
        if content.kept < _KEPT:
            self.cut += 1
            self.first.setdefault("cut", path)
        if content.enlarged >= _ENLARGED:
            self.enlarged += 1
            self.first.setdefault("enlarged", path)
        if content.warnings:
            self.warned += 1
            self.first.setdefault("warned", path)
            self.warning = self.warning or content.warnings[0][:100]

    def lines(self, folder: str, crop: str | None = None) -> Iterator[str]:
        """Say what is odd, in one line a kind; ``crop`` is a key of :data:`ganbook.data.resize.CROPS`."""
        if self.cut:
            lost = "squeezed" if crop == "none" else "cut"
            yield (
                f"{folder}: {counted(self.cut)} {lost} by more than half, such as {self.first['cut']!r}: crop around "
                f"what matters first, or choose another --crop than {crop or 'center'}"
            )
        if self.enlarged:
            yield (
                f"{folder}: {counted(self.enlarged)} enlarged twofold or more, such as "
                f"{self.first['enlarged']!r}, which blurs: choose a smaller --image-size, or leave them out"
            )
        if self.transparent:
            yield (
                f"{folder}: {counted(self.transparent)} transparent all over, read as white, such as "
                f"{self.first['transparent']!r}: remove them, or save them without transparency"
            )
        if self.highest and self.shallow * 2 >= self.deep:
            which = "" if self.shallow == self.deep else f"of {self.deep:,} "
            yield (
                f"{folder}: {counted(self.shallow)} {which}with 16 bits use only levels 0 to {self.highest} of 65535: "
                f"dark or black, such as {self.first['shallow']!r}: if they were recorded with "
                f"{max(8, self.highest.bit_length())} bits, multiply their levels by "
                f"{65535 // (2 ** max(8, self.highest.bit_length()) - 1)} first"
            )
        if self.warned:
            yield (
                f"{folder}: {counted(self.warned)} with damaged metadata, such as {self.first['warned']!r} "
                f"({self.warning}); their pixels are read"
            )

    def as_json(self) -> dict[str, Any]:
        """Return what ``Remarks(**…)`` takes."""
        return asdict(self)
