"""Finds the problems of a document again after its values have moved."""

from collections import defaultdict

import msgspec
from msgspec.structs import replace

from wirecheck.spec.document import Document, SpecProblem, join

_Written = tuple[str, str]  # file and pointer


def relocated(old: Document, new: Document) -> Document:
    """The new document, with the problems of the old one where their values now stand."""
    if not old.problems:
        return new
    places = _places(new)
    return replace(new, problems=tuple(_moved(old, problem, places) for problem in old.problems))


def _moved(old: Document, problem: SpecProblem, places: dict[_Written, list[str]]) -> SpecProblem:
    origin = old.where(problem)
    pointer = origin.pointer
    while (origin.file, pointer) not in places and pointer:
        pointer = pointer.rpartition("/")[0]
    first, *others = places.get((origin.file, pointer), [""])
    return msgspec.structs.replace(problem, pointer=first, also=tuple(others), origin=origin)


def _places(document: Document) -> dict[_Written, list[str]]:
    """The pointers of all values of a document, by where they are written."""
    places = defaultdict[_Written, list[str]](list)
    pending = [(document.place, "", (document.name, ""))]
    while pending:
        place, pointer, (file, written) = pending.pop()
        places[file, written].append(pointer)
        for key, child in place.children.items():
            pending.append((child, join(pointer, key), child.written or (file, join(written, key))))
    return places
