"""The Instagram document can be read by any parser of YAML 1.2, and taken apart operation by operation."""

import copy

import pytest
import yaml

from support.paths import CONTRACT
from wirecheck.laws import laws
from wirecheck.lint import lint
from wirecheck.spec import Document, Spec
from wirecheck.spec.document import Place, tokens
from wirecheck.spec.text import read

TEXT = CONTRACT.read_text(encoding="utf-8")
DOCUMENT = read(CONTRACT)
OPERATIONS = [operation.pointer for operation in Spec(DOCUMENT).operations]


def test_a_parser_of_yaml_1_1_reads_the_same() -> None:
    assert DOCUMENT.ambiguous == ()
    assert yaml.safe_load(TEXT) == DOCUMENT.data


def test_each_line_is_indented_as_strict_parsers_require() -> None:
    assert DOCUMENT.misindented == ()


def test_no_anchor_is_used_in_operations() -> None:
    end = DOCUMENT.line("/components")
    anchored = [event for event in yaml.parse(TEXT) if getattr(event, "anchor", None)]
    assert [event for event in anchored if event.start_mark and event.start_mark.line + 1 < end] == []


@pytest.mark.no_cover
@pytest.mark.parametrize("pointer", OPERATIONS)
def test_an_operation_can_be_deleted(pointer: str) -> None:
    data = copy.deepcopy(DOCUMENT.data)
    _, path, method = tokens(pointer)
    del data["paths"][path][method]
    spec = Spec(Document("without", data, Place(1)))
    assert len(spec.operations) == len(OPERATIONS) - 1
    assert laws(spec)
    # Laws and x-undo that lead to the deleted operation are all that may be wrong.
    assert {problem.rule for _, problem in lint(spec)} <= {"extension-well-formed"}
