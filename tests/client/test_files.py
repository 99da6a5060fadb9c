"""Files as arguments of a client: what is accepted for them, and what is sent."""

import io
from pathlib import Path
from typing import Any

import pytest

import instagram_client
from instagram_client import RuleError, params, types
from instagram_client._runtime.encode.bodies import Body
from instagram_client._runtime.endpoints import Call, Endpoint
from support.fake_wire import Time, Wire, fake_time, success
from support.sides import Side, both_sides

time = pytest.fixture(fake_time)

UPLOAD = Endpoint("a.upload", "upload", "POST", "/a", bodies=(Body("multipart/form-data"),), success=("200",))


def sent(side: Side, file: Any) -> str:
    """The body of a request with a file."""
    wire = Wire(side, success())
    call: Any = Call(UPLOAD, {"body": {"file": file}})
    wire.call(lambda client: client._core.result(call))
    return wire.requests[0].content.decode()


@both_sides
def test_a_file_is_sent_with_its_name_and_media_type(side: Side, time: Time, tmp_path: Path) -> None:
    path = tmp_path / "note.txt"
    path.write_bytes(b"words")
    png = types.File(b"words", file_name="a.bin", mime_type="image/png")
    for file, name, media_type in [
        (png, "a.bin", "image/png"),
        (("a.bin", b"words", "image/png"), "a.bin", "image/png"),
        (types.File(path), "note.txt", "text/plain"),
        (types.File(io.BytesIO(b"words"), file_name="b.html"), "b.html", "text/html"),
    ]:
        body = sent(side, file)
        assert f'name="file"; filename="{name}"\r\nContent-Type: {media_type}\r\n\r\nwords\r\n' in body


def test_a_file_without_content_is_rejected() -> None:
    content: Any = 3
    with pytest.raises(RuleError, match="The content of a file cannot be of type int"):
        Call(UPLOAD, {"body": {"file": types.File(content)}})


def test_a_file_is_not_changed() -> None:
    file: Any = types.File(b"words")
    assert file == types.File(b"words")
    assert (file.file_name, file.mime_type) == (None, None)
    with pytest.raises(AttributeError):
        file.payload = b"others"


def test_types_of_arguments_are_public() -> None:
    assert types.UNSET is instagram_client.UNSET
    assert {*types.__all__} == {"UNSET", "File", "FileContent", "FileTypes", "Unset"}
    assert params.__all__ == []  # no argument of this API is an object
