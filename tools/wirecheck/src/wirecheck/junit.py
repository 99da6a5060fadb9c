"""JUnit XML, as CI systems read it; what is written is valid by the schemas of Ant and of Jenkins."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from xml.etree import ElementTree

from wirecheck.escapes import printable

_FORBIDDEN = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML 1.0, 2.2


@dataclass(frozen=True, slots=True)
class JunitCase:
    """One test of a suite. It passed unless it has a ``failure``, or a reason why it was ``skipped``.

    A failure is a type, a message, and a text of several lines. ``seconds`` is how long it took.
    """

    name: str
    seconds: float = 0.0
    failure: tuple[str, str, str] | None = None
    skipped: str | None = None


@dataclass(frozen=True, slots=True)
class Suite:
    """The tests of one operation, whose name is that of their class, and what there is to say besides."""

    name: str
    cases: Sequence[JunitCase]
    output: str = ""


def document(suites: Iterable[Suite], package: str) -> Iterator[str]:
    """The suites as XML, one after the other; ``package`` names what was tested."""
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S")
    yield '<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n'
    for number, suite in enumerate(suites):
        element = _suite(suite, {"id": str(number), "package": _name(package), "timestamp": now})
        ElementTree.indent(element, " ", level=1)
        yield f" {ElementTree.tostring(element, encoding='unicode')}\n"
    yield "</testsuites>\n"


def _suite(suite: Suite, attributes: dict[str, str]) -> ElementTree.Element:
    element = ElementTree.Element(
        "testsuite",
        {
            "name": _name(suite.name),
            **attributes,
            "hostname": "localhost",
            "tests": str(len(suite.cases)),
            "failures": str(sum(case.failure is not None for case in suite.cases)),
            "errors": "0",
            "skipped": str(sum(case.skipped is not None for case in suite.cases)),
            "time": f"{sum(case.seconds for case in suite.cases):.3f}",
        },
    )
    ElementTree.SubElement(element, "properties")
    for case in suite.cases:
        _add_case(element, suite.name, case)
    ElementTree.SubElement(element, "system-out").text = _allowed(suite.output) or None
    ElementTree.SubElement(element, "system-err")
    return element


def _add_case(suite: ElementTree.Element, classname: str, case: JunitCase) -> None:
    attributes = {"classname": _name(classname), "name": _name(case.name), "time": f"{case.seconds:.3f}"}
    element = ElementTree.SubElement(suite, "testcase", attributes)
    if case.skipped is not None:
        ElementTree.SubElement(element, "skipped", {"message": _text(case.skipped)})
    elif case.failure is not None:
        kind, message, text = case.failure
        failure = ElementTree.SubElement(element, "failure", {"message": _text(message), "type": kind})
        failure.text = _allowed(text)


def _name(text: str) -> str:
    """A name, which may not be empty."""
    return _text(text).strip() or "(no name)"


def _text(text: str) -> str:
    """A text that XML can hold, on one line."""
    return _allowed(printable(text))


def _allowed(text: str) -> str:
    return _FORBIDDEN.sub("\ufffd", text)
