"""Options of a training: the two networks, and what each of them minimises."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import field_validator

from ganbook.config.base import OneOf, Options, option
from ganbook.config.presets import (
    CRITIC,
    FEW_IMAGES_POLICY,
    LATENT_DIM,
    NETWORKS,
    POINTS,
    POINTS_CRITIC,
    network_defaults,
    networks_help,
)
from ganbook.utils.bounds import FEW_IMAGES

Loss = Literal["non-saturating", "minimax", "least-squares", "wasserstein", "hinge", "relativistic"]

MOST_LAYERS, WIDEST = 8, 4096
_AUGMENT_FEW = " or ".join(name for name, preset in NETWORKS.items() if preset.augments_few)


class NetworkOptions(Options):
    """The networks, and the objective."""

    # networks
    network: Annotated[str, OneOf(NETWORKS, also=("auto",))] = option(
        "auto", f"pair of networks: {networks_help()}", group="networks"
    )
    start_from: str | None = option(
        None,
        "run whose networks this one starts from, by name or folder: of the same task, network and image size",
        group="networks",
    )
    latent_dim: int | None = option(
        None,
        f"length of the latent vector z [default: {LATENT_DIM}; points: {POINTS['latent_dim']}]",
        group="networks",
        ge=1,
        le=4096,
    )
    noise: Literal["gaussian", "uniform"] = option(
        "gaussian", "distribution of z: gaussian, N(0, 1), or uniform in [−1, 1]", group="networks"
    )
    hidden: str | None = option(
        None,
        "widths of the hidden layers of --network mlp and text, as in 128,128; the discriminator has them in reverse, "
        "and the generator of text half of them at each place "
        f"[default: {network_defaults('hidden')}]",
        group="networks",
    )
    activation: Literal["relu", "leaky_relu", "tanh", "elu", "silu"] | None = option(
        None,
        f"activation of the hidden layers of --network mlp and text [default: {network_defaults('activation')}]",
        group="networks",
    )
    width: int | None = option(
        None,
        f"channels of the generator of --network restorer [default: {network_defaults('width')}]",
        group="networks",
        ge=1,
        le=512,
    )
    depth: int | None = option(
        None,
        "convolutions of the generator of --network restorer between the first and the last one "
        f"[default: {network_defaults('depth')}]",
        group="networks",
        ge=1,
        le=64,
    )
    precision: Literal["auto", "float32", "bfloat16"] = option(
        "auto",
        "arithmetic of the networks; auto is bfloat16 for --network photo on a CPU that multiplies it faster, "
        "else float32",
        group="networks",
    )
    jit: Literal["auto", "on", "off"] = option(
        "auto",
        "compile the training step with XLA; auto: on a CPU only for networks without convolutions, of images or text",
        group="networks",
    )

    # objective
    loss: Loss | None = option(
        None, f"adversarial loss of both networks [default: {network_defaults('loss')}]", group="objective"
    )
    r1: float | None = option(
        None,
        f"weight γ of the R1 penalty, γ/2 E‖∇D(x)‖² on real images [default: {network_defaults('r1')}]",
        group="objective",
        ge=0,
    )
    r2: float | None = option(
        None,
        f"weight γ of the R2 penalty, γ/2 E‖∇D(G(z))‖² on generated images [default: {network_defaults('r2')}]",
        group="objective",
        ge=0,
    )
    gradient_penalty: float | None = option(
        None,
        "weight λ of the gradient penalty, λ E(‖∇D(x̂)‖ − 1)² between real and generated images "
        f"[default: {CRITIC['gradient_penalty']:g} for --loss wasserstein, with points "
        f"{POINTS_CRITIC['gradient_penalty']:g}, else 0]",
        group="objective",
        ge=0,
    )
    penalty_every: int | None = option(
        None,
        "apply penalties every n steps, scaled by n (lazy regularization) "
        f"[default: {network_defaults('penalty_every')}]",
        group="objective",
        ge=1,
        le=100,
    )
    critic_steps: int | None = option(
        None,
        "discriminator updates per generator update; --steps counts discriminator updates "
        f"[default: {CRITIC['critic_steps']} for --loss wasserstein, else {network_defaults('critic_steps')}]",
        group="objective",
        ge=1,
        le=100,
    )
    augment: str | None = option(
        None,
        "differentiable augmentation of everything the discriminator sees: DiffAugment, none, or operations "
        "as in flip@0.5,translation:0.2,cutout (name:strength@probability) [default: DiffAugment with --adaptive; "
        f"{FEW_IMAGES_POLICY} for {_AUGMENT_FEW} and fewer than {FEW_IMAGES:,} images; else none]",
        group="objective",
        kinds=("images",),
    )
    adaptive: bool = option(
        False,
        "adapt the probability of --augment to how much the discriminator overfits (ADA)",
        group="objective",
        kinds=("images",),
    )
    augment_weight: float = option(
        0.0,
        "weight λ of the extra term E[log D(y)] of --loss minimax, where y are real images augmented by --augment "
        "[translation]; other images are then not augmented",
        group="objective",
        ge=0,
        kinds=("images",),
    )
    one_backward: bool = option(
        False,
        "use one backward pass through the discriminator for both updates (faster; the updates are simultaneous)",
        group="objective",
    )

    @field_validator("hidden")
    @classmethod
    def _check_hidden(cls, value: str | None) -> str | None:
        """Write widths in one way; refuse what is no list of widths."""
        if value is None:
            return None
        parts = [part.strip() for part in value.strip("()[] ").split(",") if part.strip()]
        if not 1 <= len(parts) <= MOST_LAYERS:
            raise ValueError(f"give 1 to {MOST_LAYERS} widths, as in 128,128")
        if not all(part.isascii() and part.isdecimal() and 1 <= int(part[:9]) <= WIDEST for part in parts):
            raise ValueError(f"widths are whole numbers from 1 to {WIDEST:,}, as in 128,128")
        return ",".join(str(int(part)) for part in parts)

    @property
    def hidden_widths(self) -> tuple[int, ...]:
        """The widths of the hidden layers of ``mlp`` and ``text``."""
        return tuple(int(part) for part in str(self.hidden).split(",")) if self.hidden else ()
