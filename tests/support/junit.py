"""JUnit XML is valid by the schemas that its readers publish."""

from functools import cache

import xmlschema

from support.paths import TESTS

SCHEMAS = TESTS / "toolkit" / "schemas"


def require_valid(text: str) -> None:
    """Raises an error unless the text is valid by the schemas of Ant and of Jenkins."""
    for schema in _schemas():
        schema.validate(text)


@cache
def _schemas() -> tuple[xmlschema.XMLSchema, ...]:
    return tuple(xmlschema.XMLSchema(SCHEMAS / name) for name in ("junit-ant.xsd", "junit-jenkins.xsd"))
