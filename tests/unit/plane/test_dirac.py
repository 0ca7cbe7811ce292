"""The Dirac-GAN against the eigenvalues that Mescheder et al. (2018) derive; f′(0) = ½ for the logistic loss."""

import numpy as np
import pytest

import ganbook as gb

SLOPE = 0.5  # f′(0)


def eigenvalues(gan):
    """Of the Jacobian of a step at the equilibrium, by central differences, sorted by imaginary and real part."""
    h = 1e-2
    places = np.array([[h, 0], [-h, 0], [0, h], [0, -h]], np.float32)
    moved = gan.update(places).astype(np.float64)
    jacobian = np.column_stack([(moved[0] - moved[1]) / (2 * h), (moved[2] - moved[3]) / (2 * h)])
    return np.sort_complex(np.linalg.eigvals(jacobian).astype(complex))


@pytest.mark.parametrize("loss", ["non-saturating", "minimax", "relativistic"])
@pytest.mark.parametrize("rate", [0.1, 0.5])
@pytest.mark.parametrize("gamma", [0.0, 0.3, 1.0, 2.0])
def test_simultaneous_steps_have_the_eigenvalues_of_the_paper(loss, rate, gamma):
    # 1 + h λ with λ = −γ/2 ± √(γ²/4 − f′(0)²), section 4.1; without a penalty they lie outside the unit circle
    root = np.sqrt(complex(gamma**2 / 4 - SLOPE**2))
    expected = np.sort_complex(1 + rate * np.array([-gamma / 2 + root, -gamma / 2 - root]))
    found = eigenvalues(gb.DiracGAN(loss, r1=gamma, learning_rate=rate, updates="simultaneous"))
    np.testing.assert_allclose(found, expected, atol=2e-4 if gamma != 1.0 else 2e-3)  # a double root is less exact
    assert (np.abs(found).max() > 1) == (gamma == 0)


@pytest.mark.parametrize("rate", [0.1, 0.5, 2.0])
def test_alternating_steps_have_eigenvalues_on_the_unit_circle(rate):
    # 1 − α²/2 ± √((1 − α²/2)² − 1) with α = h f′(0), section 2.3
    middle = 1 - (rate * SLOPE) ** 2 / 2
    root = np.sqrt(complex(middle**2 - 1))
    found = eigenvalues(gb.DiracGAN(learning_rate=rate))
    np.testing.assert_allclose(found, np.sort_complex(np.array([middle + root, middle - root])), atol=2e-4)
    np.testing.assert_allclose(np.abs(found), 1, atol=2e-4)


def test_it_circles_and_settles_with_r1():
    radii = {gamma: np.linalg.norm(gb.DiracGAN(r1=gamma).trajectory(600), axis=1) for gamma in (0.0, 0.3)}
    assert radii[0.0][0] == radii[0.3][0] == pytest.approx(np.sqrt(2))
    assert radii[0.0][300:].min() > 1
    assert radii[0.3][-1] < 1e-3
    outwards = np.linalg.norm(gb.DiracGAN(updates="simultaneous").trajectory(600), axis=1)
    assert outwards[-1] > 2 * outwards[0]


def test_the_field_is_the_direction_of_small_steps():
    gan = gb.DiracGAN(r1=0.7, learning_rate=1e-2, updates="simultaneous")
    places, directions = gan.field(side=5)
    np.testing.assert_allclose(gan.update(places) - places, 1e-2 * directions, atol=1e-6)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"loss": "logistic"}, "loss is one of non-saturating, .* not 'logistic'"),
        ({"updates": "both"}, "updates is one of alternating, simultaneous"),
        ({"learning_rate": 0}, "learning_rate"),
        ({"r1": -1}, "r1 is a weight of 0 or more, not -1"),
    ],
)
def test_bad_input_is_refused_in_one_line(options, message):
    with pytest.raises(ValueError, match=message):
        gb.DiracGAN(**options)
