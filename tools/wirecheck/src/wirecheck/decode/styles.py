"""The styles of parameters and form fields: from texts on the wire to trees of texts.

A tree is a text, a list of trees, or a tree by each name. What a tree is as a value is decided by a
schema (`reader`). The tables are those of the OpenAPI Specification ("Style Examples") and of RFC 6570.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any
from urllib.parse import unquote, unquote_plus

from wirecheck.encode.styles import Style
from wirecheck.spec import Parameter

Tree = Any
"""A text, a list of trees, or a tree by each name."""
Text = Callable[[str], str]

_SEPARATORS = {"spaceDelimited": re.compile(r"%20|\+| "), "pipeDelimited": re.compile(r"\||%7[Cc]")}
_COMMA, _PIPE = re.compile(","), re.compile(r"\|")
_ESCAPED = re.compile("[%+]")
MAX_KEYS = 50  # that nest in one name
_KEYS = re.compile(r"\[([^\[\]]*)\]")
_ALL_KEYS = re.compile(rf"(\[[^\[\]]*\]){{1,{MAX_KEYS}}}")


def style_of(parameter: Parameter) -> Style:
    """The style of a parameter of a document."""
    return Style(parameter.name, parameter.style, parameter.explode, parameter.location)


def style_of_content(parameter: Parameter) -> Style:
    """How a text of the media type that `content` gives is written: as it is."""
    return Style(parameter.name, "simple", False, parameter.location)


def _same(text: str) -> str:
    return text


_UNESCAPES: dict[str, tuple[Text, ...]] = {
    "query": (unquote_plus, unquote),
    "form": (unquote_plus,),
    "path": (unquote,),
    "header": (_same, unquote),
    "cookie": (unquote, _same),
    "part": (_same,),
}


def unescapes(style: Style, texts: Iterable[str]) -> tuple[Text, ...]:
    """The ways in which the characters of some texts may be escaped, the likeliest first."""
    if not any(map(_ESCAPED.search, texts)):
        return (_same,)
    ways = _UNESCAPES[style.place]
    return ways[::-1] if style.style == "cookie" else ways


def scalars(style: Style, text: str) -> Iterator[Tree]:
    """The texts that a scalar on the wire may be, the likeliest first."""
    for unescape in unescapes(style, [text]):
        yield unescape(_bare(style, text))


def arrays(style: Style, texts: Sequence[str]) -> Iterator[list[Tree]]:
    """The lists of texts that an array on the wire may be, the likeliest first."""
    ways = unescapes(style, texts)
    if style.is_repeated:
        for unescape in ways:
            yield [unescape(text) for text in texts]
    if style.explode and style.style in ("form", "cookie"):
        return
    for separator in _separators(style, texts):
        for unescape in ways:
            yield _items(style, separator, texts, unescape)
        if ways[0] is not _same:
            yield _items(style, separator, [ways[0](text) for text in texts], _same)


def _items(style: Style, separator: re.Pattern[str], texts: Sequence[str], unescape: Text) -> list[Tree]:
    items = []
    for text in texts:
        bare = _bare(style, text, whole=style.explode)
        if bare and not _is_empty_matrix(style, bare):
            items += [_item(style, item) for item in separator.split(bare)]
    return [unescape(item) for item in items]


def _item(style: Style, item: str) -> str:
    if style.place == "header":
        return item.strip(" \t")  # RFC 9110, 5.6.1
    if style.style == "matrix" and style.explode:
        name, _, value = item.partition("=")
        return value if unquote(name) == style.name else item
    return item


def objects(style: Style, texts: Sequence[str]) -> Iterator[dict[str, Tree]]:
    """The objects of texts that an object on the wire may be, the likeliest first; none if it is not one."""
    ways = unescapes(style, texts)
    for separator in _separators(style, texts):
        for unescape in ways:
            yield from _members(style, separator, texts, unescape)
        if ways[0] is not _same:
            yield from _members(style, separator, [ways[0](text) for text in texts], _same)


def _is_empty_matrix(style: Style, bare: str) -> bool:
    """Whether a text is that of an exploded array or object without items or members."""
    return style.explode and style.style == "matrix" and unquote(bare) == style.name


def _members(
    style: Style, separator: re.Pattern[str], texts: Sequence[str], unescape: Text
) -> Iterator[dict[str, Tree]]:
    pieces = []
    for text in texts:
        bare = _bare(style, text, whole=style.explode)
        if bare and not _is_empty_matrix(style, bare):
            pieces += separator.split(bare)
    if style.place == "header":
        pieces = [piece.strip(" \t") for piece in pieces]
    if style.explode and style.style in ("simple", "label", "matrix"):
        pairs = [piece.partition("=")[::2] for piece in pieces]
        if style.style != "matrix" and not all("=" in piece for piece in pieces):
            return
    elif len(pieces) % 2:
        return
    else:
        pairs = list(zip(pieces[::2], pieces[1::2], strict=True))
    yield {unescape(name): unescape(value) for name, value in pairs}


def _separators(style: Style, texts: Sequence[str]) -> list[re.Pattern[str]]:
    if style.style == "label":
        dot = re.compile(r"\.")
        return [dot] if style.explode else [_COMMA, dot]  # OpenAPI 3.1.0 has a dot, RFC 6570 a comma
    if style.style == "matrix" and style.explode:
        return [re.compile(";")]
    if style.style == "pipeDelimited" and any("|" in text for text in texts):
        return [_PIPE, _SEPARATORS["pipeDelimited"]]
    return [_SEPARATORS.get(style.style, _COMMA)]


def _bare(style: Style, text: str, *, whole: bool = False) -> str:
    """A text without the prefix of its style; ``whole`` leaves the name of an exploded object's member."""
    if style.style == "label":
        return text.removeprefix(".")
    if style.style == "matrix":
        text = text.removeprefix(";")
        name, equals, value = text.partition("=")
        if not whole and unquote(name) == style.name and not (style.explode and ";" in value):
            return value if equals else ""
    return text


def bracketed(name: str, pairs: Iterable[tuple[str, Tree]]) -> dict[str, Tree]:
    """The tree of ``name[key]=text`` and ``name[key][inner]=text`` (deepObject), of decoded names.

    A key that is given twice, or an empty one, is a list.
    """
    tree: dict[str, Tree] = {}
    for full, text in pairs:
        keys = _KEYS.findall(full.removeprefix(name))
        branch = tree
        for key in keys[:-1]:
            inner = branch.setdefault(key, {})
            if not isinstance(inner, dict):
                break
            branch = inner
        else:
            last = keys[-1]
            branch[last] = text if last not in branch else [*_listed(branch[last]), text]
    return tree


def _listed(tree: Tree) -> list[Tree]:
    return tree if isinstance(tree, list) else [tree]


def base_name(name: str) -> str | None:
    """What precedes the keys in ``name[key]``; None for a name without keys in brackets at its end.

    More than MAX_KEYS are no keys.
    """
    head, bracket, _ = name.partition("[")
    return head if bracket and head and _ALL_KEYS.fullmatch(name, len(head)) else None
