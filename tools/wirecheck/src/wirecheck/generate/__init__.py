"""The typed client of a document: drives openapi-python-client, refuses whatever it would lose."""

import contextlib
import copy
import io
import keyword
import os
import subprocess
import tempfile
import textwrap
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wirecheck.generate.disk import MARK, differences, put, refuse_foreign, trouble_as_output_error
from wirecheck.generate.facade import Facade
from wirecheck.generate.files import TEMPLATES, files, hide, settle
from wirecheck.generate.names import doubles, give_way
from wirecheck.model import SpecError, WirecheckError
from wirecheck.redact import printable
from wirecheck.spec import Document, Kind, Operation, Spec, load, walk

if TYPE_CHECKING:
    from openapi_python_client import Project
    from openapi_python_client.parser import GeneratorData

__all__ = ["MARK", "PINS", "drift", "generate"]

PINS = {"openapi-python-client": "0.29.1", "ruff": "0.17.5"}
"""Exact, as in pyproject.toml: another version of either writes other bytes."""

# Each by its file names, which ruff takes even where a .gitignore or its own list of excluded
# folders ("build", "dist") would hide them; and without any configuration from around the folder.
_HOOKS = (
    "check --isolated --no-cache --fix-only --select F,I,UP --target-version py311",
    "format --isolated --no-cache --line-length 100 --target-version py311",
)

# literal_enums: a value is the plain string of the wire, so a value that is new in the document
#   renames nothing, and values that differ only by case or sign do not collide as member names.
# docstrings_on_attributes: an editor shows each description where the attribute is used.
# use_path_prefixes_for_title_model_names: two inline schemas of one title keep two names.
_SETTINGS: dict[str, Any] = {
    "literal_enums": True,
    "docstrings_on_attributes": True,
    "use_path_prefixes_for_title_model_names": True,
    "post_hooks": [],
}


def generate(spec: Path, output: Path, package: str) -> list[str]:
    """Write the client to the folder ``output/package``; give the paths below ``output``, sorted.

    An older client there is replaced whole. Raises SpecError, OutputError, or WirecheckError
    when the generator is not installed; then nothing under ``output`` has changed.
    """
    target = _target(spec, output, package)
    with trouble_as_output_error(target):
        refuse_foreign(target)
    files = _render(spec, package)
    with trouble_as_output_error(target):
        put(target, files)
    return sorted(f"{package}/{name}" for name in files)


def drift(spec: Path, output: Path, package: str) -> list[str]:
    """What differs between the folder ``output/package`` and what the document gives, sorted."""
    target = _target(spec, output, package)
    files = _render(spec, package)
    with trouble_as_output_error(target):
        return sorted(f"{package}/{what}" for what in differences(files, target))


def _target(spec: Path, output: Path, package: str) -> Path:
    if not package.isidentifier() or keyword.iskeyword(package):
        raise SpecError(str(spec), f"{package!r} cannot be the name of a package")
    return output / package


def _render(spec: Path, package: str) -> dict[str, bytes]:
    """Every file of the package: its path below the package's folder, and its content."""
    ruff = _pinned_ruff(str(spec))
    source = load(spec)
    with tempfile.TemporaryDirectory(prefix="wirecheck-") as folder:
        root = Path(folder, package)  # ruff sorts imports by what it finds under this name
        _build(source, _with_single_bodies(source.document), root, package)
        _tidy(str(spec), ruff, root)
        made = {
            path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()
        }
    return made | {"py.typed": b"", "GENERATED": _note(spec)}


def _note(spec: Path) -> bytes:
    tools = " and ".join(f"{name} {version}" for name, version in PINS.items())
    return f"{MARK}From {spec.name}, by {tools}.\n".encode(errors="backslashreplace")


def _refusal(where: str, what: str) -> SpecError:
    """A SpecError of one printable line, whatever is quoted in it."""
    return SpecError(where, printable(textwrap.shorten(what, 2000, placeholder=" ...")))


# The generator


def _pinned_ruff(where: str) -> str:
    """The path of ruff, once it and the generator are known to be the pinned ones."""
    try:
        import openapi_python_client
        from ruff import find_ruff_bin

        path: str = find_ruff_bin()
        answer = subprocess.run([path, "--version"], capture_output=True, text=True, check=False)
    except (ImportError, OSError) as error:
        raise WirecheckError(
            "openapi-python-client",
            "is not installed, or ruff is not: pip install 'wirecheck[generate]'",
        ) from error
    found = {
        "openapi-python-client": openapi_python_client.__version__,
        "ruff": answer.stdout.strip().removeprefix("ruff "),
    }
    for name, pinned in PINS.items():
        if found[name] != pinned:
            raise _refusal(where, f"needs {name} {pinned}, but {found[name]} is installed")
    return path


def _with_single_bodies(document: Document) -> dict[str, Any]:
    """The document with each schema once in a request body, under its first media type.

    For two media types of one schema the generator writes a function that sends both bodies.
    """
    copied = replace(document, data=copy.deepcopy(document.data))
    for node in walk(copied):
        if node.kind is Kind.REQUEST_BODY and node.ref is None:
            content: dict[str, Any] = {}
            for name, media_type in node.value.get("content", {}).items():
                if all(media_type.get("schema") != kept.get("schema") for kept in content.values()):
                    content[name] = media_type
            node.value["content"] = content
    return copied.data


def _build(source: Spec, document: dict[str, Any], root: Path, package: str) -> None:
    """Let the generator write to ``root``, and add to it; what it reports or raises is a SpecError."""
    from openapi_python_client import Project
    from openapi_python_client.config import Config, ConfigFile, MetaType
    from openapi_python_client.parser import GeneratorData
    from openapi_python_client.parser.errors import GeneratorError

    where = source.document.name
    config = Config.from_sources(
        ConfigFile(**_SETTINGS), MetaType.NONE, root, "utf-8", overwrite=False, output_path=root
    )
    errors: list[GeneratorError] = []
    try:
        with contextlib.redirect_stdout(io.StringIO()):  # it prints where it writes
            data = GeneratorData.from_dict(document, config=config)
            if isinstance(data, GeneratorError):
                errors.append(data)
            else:
                give_way(data, config)
                project = Project(openapi=data, config=config, custom_template_path=TEMPLATES)
                _let_templates_extend_stock(project)
                errors.extend(project.build())
    except Exception as error:
        what = f"the generator fails: {type(error).__name__}: {error}"
        raise _refusal(where, what) from error
    if isinstance(data, GeneratorError) or errors:
        first = f"{errors[0].header.rstrip(': ')}: {errors[0].detail}"
        count = f" (the first of {len(errors)} problems)" if errors[1:] else ""
        raise _refusal(where, f"the generator reports{count}: {first}")
    _refuse_losses(where, source.operations, data)
    facade = Facade(source, data, package)
    for name, content in files(facade, project.env).items():
        path = root / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)
    _edit(root / "types.py", settle)
    for module, attribute in facade.hidden:
        _edit(root / "models" / f"{module}.py", partial(hide, attribute=attribute))
    _refuse_doubles(where, root)


def _edit(path: Path, change: Callable[[str], str]) -> None:
    path.write_text(change(path.read_text("utf-8")), "utf-8")


def _let_templates_extend_stock(project: "Project") -> None:
    """Make the stock templates known as ``stock/...`` beside those of ours that take their place."""
    from jinja2 import ChoiceLoader, PackageLoader, PrefixLoader

    stock = PrefixLoader({"stock": PackageLoader("openapi_python_client")})
    project.env.loader = ChoiceLoader([loader for loader in (project.env.loader, stock) if loader])


def _refuse_losses(where: str, operations: Sequence[Operation], data: "GeneratorData") -> None:
    """Find what the generator drops without a word."""
    for identifier, names in _clashes((_request_line(one), one.name) for one in operations):
        raise _refusal(where, f"operationId {identifier!r} is not unique: {', '.join(names)}")
    kept = _generated(data)
    lost = [line for line in map(_request_line, operations) if line not in kept]
    if lost:
        raise _refusal(where, f"the generator loses {', '.join(lost)}")
    if nulls := [name for name, type_ in _answer_types(data) if type_ == "None"]:
        raise _refusal(where, f"the generator cannot carry that null is the answer of {', '.join(nulls)}")
    classes = (each.class_info for each in (*data.models, *data.enums))
    for module, names in _clashes((each.name, each.module_name) for each in classes):
        raise _refusal(where, f"{' and '.join(names)} would share the file models/{module}.py")


def _refuse_doubles(where: str, root: Path) -> None:
    """Find names that would mean two things, as Page, where a model has the name of ours."""
    for path in sorted(root.rglob("*.py")):
        name = path.relative_to(root).as_posix()
        try:
            found = next(doubles(path.read_text("utf-8")), None)
        except SyntaxError as error:
            raise _refusal(where, f"{name} would be no Python: {error.msg}") from error
        if found:
            raise _refusal(where, f"{found} would mean two things in {name}: choose another name")


def _request_line(operation: Operation) -> str:
    return f"{operation.method} {operation.template}"


def _generated(data: "GeneratorData") -> set[str]:
    """Method and path of each endpoint that has a file: the later of two names takes the file."""
    files = {}
    for tag, collection in data.endpoint_collections_by_tag.items():
        for endpoint in collection.endpoints:
            path = endpoint.path.get_untrusted_value()
            for parameter in endpoint.path_parameters:
                name = parameter.name.get_untrusted_value()
                path = path.replace(f"{{{parameter.python_name}}}", f"{{{name}}}")
            files[tag, endpoint.name] = f"{endpoint.method.upper()} {path}"
    return set(files.values())


def _answer_types(data: "GeneratorData") -> Iterator[tuple[str, str]]:
    for collection in data.endpoint_collections_by_tag.values():
        for endpoint in collection.endpoints:
            yield endpoint.name, endpoint.response_type().as_unembedded_code()


def _clashes(pairs: Iterable[tuple[str, str]]) -> Iterator[tuple[str, list[str]]]:
    """Each string that comes as the second of more than one pair, and the firsts of those."""
    grouped = defaultdict(list)
    for name, key in pairs:
        grouped[key].append(name)
    return ((key, names) for key, names in grouped.items() if len(names) > 1)


def _tidy(where: str, ruff: str, root: Path) -> None:
    # RUFF_OUTPUT_FILE and its like, as a CI sets them, are configuration too.
    settled = {name: value for name, value in os.environ.items() if not name.startswith("RUFF_")}
    files = sorted(path.relative_to(root).as_posix() for path in root.rglob("*.py"))
    for hook in _HOOKS:
        answer = subprocess.run(
            [ruff, *hook.split(), *files],
            cwd=root,
            env=settled,
            capture_output=True,
            text=True,
            check=False,
        )
        if answer.returncode:
            why = answer.stderr or answer.stdout
            raise _refusal(where, f"ruff refuses the generated code: {why}")
