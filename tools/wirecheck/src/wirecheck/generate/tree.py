"""The tree of exceptions, drawn."""

from collections.abc import Iterator, Mapping, Sequence


def grown(tree: str, added: Mapping[str, str]) -> str:
    """A drawn tree with more names in it, each below another; a line is a name, and perhaps words."""
    root, *lines = tree.splitlines()
    path = [root]  # to the line
    texts = {root: root}
    below: dict[str, list[str]] = {}
    for line in lines:
        text = line.lstrip("│├└─ ")
        name = text.split()[0]
        del path[(len(line) - len(text)) // 4 :]
        below.setdefault(path[-1], []).append(name)
        path.append(name)
        texts[name] = text
    for name, above in added.items():
        if name not in texts:  # else it is refused, once exceptions.py is written
            below.setdefault(above, []).append(name)
    return "\n".join([root, *(f"{branch}{texts.get(name, name)}" for branch, name in _drawn(root, below))])


def _drawn(name: str, below: Mapping[str, Sequence[str]], indent: str = "") -> Iterator[tuple[str, str]]:
    """What stands below a name: the branch that leads to it, and its own name."""
    names = below.get(name, [])
    for number, one in enumerate(names, 1):
        is_last = number == len(names)
        yield indent + ("└── " if is_last else "├── "), one
        yield from _drawn(one, below, indent + ("    " if is_last else "│   "))
