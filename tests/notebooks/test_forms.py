from itertools import count

import pytest

from ganbook.config.parser import choices, flag
from ganbook.config.sample import SampleConfig
from ganbook.config.train import TrainConfig
from ganbook.notebook import arguments
from ganbook.notebook.parsing import from_cell, from_line
from ganbook.utils.errors import OptionError

TRAIN = arguments.parser("gan_train")


def line(text):
    return from_line(TRAIN, text)


def cell(text):
    return from_cell(TRAIN, "", text)


def test_every_option_reads_the_same_in_both_forms():
    numbers = count(1)
    values = {
        name: None if field.annotation in (bool, bool | None) else str((*choices(field), next(numbers))[0])
        for name, field in TrainConfig.model_fields.items()
    } | {"resume": "x", "overwrite": None, "wait": None}
    assert set(values) | {"help"} == {action.dest for action in TRAIN._actions}
    on_a_line = " ".join(flag(name) + ("" if value is None else f" {value}") for name, value in values.items())
    in_a_cell = "\n".join(f"{flag(name)[2:]}: {'true' if value is None else value}" for name, value in values.items())
    assert line(on_a_line) == cell(in_a_cell) == {n: True if v is None else v for n, v in values.items()}


def test_a_switch_is_off_in_both_forms():
    assert line("--no-conditional") == cell("conditional: false") == {"conditional": False}
    assert cell("wait: false") == {}


@pytest.mark.parametrize(
    "text",
    [
        "data: my pictures",
        "data: 'my pictures'  # holiday",
        '  data :   "my pictures"',
        "data: my pictures # x",
        "# x\n\ndata: my pictures",
    ],
)
def test_a_cell_takes_quotes_spaces_and_comments(text):
    assert cell(text) == {"data": "my pictures"}


def test_values_keep_what_is_not_a_comment():
    assert cell("data: C:\\pictures\\a#b") == {"data": "C:\\pictures\\a#b"}
    assert cell("data: '# 1'") == {"data": "# 1"}
    assert cell("r1: -1\nbatch_size: 8") == {"r1": "-1", "batch_size": "8"}
    assert cell("wait: no\noverwrite: On") == {"overwrite": True}


def test_a_line_takes_quotes_and_a_comment():
    assert line("--data 'my pictures' --r1 -1  # it's short") == {"data": "my pictures", "r1": "-1"}
    assert line("--data=a#b") == {"data": "a#b"}


def test_nothing_is_abbreviated():
    with pytest.raises(OptionError, match="did you mean --network"):
        line("--networ dcgan")


def test_help_has_every_default_that_is_a_number_a_0_as_well():
    defaults = {name: field.default for name, field in TrainConfig.model_fields.items()}
    numbers = {name: n for name, n in defaults.items() if isinstance(n, int | float) and not isinstance(n, bool)}
    assert numbers["seed"] == 0
    for name, number in numbers.items():
        shown = f"{number:,}" if isinstance(number, int) else number
        assert TRAIN._option_string_actions[flag(name)].help.endswith(f"[default: {shown}]")


def test_help_names_every_option_with_its_line():
    for magic, model in (("gan_train", TrainConfig), ("gan_sample", SampleConfig)):
        text = " ".join(arguments.help_text(magic).split())
        for name, field in model.model_fields.items():
            assert flag(name) in text
            assert " ".join(field.description.split()) in text
