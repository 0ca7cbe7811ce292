"""The metrics of an evaluation: name, ideal value, meaning, and where they mislead."""

from __future__ import annotations

from dataclasses import dataclass

FEATURES, PIXELS = "features", "pixels"


@dataclass(frozen=True)
class Number:
    """A row of the table.

    Attributes
    ----------
    title
        Its name; where it is a distance, the space is added.
    ideal
        ``lower``, ``higher``, or the ideal value: ``≈ 1``, ``≈ real``.
    meaning, caveat
        One sentence each.
    place
        The space it is measured in: ``features`` or ``pixels``.
    """

    title: str
    ideal: str
    meaning: str
    caveat: str
    place: str


NUMBERS = {
    "frechet": Number(
        "Fréchet distance",
        "lower",
        "Distance of the Gaussians that fit the features of samples and of held-out images.",
        "Fewer images make it larger: compare equal counts in one space. A classifier's features forgive speckle.",
        FEATURES,
    ),
    "kid": Number(
        "KID",
        "lower",
        "Kernel distance of the same features; its expectation does not depend on how many images there are.",
        "A little below 0 means 0. Its scale belongs to the space.",
        FEATURES,
    ),
    "precision": Number(
        "precision",
        "higher",
        "Fraction of samples that lie among the real images.",
        "One perfect sample, repeated, has precision 1; a single odd real image with a wide ball takes in many.",
        FEATURES,
    ),
    "recall": Number(
        "recall",
        "higher",
        "Fraction of real images that lie among the samples.",
        "Bad samples that lie far apart have wide balls, and so a high recall.",
        FEATURES,
    ),
    "density": Number(
        "density",
        "higher",
        "Density of real images around a sample; 1 is that around a real image.",
        "Above 1 is not better: it means that samples are only the typical ones.",
        FEATURES,
    ),
    "coverage": Number(
        "coverage",
        "higher",
        "Fraction of real images with a sample nearby; 0.97 for real against real.",
        "It ignores samples that lie elsewhere.",
        FEATURES,
    ),
    "diversity": Number(
        "diversity within a class",
        "≈ 1",
        "Mean distance between two samples of a class, divided by that of two real images of it; mean over classes.",
        "Noise is diverse, too. Without labels all images are one class.",
        FEATURES,
    ),
    "spacing": Number(
        "nearest-neighbour distance between samples",
        "≈ 1",
        "Distance of a sample to the nearest other one, divided by the same for real images; near 0 if outputs repeat.",
        "Noise and blur move it too, up and down.",
        PIXELS,
    ),
    "nearest": Number(
        "distance to the nearest training image",
        "≈ real",
        "Median, in grey levels. Far above that of real images, samples resemble nothing in the data.",
        "Blur brings samples nearer to everything.",
        PIXELS,
    ),
    "sharpness": Number(
        "sharpness",
        "≈ 1",
        "Strength of the finest structure, divided by that of real images: below 1 blurred, above 1 speckled.",
        "Classes differ in it, so missing classes move it.",
        PIXELS,
    ),
    "patches": Number(
        "patch distance",
        "lower",
        "Sliced Wasserstein distance of 7×7 patches × 1,000: fine structure, blur, speckle.",
        "It does not see what the image shows.",
        PIXELS,
    ),
    "modes": Number(
        "classes seen",
        "higher",
        "Number of classes that the classifier sees among the samples.",
        "One sample is enough for a class, and noise falls into classes too.",
        FEATURES,
    ),
    "entropy": Number(
        "entropy of classes",
        "≈ real",
        "Entropy of the classes of the samples, in nats: ln K if all are as frequent, 0 if there is only one.",
        "Bad samples that fall evenly into classes have a good entropy.",
        FEATURES,
    ),
    "mode_kl": Number(
        "KL to the data's classes",
        "lower",
        "Kullback–Leibler divergence of the samples' class fractions from the data's, in nats.",
        "The classifier's mistakes count as the samples'.",
        FEATURES,
    ),
    "least_class": Number(
        "most under-represented class",
        "≈ 1",
        "Fraction of the class that is drawn too rarely by most, divided by its fraction in the data.",
        "With few images of a class, chance alone moves it.",
        FEATURES,
    ),
    "copies": Number(
        "copies",
        "lower",
        "Fraction of samples whose distance to a training image is less than a third of that to any held-out image.",
        "A shifted or recoloured copy is far in pixels: look at the pairs. Twins in the data look like copies.",
        PIXELS,
    ),
    "nearest_ratio": Number(
        "train/held-out nearest-neighbour distance ratio",
        "≈ real",
        "Median distance of a sample to the nearest training image, divided by that to the nearest held-out image.",
        "There are more training than held-out images, so below 1 is usual: compare with the value of real images.",
        PIXELS,
    ),
    "nearer": Number(
        "nearer to training images",
        "≈ 0.5",
        "Fraction of samples that are nearer to training images than to as many held-out images.",
        "A few copies among many samples do not move it.",
        PIXELS,
    ),
    "parzen": Number(
        "Parzen log-likelihood",
        "higher",
        "Mean log density of held-out images under Gaussians around the samples, in nats (Goodfellow et al. 2014).",
        "Blurred averages score better than real images, and good samples can score badly.",
        PIXELS,
    ),
}
