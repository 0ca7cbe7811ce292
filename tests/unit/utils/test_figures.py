"""Figures as pages of any colour show them."""

from io import BytesIO

import numpy as np
from matplotlib.colors import to_rgb
from PIL import Image

from ganbook.utils import figures


def contrast(one, other):
    """The ratio of luminances, as WCAG defines it."""

    def luminance(colour):
        rgb = np.asarray(colour)
        return np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4) @ (0.2126, 0.7152, 0.0722)

    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_a_figure_has_no_ground_and_words_that_are_legible_on_white_and_black():
    assert min(contrast(to_rgb(figures.INK), ground) for ground in ((0, 0, 0), (1, 1, 1))) > 4.5
    figure = figures.new_figure(4, 3)
    ax, sheet = figure.subplots(1, 2)
    ax.plot([0, 1], [0, 100], color=figures.GENERATOR, label="generator")
    ax.plot([0, 1], [100, 0], color="black", label="dark")
    ax.axhline(50, color="#DDDDDD")
    ax.set_title("Loss")
    ax.legend()
    sheet.imshow(np.zeros((8, 8, 3), np.uint8))
    with Image.open(BytesIO(figures.png(figure))) as image:
        pixels = np.asarray(image.convert("RGBA")).astype(int)
    assert pixels[0, 0, 3] == 0
    left, right = pixels[:, :200], pixels[:, 200:]
    solid = left[left[..., 3] > 200][:, :3]
    blue = np.abs(solid - np.round(np.multiply(to_rgb(figures.GENERATOR), 255))).max(1) < 24
    assert blue.any()
    others = solid[~blue]
    assert (np.abs(others - 0x76).max(1) < 24).mean() > 0.9, "what is dark or light is legible on one ground alone"
    assert (right[right[..., 3] == 255][:, :3] < 8).all(1).any(), "images stay as they are"
