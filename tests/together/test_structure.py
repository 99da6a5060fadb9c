"""The structure of the code: within a distribution a name means one thing, and no function is too complex."""

import ast
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest
from radon.complexity import cc_visit

from support.paths import ROOT

MOST_COMPLEX = 15
OF_CLIENTS = ("encode/", "generate/runtime/")  # with the names of the clients that have a copy of them
PACKAGES = {
    "wirecheck": ROOT / "tools" / "wirecheck" / "src" / "wirecheck",
    "instagram-server": ROOT / "tools" / "instagram_server" / "src" / "instagram_server",
    "instagram-client": ROOT / "generated" / "instagram_client",
}


def types(module: Path) -> Iterator[str]:
    """The public classes and type aliases that a module defines."""
    for node in ast.parse(module.read_text(encoding="utf-8")).body:
        match node:
            case ast.ClassDef(name=name):
                yield name
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Subscript() | ast.BinOp()) if (
                name[0].isupper() and not name.isupper()
            ):
                yield name


@pytest.mark.parametrize("distribution", PACKAGES)
def test_no_two_public_types_share_a_name(distribution: str) -> None:
    places: dict[str, list[str]] = defaultdict(list)
    modules = sorted(PACKAGES[distribution].rglob("*.py"))
    assert modules
    for module in modules:
        place = module.relative_to(PACKAGES[distribution]).as_posix()
        for name in types(module):
            if not name.startswith("_") and not place.startswith(OF_CLIENTS):
                places[name].append(place)
    assert {name: found for name, found in places.items() if len(found) > 1} == {}


def too_complex(package: Path) -> Iterator[str]:
    """Functions of a package whose cyclomatic complexity, as radon counts it, is beyond the limit."""
    for module in sorted(package.rglob("*.py")):
        name = module.relative_to(package).as_posix()
        if name.startswith("conform/"):  # rebuilt soon, as a whole
            continue
        for block in cc_visit(module.read_text(encoding="utf-8")):
            if block.letter in "FM" and block.complexity > MOST_COMPLEX:
                yield f"{name}:{block.lineno} {block.fullname}: {block.complexity}"


@pytest.mark.parametrize("distribution", ["wirecheck", "instagram-server"])
def test_no_function_is_too_complex(distribution: str) -> None:
    assert list(too_complex(PACKAGES[distribution])) == []
