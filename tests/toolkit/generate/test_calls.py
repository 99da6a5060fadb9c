"""What calls of a generated client send and read beside values: media types, keys, options, streams."""

import importlib
import inspect
import json
from pathlib import Path
from typing import Any

import httpx2
import pytest

from support.generating import problems_of_types
from support.sides import Side, both_sides, collect, run
from wirecheck.generate import generate

TEXT = {"type": "string"}


def responses(*media_types: str, schema: Any = TEXT) -> dict[str, Any]:
    problem = {"application/problem+json": {"schema": {"type": "object"}}}
    content = {name: {"schema": schema} for name in media_types}
    return {
        "200": {"description": "d", "content": content},
        "default": {"description": "d", "content": problem},
    }


def parameters(place: str, *names: str, required: bool = False) -> list[dict[str, Any]]:
    return [{"in": place, "name": name, "schema": TEXT, "required": required} for name in names]


def operation(name: str, **more: Any) -> dict[str, Any]:
    return {"operationId": name, "tags": ["all"], "responses": responses("application/json"), **more}


ORDER = {"type": "object", "properties": {"what": TEXT}, "required": ["what"]}
KEY = parameters("header", "Idempotency-Key", required=True)
BODY = {"required": True, "content": {"application/json": {"schema": ORDER}}}
DOCUMENT = {
    "openapi": "3.1.0",
    "info": {"title": "Calls", "version": "2.5"},
    "servers": [{"url": "https://calls.test"}],
    "paths": {
        "/photo": {"get": operation("photo", responses=responses("application/octet-stream"))},
        "/note": {"get": operation("note", responses=responses("text/plain"))},
        "/events": {"get": operation("watch", responses=responses("text/event-stream"))},
        "/both": {"get": operation("both", responses=responses("application/json", "text/csv"))},
        "/nothing": {"delete": operation("remove", responses={"204": {"description": "d"}})},
        "/orders": {"post": operation("order", parameters=KEY, requestBody=BODY)},
        "/reads": {"get": operation("read", parameters=KEY)},
        "/timed": {"get": operation("timed", parameters=parameters("query", "timeout", "max_retries"))},
        "/options": {"get": operation("optional", parameters=parameters("query", "options"))},
        "/extra": {"get": operation("extra", parameters=parameters("query", "extra_query"))},
    },
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    output = tmp_path_factory.mktemp("calls")
    document = output / "calls.json"
    document.write_text(json.dumps(DOCUMENT), encoding="utf-8")
    generate(document, output, "calls_client")
    return output


@pytest.fixture
def calls(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.syspath_prepend(folder)
    return importlib.import_module("calls_client")


class Server:
    """Responds in order, and keeps the requests."""

    def __init__(self, *responses: httpx2.Response) -> None:
        self._responses = list(responses)
        self.requests: list[httpx2.Request] = []

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        self.requests.append(request)
        return self._responses.pop(0)


def client(calls: Any, side: Side, server: Server, **options: Any) -> Any:
    kind = calls.Calls if side == "sync" else calls.AsyncCalls
    return kind(transport=httpx2.MockTransport(server), **options)


def test_it_satisfies_mypy_strict(folder: Path) -> None:
    assert problems_of_types(folder, "calls_client") == []


@both_sides
def test_accept_names_what_the_client_reads_and_errors(side: Side, calls: Any) -> None:
    server = Server(
        httpx2.Response(200, content=b"\x89PNG"),
        httpx2.Response(200, text="note"),
        httpx2.Response(200, json="csv or JSON"),
        httpx2.Response(204),
    )
    made = client(calls, side, server).all
    assert run(made.photo()) == b"\x89PNG"
    assert run(made.note()) == "note"
    assert run(made.both()) == "csv or JSON"
    assert run(made.delete()) is None
    assert [request.headers["Accept"] for request in server.requests] == [
        "application/octet-stream, application/problem+json",
        "text/plain, application/problem+json",
        "application/json, application/problem+json",
        "*/*",
    ]
    assert server.requests[0].headers["User-Agent"].startswith("calls-client/2.5 python/")


@both_sides
def test_an_idempotency_key_is_made_for_writes(
    side: Side, calls: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def asleep(_: float) -> None:
        pass

    monkeypatch.setattr(f"calls_client._{side}.sleep", asleep if side == "async" else lambda _: None)
    server = Server(httpx2.Response(503), *(httpx2.Response(200, json="x") for _ in range(3)))
    made = client(calls, side, server).all
    run(made.order(what="tea"))
    run(made.order(what="tea", idempotency_key="mine"))
    run(made.list())
    first, second, third, read = server.requests
    assert first.headers["Idempotency-Key"] == second.headers["Idempotency-Key"] != "mine"
    assert third.headers["Idempotency-Key"] == "mine"
    assert "Idempotency-Key" not in read.headers
    assert first.content == second.content == b'{"what":"tea"}'


@both_sides
def test_extra_members_of_a_body(side: Side, calls: Any) -> None:
    server = Server(httpx2.Response(200, json="x"))
    run(client(calls, side, server).all.order(what="tea", extra_body={"sugar": 2}))
    assert server.requests[0].content == b'{"what":"tea","sugar":2}'


@both_sides
def test_an_argument_has_its_name_even_if_an_option_has_it_too(side: Side, calls: Any) -> None:
    server = Server(*(httpx2.Response(200, json="x") for _ in range(3)))
    made = client(calls, side, server).all
    run(made.timed(timeout="a", max_retries="b", extra_query={"c": "d"}))
    run(made.optional(options="a"))
    run(made.extra(extra_query="a"))
    queries = [dict(request.url.params) for request in server.requests]
    assert queries == [{"timeout": "a", "max_retries": "b", "c": "d"}, {"options": "a"}, {"extra_query": "a"}]
    annotations = {
        name: inspect.signature(getattr(made, name)).parameters.get("options") for name in ("timed", "extra")
    }
    assert annotations["extra"] is None
    assert annotations["timed"]
    assert annotations["timed"].annotation == "Unpack[ExtraOptions]"


async def _events(made: Any) -> list[Any]:
    async with made.with_streaming_response.watch() as response:
        return [item async for item in await response.parse()]


@both_sides
def test_a_method_returns_a_stream_of_events(side: Side, calls: Any) -> None:
    def event() -> httpx2.Response:
        return httpx2.Response(200, content=b'data: {"a": 1}\n\ndata: 2\n\ndata: [DONE]\n\n')

    server = Server(*(event() for _ in range(3)))
    made = client(calls, side, server).all
    assert collect(run(made.watch())) == [{"a": 1}, 2]
    assert collect(run(made.with_raw_response.watch()).parse()) == [{"a": 1}, 2]
    if side == "async":
        assert run(_events(made)) == [{"a": 1}, 2]
    else:
        with made.with_streaming_response.watch() as response:
            assert list(response.parse()) == [{"a": 1}, 2]
    assert server.requests[0].headers["Accept"] == "text/event-stream, application/problem+json"
    assert inspect.signature(made.watch).return_annotation == (
        "Stream[str]" if side == "sync" else "AsyncStream[str]"
    )


@both_sides
def test_a_document_has_the_words_of_an_error(side: Side, calls: Any) -> None:
    problem = {"title": "Out of tea", "type": "https://calls.test/tea", "detail": "Try coffee."}
    server = Server(httpx2.Response(409, json=problem))
    with pytest.raises(calls.ConflictError, match=r"409 Out of tea: Try coffee\.") as caught:
        run(client(calls, side, server, max_retries=0).all.order(what="tea"))
    assert caught.value.body == problem
