"""A document of OpenAPI 2.0 in the form of 3.1."""

from collections.abc import Callable, Iterable
from typing import Any

from msgspec.structs import replace

from wirecheck.spec.document import Document, Place, join, target
from wirecheck.spec.rewriting import PlacedValue, Rewriter, moved, part_at, with_members, without_members
from wirecheck.spec.structure import METHODS, OPENAPI, Kind
from wirecheck.spec.versions.schemas import upgraded_schema

_JSON = "application/json"
_URLENCODED, _MULTIPART = "application/x-www-form-urlencoded", "multipart/form-data"
_ANY = "*/*"

# The members of a parameter, and of a header, that are not part of its schema.
_NOT_SCHEMA = ("name", "in", "description", "required", "allowEmptyValue", "collectionFormat")
_STYLES = {"ssv": "spaceDelimited", "pipes": "pipeDelimited"}
_FLOWS = {"accessCode": "authorizationCode", "application": "clientCredentials"}
_SECTIONS = {
    "/definitions/": "/components/schemas/",
    "/parameters/": "/components/parameters/",
    "/responses/": "/components/responses/",
}


def openapi(document: Document) -> Document:
    """The document, whose schemas are upgraded, in the form of 3.1."""
    return _Conversion(document).document()


class _Object:
    """An object that is built member by member."""

    def __init__(self, line: int) -> None:
        self.value: dict[str, Any] = {}
        self.place = Place(line)

    def put(self, key: str, part: PlacedValue) -> None:
        self.value[key], self.place.children[key] = part

    def set(self, key: str, value: Any) -> None:
        """Adds what is written nowhere: it has the place of the object."""
        self.put(key, (value, Place(self.place.line, written=self.place.written)))

    @property
    def part(self) -> PlacedValue:
        return self.value, self.place


class _Conversion:
    def __init__(self, document: Document) -> None:
        self.old = document

    def document(self) -> Document:
        data = self.old.data
        root = _Object(self.old.place.line)
        root.set("openapi", "3.1.1")
        for key in ("info", "tags", "externalDocs", "security"):
            if key in data:
                root.put(key, self.part(f"/{key}"))
        for key in data:
            if key.startswith("x-"):
                root.put(key, self.part(join("", key)))
        root.put("servers", self.servers())
        if isinstance(data.get("paths"), dict):
            root.put("paths", self.map("/paths", self.path_item, extensible=True))
        root.put("components", self.components())
        value, place = _Relocation(OPENAPI, self.old).rewrite(Kind.DOCUMENT, root.part, "")
        return replace(self.old, data=value, located=place)

    def part(self, pointer: str) -> PlacedValue:
        """The value at a pointer, which says where it is written when it stands elsewhere."""
        return moved(self.old, part_at(self.old, pointer), pointer)

    def object(self, pointer: str) -> _Object:
        """An empty object in the place of the one at a pointer."""
        built = _Object(self.old.line(pointer))
        origin = self.old.origin(pointer)
        built.place.written = origin.file, origin.pointer
        return built

    def map(
        self, pointer: str, convert: Callable[[str], PlacedValue], extensible: bool = False
    ) -> PlacedValue:
        entries = self.object(pointer)
        for key in self.old.get(pointer):
            entry = join(pointer, key)
            entries.put(key, self.part(entry) if extensible and key.startswith("x-") else convert(entry))
        return entries.part

    def components(self) -> PlacedValue:
        components = self.object("")
        data = self.old.data
        if "definitions" in data:
            components.put("schemas", self.map("/definitions", self.part))
        if "responses" in data:
            components.put("responses", self.map("/responses", self.response_with(self.produces(""))))
        if "parameters" in data:
            parameters = self.object("/parameters")
            for name in data["parameters"]:
                pointer = join("/parameters", name)
                if self.location(pointer) not in ("body", "formData"):
                    parameters.put(name, self.parameter(pointer))
            components.put("parameters", parameters.part)
        if "securityDefinitions" in data:
            components.put("securitySchemes", self.map("/securityDefinitions", self.security_scheme))
        return components.part

    def servers(self) -> PlacedValue:
        data = self.old.data
        host, base = data.get("host"), data.get("basePath", "")
        where = "/host" if "host" in data else "/basePath" if "basePath" in data else ""
        schemes = data.get("schemes") or ["https"]
        place = Place(self.old.line(where))
        base = f"/{base.strip('/')}".rstrip("/") if isinstance(base, str) else ""
        urls = [base or "/"]
        if isinstance(host, str) and isinstance(schemes, list):
            urls = [f"{scheme}://{host}{base}" for scheme in schemes]
        return [{"url": url} for url in urls], place

    def path_item(self, pointer: str) -> PlacedValue:
        value = self.old.get(pointer)
        item = self.object(pointer)
        shared = [join(pointer, "parameters", index) for index in range(len(value.get("parameters", [])))]
        for key in value:
            if key in METHODS:
                item.put(key, self.operation(join(pointer, key), shared))
            elif key == "parameters":
                item.put(key, self.parameters(join(pointer, key), shared))
            else:
                item.put(key, self.part(join(pointer, key)))
        return item.part

    def operation(self, pointer: str, shared: list[str]) -> PlacedValue:
        value = self.old.get(pointer)
        operation = self.object(pointer)
        own = [join(pointer, "parameters", index) for index in range(len(value.get("parameters", [])))]
        for key in value:
            if key == "parameters":
                operation.put(key, self.parameters(join(pointer, key), own))
            elif key == "responses":
                convert = self.response_with(self.produces(pointer))
                operation.put(key, self.map(join(pointer, key), convert, extensible=True))
            elif key not in ("consumes", "produces", "schemes"):
                operation.put(key, self.part(join(pointer, key)))
        names = {self.key(parameter) for parameter in own}
        effective = [*own, *(parameter for parameter in shared if self.key(parameter) not in names)]
        if body := self.request_body(pointer, effective):
            operation.put("requestBody", body)
        return operation.part

    # Parameters and bodies

    def follow(self, pointer: str) -> str | None:
        try:
            return self.old.follow(pointer)
        except KeyError:
            return None

    def resolved(self, pointer: str) -> dict[str, Any]:
        """The object at the end of a reference; empty where it leads nowhere."""
        end = self.follow(pointer)
        value = self.old.get(end) if end is not None else None
        return value if isinstance(value, dict) else {}

    def location(self, pointer: str) -> str:
        return str(self.resolved(pointer).get("in"))

    def key(self, pointer: str) -> tuple[str, str]:
        return self.location(pointer), str(self.resolved(pointer).get("name"))

    def parameters(self, pointer: str, items: Iterable[str]) -> PlacedValue:
        """A list of parameters, without those that are bodies or parts of one."""
        kept = [self.parameter(item) for item in items if self.location(item) not in ("body", "formData")]
        place = Place(self.old.line(pointer), {str(index): place for index, (_, place) in enumerate(kept)})
        return [value for value, _ in kept], place

    def parameter(self, pointer: str) -> PlacedValue:
        value = self.old.get(pointer)
        if "$ref" in value:
            return self.part(pointer)
        parameter = self.object(pointer)
        for key in ("name", "in", "description", "required", "allowEmptyValue"):
            if key in value:
                parameter.put(key, self.part(join(pointer, key)))
        style, explode = self.style(value)
        if style is not None:
            parameter.set("style", style)
            parameter.set("explode", explode)
        parameter.put("schema", self.schema(pointer))
        return parameter.part

    def style(self, value: dict[str, Any]) -> tuple[str | None, bool]:
        """The style of an array (2.0, collectionFormat); None for the default of its location."""
        if value.get("type") != "array":
            return None, False
        form = str(value.get("collectionFormat", "csv"))
        in_form = value.get("in") in ("query", "formData")
        if form == "multi" and in_form:
            return "form", True
        if form in _STYLES and in_form:
            return _STYLES[form], False
        return ("form" if in_form else "simple"), False

    def schema(self, pointer: str) -> PlacedValue:
        """The schema of a parameter or header, whose members stand beside its name."""
        value = self.old.get(pointer)
        outside = [
            key for key in value if key in _NOT_SCHEMA or (key.startswith("x-") and key != "x-nullable")
        ]
        if value.get("collectionFormat") == "tsv":  # there is no such style in 3.1
            outside = list(value)
        part = moved(self.old, without_members(self.part(pointer), *outside), pointer)
        items = value.get("items")
        if isinstance(items, dict) and "items" in part[0]:
            below = self.schema(join(pointer, "items"))
            part = with_members(part, {"items": below})
        return upgraded_schema(self.old, part, pointer)

    def request_body(self, pointer: str, parameters: list[str]) -> PlacedValue | None:
        bodies = [item for item in parameters if self.location(item) == "body"]
        fields = [item for item in parameters if self.location(item) == "formData"]
        if bodies:
            return self.json_body(self.follow(bodies[0]) or bodies[0], self.consumes(pointer))
        return self.form(pointer, [self.follow(field) or field for field in fields]) if fields else None

    def json_body(self, pointer: str, consumes: list[str]) -> PlacedValue:
        value = self.old.get(pointer)
        body = self.object(pointer)
        for key in ("description", "required"):
            if key in value:
                body.put(key, self.part(join(pointer, key)))
        content = self.object(pointer)
        for name in consumes or [_JSON, _ANY]:
            media_type = self.object(pointer)
            if "schema" in value:
                media_type.put("schema", self.part(join(pointer, "schema")))
            content.put(name, media_type.part)
        body.put("content", content.part)
        return body.part

    def form(self, pointer: str, fields: list[str]) -> PlacedValue:
        """The body that the fields of a form make up."""
        files = any(self.old.get(field).get("type") == "file" for field in fields)
        consumes = self.consumes(pointer)
        known = [name for name in consumes if name in (_URLENCODED, _MULTIPART)]
        usual = [_MULTIPART] if files else [_URLENCODED] if consumes else [_URLENCODED, _MULTIPART]
        place = join(pointer, "parameters")
        schema, properties, encoding, required = (self.object(place) for _ in range(4))
        names = list[str]()
        for field in fields:
            value = self.old.get(field)
            name = str(value.get("name"))
            properties.put(name, self.schema(field))
            if value.get("required") is True:
                required.put(str(len(names)), ("", self.object(field).place))
                names.append(name)
            style, explode = self.style(value)
            if style is not None:
                encoding.set(name, {"style": style, "explode": explode})
        schema.set("type", "object")
        schema.put("properties", properties.part)
        if names:
            schema.put("required", (names, required.place))
        content = self.object(pointer)
        for name in known or usual:
            media_type = self.object(place)
            media_type.put("schema", schema.part)
            if encoding.value:
                media_type.put("encoding", encoding.part)
            content.put(name, media_type.part)
        body = self.object(pointer)
        body.set("required", bool(names))
        body.put("content", content.part)
        return body.part

    # Responses

    def response_with(self, produces: list[str]) -> Callable[[str], PlacedValue]:
        return lambda pointer: self.response(pointer, produces)

    def response(self, pointer: str, produces: list[str]) -> PlacedValue:
        value = self.old.get(pointer)
        if "$ref" in value:
            return self.part(pointer)
        response = self.object(pointer)
        for key in value:
            if key == "headers":
                response.put(key, self.map(join(pointer, key), self.header))
            elif key not in ("schema", "examples"):
                response.put(key, self.part(join(pointer, key)))
        if "schema" in value or value.get("examples"):
            response.put("content", self.content(pointer, value, produces))
        return response.part

    def content(self, pointer: str, value: dict[str, Any], produces: list[str]) -> PlacedValue:
        content = self.object(join(pointer, "schema") if "schema" in value else pointer)
        named = value.get("examples")
        examples: dict[str, Any] = named if isinstance(named, dict) else {}
        is_file = self.is_file(pointer)
        names = produces or [*examples, *([] if is_file else [_JSON]), _ANY]
        if is_file and produces == self.produces("") and _ANY not in names:
            names = [*names, _ANY]  # what the whole document produces is rarely meant of files
        for name in names:
            media_type = self.object(pointer)
            if "schema" in value and not is_file:
                media_type.put("schema", self.part(join(pointer, "schema")))
            if name in examples:
                media_type.put("example", self.part(join(pointer, "examples", name)))
            content.put(name, media_type.part)
        return content.part

    def is_file(self, pointer: str) -> bool:
        """Whether a response is a file, which has any content."""
        schema = self.old.as_written().get(pointer).get("schema")
        return isinstance(schema, dict) and schema.get("type") == "file"

    def header(self, pointer: str) -> PlacedValue:
        value = self.old.get(pointer)
        header = self.object(pointer)
        if "description" in value:
            header.put("description", self.part(join(pointer, "description")))
        header.put("schema", self.schema(pointer))
        return header.part

    def consumes(self, pointer: str) -> list[str]:
        return self.media_types(pointer, "consumes")

    def produces(self, pointer: str) -> list[str]:
        return self.media_types(pointer, "produces")

    def media_types(self, pointer: str, member: str) -> list[str]:
        """Those of an operation, else those of the document; none where nothing is said."""
        named = self.old.get(pointer).get(member, self.old.data.get(member))
        return [name for name in named if isinstance(name, str)] if isinstance(named, list) else []

    # Security

    def security_scheme(self, pointer: str) -> PlacedValue:
        value = self.old.get(pointer)
        scheme = self.object(pointer)
        kind = value.get("type")
        for key in value:
            if key in ("description", "name", "in") or key.startswith("x-"):
                scheme.put(key, self.part(join(pointer, key)))
        if kind == "basic":
            scheme.set("type", "http")
            scheme.set("scheme", "basic")
        elif kind is not None:
            scheme.put("type", self.part(join(pointer, "type")))
        if kind == "oauth2":
            urls = {key: value[key] for key in ("authorizationUrl", "tokenUrl") if key in value}
            flow = str(value.get("flow"))
            scheme.set("flows", {_FLOWS.get(flow, flow): {**urls, "scopes": value.get("scopes", {})}})
        return scheme.part


class _Relocation(Rewriter):
    """Lets references to the definitions, parameters and responses of 2.0 lead to where these are in 3.1."""

    def leave(self, kind: Kind, part: PlacedValue, pointer: str) -> PlacedValue:
        ref = part[0].get("$ref")
        if not isinstance(ref, str) or not ref.startswith("#"):
            return part
        for old, new in _SECTIONS.items():
            if target(ref).startswith(old):
                relocated = f"#{new}{ref.removeprefix('#').removeprefix(old)}"
                return with_members(part, {"$ref": (relocated, part[1].children["$ref"])})
        return part
