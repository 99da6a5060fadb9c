"""Placeholder until merged."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from wirecheck.generate.facade.code import identifier
from wirecheck.spec import Spec


class MethodName(NamedTuple):
    resource: tuple[str, ...]
    method: str


def method_names(spec: Spec, settings: Any = None) -> Mapping[str, MethodName]:
    names = {}
    for op in spec.operations:
        v = spec.document.get(op.pointer)
        if "x-resource" in v:
            r, m = v["x-resource"].split(".")
            names[op.pointer] = MethodName((r,), m)
        else:
            tags = v.get("tags")
            names[op.pointer] = MethodName((identifier(tags[0]),) if tags else (), identifier(op.name))
    return names
