"""Lines and cells are read as people write them."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from IPython.core.interactiveshell import InteractiveShell

from ganbook.config.parser import Parser
from ganbook.config.train import TrainConfig
from ganbook.notebook.parsing import from_cell, from_line, without_semicolon
from ganbook.notebook.silence import accept_semicolons, silenceable
from ganbook.utils.errors import OptionError


@pytest.fixture(scope="module")
def parser():
    parser = Parser(add_help=False)
    parser.add_options(TrainConfig)
    return parser


@pytest.mark.parametrize(
    ("line", "without"),
    [
        ("--data digits;", "--data digits"),
        ("--data digits ; ", "--data digits"),
        ("--data digits;;", "--data digits"),
        (";", ""),
        ("--data 'a;'", None),
        ("--data 'a;';", "--data 'a;'"),
        ("--data a;b", None),
        ("--data a  # no more;", None),
        ("--data a; # a note", "--data a   # a note"),
        ("", None),
        ("--data it's;", None),
    ],
)
def test_a_semicolon_at_the_end_is_no_part_of_the_line(line, without):
    text, silent = without_semicolon(line)
    assert silent == (without is not None)
    assert text.split() == (without if silent else line).split()


@pytest.mark.parametrize("space", ["\u00a0", "\u202f", "\u3000", "\u2009", "\u200b", "\t"])
def test_any_space_separates_words(parser, space):
    assert from_line(parser, f"--steps{space}20{space}--name{space}a") == {"steps": "20", "name": "a"}
    assert from_cell(parser, "", f"steps:{space}20{space}\n{space}name{space}: a") == {"steps": "20", "name": "a"}


@pytest.mark.parametrize("value", ["$steps", "{steps}", "{ steps }", '"{steps}"', "{steps // 1}"])
def test_variables_in_a_cell_are_replaced(parser, value):
    assert from_cell(parser, "", f"steps: {value}", {"steps": 20}) == {"steps": "20"}


def test_what_is_no_variable_stays_or_is_named(parser):
    read = from_cell(parser, "", "data: '{steps}'\nname: a", {"steps": 20})
    assert read["data"] == "{steps}"
    assert from_cell(parser, "", "data: /photos/{2024}", {})["data"] == "/photos/{2024}"
    assert from_cell(parser, "", "data: costs 5$", {})["data"] == "costs 5$"
    with pytest.raises(OptionError, match=r"line 2: \$step names no variable; did you mean steps\?"):
        from_cell(parser, "", "steps: $step", {"steps": 20})


class Magic:
    def __init__(self, shell):
        self.shell = shell

    @silenceable
    def answer(self, line):
        return f"answer to {line.strip()}"


def test_a_semicolon_hides_the_value_unless_it_is_used(capsys):
    shell = InteractiveShell()
    shell.register_magic_function(Magic(shell).answer, "line", "answer")
    shell.run_cell("%answer 1")
    assert "answer to 1" in capsys.readouterr().out
    shell.run_cell("%answer 2;")
    assert "answer" not in capsys.readouterr().out
    shell.run_cell("x = %answer 3;")
    assert shell.user_ns["x"] == "answer to 3"
    accept_semicolons(shell)
    shell.register_magic_function(Magic(shell).answer, "line", "gan_answer")
    shell.run_cell("%gan_answer;")
    assert capsys.readouterr().out == ""
    shell.run_cell("%answer 4;\nx")
    assert "answer to 3" in capsys.readouterr().out


WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)


@given(line=WORDS)
def test_any_line_is_read_or_refused_in_one_line(parser, line):
    for read in (from_line, lambda parser, text: from_cell(parser, "", text, {"a": 1})):
        with contextlib.suppress(OptionError):
            read(parser, line)
    text, _ = without_semicolon(line)
    assert len(text) <= len(line) + 1


@given(
    steps=st.integers(1, 10**12),
    name=st.from_regex(r"\A[A-Za-z0-9_][A-Za-z0-9_.\-]{0,30}\Z"),
    seconds=st.floats(1e-3, 1e9),
    semicolon=st.sampled_from(["", ";", " ;"]),
)
def test_option_lines_round_trip(parser, steps, name, seconds, semicolon):
    line, _ = without_semicolon(f"--steps {steps} --name={name} --seconds {seconds!r}{semicolon}")
    read = TrainConfig(**from_line(parser, line))
    assert (read.steps, read.name, read.seconds) == (steps, name, seconds)
    cell = from_cell(parser, "", f"steps: {steps}\nname: {name}\nseconds: {seconds!r}")
    assert TrainConfig(**cell) == read
