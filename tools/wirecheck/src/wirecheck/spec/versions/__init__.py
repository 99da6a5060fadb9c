"""Documents of OpenAPI 2.0 and 3.0 in the form of 3.1; every value keeps the place where it is written."""

import re

from msgspec.structs import replace

from wirecheck.model import SpecError
from wirecheck.spec.document import Document
from wirecheck.spec.structure import OPENAPI, SWAGGER, Kind, Structure
from wirecheck.spec.versions.relocation import relocated
from wirecheck.spec.versions.schemas import Upgrade
from wirecheck.spec.versions.swagger import openapi

SUPPORTED = "2.0, 3.0.x, 3.1.x or 3.2.x"


def version(document: Document) -> str:
    """The version of OpenAPI that a document names; raises SpecError for one that is not supported."""
    if not isinstance(document.data, dict):
        where = f"{document.name}:{document.place.line}"
        raise SpecError(where, "is not an OpenAPI document: it must be an object")
    member = "swagger" if "openapi" not in document.data and "swagger" in document.data else "openapi"
    named = document.data.get(member)
    if isinstance(named, float | int) and not isinstance(named, bool):
        named = str(named)  # swagger: 2.0, without quotes
    if not isinstance(named, str):
        what = 'is not an OpenAPI document: it has neither `openapi` nor `swagger: "2.0"` at the top'
        raise SpecError(document.name, what)
    if not re.fullmatch(r"3\.[012](\.\d+)?(-\w+)?" if member == "openapi" else r"2\.0", named):
        raise document.error(f"/{member}", f"OpenAPI {named} is not supported, only {SUPPORTED}")
    return named


def structure_of(document: Document) -> Structure:
    """The tables for a document as it is written."""
    return SWAGGER if version(document) == "2.0" else OPENAPI


def upgraded(document: Document) -> Document:
    """The document in the form of OpenAPI 3.1, where it is older; raises SpecError for other versions."""
    named = version(document)
    if named.startswith(("3.1", "3.2")):
        return document
    upgrade = Upgrade(structure_of(document), document)
    data, place = upgrade.rewrite(Kind.DOCUMENT, (document.data, document.place), "")
    problems = (*document.problems, *upgrade.problems)
    read = replace(document, data=data, located=place, problems=problems, original=lambda: document)
    return relocated(read, openapi(read)) if named == "2.0" else read
