"""OpenAPI documents with a text of somebody's choice wherever a string can reach a generated file."""

import random
import re
from collections.abc import Mapping
from typing import Any

from hostile.payloads import Text
from wirecheck.spec import join

Json = dict[str, Any]

_STATUSES = ("200", "201", "204", "default", "2XX", "202")
_ERRORS = ("400", "401", "404", "429", "4XX", "500")
_STYLES = {
    "path": ("simple", "label", "matrix"),
    "query": ("form", "spaceDelimited", "pipeDelimited", "deepObject"),
    "header": ("simple",),
    "cookie": ("form",),
}
_CLASSES = ("BookNotFoundError", "RateLimitError", "_Error", "ZqError")


class Writer:
    """Writes one document; what is random about it follows from the generator of numbers."""

    def __init__(self, random: random.Random, text: Text, *, eager: bool = False) -> None:
        """One that is eager leaves out less."""
        self._random, self._text = random, text
        self._least = 0.5 if eager else 0.0
        self._names = list(dict.fromkeys(self._name() for _ in range(random.randint(2, 5))))
        self._schemes: dict[str, Json] = {}

    def document(self) -> Json:
        whole: Json = {
            "openapi": self._random.choice(("3.1.0", "3.1.1")),
            "info": self._info(),
            "servers": self._servers(),
            "tags": [self._tag() for _ in range(2)],
        }
        self._schemes = {self._name(): self._scheme() for _ in range(self._random.randint(1, 4))}
        self._sign()
        schemas = {name: self._schema(2) for name in self._names}
        whole["components"] = {
            "schemas": schemas,
            "securitySchemes": self._schemes,
            "responses": {self._name(): self._error() for _ in range(2)},
            "examples": {self._name(): {"value": self._text(), "summary": self._text()}},
        }
        responses = [join("#/components/responses", name) for name in whole["components"]["responses"]]
        whole["paths"] = {
            self._path(number): self._item(responses) for number in range(self._random.randint(1, 3))
        }
        if self._maybe():
            whole["security"] = self._security()
        if self._maybe(0.3):
            whole["webhooks"] = {self._name(): {"post": self._webhook()} for _ in range(2)}
        if self._random.random() < 0.1:
            whole["x-client"] = {"interface": 1}
        return whole

    def _maybe(self, probability: float = 0.5) -> bool:
        return self._random.random() < max(probability, self._least)

    def _some(self, members: Mapping[str, Any]) -> Json:
        """Some of the members."""
        return {name: value for name, value in members.items() if self._maybe()}

    def _name(self) -> str:
        return self._text()[:300]

    def _info(self) -> Json:
        license_ = {"name": self._text(), "url": self._text()}
        contact = {"name": self._text(), "email": self._text(), "url": self._text()}
        return {"title": self._text(), "version": self._text()} | self._some(
            {
                "description": self._text(),
                "summary": self._text(),
                "license": license_,
                "contact": contact,
                "termsOfService": self._text(),
            }
        )

    def _servers(self) -> list[Json]:
        variable = re.sub(r"[{}]", "", self._name()) or "a"
        variables = {variable: {"default": self._text(), "description": self._text()}}
        return self._random.choice(
            (
                [],
                [{"url": "https://things.test/v1", "description": self._text()}],
                [{"url": f"https://things.test/{{{variable}}}", "variables": variables}],
                [{"url": self._text()}],
                [{"url": f"https://things.test/{self._text()}"}],
            )
        )

    def _tag(self) -> Json:
        return {
            "name": self._name(),
            "description": self._text(),
            "externalDocs": {"url": self._text(), "description": self._text()},
        }

    # Paths

    def _path(self, number: int) -> str:
        literal = re.sub(r"[{}]", "", self._text())
        return f"/{literal}/{number}" if self._maybe(0.7) else f"/things{number}/{literal}"

    def _item(self, responses: list[str]) -> Json:
        methods = self._random.sample(("get", "post", "put", "patch", "delete", "head", "options"), 2)
        item: Json = {method: self._operation(method, responses) for method in methods}
        if self._maybe(0.3):
            item["parameters"] = [self._parameter("query")]
        return item | self._some({"summary": self._text(), "description": self._text()})

    def _operation(self, method: str, responses: list[str]) -> Json:
        operation: Json = {"responses": self._responses(responses)}
        places = self._random.choices(("query", "query", "header", "cookie"), k=self._random.randint(0, 4))
        parameters = {(each["in"], each["name"]): each for each in map(self._parameter, places)}
        operation["parameters"] = list(parameters.values())
        operation |= self._some(
            {
                "operationId": f"{self._name()}{self._random.randint(0, 999)}",
                "summary": self._text(),
                "description": f"{self._text()}\n\n{self._text()}",
                "tags": [self._name()],
                "deprecated": True,
                "x-lifecycle": [{"date": "2024-01-01", "what": self._text() or "a"}],
                "x-migration": {"replacement": self._text() or None, "note": self._text() or "a"},
                "externalDocs": {"url": self._text(), "description": self._text()},
            }
        )
        if method in ("post", "put", "patch") and self._maybe(0.8):
            operation["requestBody"] = self._body()
        if self._maybe(0.4):
            operation["security"] = self._security()
        if self._maybe(0.1):
            operation["servers"] = [{"url": f"https://other.test/{self._text()}"}]
        if self._maybe(0.2):
            operation["callbacks"] = {
                self._name(): {f"{{$request.body#/{self._text()}}}": {"post": self._callback()}}
            }
        if method == "get" and self._maybe(0.3):
            operation |= self._paged()
        if self._maybe(0.15):
            names = f"zq{self._random.randint(0, 999)}", f"zq{self._random.randint(0, 999)}"
            operation["x-resource"] = ".".join(names) if self._random.random() < 0.98 else self._text()
        return operation

    def _paged(self) -> Json:
        """A list whose pages follow each other."""
        parameter, items, cursor = self._name() or "a", self._name(), f"{self._name()} cursor"
        properties = {items: {"type": "array", "items": self._schema(1)}, cursor: {"type": "string"}}
        content = {"application/json": {"schema": {"type": "object", "properties": properties}}}
        return {
            "x-pagination": {"items": join("", items), "cursor": join("", cursor), "parameter": parameter},
            "parameters": [{"name": parameter, "in": "query", "schema": {"type": "string"}}],
            "responses": {"200": {"description": self._text(), "content": content}},
        }

    def _parameter(self, place: str) -> Json:
        parameter: Json = {"name": self._name() or "a", "in": place}
        parameter |= self._some(
            {
                "required": True,
                "description": self._text(),
                "example": self._text(),
                "style": self._random.choice(_STYLES[place]),
                "explode": self._maybe(),
                "deprecated": True,
            }
        )
        if place == "query" and self._maybe(0.3):
            parameter["allowReserved"] = True
        if self._maybe(0.15):
            return {key: value for key, value in parameter.items() if key not in ("style", "explode")} | {
                "content": {self._media_type(): {"schema": self._schema(1)}}
            }
        parameter["schema"] = self._schema(1)
        if self._maybe(0.2):
            rule = {
                "x-rule": "not-empty",
                "x-message": self._text() or "a",
                "not": {"enum": [self._text()]},
                "description": self._text(),
            }
            parameter["schema"] = {"type": "string", "allOf": [rule]}
        return parameter

    def _media_type(self) -> str:
        kinds = ("application/json", "application/json", "text/plain", "application/octet-stream")
        special = (
            f"application/{self._text()}",
            f"application/json; a={self._text()}",
            self._text() or "a/b",
        )
        return self._random.choice(kinds if self._maybe(0.7) else special)

    def _body(self) -> Json:
        forms = ("application/x-www-form-urlencoded", "multipart/form-data")
        kind = self._random.choice(forms) if self._maybe(0.4) else self._media_type()
        schema = self._object(1) if kind in forms else self._schema(2)
        media: Json = {"schema": schema, "example": {self._name(): self._text()}}
        if kind in forms:
            names = [*schema.get("properties", {}), self._name()]
            media["encoding"] = {name: self._encoding() for name in names if self._maybe()}
        return {"content": {kind: media}} | self._some({"required": True, "description": self._text()})

    def _encoding(self) -> Json:
        return self._some(
            {
                "contentType": self._media_type(),
                "style": self._random.choice((*_STYLES["query"], self._text())),
                "explode": self._maybe(),
                "headers": {self._name(): {"schema": self._schema(0), "description": self._text()}},
            }
        )

    def _responses(self, errors: list[str]) -> Json:
        found: Json = {self._random.choice(_STATUSES): self._response()}
        if self._maybe():
            found[self._random.choice(_ERRORS)] = {"$ref": self._random.choice(errors)}
        return found

    def _response(self) -> Json:
        response: Json = {"description": self._text()}
        if self._maybe(0.8):
            kind = "text/event-stream" if self._maybe(0.1) else self._media_type()
            example = {self._name(): {"value": self._text()}}
            response["content"] = {kind: {"schema": self._schema(2), "examples": example}}
        return response | self._some(
            {
                "headers": {self._name(): {"schema": self._schema(0), "description": self._text()}},
                "links": {
                    self._name(): {
                        "operationId": self._text(),
                        "parameters": {self._name(): self._text()},
                        "description": self._text(),
                    }
                },
            }
        )

    def _error(self) -> Json:
        response: Json = {"description": self._text()}
        name = self._name()
        schema = {"type": "object", "properties": {name: {"type": "string", "description": self._text()}}}
        response["content"] = {"application/json": {"schema": schema}}
        kind = self._random.choice(_CLASSES)
        if self._maybe(0.3):
            response["x-exception"] = kind
        elif self._maybe(0.4):
            others = {self._name(): {"class": "OtherError", "hint": self._text() or "a"} for _ in range(2)}
            response["x-exception"] = {
                "class": kind,
                "hint": self._text() or "a",
                "error-type": [join("", name)],
                "error-message": [join("", name)],
                "by-error-type": others,
            }
        return response

    def _callback(self) -> Json:
        return {name: value for name, value in self._webhook().items() if name != "x-signature"}

    def _webhook(self) -> Json:
        webhook: Json = {
            "responses": {"200": {"description": self._text()}},
            "requestBody": {"content": {"application/json": {"schema": self._schema(1)}}},
        }
        webhook |= self._some(
            {"summary": self._text(), "description": self._text(), "operationId": self._name()}
        )
        keys = [name for name, scheme in self._schemes.items() if scheme["type"] == "apiKey"]
        if keys:
            webhook["x-signature"] = {
                "header": self._text() or "a",
                "algorithm": "hmac-sha256",
                "key": keys[0],
                "prefix": self._text(),
            }
        return webhook

    # Security

    def _scheme(self) -> Json:
        flow = {
            "authorizationUrl": self._text(),
            "tokenUrl": self._text(),
            "refreshUrl": self._text(),
            "scopes": {self._name(): self._text(), self._name(): self._text()},
        }
        scheme: Json = self._random.choice(
            (
                {"type": "apiKey", "in": "header", "name": self._name() or "a"},
                {"type": "apiKey", "in": "query", "name": self._name() or "a"},
                {"type": "apiKey", "in": "cookie", "name": self._name() or "a"},
                {"type": "http", "scheme": "bearer", "bearerFormat": self._text()},
                {"type": "http", "scheme": self._random.choice(("basic", self._text()))},
                {
                    "type": "oauth2",
                    "flows": {"authorizationCode": flow},
                    "x-resource": f"users{self._random.randint(0, 999)}.authorize",
                },
                {"type": "oauth2", "flows": {"clientCredentials": flow}},
                {"type": "openIdConnect", "openIdConnectUrl": self._text()},
            )
        )
        return scheme | {"description": self._text()}

    def _sign(self) -> None:
        for name, scheme in self._schemes.items():
            if scheme["type"] == "apiKey" and self._maybe(0.3):
                scheme["x-signature"] = {
                    "parameter": self._text() or "a",
                    "algorithm": "hmac-sha256",
                    "key": name,
                    "separator": self._text() or "a",
                }

    def _security(self) -> list[Json]:
        names = self._random.sample(list(self._schemes), 1)
        scopes = [self._text()] if self._schemes[names[0]]["type"] == "oauth2" else []
        return [dict.fromkeys(names, scopes)]

    # Schemas

    def _schema(self, depth: int) -> Json:
        if depth and self._maybe(0.25):
            return {"$ref": self._reference()}
        makers = [self._text_schema, self._enum, self._const, self._scalar]
        if depth:
            makers += [lambda: self._object(depth - 1)] * 3
            makers += [lambda: self._array(depth - 1), lambda: self._map(depth - 1)]
            makers += [lambda: self._union(depth - 1), lambda: self._union(depth - 1)]
        return self._random.choice(makers)() | self._some(
            {"title": self._text(), "description": self._text(), "$comment": self._text()}
        )

    def _reference(self) -> str:
        return join("#/components/schemas", self._random.choice(self._names)).replace("%", "%25")

    def _text_schema(self) -> Json:
        schema: Json = {"type": "string", "default": self._text(), "examples": [self._text()]}
        if self._maybe(0.2):
            schema["format"] = self._random.choice(("password", "date-time", "uuid", "binary", self._text()))
        if self._maybe(0.1):
            schema |= {"x-identifier": {"bits": 64, "epoch": 0, "shift": 22}}
        if self._maybe(0.1):
            schema["pattern"] = self._text()
        return schema

    def _enum(self) -> Json:
        values = list(dict.fromkeys(self._text() for _ in range(self._random.randint(1, 4))))
        return {"type": "string", "enum": values}

    def _const(self) -> Json:
        return {"const": self._text()}

    def _scalar(self) -> Json:
        kind = self._random.choice(("integer", "number", "boolean", "null"))
        return {"type": kind, "example": self._text(), "format": self._text()}

    def _object(self, depth: int) -> Json:
        properties = {self._name(): self._schema(depth) for _ in range(self._random.randint(1, 4))}
        schema: Json = {"type": "object", "properties": properties}
        names = list(properties)
        if self._maybe():
            schema["required"] = self._random.sample(names, self._random.randint(1, len(names)))
        if self._maybe(0.2):
            schema["x-payload"] = self._random.choice(names) or "a"
        if self._maybe(0.1):
            schema["patternProperties"] = {self._text(): self._text_schema()}
        return schema

    def _array(self, depth: int) -> Json:
        return {"type": "array", "items": self._schema(depth)}

    def _map(self, depth: int) -> Json:
        return {"type": "object", "additionalProperties": self._schema(depth)}

    def _union(self, depth: int) -> Json:
        members = [{"$ref": self._reference()} for _ in range(2)] if self._maybe() else []
        members += [self._schema(depth) for _ in range(2 - len(members))]
        schema: Json = {self._random.choice(("oneOf", "anyOf")): members}
        if self._maybe():
            mapping = {self._name(): self._reference(), self._name(): self._text()}
            schema["discriminator"] = {"propertyName": self._name(), "mapping": mapping}
        return schema


def rare() -> Json:
    """A harmless document with what chance combines too rarely: any result of a method without options."""
    types = ("application/json", "text/event-stream", "text/plain", "application/octet-stream")
    schemas: list[Json] = [{"type": "array", "items": {"type": "string"}}, {"type": "string"}, {}]
    parameters: list[Json] = [{"name": name, "in": "query", "schema": {}} for name in ("options", "alpha")]
    paths = {
        f"/{number}/{index}": {
            "get": {
                "parameters": parameters,
                "responses": {"200": {"description": "A.", "content": {kind: {"schema": schema}}}},
            }
        }
        for number, kind in enumerate(types)
        for index, schema in enumerate(schemas)
    }
    return {"openapi": "3.1.0", "info": {"title": "A", "version": "1"}, "paths": paths}
