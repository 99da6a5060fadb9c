"""Clients of small documents, imported to be called and to have their models looked at."""

import importlib
import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import httpx2

from support.generating import body, described, operation
from wirecheck.generate import generate


class Built:
    """The package of a document. Its client gets ``response``, a value of JSON, for all ``requests``."""

    def __init__(self, folder: Path, name: str, document: dict[str, Any]) -> None:
        spec = folder / f"{name}.json"
        spec.write_text(json.dumps(document), encoding="utf-8")
        generate(spec, folder, f"{name}_client", package_only=True)
        self.name = name
        self.requests: list[httpx2.Request] = []
        self.response: Any = None

    def module(self, name: str) -> Any:
        return importlib.import_module(f"{self.name}_client.{name}")

    @property
    def models(self) -> Any:
        return self.module("models")

    def types(self, model: str) -> Mapping[str, str]:
        """The annotations of a model by attribute."""
        found: Mapping[str, str] = getattr(self.models, model).__annotations__
        return found

    def decode(self, annotation: str, value: Any) -> Any:
        return self.module("_runtime.models").decode(annotation, value)

    @property
    def client(self) -> Any:
        package = importlib.import_module(f"{self.name}_client")

        def respond(request: httpx2.Request) -> httpx2.Response:
            self.requests.append(request)
            return httpx2.Response(200, content=json.dumps(self.response).encode())

        kind = getattr(package, self.module("_endpoints").SERVICE.client)
        return kind(base_url="https://built.test", transport=httpx2.MockTransport(respond))

    @property
    def sent(self) -> Any:
        """The JSON of the last request."""
        return json.loads(self.requests[-1].content)


def built(folder: Path, name: str, document: dict[str, Any]) -> Iterator[Built]:
    """A fixture once it is registered: the package can be imported until the end."""
    sys.path.insert(0, str(folder))
    importlib.invalidate_caches()
    yield Built(folder, name, document)
    sys.path.remove(str(folder))
    for module in [module for module in sys.modules if module.partition(".")[0] == f"{name}_client"]:
        del sys.modules[module]


def of_schemas(**schemas: Any) -> dict[str, Any]:
    """A document with these component schemas; each one is the body of a request, and of its response."""
    operations = [
        operation(f"all.{name.lower()}", reference, method="post", requestBody=body(reference))
        for name in schemas
        for reference in [{"$ref": f"#/components/schemas/{name}"}]
    ]
    return described(*operations, schemas=schemas)
