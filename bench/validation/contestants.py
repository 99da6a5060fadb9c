"""One judge of bodies, as a process: python contestants.py NAME DOCUMENT BODIES

It first judges a few bodies of both kinds, and prints a line: how many it checked, how many valid ones it
rejected, how many invalid ones it accepted. Then, for each line with a number of seconds, it judges the next
bodies for so long, and prints how many, of how many bytes, and the seconds of processor time, all in JSON.

It runs in the environment of the project or in that of the peers, so that it imports nothing but its judge.
"""

import json
import sys
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

URI = "urn:document"
CHECKED = 120  # bodies


class Body(NamedTuple):
    """A body with where it stands in the document; ``status`` is that of the response."""

    template: str
    target: str
    status: int
    schema: str
    content: bytes


Verdict = Callable[[], object]
"""Judges one body: what it returns is true if the body is valid, and an exception says that it is not."""

Judge = Callable[[Body], Verdict]
"""Prepares the verdict on a body: what depends on the schema alone is done here, and not measured."""


def wirecheck(document: Path) -> Judge:
    """The engine for one decoded value."""
    from wirecheck.decode import json_value
    from wirecheck.engine import engines
    from wirecheck.model import Side
    from wirecheck.spec import load

    engine = engines(load(document))[Side.RESPONSE]
    return lambda body: lambda: engine.is_valid(body.schema, json_value(body.content))


def wirecheck_accepts(document: Path) -> Judge:
    """The engine for bytes; what it does not accept at once is decoded and judged."""
    from wirecheck.decode import json_value
    from wirecheck.engine import engines
    from wirecheck.model import Side
    from wirecheck.spec import load

    engine = engines(load(document))[Side.RESPONSE]
    return lambda body: (
        lambda: (
            engine.accepts(body.schema, body.content)
            or engine.is_valid(body.schema, json_value(body.content))
        )
    )


def json_loads(document: Path) -> Judge:
    return lambda body: lambda: json.loads(body.content)


def orjson_loads(document: Path) -> Judge:
    import orjson

    return lambda body: lambda: orjson.loads(body.content)


def jsonschema_rs(document: Path) -> Judge:
    import jsonschema_rs
    import orjson

    registry = jsonschema_rs.Registry([(URI, _data(document))], draft=jsonschema_rs.Draft202012)

    @cache
    def of_schema(schema: str) -> Any:
        reference = {"$ref": f"{URI}#{schema}"}
        return jsonschema_rs.Draft202012Validator(reference, registry=registry, validate_formats=True)

    return lambda body: _with(of_schema(body.schema).is_valid, orjson.loads, body)


def jsonschema(document: Path) -> Judge:
    import jsonschema
    import orjson
    from referencing import Registry
    from referencing.jsonschema import DRAFT202012

    registry = Registry().with_resource(URI, DRAFT202012.create_resource(_data(document)))

    @cache
    def of_schema(schema: str) -> Any:
        reference = {"$ref": f"{URI}#{schema}"}
        return jsonschema.Draft202012Validator(
            reference, registry=registry, format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER
        )

    return lambda body: _with(of_schema(body.schema).is_valid, orjson.loads, body)


def fastjsonschema(document: Path) -> Judge:
    """It knows nothing newer than draft 7, to which the schemas are translated."""
    import fastjsonschema
    import orjson

    data = _in_draft_7(_data(document))

    @cache
    def of_schema(schema: str) -> Any:
        return fastjsonschema.compile({**data, "$ref": f"#{schema}"}, use_default=False)

    def validated(validate: Any, value: Any) -> bool:
        validate(value)
        return True

    return lambda body: _with(lambda value: validated(of_schema(body.schema), value), orjson.loads, body)


def pydantic(document: Path) -> Judge:
    """Models that datamodel-code-generator writes of the schemas of the document."""
    import importlib
    import tempfile

    from datamodel_code_generator import DataModelType, InputFileType, generate
    from pydantic import TypeAdapter

    with tempfile.TemporaryDirectory() as folder:
        generate(
            document,
            input_file_type=InputFileType.OpenAPI,
            output=Path(folder, "models_of_the_document.py"),
            output_model_type=DataModelType.PydanticV2BaseModel,
        )
        sys.path.insert(0, folder)
        models: Any = importlib.import_module("models_of_the_document")

    @cache
    def of_schema(schema: str) -> Any:
        name = schema.rpartition("/")[2]
        model = models.MetaError | models.FlatError if "/responses/" in schema else getattr(models, name)
        return TypeAdapter(model).validate_json

    return lambda body: lambda: of_schema(body.schema)(body.content, strict=True)


def openapi_core(document: Path) -> Judge:
    from openapi_core import OpenAPI
    from openapi_core.testing import MockRequest, MockResponse

    api = OpenAPI.from_file_path(str(document))

    def of_body(body: Body) -> Verdict:
        request = MockRequest("https://api.instagram.com", "get", body.target.partition("?")[0])

        def verdict() -> bool:
            api.validate_response(request, MockResponse(body.content, body.status))
            return True

        return verdict

    return of_body


def schemathesis(document: Path) -> Judge:
    import requests
    import schemathesis

    schema = schemathesis.openapi.from_path(str(document))

    def of_body(body: Body) -> Verdict:
        operation = schema[body.template]["get"]
        address = f"https://api.instagram.com{body.target}"
        request = requests.Request("GET", address).prepare()
        headers = {"content-type": ["application/json"]}
        return lambda: operation.is_valid_response(
            schemathesis.Response(body.status, headers, body.content, request, 0.1, True)
        )

    return of_body


CONTESTANTS: dict[str, Callable[[Path], Judge]] = {
    function.__name__.replace("_", "-"): function
    for function in (
        orjson_loads,
        json_loads,
        wirecheck_accepts,
        wirecheck,
        jsonschema_rs,
        fastjsonschema,
        pydantic,
        schemathesis,
        jsonschema,
        openapi_core,
    )
}


def _data(document: Path) -> Any:
    import yaml

    return yaml.load(document.read_text(encoding="utf-8"), getattr(yaml, "CSafeLoader", yaml.SafeLoader))


def _with(is_valid: Callable[[Any], object], loads: Callable[[bytes], Any], body: Body) -> Verdict:
    return lambda: is_valid(loads(body.content))


def _in_draft_7(value: Any) -> Any:
    """A schema where what stands beside $ref stands in allOf, and dependentRequired has its old name."""
    if isinstance(value, list):
        return [_in_draft_7(item) for item in value]
    if not isinstance(value, dict):
        return value
    schema = {
        "dependencies" if name == "dependentRequired" else name: _in_draft_7(member)
        for name, member in value.items()
    }
    if isinstance(schema.get("$ref"), str) and len(schema) > 1:
        reference = {"$ref": schema.pop("$ref")}
        return {**schema, "allOf": [*schema.get("allOf", []), reference]}
    return schema


def is_valid(verdict: Verdict) -> bool:
    try:
        return bool(verdict())
    except Exception:
        return False


def main() -> None:
    name, document, path = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    with path.open(encoding="utf-8") as file:
        lines = [json.loads(line) for line in file]
    bodies = [
        Body(line["template"], line["target"], line["status"], line["schema"], line["body"].encode())
        for line in lines
    ]
    judge = CONTESTANTS[name](document)
    verdicts = [judge(body) for body in bodies]
    checked = list(zip(verdicts, lines, strict=True))[:CHECKED]
    outcomes = [(line["is_valid"], is_valid(verdict)) for verdict, line in checked]
    say(checked=len(outcomes), alarms=outcomes.count((True, False)), misses=outcomes.count((False, True)))
    lengths = [len(body.content) for body in bodies]
    number = 0
    for line in sys.stdin:
        seconds, count, size = float(line), 0, 0
        began = time.process_time()
        while (elapsed := time.process_time() - began) < seconds:
            for _ in range(5):
                is_valid(verdicts[number])
                size += lengths[number]
                number = (number + 1) % len(verdicts)
            count += 5
        say(bodies=count, bytes=size, seconds=elapsed)


def say(**figures: float) -> None:
    sys.stdout.write(json.dumps(figures) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
