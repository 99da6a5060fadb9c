"""Bodies, read back by parsers of the standard library."""

import asyncio
import io
import json
import os
from email import message_from_bytes
from email.message import Message as EmailMessage
from email.policy import HTTP
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

import pytest

from wirecheck.encode.bodies import Body
from wirecheck.encode.files import Content
from wirecheck.encode.forms import Part
from wirecheck.encode.messages import Message, message
from wirecheck.encode.parameters import Parameter
from wirecheck.encode.texts import EncodingError

JSON, FORM, MULTIPART = "application/json", "application/x-www-form-urlencoded", "multipart/form-data"
TEXT, BINARY = "text/plain", "application/octet-stream"


class File:
    """As the module `types` of a client has it."""

    def __init__(self, payload: Any, file_name: str | None = None, mime_type: str | None = None) -> None:
        self.payload, self.file_name, self.mime_type = payload, file_name, mime_type


class Unseekable(io.BytesIO):
    def seekable(self) -> bool:
        return False


class Hidden:
    """A reader that can do nothing else, and remembers the most that it was asked for."""

    def __init__(self, content: bytes) -> None:
        self._file, self.most = io.BytesIO(content), 0

    def read(self, size: int = -1) -> bytes:
        self.most = max(self.most, size if size >= 0 else 2**60)
        return self._file.read(size)


def request_of(bodies: list[Body], value: Any) -> Message:
    return message("POST", "/", [], bodies, {"body": value})


def content_of(request: Message) -> bytes:
    if isinstance(request.content, Content):
        return b"".join(request.content)
    assert request.content is not None
    return request.content


def sent(media_type: str, value: Any, **parts: Part) -> tuple[bytes, str]:
    request = request_of([Body(media_type, parts)], value)
    return content_of(request), dict(request.headers)["Content-Type"]


class Sent(NamedTuple):
    """A part of a multipart form."""

    name: str | None
    content: bytes
    media_type: str | None = None
    filename: str | None = None


def parts_of(request: Message) -> list[Sent]:
    """The parts of a multipart form by the parser of the standard library."""
    head = f"Content-Type: {dict(request.headers)['Content-Type']}\r\n\r\n".encode()
    whole = message_from_bytes(head + content_of(request), policy=HTTP)
    assert not whole.defects
    return [_part(part) for part in whole.iter_parts() if isinstance(part, EmailMessage)]


def _part(part: EmailMessage) -> Sent:
    content = part.get_payload(decode=True)
    assert isinstance(content, bytes)
    name = part.get_param("name", header="content-disposition")
    assert isinstance(name, str)
    media_type = part.get("Content-Type")
    return Sent(name, content, media_type and str(media_type).replace('"', ""), part.get_filename())


def multipart(value: Any, **parts: Part) -> list[Sent]:
    return parts_of(request_of([Body(MULTIPART, parts)], value))


@pytest.mark.parametrize(
    ("media_type", "value", "content"),
    [
        (JSON, {"a": [1, None, 0.1, True, "é"]}, '{"a":[1,null,0.1,true,"é"]}'.encode()),
        (JSON, "x", b'"x"'),
        (JSON, None, b"null"),
        (JSON, b'{"a": 1}', b'{"a": 1}'),
        ("application/vnd.api+json", {"a": 1}, b'{"a":1}'),
        ("application/merge-patch+json", {"a": None}, b'{"a":null}'),
        ("application/jsonl", [{"a": 1}, "x\n"], b'{"a":1}\n"x\\n"\n'),
        ("application/x-ndjson", [1, None], b"1\nnull\n"),
        ("application/x-ndjson", {"a": 1}, b'{"a":1}\n'),
        ("application/json-seq", [1, 2], b"\x1e1\n\x1e2\n"),
        (TEXT, "é", "é".encode()),
        (TEXT, 5, b"5"),
        (TEXT, True, b"true"),
        ("text/plain; charset=iso-8859-1", "é", b"\xe9"),
        ('text/csv; header=present; charset="utf-16-le"', "a", b"a\0"),
        ("text/csv", b"a;\xff", b"a;\xff"),
        ("application/xml", "<a/>", b"<a/>"),
        (BINARY, b"\0\xff", b"\0\xff"),
        (BINARY, bytearray(b"ab"), b"ab"),
        (BINARY, "é", "é".encode()),
        ("image/png", File(io.BytesIO(b"PNG"), "a.jpg"), b"PNG"),
        ("application/x-thing", {"a": 1}, b'{"a":1}'),
        ("application/x-thing", "a", b"a"),
        (FORM, "a=1", b"a=1"),
    ],
)
def test_bodies_are_written_by_their_media_type(media_type: str, value: Any, content: bytes) -> None:
    assert sent(media_type, value) == (content, media_type)


@pytest.mark.parametrize(
    ("documented", "value", "media_type"),
    [
        ("*/*", b"x", BINARY),
        ("*/*", ("a.png", b"x"), "image/png"),
        ("*/*", ("a.tar.gz", b"x"), BINARY),
        ("*/*", "x", TEXT),
        ("*/*", {"a": 1}, JSON),
        ("application/*", [1], JSON),
        ("image/*", File(b"x", "a.gif"), "image/gif"),
        ("image/*", ("a.gif", b"x", "image/x-own"), "image/x-own"),
        ("image/*", b"x", BINARY),
    ],
)
def test_a_range_becomes_the_media_type_of_the_value(documented: str, value: Any, media_type: str) -> None:
    assert sent(documented, value)[1] == media_type


@pytest.mark.parametrize(
    ("documented", "value", "chosen"),
    [
        ([MULTIPART, FORM, JSON], {"a": 1}, JSON),
        ([MULTIPART, FORM, JSON], {"a": None}, JSON),
        ([MULTIPART, FORM], {"a": 1}, FORM),
        ([JSON, FORM, MULTIPART], {"a": b"x"}, MULTIPART),
        ([JSON, MULTIPART], {"a": [("n", io.BytesIO())]}, MULTIPART),
        ([JSON, TEXT, BINARY], "x", TEXT),
        ([JSON, BINARY], "x", BINARY),
        ([JSON, FORM], "x", JSON),
        ([JSON, BINARY, TEXT], b"x", BINARY),
        ([JSON, TEXT], b"x", TEXT),
        ([BINARY, "image/png", "image/jpeg"], ("a.jpg", b"x"), "image/jpeg"),
        (["image/png", "image/jpeg"], File(b"x", mime_type="image/jpeg"), "image/jpeg"),
        ([TEXT, JSON], 5, JSON),
        ([TEXT, JSON], [5], JSON),
        (["application/x-ndjson", JSON], [5], JSON),
        (
            ["application/json-patch+json", "application/merge-patch+json"],
            {"a": 1},
            "application/merge-patch+json",
        ),
        (
            ["application/merge-patch+json", "application/json-patch+json"],
            [{}],
            "application/json-patch+json",
        ),
        (["application/vnd.one+json", JSON], {"a": 1}, "application/vnd.one+json"),
    ],
)
def test_the_media_type_is_chosen_by_what_was_passed(documented: list[str], value: Any, chosen: str) -> None:
    request = request_of([Body(name) for name in documented], value)
    assert dict(request.headers)["Content-Type"].partition(";")[0] == chosen


MEMBERS = [
    Body(JSON, fields={"title": "title", "photo_url": "photoUrl"}),
    Body(MULTIPART, fields={"title": "title", "photo": "photo"}),
]


def test_arguments_are_members_of_the_body_that_has_them() -> None:
    request = message("POST", "/", [], MEMBERS, {"title": None, "photo_url": "x", "other": 1})
    assert content_of(request) == b'{"title":null,"photoUrl":"x"}'
    assert message("POST", "/", [], MEMBERS, {"title": "a"}).content == b'{"title":"a"}'
    request = message("POST", "/", [], MEMBERS, {"title": "a", "photo": b"x"})
    assert [part.name for part in parts_of(request)] == ["title", "photo"]


def test_without_arguments_there_is_a_body_only_where_one_is_required() -> None:
    assert message("POST", "/", [], MEMBERS, {}) == Message("POST", "/", (), (), None)
    required = Body(JSON, fields={"a": "a"}, is_required=True)
    request = message("POST", "/", [], [required], {})
    assert (request.content, request.headers) == (b"{}", (("Content-Type", JSON),))
    assert message("POST", "/", [], [Body(JSON, is_required=True)], {}).content is None
    assert request_of([Body(MULTIPART)], None) == Message("POST", "/", (), (), None)


def test_a_header_parameter_is_the_content_type_except_of_multipart() -> None:
    each = Parameter("kind", "content-type", "header", "simple", False)
    request = message("POST", "/", [each], [Body(BINARY)], {"kind": "image/png", "body": b"x"})
    assert request.headers == (("content-type", "image/png"),)
    request = message("POST", "/", [each], [Body(MULTIPART)], {"kind": MULTIPART, "body": {"a": 1}})
    assert [name for name, _ in request.headers] == ["Content-Type"]
    assert len(parts_of(request)) == 1


def test_fields_of_forms_have_their_encoding() -> None:
    value = {
        "text": "a b&é+",
        "list": [1, None, True],
        "object": {"a": None},
        "none": None,
        "flag": False,
        "comma": ["a", "b"],
        "deep": {"a": {"b": 1}, "c": None},
        "spread": {"x": 1, "y": None},
        "json": ["a"],
    }
    parts = {
        "comma": Part(style="form", explode=False),
        "deep": Part(style="deepObject"),
        "spread": Part(style="form"),
        "json": Part(media_type="application/json"),
    }
    content, media_type = sent(FORM, value, **parts)
    assert media_type == FORM
    assert parse_qsl(content.decode(), keep_blank_values=True) == [
        ("text", "a b&é+"),
        ("list", "1"),
        ("list", ""),
        ("list", "true"),
        ("object", '{"a":null}'),
        ("flag", "false"),
        ("comma", "a,b"),
        ("deep[a][b]", "1"),
        ("x", "1"),
        ("json", '["a"]'),
    ]
    assert content.startswith(b"text=a+b%26%C3%A9%2B&")


def test_the_example_of_the_specification_is_written_so() -> None:
    address = {"streetAddress": "123 Example Dr.", "city": "Somewhere", "state": "CA", "zip": "99999+1234"}
    value = {"id": "f81d4fae-7dec-11d0-a765-00a0c91e6bf6", "address": address}
    assert sent(FORM, value)[0].decode() == (  # OpenAPI 3.2.0, "URL Encoded Form with JSON Values"
        "id=f81d4fae-7dec-11d0-a765-00a0c91e6bf6&address=%7B%22streetAddress%22%3A%22123+Example+Dr.%22%2C%22"
        "city%22%3A%22Somewhere%22%2C%22state%22%3A%22CA%22%2C%22zip%22%3A%2299999%2B1234%22%7D"
    )


def test_parts_of_multipart_forms_have_their_types() -> None:
    value = {"text": "é", "n": 5, "flag": True, "none": None, "list": ["a", 1], "object": {"a": None}}
    assert multipart(value | {"lists": [[1], {"b": 2}], "empty": []}) == [
        Sent("text", "é".encode()),
        Sent("n", b"5"),
        Sent("flag", b"true"),
        Sent("list", b"a"),
        Sent("list", b"1"),
        Sent("object", b'{"a":null}', JSON),
        Sent("lists", b"[1]", JSON),
        Sent("lists", b'{"b":2}', JSON),
    ]


def test_parts_of_multipart_forms_have_their_encoding() -> None:
    value = {
        "json": ["a"],
        "xml": "<a/>",
        "latin": "é",
        "comma": ["a b", "c&"],
        "deep": {"a": 1},
        "range": "x",
    }
    parts = {
        "json": Part(media_type=JSON),
        "xml": Part(media_type="application/xml"),
        "latin": Part(media_type="text/plain; charset=iso-8859-1"),
        "comma": Part(style="form", explode=False, reserved=True),
        "deep": Part(style="deepObject"),
        "range": Part(media_type="text/*"),
    }
    assert multipart(value, **parts) == [
        Sent("json", b'"a"', JSON),
        Sent("xml", b"<a/>", "application/xml"),
        Sent("latin", b"\xe9", "text/plain; charset=iso-8859-1"),
        Sent("comma", b"a b,c&"),
        Sent("deep[a]", b"1"),
        Sent("range", b"x"),
    ]


def test_files_are_parts_with_their_names_and_types(tmp_path: Path) -> None:
    path = tmp_path / "p.png"
    path.write_bytes(b"PNG")
    with path.open("rb") as opened:
        files = [b"x", path, opened, ("n.txt", b"t"), ("n", path, "image/gif"), File(b"f"), (None, path)]
        value = {
            "files": files,
            "text": "raw",
            "typed": b"y",
            "ranged": path,
            "named": File(opened, "é.bin", "a/b"),
        }
        parts = {
            "text": Part(is_binary=True),
            "typed": Part(media_type="image/jpeg", is_binary=True),
            "ranged": Part(media_type="image/*", is_binary=True),
        }
        assert multipart(value, **parts) == [
            Sent("files", b"x", BINARY, "files"),
            Sent("files", b"PNG", "image/png", "p.png"),
            Sent("files", b"PNG", "image/png", "p.png"),
            Sent("files", b"t", "text/plain", "n.txt"),
            Sent("files", b"PNG", "image/gif", "n"),
            Sent("files", b"f", BINARY, "files"),
            Sent("files", b"PNG", "image/png", "p.png"),
            Sent("text", b"raw", BINARY, "text"),
            Sent("typed", b"y", "image/jpeg", "typed"),
            Sent("ranged", b"PNG", "image/png", "p.png"),
            Sent("named", b"PNG", "a/b", "é.bin"),
        ]


def test_names_are_quoted_as_browsers_do() -> None:
    content = content_of(request_of([Body(MULTIPART)], {'a"\r\nb': ('c"\r\n: d;\\.txt', b"x")}))
    assert b'form-data; name="a%22%0D%0Ab"; filename="c%22%0D%0A: d;\\.txt"\r\n' in content


def test_boundaries_differ() -> None:
    types = {dict(request_of([Body(MULTIPART)], {"a": 1}).headers)["Content-Type"] for _ in range(3)}
    assert len(types) == 3
    assert multipart({"a": "--+++\r\n"}) == [Sent("a", b"--+++\r\n")]


def test_other_multipart_types_have_the_same_parts() -> None:
    request = request_of([Body("multipart/mixed; boundary=x")], {"a": 1})
    assert dict(request.headers)["Content-Type"].startswith("multipart/mixed; boundary=")
    assert parts_of(request) == [Sent("a", b"1")]


def test_a_form_without_members_is_an_empty_one() -> None:
    assert sent(FORM, {}) == (b"", FORM)
    content, media_type = sent(MULTIPART, {"a": None})
    assert content == f"--{media_type.partition('boundary=')[2]}--\r\n".encode()


# Streams


def streamed(value: Any, media_type: str = BINARY) -> Content:
    content = request_of([Body(media_type)], value).content
    assert isinstance(content, Content)
    return content


async def read_async(content: Content) -> bytes:
    return b"".join([chunk async for chunk in content])


def test_files_are_read_in_chunks_again_and_again(tmp_path: Path) -> None:
    large = os.urandom(3 * 2**16 + 5)
    path = tmp_path / "large"
    path.write_bytes(large)
    with path.open("rb") as opened:
        for value in (path, opened, File(path), ("n", opened), io.BytesIO(large)):
            opened.seek(0)
            content = streamed(value)
            assert (content.length, content.is_repeatable) == (len(large), True)
            assert [len(chunk) for chunk in content] == [2**16, 2**16, 2**16, 5]
            assert asyncio.run(read_async(content)) == large
            assert b"".join(content) == large


def test_files_are_streamed_inside_of_multipart() -> None:
    hidden = Hidden(b"x" * 200_000)
    content = streamed({"a": "text", "b": hidden, "c": io.BytesIO(b"y")}, MULTIPART)
    assert (content.length, content.is_repeatable) == (None, False)
    assert asyncio.run(read_async(content)).count(b"x") > 200_000 - 1
    assert hidden.most <= 2**16
    with pytest.raises(EncodingError, match="already read"):
        next(iter(content))
    known = streamed({"a": "text", "b": io.BytesIO(b"12345")}, MULTIPART)
    assert known.length == len(b"".join(known))


def test_a_file_is_sent_from_where_it_stands() -> None:
    file = io.BytesIO(b"0123456789")
    file.seek(4)
    content = streamed(file)
    assert content.length == 6
    assert (b"".join(content), b"".join(content)) == (b"456789", b"456789")


def test_what_cannot_be_rewound_is_read_once() -> None:
    content = streamed(Unseekable(b"x"))
    assert (content.length, content.is_repeatable, b"".join(content)) == (None, False, b"x")


def test_one_file_can_be_several_parts() -> None:
    file = io.BytesIO(b"x")
    assert [part.content for part in multipart({"a": file, "b": [file, file]})] == [b"x"] * 3


# Errors


@pytest.mark.parametrize(
    ("bodies", "value", "rule", "words"),
    [
        ([Body("text/plain; charset=us-ascii")], "é", "charset", r"U\+00E9, which us-ascii lacks"),
        ([Body("text/plain; charset=nonsense")], "é", "charset", "nonsense is not a charset"),
        ([Body(TEXT)], "\ud800", "charset", r"U\+D800"),
        ([Body(JSON)], {"a": float("nan")}, "json", "not JSON"),
        ([Body(JSON)], {"a": "\ud800"}, "json", r"U\+D800"),
        ([Body(JSON)], {"a": b"x"}, "json", "not JSON"),
        ([Body(FORM)], {"a": "\ud800"}, "text", r"U\+D800"),
        ([Body(FORM)], [1], "body", "takes members, not list"),
        ([Body(FORM)], {"a": b"x"}, "json", "not JSON"),
        ([Body(MULTIPART)], b"x", "body", "takes members, not bytes"),
        ([Body(MULTIPART)], {"a": {"b": b"x"}}, "json", "not JSON"),
        ([Body(MULTIPART)], {"a": ("n", b"x", "a/b\r\nX: y")}, "media-type", "no media type"),
        ([Body(MULTIPART)], {"a": ("\ud800", b"x")}, "text", r"U\+D800"),
        ([Body("*/*")], ("n", b"x", "a/b\r\nX: y"), "header", "percent-encode"),
        ([Body("application/xml")], {"a": 1}, "body", "takes bytes, a file or a text, not dict"),
        ([Body("image/png")], {"a": 1}, "body", "not dict"),
        ([Body(BINARY)], io.StringIO("x"), "file", "open for reading bytes"),
        ([Body(BINARY)], File(5), "file", "cannot be of type int"),
        ([Body(BINARY)], Path("/"), "file", "is a folder"),
    ],
)
def test_what_cannot_be_sent_is_rejected(bodies: list[Body], value: Any, rule: str, words: str) -> None:
    with pytest.raises(EncodingError, match=words) as caught:
        request_of(bodies, value)
    assert caught.value.rule == rule
    assert caught.value.argument in ("a", "body")


def test_errors_name_the_argument_of_a_member() -> None:
    body = Body(MULTIPART, fields={"the_photo": "photo"})
    with pytest.raises(EncodingError, match="the_photo: The file must be open"):
        message("POST", "/", [], [body], {"the_photo": io.StringIO()})


def test_a_missing_file_is_missed_before_anything_is_sent(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        request_of([Body(BINARY)], tmp_path / "none")


def test_a_file_that_gives_texts_is_no_file() -> None:
    class Texts:
        def read(self, size: int) -> str:
            return "x"

    with pytest.raises(EncodingError, match="gives str"):
        b"".join(streamed(Texts()))


def test_deep_json_is_an_error() -> None:
    value: Any = 1
    for _ in range(100_000):
        value = [value]
    with pytest.raises(EncodingError, match="not JSON"):
        request_of([Body(JSON)], value)
    assert json.loads(content_of(request_of([Body(JSON)], [[1]]))) == [[1]]
