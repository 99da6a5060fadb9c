"""From texts on the wire to values, by the schemas of a document: of several readings, what fits wins."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from msgspec import Struct

from wirecheck.decode import styles
from wirecheck.decode.schemas import ValueShape, shape_of
from wirecheck.decode.styles import Tree
from wirecheck.decode.texts import json_or_none, readings
from wirecheck.encode.styles import Style
from wirecheck.spec import Document

Fits = Callable[[str, Any], bool]
"""Whether a value fits the schema at a pointer."""
ValuePath = tuple[str | int, ...]
_INDEX = re.compile("[0-9]{1,9}")
_MAX_CANDIDATES = 50  # trees that are tried for one value


class Leaf(Struct, frozen=True):
    """A text of a tree that came with a media type: ``value`` if it was JSON; ``opaque`` if it is no text."""

    text: str
    value: Any = None
    opaque: bool = False


class DecodedValue(Struct, frozen=True):
    """A value, and the paths to those parts of it that cannot be known."""

    value: Any
    unknown: frozenset[ValuePath] = frozenset()


class ValueReader:
    """Reads values by the schemas of one document; ``fits`` decides between several readings."""

    def __init__(self, document: Document, fits: Fits) -> None:
        self.document = document
        self._fits = fits

    def fits(self, schema: str, value: Any) -> bool:
        """Whether a value certainly fits a schema."""
        try:
            return self._fits(schema, value)
        except ValueError:  # lone surrogates, and what is nested too deeply to be judged
            return False

    def shape(self, schema: str | None) -> ValueShape:
        """How the values of a schema are read."""
        return shape_of(self.document, (schema,) if schema else ())

    def values(self, style: Style, schema: str | None, texts: Sequence[str]) -> tuple[Any, ...]:
        """The values of what was sent under one name: one where an array may be, else one for each text."""
        shape = self.shape(schema)
        if schema is None:
            return tuple(next(styles.scalars(style, text)) for text in texts)
        if "array" in shape.types:
            return (self.read(shape, trees(style, shape, texts)).value,)
        if shape.is_plain:
            return tuple(self._scalar(style, shape, text) for text in texts)
        return tuple(self.read(shape, trees(style, shape, [text])).value for text in texts)

    def _scalar(self, style: Style, shape: ValueShape, text: str) -> Any:
        """The value of a text that is certainly a scalar."""
        options = [value for tree in styles.scalars(style, text) for value in readings(tree, shape.types)]
        return self._choice(shape, options, last=False)

    def read(self, shape: ValueShape, candidates: Iterable[Tree]) -> DecodedValue:
        """The first reading of the candidates that fits, else the first of all."""
        options = list(islice(candidates, _MAX_CANDIDATES))
        first = None
        for reading in self._readings(shape, options):
            if first is None and not shape.branches and len(options) == 1 and not self._is_ambiguous(reading):
                return reading
            if self._all_fit(shape, reading.value):
                return reading
            first = first or reading
        assert first is not None
        return first

    def first_fitting(self, schema: str, *values: Any) -> Any:
        """The first of some values that fits a schema, else the first of all."""
        return self._choice(self.shape(schema), values, last=False)

    @staticmethod
    def _is_ambiguous(reading: DecodedValue) -> bool:
        """Whether other readings of the members may fit where these do not."""
        return isinstance(reading.value, dict)

    def _readings(self, shape: ValueShape, options: Sequence[Tree]) -> Iterator[DecodedValue]:
        """By the whole schema, then by each alternative of a union; each with the last readings, too."""
        for each in (shape, *shape.branches):
            for tree in options:
                yield self._built(each, tree, last=False)
        for each in (shape, *shape.branches):
            for tree in options:
                if isinstance(tree, dict):
                    yield self._built(each, tree, last=True)

    def _built(self, shape: ValueShape, tree: Tree, *, last: bool) -> DecodedValue:
        unknown: list[ValuePath] = []
        value = self._build(shape, tree, (), unknown, last)
        return DecodedValue(value, frozenset(unknown))

    def _build(
        self, shape: ValueShape, tree: Tree, path: ValuePath, unknown: list[ValuePath], last: bool
    ) -> Any:
        if isinstance(tree, dict):
            listed = _as_list(shape, tree)
            if listed is None:
                return {
                    name: self._build(shape.member(name), inner, (*path, name), unknown, last)
                    for name, inner in tree.items()
                }
            tree = listed
        if isinstance(tree, list):
            is_repeated_scalar = path and tree and shape.types and "array" not in shape.types
            if is_repeated_scalar:  # the last counts
                return self._build(shape, tree[-1], path, unknown, last)
            return [
                self._build(shape.item(index), inner, (*path, index), unknown, last)
                for index, inner in enumerate(tree)
            ]
        if isinstance(tree, Leaf) and tree.opaque:
            unknown.append(path)
            return tree.text
        return self._choice(shape, list(self._of_text(shape, tree)), last)

    def _of_text(self, shape: ValueShape, tree: Tree) -> Iterator[Any]:
        """What one text may be: JSON where the schema has an object or array, a scalar, a list of one."""
        text = tree.text if isinstance(tree, Leaf) else tree
        value = tree.value if isinstance(tree, Leaf) else None
        if value is None and not shape.types.isdisjoint(("object", "array")):
            value = json_or_none(text)
        if value is not None:
            yield value
        if shape.takes_scalars or "array" not in shape.types:
            yield from readings(text, shape.scalars or shape.types)
        if "array" in shape.types:
            yield [self._build(shape.item(0), text, (), [], False)]

    def _choice(self, shape: ValueShape, options: Sequence[Any], last: bool) -> Any:
        if len(options) == 1:
            return options[0]
        ordered = options[::-1] if last else options
        return next((option for option in ordered if self._all_fit(shape, option)), ordered[0])

    def _all_fit(self, shape: ValueShape, value: Any) -> bool:
        return all(self.fits(root, value) for root in shape.roots)


def _as_list(shape: ValueShape, tree: dict[str, Tree]) -> list[Tree] | None:
    """The list that `a[]=1` and `a[0]=1` mean, None where the keys are names of members."""
    if set(tree) == {""}:
        return tree[""] if isinstance(tree[""], list) else [tree[""]]
    if "array" in shape.types and "object" not in shape.types and all(map(_INDEX.fullmatch, tree)):
        return [tree[key] for key in sorted(tree, key=int)]
    return None


def trees(style: Style, shape: ValueShape, texts: Sequence[str]) -> Iterator[Tree]:
    """The trees that some texts under one name may be by a style and the types of a schema."""
    if "array" in shape.types:
        for items in styles.arrays(style, texts):
            yield from _with_and_without_empty(shape, items)
    if "object" in shape.types:
        yield from styles.objects(style, texts)
    if len(texts) == 1 and (shape.takes_scalars or "array" not in shape.types):
        yield from styles.scalars(style, texts[0])


def _with_and_without_empty(shape: ValueShape, items: list[Tree]) -> Iterator[list[Tree]]:
    """A list as it is, and without empty items, which clients leave behind; first what its items may be."""
    nonempty = [item for item in items if item]
    types = shape.item(0).types
    if len(nonempty) == len(items):
        yield items
    elif types and types.isdisjoint(("string", "null")):
        yield from (nonempty, items)
    else:
        yield from (items, nonempty)
