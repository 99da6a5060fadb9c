"""The exception hierarchy, drawn as a tree."""

from collections.abc import Iterator, Mapping, Sequence


def extended(tree: str, added: Mapping[str, str]) -> str:
    """A drawn tree with more names, each below its base; a line is a name, perhaps followed by a text."""
    root, *lines = tree.splitlines()
    path = [root]  # from the root to the current line
    texts = {root: root}
    children: dict[str, list[str]] = {}
    for line in lines:
        text = line.lstrip("│├└─ ")
        name = text.split()[0]
        del path[(len(line) - len(text)) // 4 :]
        children.setdefault(path[-1], []).append(name)
        path.append(name)
        texts[name] = text
    for name, base in added.items():
        if name not in texts:  # a name that is taken is reported once exceptions.py is written
            children.setdefault(base, []).append(name)
    drawn = (f"{branch}{texts.get(name, name)}" for branch, name in _drawn(root, children))
    return "\n".join([root, *drawn])


def _drawn(name: str, children: Mapping[str, Sequence[str]], indent: str = "") -> Iterator[tuple[str, str]]:
    """Every descendant of a name: the branch that leads to it, and its own name."""
    names = children.get(name, [])
    for number, child in enumerate(names, 1):
        is_last = number == len(names)
        yield indent + ("└── " if is_last else "├── "), child
        yield from _drawn(child, children, indent + ("    " if is_last else "│   "))
