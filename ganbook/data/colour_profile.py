"""The colour profiles (ICC) of image files: which one its pixels are in, and their conversion to sRGB."""

import functools
import io
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from PIL.Image import Image


def embedded(image: "Image", channels: int) -> bytes | None:
    """Return the profile in a file, if it is one for so many channels."""
    profile = image.info.get("icc_profile")
    space = b"GRAY" if channels == 1 else b"RGB "
    return profile if profile and profile[16:20] == space and profile[36:40] == b"acsp" else None


def to_srgb(image: "Image", profile: bytes | None) -> "Image":
    """Convert an image of mode RGB or RGBA from a profile to sRGB; one of mode L stays as it is."""
    if image.mode == "L" or not (transform := _transform(profile, "RGB")):
        return image
    converted = _applied(transform, image.convert("RGB"))
    if image.mode == "RGBA":
        converted.putalpha(image.getchannel("A"))
    return converted


def from_cmyk(image: "Image") -> "Image":
    """Convert an image of mode CMYK to RGB, by its profile if it has a sound one."""
    transform = _transform(image.info.get("icc_profile"), "CMYK")
    return _applied(transform, image) if transform else image.convert("RGB")


@functools.lru_cache(maxsize=32)
def _transform(profile: bytes | None, mode: str) -> object | None:
    """Return the transform of a profile to sRGB; None if there is none, it is damaged, or it is sRGB itself."""
    from PIL import Image, ImageCms

    if not profile or profile[16:20] != mode.ljust(4).encode() or profile[36:40] != b"acsp":
        return None
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        transform = ImageCms.buildTransform(source, ImageCms.createProfile("sRGB"), mode, "RGB")
        if mode == "RGB":
            levels = np.stack(np.meshgrid(*[np.arange(0, 256, 51, dtype=np.uint8)] * 3), -1).reshape(6, 36, 3)
            after = np.asarray(_applied(transform, Image.fromarray(levels)), int)
            return transform if np.abs(after - levels).max() > 2 else None
        return transform
    except Exception:  # a damaged profile does not spoil the pixels
        return None


def _applied(transform: object, image: "Image") -> "Image":
    from PIL import ImageCms

    return ImageCms.applyTransform(image, transform)
