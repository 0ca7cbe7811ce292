"""One NumPy array from whatever holds images in a notebook: lists, tensors, tables, Pillow images."""

import os

import numpy as np

from ganbook.data.resize import resize
from ganbook.utils.errors import one_line

_ALLOWED = "allowed are uint8, whole numbers 0..255, or floats in [0, 1], [-1, 1] or [0, 255]"


def as_array(images: object, what: str, size: tuple[int, int] | None = None, crop: str | None = None) -> np.ndarray:
    """Return images as an array of numbers or booleans, of any rank.

    Parameters
    ----------
    images : object
        An array, tensor or table, a Pillow image, or a list of arrays or of Pillow images. Those of different sizes
        are taken if `size` is given; grey ones among colours become colours.
    what : str
        "images" or "test images", for messages.
    size : (height, width), optional

    Raises
    ------
    ValueError
        If it is something else; the message says what to do.
    """
    if hasattr(images, "getbands"):
        images = [images]
    if isinstance(images, tuple | list) and any(hasattr(image, "getbands") for image in images):
        return _from_images(images, what, size, crop)
    if callable(getattr(images, "detach", None)):  # a tensor that remembers gradients, or on another device
        images = _cpu_tensor(images)
    _check_kind(images, what)
    try:
        array = np.asarray(images)
    except ValueError:
        return _from_images(images, what, size, crop)
    except MemoryError:
        raise ValueError(f"{what}: there is not enough memory for them as an array; use a folder or fewer") from None
    except Exception as error:
        raise ValueError(
            f"{what}: a {type(images).__name__} that NumPy cannot read ({one_line(error)}); for a tensor use "
            "tensor.detach().cpu().numpy()"
        ) from None
    if array.dtype.kind not in "buif":
        raise ValueError(f"{what}: {type(images).__name__} of dtype {array.dtype}; {_ALLOWED}")
    return array


def _check_kind(images: object, what: str) -> None:
    parts = images if isinstance(images, tuple | list) else [images]
    masked = sum(int(np.ma.count_masked(part)) for part in parts if isinstance(part, np.ma.MaskedArray))
    if masked:
        raise ValueError(f"{what}: a masked array with {masked:,} masked values: fill them first, images.filled(255)")
    if len(parts) and all(isinstance(part, str | os.PathLike) for part in parts):
        raise ValueError(f"{what}: a list of {len(parts):,} paths: give the folder that they are in, or their pixels")
    if hasattr(images, "columns") and hasattr(images, "to_numpy"):
        rows, columns = images.shape
        raise ValueError(
            f"{what}: a table of {rows:,} rows and {columns:,} columns: take its pixels out as images, such as "
            'table.drop(columns="label").to_numpy().reshape(-1, 28, 28), and give its labels as labels='
        )
    known = isinstance(images, tuple | list | bytes | memoryview) or np.isscalar(images)
    if not known and not any(hasattr(images, name) for name in ("__array__", "__array_interface__", "__dlpack__")):
        raise ValueError(
            f"{what}: {type(images).__name__} of dtype object; {_ALLOWED}: collect the images into one array first"
        )


def _cpu_tensor(tensor: object) -> object:
    try:
        return tensor.detach().cpu()
    except Exception:  # np.asarray says what is wrong
        return tensor


def _from_images(images: object, what: str, size: tuple[int, int] | None, crop: str | None) -> np.ndarray:
    """Bring a list of Pillow images, or of uint8 arrays, to one mode and size."""
    from PIL import Image

    from ganbook.data.image_file import eight_bit

    converted = []
    for image in images if isinstance(images, tuple | list) else ():
        if hasattr(image, "getbands"):
            try:
                converted.append(eight_bit(image))
            except Exception as error:
                raise ValueError(f"{what}: image {len(converted)} cannot be read: {one_line(error)}") from None
        elif _is_uint8_image(image):
            pixels = image[:, :, 0] if image.ndim == 3 and image.shape[2] == 1 else image
            converted.append(Image.fromarray(np.ascontiguousarray(pixels)))
        else:
            converted = []
            break
    if not converted:
        raise ValueError(f"{what}: images of different sizes; bring them to one size, or load a folder")
    modes = {image.mode for image in converted}
    mode = "RGBA" if "RGBA" in modes else "RGB" if "RGB" in modes else "L"
    converted = [image.convert(mode) for image in converted]
    sizes = sorted({image.size for image in converted})
    if len(sizes) > 1 and size is None:
        first, last = (f"{width}×{height}" for width, height in (sizes[0], sizes[-1]))
        raise ValueError(f"{what}: images of different sizes, such as {first} and {last}: give image_size")
    if len(sizes) > 1:
        converted = [resize(image, *size, crop, str(i)) for i, image in enumerate(converted)]
    pixels = np.stack([np.asarray(image) for image in converted])
    return pixels if pixels.ndim == 4 else pixels[..., np.newaxis]


def _is_uint8_image(image: object) -> bool:
    if not isinstance(image, np.ndarray) or image.dtype != np.uint8 or not image.size:
        return False
    return image.ndim == 2 or (image.ndim == 3 and image.shape[2] in (1, 3, 4))
