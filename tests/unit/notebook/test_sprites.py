import io

import numpy as np
from PIL import Image

from ganbook.notebook.panels.sprites import sheet


def test_small_pictures_travel_unchanged_each_in_its_place():
    images = np.random.default_rng(0).integers(0, 256, (30, 9, 7, 3), np.uint8)
    facts, content = sheet(images)
    whole = np.array(Image.open(io.BytesIO(content)))
    for i, image in enumerate(images):
        row, column = divmod(i, facts["columns"])
        assert (whole[9 * row :, 7 * column :][:9, :7] == image).all()
    assert (facts["count"], facts["width"], facts["height"]) == (30, 7, 9)
    assert whole.shape[:2] == (9 * facts["rows"], 7 * facts["columns"])


def test_large_pictures_are_reduced_and_travel_as_jpeg():
    images = np.random.default_rng(0).integers(0, 256, (60, 200, 300, 3), np.uint8)
    facts, content = sheet(images)
    with Image.open(io.BytesIO(content)) as whole:
        assert whole.format == "JPEG"
        assert whole.size == (96 * facts["columns"], 64 * facts["rows"])
    assert (facts["width"], facts["height"]) == (96, 64)
    assert len(content) < 400_000
