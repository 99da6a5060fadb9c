"""Small documents to lint."""

import tempfile
from collections.abc import Callable
from pathlib import Path
from textwrap import dedent

from wirecheck.lint import Problem
from wirecheck.spec import Spec, load

HEAD = """\
openapi: 3.1.0
info: {title: Things, version: '1'}
paths:
"""
PATHS = """\
  /things:
    get:
      operationId: listThings
      responses: {'200': {description: Fine.}}
"""

Linted = Callable[[str], list[tuple[int, Problem]]]
"""Lints the text of a document by all rule sets."""


def schemas(text: str) -> str:
    """A document with schemas, the first of them on line 10."""
    return HEAD + PATHS + "components:\n  schemas:\n" + indented(text, 4)


def indented(text: str, by: int) -> str:
    return "".join(f"{' ' * by}{line}\n" for line in dedent(text).strip().splitlines())


def complete(part: str) -> str:
    """A document made of an example of a rule, which lacks the two first members."""
    return "openapi: 3.1.0\ninfo: {title: Example, version: '1'}\n" + dedent(part)


def load_text(text: str) -> Spec:
    """A document that is loaded without a file of the caller's."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "api.yaml")
        path.write_text(text, encoding="utf-8")
        return load(path)
