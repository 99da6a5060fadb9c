"""XML by the `xml` object of schemas, both ways: where they do not decide it, nothing is known."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from xml.etree import ElementTree
from xml.parsers import expat

from wirecheck.decode.schemas import ValueShape
from wirecheck.decode.styles import Tree
from wirecheck.decode.texts import UndecidedError
from wirecheck.encode.texts import text_of
from wirecheck.spec.document import tokens

_MAX_DEPTH = 200  # of elements
_ILLEGAL = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NAMESPACES = ("xmlns", "xsi", "xml")


@dataclass(slots=True)
class _Element:
    """An element; names are without prefixes."""

    name: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list["_Element"] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(self.texts)


class _Builder:
    """Builds elements without a document type, so that no entity is ever defined, expanded or fetched."""

    def __init__(self) -> None:
        self.top = _Element("")
        self._open = [self.top]

    def parse(self, body: bytes) -> _Element:
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        parser.StartDoctypeDeclHandler = self._reject_doctype
        try:
            parser.Parse(body, True)
        except (expat.ExpatError, LookupError, ValueError):
            raise UndecidedError from None
        return self.top.children[0]

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if len(self._open) > _MAX_DEPTH:
            raise UndecidedError
        own = {
            _local(key): text for key, text in attributes.items() if key.partition(":")[0] not in _NAMESPACES
        }
        element = _Element(_local(name), own)
        self._open[-1].children.append(element)
        self._open.append(element)

    def _end(self, name: str) -> None:
        self._open.pop()

    def _text(self, text: str) -> None:
        self._open[-1].texts.append(text)

    @staticmethod
    def _reject_doctype(*declaration: Any) -> None:
        raise UndecidedError


def xml_tree(shape: ValueShape, body: bytes) -> Tree:
    """The tree of an XML document. Raises UndecidedError."""
    return _tree(shape, _Builder().parse(body))


def _tree(shape: ValueShape, element: _Element) -> Tree:
    is_structured = not shape.types.isdisjoint(("object", "array"))
    if (is_structured and shape.branches) or (is_structured and shape.takes_scalars):
        raise UndecidedError
    if "object" in shape.types and "array" not in shape.types:
        return _object(shape, element)
    if "array" in shape.types and "object" not in shape.types:
        return _items(shape, element.children)
    if is_structured or element.children or element.attributes:
        raise UndecidedError
    return element.text


def _object(shape: ValueShape, element: _Element) -> dict[str, Tree]:
    rest = _Element(element.name, dict(element.attributes), list(element.children), [element.text])
    members = {}
    for name in shape.names:
        taken = _taken(shape.member(name), name, rest)
        if taken is not None:
            members[name] = taken
    if rest.attributes or rest.children or rest.text.strip():
        raise UndecidedError  # what is there is not described, or by another name
    return members


def _taken(member: ValueShape, name: str, rest: _Element) -> Tree | None:
    """The tree of a member, taken out of what is left of an element; None where it is not there."""
    xml = _xml(member)
    written = _local(str(xml.get("name", name)))
    node = _node(xml)
    if node == "attribute":
        return rest.attributes.pop(written, None)
    if node == "text":
        text, rest.texts = rest.text, []
        return text
    is_bare_list = "array" in member.types and not _is_wrapped(xml)
    if is_bare_list:
        written = _local(str(_xml(member.item(0)).get("name", name)))
    own = [child for child in rest.children if child.name == written]
    rest.children = [child for child in rest.children if child.name != written]
    if not own:
        return None
    if is_bare_list:
        return _items(member, own)
    if len(own) > 1:
        raise UndecidedError
    return _tree(member, own[0])


def _items(shape: ValueShape, elements: list[_Element]) -> list[Tree]:
    return [_tree(shape.item(index), element) for index, element in enumerate(elements)]


def _node(xml: dict[str, Any]) -> str:
    return str(xml.get("nodeType", "attribute" if xml.get("attribute") is True else "element"))


def _is_wrapped(xml: dict[str, Any]) -> bool:
    return xml.get("wrapped") is True or xml.get("nodeType") == "element"


def _xml(shape: ValueShape) -> dict[str, Any]:
    return next(_xml_objects(shape), {})


def _xml_objects(shape: ValueShape) -> Iterator[dict[str, Any]]:
    for _, schema in shape.schemas():
        if isinstance(schema.get("xml"), dict):
            yield schema["xml"]


def _local(name: str) -> str:
    return name.rpartition(":")[2]


# To the wire.


def xml_document(shape: ValueShape, value: Any) -> bytes:
    """A value as an XML document. Raises UndecidedError for what XML cannot say."""
    element = _written(shape, _root_name(shape), value)
    try:
        document: bytes = ElementTree.tostring(element, encoding="utf-8", xml_declaration=True)
    except ValueError:
        raise UndecidedError from None
    return document


def _root_name(shape: ValueShape) -> str:
    """The name of the outermost element: that of `xml`, else that of the component."""
    pointer = shape.document.follow(shape.roots[0]) if shape.roots else ""
    component = tokens(pointer)[-1] if pointer.startswith("/components/schemas/") else "root"
    return str(_xml(shape).get("name", component))


def _written(shape: ValueShape, name: str, value: Any) -> ElementTree.Element:
    xml = _xml(shape)
    prefix = f"{xml['prefix']}:" if "prefix" in xml else ""
    element = ElementTree.Element(prefix + name)
    if "namespace" in xml:
        element.set(f"xmlns:{prefix[:-1]}" if prefix else "xmlns", str(xml["namespace"]))
    if isinstance(value, Mapping):
        for key, member in value.items():
            _write_member(element, shape.member(key), key, member)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            inner = shape.item(index)
            element.append(_written(inner, str(_xml(inner).get("name", name)), item))
    else:
        element.text = _legal(text_of(value))
    return element


def _write_member(element: ElementTree.Element, member: ValueShape, key: str, value: Any) -> None:
    xml = _xml(member)
    name, node = str(xml.get("name", key)), _node(xml)
    if node == "attribute":
        element.set(name, _legal(text_of(value)))
    elif node == "text":
        element.text = _legal(text_of(value))
    elif isinstance(value, list) and not _is_wrapped(xml):
        for index, item in enumerate(value):
            inner = member.item(index)
            element.append(_written(inner, str(_xml(inner).get("name", key)), item))
    else:
        element.append(_written(member, name, value))


def _legal(text: str) -> str:
    """A text that XML may contain (XML 1.0, 2.2) and does not normalize."""
    if _ILLEGAL.search(text):
        raise UndecidedError
    return text
