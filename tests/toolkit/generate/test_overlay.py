"""Overlays on a document."""

import sys
from pathlib import Path

import pytest

from support.documents import Json
from wirecheck.generate import overlay
from wirecheck.model import SpecError, WirecheckError
from wirecheck.spec import Document, load
from wirecheck.spec.text import parse

DOCUMENT = """\
openapi: 3.1.0
info: {title: t, version: "1"}
tags: [&tag {name: a}]
paths:
  /trips:
    get:
      operationId: list
      tags: [a]
      parameters:
        - {name: q, in: query, schema: {type: string}}
        - {name: r, in: query, schema: {type: string}}
      responses: {"200": {description: ok}}
    post: {responses: {}}
x-tag: *tag
"""


def overlaid(tmp_path: Path, actions: str, version: str = "1.0.0") -> tuple[Document, list[str]]:
    path = tmp_path / "overlay.yaml"
    path.write_text(f"overlay: {version}\ninfo: {{title: t, version: '1'}}\nactions:\n{actions}")
    document, warnings = overlay.applied(parse(DOCUMENT, "api.yaml"), overlay.read(path))
    return document, [warning.replace(f"{tmp_path}/", "") for warning in warnings]


CHANGES: dict[str, tuple[str, str, object]] = {
    "a new member": (
        "- {target: '$.paths.*.get', update: {x-resource: trips.list}}",
        "/paths/~1trips/get/x-resource",
        "trips.list",
    ),
    "another value": ("- {target: $.info, update: {title: u}}", "/info", {"title": "u", "version": "1"}),
    "a value by itself": ("- {target: $.info.title, update: u}", "/info/title", "u"),
    "objects within": (
        "- {target: $, update: {paths: {/trips: {get: {summary: s}}}}}",
        "/paths/~1trips/get/operationId",
        "list",
    ),
    "one more item": ("- {target: '$.paths.*.get.tags', update: b}", "/paths/~1trips/get/tags", ["a", "b"]),
    "more items": (
        "- {target: '$.paths.*.get', update: {tags: [b, c]}}",
        "/paths/~1trips/get/tags",
        ["a", "b", "c"],
    ),
    "all operations": (
        "- {target: '$.paths.*.*', update: {deprecated: true}}",
        "/paths/~1trips/post/deprecated",
        True,
    ),
    "a filter": (
        "- {target: \"$.paths.*.get.parameters[?@.name == 'r']\", remove: true}",
        "/paths/~1trips/get/parameters",
        [{"name": "q", "in": "query", "schema": {"type": "string"}}],
    ),
    "every item": (
        "- {target: '$.paths.*.get.parameters[*]', remove: true}",
        "/paths/~1trips/get/parameters",
        [],
    ),
    "not to be removed": ("- {target: $.info, remove: false, update: {title: u}}", "/info/title", "u"),
    "one after the other": (
        "- {target: $.info, update: {x: {y: 1}}}\n- {target: $.info.x, update: {z: 2}}",
        "/info/x",
        {"y": 1, "z": 2},
    ),
    "a copy": ("- {target: '$.paths[\"/trips\"].post', copy: $.info}", "/paths/~1trips/post/title", "t"),
    "one of two aliases": ("- {target: '$[\"x-tag\"]', update: {name: b}}", "/tags/0/name", "a"),
}


@pytest.mark.parametrize(("actions", "pointer", "expected"), CHANGES.values(), ids=CHANGES)
def test_an_action_changes_its_targets(tmp_path: Path, actions: str, pointer: str, expected: object) -> None:
    document, warnings = overlaid(tmp_path, actions, "1.1.0")
    assert document.get(pointer) == expected
    assert warnings == []


def test_the_document_itself_stays_as_it_is(tmp_path: Path) -> None:
    original = parse(DOCUMENT, "api.yaml")
    overlaid(tmp_path, "- {target: $.info, remove: true}")
    assert original.data == parse(DOCUMENT, "api.yaml").data


def test_every_value_has_the_line_of_its_own_file(tmp_path: Path) -> None:
    actions = """\
- target: $.paths['/trips'].get
  update:
    summary: s
    tags: [b]
    parameters:
      - name: s
- target: $.paths['/trips'].get.parameters[0]
  remove: true
"""
    document, _ = overlaid(tmp_path, actions)

    def where(pointer: str) -> tuple[str, int, str]:
        origin = document.origin(pointer)
        return Path(origin.file).name, origin.line, origin.pointer

    get = "/paths/~1trips/get"
    assert where(f"{get}/summary") == ("overlay.yaml", 6, "/actions/0/update/summary")
    assert where(f"{get}/operationId") == ("api.yaml", 7, f"{get}/operationId")
    assert where(f"{get}/tags/0")[:2] == ("api.yaml", 8)
    assert where(f"{get}/tags/1") == ("overlay.yaml", 7, "/actions/0/update/tags/0")
    assert where(f"{get}/parameters/0")[:2] == ("api.yaml", 11)
    assert where(f"{get}/parameters/1/name") == ("overlay.yaml", 9, "/actions/0/update/parameters/0/name")
    assert where("/info/title")[:2] == ("api.yaml", 2)


def test_a_target_that_leads_to_nothing_is_a_warning(tmp_path: Path) -> None:
    document, warnings = overlaid(tmp_path, "- {target: $.paths.nowhere, update: {a: b}}")
    assert warnings == ["overlay.yaml:4: $.paths.nowhere leads to nothing"]
    assert document.data == parse(DOCUMENT, "api.yaml").data


WRONG = {
    "no JSONPath": (
        "- target: $.paths[\n  update: {}",
        "overlay.yaml:4: $.paths[ is not a JSONPath: ",
    ),
    "no target": ("- {update: {}}", "overlay.yaml:4: an action must have a `target`"),
    "an unknown member": ("- {target: $, updates: {}}", "overlay.yaml:4: an action has no `updates`"),
    "no boolean": ("- {target: $, remove: 'yes'}", "overlay.yaml:4: must be true or false"),
    "no action": ("- $.info", "overlay.yaml:4: an action must have a `target`"),
    "no path of a copy": ("- {target: $, copy: 7}", "overlay.yaml:4: must be a JSONPath"),
    "an extension beside an unknown member": (
        "- {target: $, x-note: 1, updates: {}}",
        "overlay.yaml:4: an action has no `updates`",
    ),
    "no object": ("- {target: $.info, update: 7}", "overlay.yaml:4: must be an object, as its target is one"),
    "everything": ("- {target: $, remove: true}", "overlay.yaml:3: the whole document cannot be removed"),
    "a copy of several": (
        "- {target: $, copy: $.paths.*.*}",
        "overlay.yaml:4: $.paths.*.* leads to 2 values",
    ),
}


@pytest.mark.parametrize(("actions", "expected"), WRONG.values(), ids=WRONG)
def test_an_action_that_cannot_be_used_is_an_error(tmp_path: Path, actions: str, expected: str) -> None:
    with pytest.raises(SpecError) as caught:
        overlaid(tmp_path, actions)
    assert str(caught.value).replace(f"{tmp_path}/", "").startswith(expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("openapi: 3.1.0", "is not an overlay"),
        ("overlay: 2.0.0\nactions: []", "there is no version 2.0.0 of overlays that is read"),
        ("overlay: 1.0.0\nactions: {}", "must have a list of `actions`"),
    ],
)
def test_what_is_no_overlay_is_an_error(tmp_path: Path, text: str, expected: str) -> None:
    path = tmp_path / "overlay.yaml"
    path.write_text(text)
    with pytest.raises(SpecError, match=expected):
        overlay.read(path)


def test_a_document_is_loaded_with_an_overlay_and_reports_its_lines(tmp_path: Path) -> None:
    path, changes = tmp_path / "api.yaml", tmp_path / "overlay.yaml"
    path.write_text(DOCUMENT)
    changes.write_text(
        "overlay: 1.0.0\nactions:\n  - target: $.paths['/trips'].get\n    update: {parameters: [7]}\n"
    )
    read = overlay.read(changes)
    loaded = load(path, revise=lambda document: overlay.applied(document, read)[0])
    problems = [
        (Path(loaded.document.where(each).file).name, each.pointer) for each in loaded.document.problems
    ]
    assert ("overlay.yaml", "/paths/~1trips/get/parameters/2") in problems
    assert load(path).document.problems != loaded.document.problems


def test_references_that_an_overlay_adds_are_followed(tmp_path: Path) -> None:
    path, changes, schemas = (tmp_path / name for name in ("api.yaml", "overlay.yaml", "schemas.yaml"))
    path.write_text(DOCUMENT)
    schemas.write_text("Trip: {type: object}\n")
    ref: Json = {"schema": {"$ref": "schemas.yaml#/Trip"}}
    changes.write_text(
        "overlay: 1.0.0\nactions:\n  - target: $.paths['/trips'].get.responses['200']\n"
        f"    update: {{content: {{application/json: {ref}}}}}\n"
    )
    read = overlay.read(changes)
    loaded = load(path, revise=lambda document: overlay.applied(document, read)[0])
    content = loaded.operations[0].responses[0].content
    assert content[0].schema is not None
    assert loaded.document.get(loaded.document.follow(content[0].schema)) == {"type": "object"}


def test_overlays_are_applied_one_after_the_other(tmp_path: Path) -> None:
    path, first, second = (tmp_path / name for name in ("api.yaml", "1.yaml", "2.yaml"))
    path.write_text(DOCUMENT)
    first.write_text("overlay: 1.0.0\nactions:\n  - {target: $.info, update: {summary: one}}\n")
    second.write_text(
        "overlay: 1.0.0\nactions:\n"
        "  - {target: $.info.summary, update: two}\n  - {target: $.webhooks, update: {}}\n"
    )
    revision = overlay.Revision([overlay.read(first), overlay.read(second)])
    assert load(path, revise=revision).document.get("/info/summary") == "two"
    assert revision.warnings == [f"{second}:4: $.webhooks leads to nothing"]


def test_without_a_library_for_json_paths_it_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "jsonpath_rfc9535", None)
    with pytest.raises(WirecheckError, match="overlays need jsonpath-rfc9535: pip install"):
        overlaid(tmp_path, "- {target: $.info, update: {a: b}}")
