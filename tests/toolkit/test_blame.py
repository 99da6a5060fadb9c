"""Errors of what takes a document for valid name what is wrong with it."""

import json
from typing import Any

import pytest

from support.conforming import document, loaded
from wirecheck.blame import document_errors
from wirecheck.model import SpecError

VALID = loaded(json.dumps(document({})))


def broken(**info: Any) -> Any:
    return loaded(json.dumps({**document({}), "info": info}, indent=1))


@pytest.mark.parametrize("error", [KeyError("a"), RuntimeError("b"), ZeroDivisionError(), RecursionError()])
def test_the_first_error_of_the_document_is_named(error: Exception) -> None:
    with (
        pytest.raises(SpecError, match=r":\d+: #/info.*title") as caught,
        document_errors(broken(version="1")),
    ):
        raise error
    assert caught.value.__cause__ is error


def test_other_errors_pass() -> None:
    with pytest.raises(KeyError, match="a"), document_errors(VALID):
        raise KeyError("a")
    with pytest.raises(OSError, match="disk"), document_errors(broken(version="1")):
        raise OSError("disk")


def test_a_valid_document_may_be_nested_too_deeply() -> None:
    with pytest.raises(SpecError, match=r"is nested too deeply$"), document_errors(VALID):
        raise RecursionError
