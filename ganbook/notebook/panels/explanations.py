"""What stands behind each "?" of the panels: what a number or control is, what is good, and its trap.

A module of a panel asks for an entry with ``help("key")``,
and for one of a group with ``help("group.", name)``; :mod:`ganbook.notebook.panels.bundle` ships those it asks for.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Explanation:
    """The text behind a "?".

    Attributes
    ----------
    title
        The name of what is explained.
    meaning
        What it is, in one or two sentences.
    good
        Which values are good, or what it is good for.
    trap
        What is easily misread.
    """

    title: str
    meaning: str
    good: str = ""
    trap: str = ""


EXPLANATIONS: dict[str, Explanation] = {
    # Playground
    "recipe": Explanation(
        "Recipe",
        "What is trained, and how. The code to take away has the name by which Python and the terminal know each "
        "option.",
        "Change one thing at a time, with the same seed: what differs then comes from that.",
        "One seed is one story: try another before you believe it.",
    ),
    "layers": Explanation(
        "Layers",
        "What is drawn on the plane. The pointer on a name says what it shows.",
        "The discriminator's output beside the gradients shows why samples move where they move.",
        "The discriminator is drawn everywhere, but it has learned only where there were points: elsewhere its output "
        "means little.",
    ),
    "measure.modes": Explanation(
        "Modes",
        "How many of the distribution's modes have at least one sample within 3 σ, of 2,500 samples.",
        "All of them.",
        "One sample is enough to count: look at high quality, too.",
    ),
    "measure.high_quality": Explanation(
        "High quality",
        "The fraction of samples within 3 σ of a mode.",
        "98.9 %, which is that of real points.",
        "A generator that has collapsed onto one mode can reach it.",
    ),
    "measure.sliced_wasserstein": Explanation(
        "Sliced Wasserstein distance",
        "How far samples must be moved to become real points, on average over 64 directions, in units of the plane.",
        "That of other real points, in brackets.",
        "It forgives what lies between modes.",
    ),
    "measure.js_divergence": Explanation(
        "Jensen–Shannon divergence",
        "How unlike the histograms of samples and real points are, on a grid of 24 × 24 cells, in bits from 0 to 1.",
        "That of other real points, in brackets.",
        "Two distributions without a common cell have 1, however near they are.",
    ),
    # Lines
    "line_marks": Explanation(
        "Marks of lines",
        "= stands in the training data, ″ was written more than once, ✗ breaks a rule of the data, like a wrong sum. "
        "A line without a mark is new.",
        "Many new lines, few repeated or wrong ones.",
        "New is not good yet: read them. In small sets of data chance alone meets known lines.",
    ),
    "line_edits": Explanation(
        "Edits",
        "How many characters must be put in, left out or replaced to make the training line of the line in focus: the "
        "edit distance of Levenshtein.",
        "2 and more: the line was not copied.",
        "Short lines are always near some other.",
    ),
    "line_walk": Explanation(
        "Walk",
        "Lines from latent vectors between those of two lines, in equal steps along a great circle.",
        "Lines that change little by little: the generator has learned what lies between its examples.",
        "Jumps between two known lines: it has learned these by heart.",
    ),
    # Sweep
    "sweep": Explanation(
        "Sweep",
        "A search for good options: each trial is a training with other options, suggested by what earlier ones gave, "
        "and measured on training images that were held out.",
        "The verdict says whether the best differ from the defaults by more than trainings with other seeds do.",
        "The best of many trials is partly luck: that is why the best are trained again with other seeds.",
    ),
    "sweep_figure": Explanation(
        "Trials",
        "The best value so far; each trial as a line through its options, coloured by its value; and how much each "
        "option matters.",
        "Lines of good trials that meet at an option: its values there are good ones.",
        "Importance comes from these trials alone: of an option that was hardly varied it says nothing.",
    ),
    "sweep_seeds": Explanation(
        "Other seeds",
        "The best trials, and the defaults, trained once more with other random seeds.",
        "Means that are further apart than the values of one row.",
        "Where rows overlap the options make no difference that so few trainings could show.",
    ),
    # Training
    "health": Explanation(
        "Health",
        "The last measurements in one line: what the monitors see, the balance of the two networks, how varied samples "
        "are, and how far from real images.",
        "Healthy, with a distance that still falls. When it has been level for long, more training changes little.",
        "Healthy means that training works and, of images, that small patches are not far from real ones; whether "
        "samples are good, only looking tells.",
    ),
    "loss": Explanation(
        "Loss",
        "What each network minimises: the discriminator its errors at telling real from fake, the generator the "
        "discriminator's success.",
        "Both move without end and neither runs away.",
        "A GAN's losses do not measure quality: both networks improve, so neither need fall.",
    ),
    "d_output": Explanation(
        "Discriminator output",
        "The probability that the discriminator gives an image of being real: D(x) for real ones, D(G(z)) for samples.",
        "D(x) above D(G(z)), with a gap that neither closes nor fills the whole range.",
        "1 and 0 for long: it has won, and the generator learns little. Both equal: it cannot tell them apart, which "
        "near the start means that it is too weak.",
    ),
    "learning_rates": Explanation(
        "Learning rates",
        "How far each network moves in a step; the step from which new ones hold is kept with the run.",
        "Lower both when curves swing or the run diverges, or late, to sharpen samples; lower one when its network "
        "always wins.",
        "One factor of 2 to 4 at a time. What has collapsed seldom comes back by itself: restart with other rates.",
    ),
    "gradient_norm": Explanation(
        "Gradient norm",
        "The length of the gradient of each network's whole loss, penalties included: the root mean square over the "
        "updates since the measurement before, read from the optimiser's state.",
        "Both of one order of magnitude for long. Spikes or steady growth come before a divergence; near 0 a network "
        "learns nothing.",
        "Its size depends on the loss, the network and the batch: compare it with its own past only. Adam divides by "
        "it, so a large gradient is not yet a large step.",
    ),
    "networks": Explanation(
        "Networks",
        "The layers of both networks from the input down, with the shape of what each gives for one image and the "
        "number of its weights. Filled bars have weights. The histogram, around 0, is of a layer's largest array of "
        "weights, as they were when this was opened.",
        "The generator widens to the size of an image, the discriminator narrows to one number; neither has many "
        "times the weights of the other. Histograms are bells that widen slowly.",
        "More parameters are not better: with few images a large discriminator learns them by heart. A histogram is "
        "scaled to its own largest weight: the pointer on it says the range.",
    ),
    "quality": Explanation(
        "Distance to real images",
        "How far samples of the averaged generator are from real images, measured every now and then during training.",
        "Lower. The dashed line, where there is one, is what real images, or a simple method, reach.",
        "Compare it only with the same data and the same number of images.",
    ),
    "smoothing": Explanation(
        "Smoothing",
        "Draws each curve as a moving average over its neighbours; the raw curve stays behind it, pale.",
        "Shows a trend under noise.",
        "Short spikes, which can be the beginning of a divergence, vanish with it.",
    ),
    "speed": Explanation(
        "Speed", "Real images that pass through a training step in a second.", "Higher; other work lowers it."
    ),
    "augmentation": Explanation(
        "Augmentation probability",
        "How often the images that the discriminator sees are augmented: ADA raises it while D overfits.",
        "With enough data it stays near 0.",
        "Above about .8, augmentations begin to show in samples.",
    ),
    # Browsing
    "truncation": Explanation(
        "Truncation",
        "Scales the latent vectors of all samples.",
        "Below 1, samples are more typical and usually look better.",
        "They are then less varied: a gallery at 0.5 says nothing about diversity.",
    ),
    "weights": Explanation(
        "EMA and raw weights",
        "EMA is the moving average of the generator's weights over training; raw are those of the last step.",
        "EMA samples are usually better and calmer.",
    ),
    "d_score": Explanation(
        "D score",
        "The discriminator's logit for a sample, and its rank among other samples.",
        "Higher looks more real to the discriminator.",
        "Not a probability, and not comparable between runs: it is the opinion of this discriminator.",
    ),
    "directions": Explanation(
        "Directions",
        "Principal directions of what the generator's first layer does with noise (GANSpace, Härkönen et al. 2020), or "
        "single axes of z.",
        "Principal directions change most, in order; each often has a meaning, such as slant or width.",
    ),
    "nearest": Explanation(
        "Nearest training images",
        "The training images most similar to the sample, in pixels or in features; 1× is the typical distance of real "
        "images to their nearest other ones.",
        "About 1×, with neighbours that look different.",
        "Shifted copies are far in pixels: compare in feature space, too, before you say that nothing is copied.",
    ),
    "combine": Explanation(
        "Combine",
        "Two samples give the interpolation between their latent vectors; three give a − b + c.",
        "Smooth changes between plausible images: the generator has learned more than single images.",
    ),
    "map": Explanation(
        "Map",
        "Samples and real images as points in a plane: the two principal components, or t-SNE, which keeps neighbours.",
        "Samples cover the same regions as real images.",
        "Distances between groups in t-SNE mean nothing.",
    ),
    # Augmentation
    "strength": Explanation(
        "Strength",
        "How far an operation goes, from 0 (nothing) to 1 (its largest range); beside it in the operation's own unit.",
        "As far as a person would still give the image the same label.",
    ),
    "probability": Explanation("Probability", "The fraction of images that the operation is applied to."),
    "leak": Explanation(
        "Leak",
        "A GAN that only ever sees augmented images may learn to draw the augmentation: rotated samples, cut-outs.",
        "Operations applied to less than about 80 % of images, to real images and samples alike, rarely leak.",
        "Whether it happens with your data is measured by %gan_leaks.",
    ),
    "study": Explanation(
        "Study",
        "A classifier is trained on real images with and without augmented or generated ones, and tested on real ones "
        "that it has not seen.",
        "A gain whose interval does not hold 0.",
        "One seed tells little: differences between seeds are often as large as the gain.",
    ),
    # Inpainting and enhancement
    "method.flat": Explanation("flat", "The mean colour of the known pixels.", "A baseline; immediate."),
    "method.telea": Explanation(
        "telea",
        "Fills from the border inwards with weighted means (Telea 2004).",
        "Small scratches and text; milliseconds.",
        "Large holes become streaks.",
    ),
    "method.navier-stokes": Explanation(
        "navier-stokes",
        "Continues lines of equal brightness into the hole (Bertalmio et al. 2001).",
        "Thin holes across edges; milliseconds.",
        "No texture.",
    ),
    "method.biharmonic": Explanation(
        "biharmonic",
        "The smoothest surface through the surroundings.",
        "Skies and other smooth areas; a second or so.",
        "No texture; may overshoot in large holes.",
    ),
    "method.patch": Explanation(
        "patch",
        "Copies patches from elsewhere in the image that fit (PatchMatch, Barnes et al. 2009).",
        "Texture: grass, walls, crowds; seconds to half a minute.",
        "Repeats what is there; knows no objects.",
    ),
    "method.pyramid": Explanation(
        "pyramid",
        "A small network, trained on photographs, draws from coarse to fine how the surroundings go on.",
        "Photographs, holes of any size; nearest to the truth, on average. Under a second for small holes.",
        "What cannot be known is drawn soft: no texture.",
    ),
    "method.latent": Explanation(
        "latent",
        "Searches a trained GAN for the image that agrees with what is known (Yeh et al. 2017).",
        "Images like those the run was trained on; gives several candidates.",
        "Seconds an image; other images than those it learned are filled badly.",
    ),
    "method.context": Explanation(
        "context",
        "A network trained to fill holes draws them in one pass (Pathak et al. 2016): that of your run.",
        "Images like those it was trained on; milliseconds.",
        "Large holes are blurred.",
    ),
    "method.deep-prior": Explanation(
        "deep-prior",
        "Fits an untrained network to the known pixels of this one image (Ulyanov et al. 2018).",
        "Needs no training data.",
        "Minutes for a photograph.",
    ),
    "method.network": Explanation(
        "network",
        "A small convolutional network, trained on photographs, or that of your run.",
        "Nearest to the truth, on average.",
        "Tuned to be right on average, so fine texture is smoothed unless crispness adds some.",
    ),
    "method.bicubic": Explanation("bicubic", "Cubic interpolation.", "The usual baseline; immediate.", "Soft edges."),
    "method.lanczos": Explanation(
        "lanczos", "Windowed sinc interpolation.", "A little sharper than bicubic; immediate.", "Rings beside edges."
    ),
    "method.non-local-means": Explanation(
        "non-local-means",
        "Averages patches that look alike (Buades et al. 2005).",
        "Noise on repeated structure.",
        "Slow on large images; smooths weak texture.",
    ),
    "score": Explanation(
        "Scores against the original",
        "PSNR, in dB, from the mean squared error in the hole; SSIM, from 0 to 1, from local structure.",
        "Higher is nearer to the original.",
        "A blurred filling can score better than a plausible, sharp one: the original is not the only good answer.",
    ),
    "candidates": Explanation(
        "Candidates", "Results of each method that can make several, best first.", "", "Time grows with their number."
    ),
    "crispness": Explanation(
        "Crispness",
        "Moves from the most probable image to one with texture that looks right.",
        "0 for measuring and reading; 0.3 to 0.6 for looking at.",
        "The texture is invented: it was not in the image.",
    ),
    "noise": Explanation(
        "Noise",
        "Standard deviation σ of the noise to remove, in grey levels of 255; it can be estimated from the image.",
        "As large as the noise is.",
        "Too large smooths away texture; the estimate takes fine texture for noise.",
    ),
    "test_first": Explanation(
        "Test",
        "Makes the image small, and noisy where noise is removed, and compares what each method makes of it with the "
        "original.",
        "Tells which method suits this kind of image.",
    ),
}  # fmt: skip


def of(keys: set[str]) -> dict[str, dict[str, str]]:
    """Return the entries that are asked for, as a page takes them; a key that ends in a dot stands for its group.

    Raises
    ------
    KeyError
        There is no such entry.
    """
    chosen: dict[str, dict[str, str]] = {}
    for key in sorted(keys):
        group = [name for name in EXPLANATIONS if name.startswith(key)] if key.endswith(".") else [key]
        if not group:
            raise KeyError(f"no explanation begins with {key}")
        chosen |= {name: asdict(EXPLANATIONS[name]) for name in group}
    return chosen
