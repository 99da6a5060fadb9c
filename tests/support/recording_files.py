"""Builds recordings, and what they are packed in."""

import io
import json
import zipfile
from pathlib import Path
from typing import Any

SECRET = "s3cr3t-t0ken"
URL = f"https://pets.test/v1/pets/1?access_token={SECRET}"


def har_entry(body: str = '{"id": 1}', **members: Any) -> dict[str, Any]:
    """An entry of a HAR; ``members`` are further ones."""
    headers = [{"name": "Content-Type", "value": "application/json"}]
    request = {"method": "GET", "url": URL, "headers": []}
    response = {"status": 200, "headers": headers, "content": {"text": body}}
    return {"request": request, "response": response, **members}


def har(*entries: object) -> bytes:
    """A HAR of entries, by default of one."""
    return json.dumps({"log": {"version": "1.2", "entries": entries or (har_entry(),)}}).encode()


def json_line(body: object = None) -> bytes:
    """A line of JSON Lines."""
    return (
        json.dumps({"request": {"method": "GET", "url": URL}, "status": 200, "body": body}).encode() + b"\n"
    )


def zipped(members: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip archive."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", compression) as file:
        for name, content in members.items():
            file.writestr(name, content)
    return archive.getvalue()


def encrypted(archive: bytes) -> bytes:
    """A zip archive of one member that says that it is encrypted."""
    changed = bytearray(archive)
    changed[6] |= 1
    changed[archive.index(b"PK\1\2") + 8] |= 1
    return bytes(changed)


def written(folder: Path, files: dict[str, bytes]) -> Path:
    """The folder, once the files are in it."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return folder
