import pytest

import ganbook as gb

SMALL = {"image_size": 12, "batch_size": 16, "wait": True}


@pytest.fixture(scope="session")
def place(tmp_path_factory):
    """Where the runs below live."""
    return tmp_path_factory.mktemp("runs")


@pytest.fixture(scope="session")
def drawing(place):
    """A run that draws digits of 12×12 from noise; compact starts from their principal components."""
    return gb.train("digits", name="drawing", steps=2, runs_dir=place, **SMALL)


@pytest.fixture(scope="session")
def completing(place):
    """A run that has learnt for some seconds to complete them."""
    return gb.train("digits", task="inpaint", name="completing", steps=150, runs_dir=place, **SMALL)
