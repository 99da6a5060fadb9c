"""All doors by name."""

from collections.abc import Iterator

from fuzz_inputs import documents, files, servers, texts, traffic
from fuzz_inputs.harness import Door


def doors() -> dict[str, Door]:
    """The doors, ready to take inputs."""
    return {door.name: door for door in _all()}


def _all() -> Iterator[Door]:
    for module in (documents, traffic, files, servers, texts):
        yield from module.doors()
