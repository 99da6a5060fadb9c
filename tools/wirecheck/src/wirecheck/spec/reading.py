"""From the content of a file to a document in its normal form: all steps but the cache."""

from collections.abc import Callable

from msgspec.structs import replace

from wirecheck.spec.dialects import plain, resolved
from wirecheck.spec.document import Document
from wirecheck.spec.files import bundled
from wirecheck.spec.operations import problems
from wirecheck.spec.sources import Source
from wirecheck.spec.text import decoded, parse
from wirecheck.spec.usable import usable
from wirecheck.spec.versions import structure_of, upgraded


def read(
    raw: bytes, name: str, origin: Source, revise: Callable[[Document], Document] | None = None
) -> tuple[Document, bool]:
    """The document of a file and of what it refers to, and whether it is all in that file.

    ``revise`` changes it as it is written. Raises SpecError.
    """
    document = parse(decoded(raw, name), name)
    document = document if revise is None else revise(document)
    structure = structure_of(document)
    if document.has_foreign_references:
        return normal(bundled(resolved(document), structure, origin)), False
    return normal(document), True


def normal(document: Document) -> Document:
    """A document in the form of OpenAPI 3.1 or 3.2, without what cannot be used."""
    document = usable(plain(upgraded(document)))
    further = tuple(problems(document))
    return replace(document, problems=(*document.problems, *further), is_normal=True)
