"""No repr of a generated model shows a password (format: password), wherever it stands."""

import importlib
import json
from pathlib import Path
from typing import Any

import pytest

from support.generating import described, operation
from wirecheck.generate import generate

PASSWORD = {"type": "string", "format": "password"}
REFERENCE = {"$ref": "#/components/schemas/Password"}

ACCOUNT: dict[str, Any] = {
    "allOf": [
        {"$ref": "#/components/schemas/Base"},
        {"type": "object", "properties": {"from_part": {"type": "array", "items": REFERENCE}}},
    ],
    "properties": {
        "plain": {"type": "string"},
        "direct": PASSWORD,
        "nullable": {"type": ["string", "null"], "format": "password"},
        "referenced": REFERENCE,
        "one_of": {"oneOf": [PASSWORD, {"type": "integer"}]},
        "all_of": {"allOf": [REFERENCE]},
        "beside_reference": {"$ref": "#/components/schemas/Text", "format": "password"},
        "lists": {
            "type": "array",
            "items": {"type": "array", "items": {"anyOf": [REFERENCE, {"type": "null"}]}},
        },
        "map": {"type": "object", "additionalProperties": PASSWORD},
        "object": {"type": "object", "properties": {"inner": PASSWORD, "shown": {"type": "string"}}},
        "object_or_text": {
            "oneOf": [{"type": "object", "properties": {"inner": PASSWORD}}, {"type": "string"}]
        },
        "objects": {"type": "array", "items": {"type": "object", "properties": {"inner": PASSWORD}}},
        "again": {"$ref": "#/components/schemas/Account"},
        "properties": {
            "type": "object",
            "properties": {"format": {"type": "string", "enum": ["password", "x"]}},
        },
    },
    "additionalProperties": {"type": "array", "items": PASSWORD},
}
SECRET = "xyzzy"
VALUE = {
    "plain": "visible",
    "inherited": SECRET,
    "from_part": [SECRET],
    "direct": SECRET,
    "nullable": SECRET,
    "referenced": SECRET,
    "one_of": SECRET,
    "all_of": SECRET,
    "beside_reference": SECRET,
    "lists": [[SECRET]],
    "map": {"a": SECRET},
    "object": {"inner": SECRET, "shown": "shown"},
    "object_or_text": {"inner": SECRET},
    "objects": [{"inner": SECRET}],
    "again": {"direct": SECRET},
    "properties": {"format": "password"},
    "unnamed": [SECRET],
}


def test_a_password_is_in_no_repr(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    schemas = {
        "Account": ACCOUNT,
        "Base": {"type": "object", "properties": {"inherited": PASSWORD}},
        "Password": PASSWORD,
        "Text": {"type": "string"},
    }
    document = described(operation("accounts.get", {"$ref": "#/components/schemas/Account"}), schemas=schemas)
    spec = tmp_path / "openapi.json"
    spec.write_text(json.dumps(document))
    generate(spec, tmp_path, "vaulted")
    monkeypatch.syspath_prepend(str(tmp_path))
    account = importlib.import_module("vaulted.models").Account.from_dict(VALUE)
    assert account.to_dict() == VALUE
    assert SECRET not in repr(account)
    assert "plain='visible'" in repr(account)
    assert "shown='shown'" in repr(account)
    assert "format='password'" in repr(account)
    assert account == type(account).from_dict(VALUE)
