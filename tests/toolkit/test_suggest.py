"""A name that does not exist gets a suggestion."""

import pytest

from support.paths import SPECS
from wirecheck.cli import run
from wirecheck.cli.suggest import unknown


def test_names_that_are_alike_are_suggested_and_otherwise_all_are_listed() -> None:
    names = ["listBooks", "listBook2", "addBook", "health"]
    assert unknown("operation", "listBook", names).message == (
        "there is no operation 'listBook'. Did you mean listBooks or listBook2?"
    )
    assert unknown("operation", "xyz", names).message == (
        "there is no operation 'xyz'. There are: addBook, health, listBook2, listBooks."
    )


@pytest.mark.parametrize("command", ["conform", "fuzz"])
def test_an_operation_is_suggested(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    spec = str(SPECS / "library.yaml")
    assert run([command, "http://127.0.0.1:9", "--spec", spec, "--operation", "listBook"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert "there is no operation 'listBook'. Did you mean listBooks" in err
