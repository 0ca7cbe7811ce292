"""The numbers of an evaluation: what each is called, which way is good, what it means, and where it misleads."""

from __future__ import annotations

from dataclasses import dataclass

FEATURES, PIXELS = "features", "pixels"


@dataclass(frozen=True)
class Number:
    """One line of the table.

    Attributes
    ----------
    title
        Its name; where it is a distance, the space is added.
    better
        ``lower``, ``higher``, or the value that is best.
    meaning, caveat
        One sentence each.
    place
        The space it is measured in: ``features`` or ``pixels``.
    """

    title: str
    better: str
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
        "Share of samples that lie among the real images.",
        "One perfect sample, repeated, has precision 1; a single odd real image with a wide ball takes in many.",
        FEATURES,
    ),
    "recall": Number(
        "recall",
        "higher",
        "Share of real images that lie among the samples.",
        "Bad samples far apart have wide balls, and so a high recall.",
        FEATURES,
    ),
    "density": Number(
        "density",
        "higher",
        "How thickly real images lie around a sample: 1 as around a real one.",
        "Above 1 is no praise: it means typical samples only.",
        FEATURES,
    ),
    "coverage": Number(
        "coverage",
        "higher",
        "Share of real images with a sample next to them; 0.97 for real against real.",
        "Says nothing of samples that lie elsewhere.",
        FEATURES,
    ),
    "diversity": Number(
        "diversity within a class",
        "1",
        "How far apart two samples of a class are, over two real images of it; the mean over classes.",
        "Noise is diverse. Without labels all images are one class.",
        FEATURES,
    ),
    "spacing": Number(
        "distance to the next sample",
        "1",
        "How far a sample is from the next one, over the same for real images; 0 if few outputs repeat.",
        "Noise and blur move it too, up and down.",
        PIXELS,
    ),
    "nearest": Number(
        "distance to the nearest training image",
        "as real",
        "Median, in grey levels; far above that of real images, samples are like nothing in the data.",
        "Blur brings samples nearer to everything.",
        PIXELS,
    ),
    "sharpness": Number(
        "sharpness",
        "1",
        "Strength of the finest structure over that of real images: below 1 blurred, above 1 speckled.",
        "Classes differ in it, so missing classes move it.",
        PIXELS,
    ),
    "patches": Number(
        "patch distance",
        "lower",
        "Sliced Wasserstein distance of 7×7 patches × 1,000: fine structure, blur, speckle.",
        "It does not see what the picture shows.",
        PIXELS,
    ),
    "modes": Number(
        "classes found",
        "higher",
        "How many classes the classifier sees among the samples.",
        "One sample is enough for a class, and noise falls into classes too.",
        FEATURES,
    ),
    "entropy": Number(
        "entropy of classes",
        "as real",
        "How evenly samples fall into classes, in nats; ln K if evenly, 0 if all into one.",
        "Even shares of bad samples have a good entropy.",
        FEATURES,
    ),
    "mode_kl": Number(
        "KL to the data's classes",
        "lower",
        "Kullback–Leibler divergence of the samples' class shares from the data's, in nats.",
        "The classifier's mistakes count as the samples'.",
        FEATURES,
    ),
    "least_class": Number(
        "least class",
        "1",
        "Share of the class that falls shortest, over its share in the data.",
        "With few images of a class chance alone moves it.",
        FEATURES,
    ),
    "copies": Number(
        "copies",
        "lower",
        "Share of samples at less than a third of the distance to a training image that they have to any rival.",
        "A shifted or recoloured copy is far in pixels: look at the pairs. Twins in the data look like copies.",
        PIXELS,
    ),
    "nearest_ratio": Number(
        "nearest training over nearest rival",
        "as real",
        "Median distance of a sample to the nearest training image, over that to the nearest rival.",
        "There are more training images than rivals, so below 1 is usual: compare it with the real row.",
        PIXELS,
    ),
    "nearer": Number(
        "nearer to training images",
        "0.5",
        "Share of samples nearer to training images than to as many held-out ones.",
        "A few copies among many samples do not move it.",
        PIXELS,
    ),
    "parzen": Number(
        "Parzen log-likelihood",
        "higher",
        "Mean log density of held-out images, in nats, under Gaussians around the samples (the protocol of 2014).",
        "Blurred centroids beat real images at it, and good samples can score badly: history, not a goal.",
        PIXELS,
    ),
}
