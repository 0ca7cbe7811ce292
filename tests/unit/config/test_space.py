"""What a sweep tries, as people write it."""

import pytest

from ganbook.config.space import Choices, Range, parse


def test_texts_and_python_values_say_the_same():
    texts = parse(
        ["network=compact,dcgan", "r1=0.1:10:log", "batch-size=16:64", "hidden=64,64|128", "adaptive=true,no"]
    )
    values = parse({
        "network": ["compact", "dcgan"], "r1": (0.1, 10, "log"), "batch_size": (16, 64), "hidden": ["64,64", "128"],
        "adaptive": [True, False],
    })  # fmt: skip
    assert texts == values
    assert texts["r1"] == Range(0.1, 10.0, log=True)
    assert texts["hidden"] == Choices(("64,64", "128"))
    assert isinstance(texts["batch_size"].low, int)


def test_what_is_written_is_read_again():
    space = parse(["learning_rate=1.23456789e-05:0.001:log", "hidden=64,64|128", "r1=0.5,auto", "penalty_every=1:16"])
    assert parse({name: str(values) for name, values in space.items()}) == space


@pytest.mark.parametrize(
    ("tried", "message"),
    [
        ([], "nothing to try"),
        (["r1"], "write choices"),
        (["foo=1,2"], "unknown option"),
        (["netwrk=mlp"], "did you mean network"),
        (["data=a,b"], "--data is the same for all trials"),
        (["seed=1,2"], "--seed is the same for all trials"),
        (["r1=10:1"], "the range is empty"),
        (["r1=1:1"], "the range is empty"),
        (["r1=0:1:log"], "begins above 0"),
        (["r1=1:2:exp"], "comes log or nothing"),
        (["network=mlp,dcgn"], "did you mean dcgan"),
        (["batch_size=1.5:3"], "valid integer"),
        (["loss=hinge,"], "a value is missing"),
        (["loss=hinge,hinge"], "there twice"),
        (["r1=1,2", "r1=3,4"], "given twice"),
    ],
)
def test_mistakes_are_one_clear_line(tried, message):
    with pytest.raises(ValueError, match=message) as caught:
        parse(tried)
    assert "\n" not in str(caught.value)
