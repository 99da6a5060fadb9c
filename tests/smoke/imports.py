"""Whether a package needs nothing of wirecheck, by the standard library alone."""

import ast
from collections.abc import Iterator
from pathlib import Path


def imports_of_wirecheck(package: Path) -> list[str]:
    """The places outside of ``_runtime`` that import wirecheck, and whatever is not valid Python."""
    places = []
    for path in sorted(package.rglob("*.py")):
        name = path.relative_to(package).as_posix()
        try:
            tree = ast.parse(path.read_text("utf-8"))
        except (SyntaxError, ValueError) as error:
            places.append(f"{name} is not valid Python: {error}")
            continue
        if not name.startswith("_runtime/"):
            places += [f"{name}:{line} imports wirecheck" for line in sorted(_lines(tree))]
    return places


def _lines(tree: ast.AST) -> Iterator[int]:
    for node in ast.walk(tree):
        if not isinstance(node, ast.Import | ast.ImportFrom):
            continue
        is_relative = isinstance(node, ast.ImportFrom) and node.level > 0
        module = getattr(node, "module", None)
        names = [] if is_relative else [module] if module else [alias.name for alias in node.names]
        if any(name.partition(".")[0] == "wirecheck" for name in names):
            yield node.lineno
