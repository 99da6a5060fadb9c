"""What a recording costs elsewhere, as a process: python baselines.py NAME FILE [DOCUMENT]

``openapi-core`` validates the first SAMPLE entries, and prints the seconds that the others would take.
"""

import json
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

SAMPLE = 40  # entries


def read(path: str) -> None:
    with Path(path).open("rb") as file:
        while file.read(1 << 20):
            pass


def json_load(path: str) -> None:
    with Path(path).open("rb") as file:
        recording = json.load(file)
    for text in _texts(recording):
        json.loads(text)


def orjson_loads(path: str) -> None:
    import orjson

    with Path(path).open("rb") as file:
        recording = orjson.loads(file.read())
    for text in _texts(recording):
        orjson.loads(text)


def openapi_core(path: str) -> None:
    from openapi_core import OpenAPI
    from openapi_core.exceptions import OpenAPIError
    from openapi_core.testing import MockRequest, MockResponse

    api = OpenAPI.from_file_path(sys.argv[3])
    with Path(path).open("rb") as file:
        entries = json.load(file)["log"]["entries"]
    began = time.process_time()
    for entry in entries[:SAMPLE]:
        url, response = urlsplit(entry["request"]["url"]), entry["response"]
        request = MockRequest(f"{url.scheme}://{url.netloc}", "get", url.path)
        with suppress(OpenAPIError):
            api.validate_response(
                request, MockResponse(response["content"]["text"].encode(), response["status"])
            )
    seconds = time.process_time() - began
    sys.stdout.write(str(seconds * max(len(entries) / SAMPLE - 1, 0)))


def _texts(recording: Any) -> Iterator[str]:
    return (entry["response"]["content"]["text"] for entry in recording["log"]["entries"])


if __name__ == "__main__":
    {"read": read, "json": json_load, "orjson": orjson_loads, "openapi-core": openapi_core}[sys.argv[1]](
        sys.argv[2]
    )
