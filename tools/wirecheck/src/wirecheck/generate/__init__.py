"""The typed client of a document: drives openapi-python-client, and rejects whatever it would lose."""

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
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wirecheck.generate import disk
from wirecheck.generate.disk import MARK
from wirecheck.generate.facade import Facade, path_template
from wirecheck.generate.facade.media import is_idempotency_key
from wirecheck.generate.files import (
    TEMPLATES,
    check_path_values,
    hide_from_repr,
    import_moments,
    render_files,
    use_httpx2,
    use_runtime_unset,
)
from wirecheck.generate.names import ambiguous_names, rename_conflicts
from wirecheck.generate.project import PROJECT_FILES, project_mark, render_project
from wirecheck.lint.blame import document_errors
from wirecheck.model import SpecError, WirecheckError
from wirecheck.redact import printable
from wirecheck.spec import Document, Kind, Operation, Spec, load, walk

if TYPE_CHECKING:
    from openapi_python_client import Project
    from openapi_python_client.parser import GeneratorData

__all__ = ["MARK", "PINS", "drift", "foreign_files", "generate"]

PINS = {"openapi-python-client": "0.29.1", "ruff": "0.17.5"}
"""Exact, as in pyproject.toml: another version of either writes other bytes."""

# The files are named one by one, so that ruff processes them even where a .gitignore or its own list of
# excluded folders ("build", "dist") would hide them; --isolated ignores the configuration around them.
_HOOKS = (
    "check --isolated --no-cache --fix-only --select F,I,UP --target-version py311",
    "format --isolated --no-cache --line-length 100 --target-version py311",
)

# literal_enums: a value is the plain string of the wire, so a value that is new in the document
#   renames nothing, and values that differ only by case or sign do not collide as member names.
# docstrings_on_attributes: an editor shows each description where the attribute is used.
# use_path_prefixes_for_title_model_names: two inline schemas with one title keep two names.
_SETTINGS: dict[str, Any] = {
    "literal_enums": True,
    "docstrings_on_attributes": True,
    "use_path_prefixes_for_title_model_names": True,
    "post_hooks": [],
}


def generate(spec: Path | Spec, output: Path, package: str, *, package_only: bool = False) -> list[str]:
    """Write the package ``output/package``, and beside it the pyproject.toml and README.md to publish it.

    Returns the paths below ``output``, sorted. An older client is replaced, all of it or nothing; for the
    two files beside it see ``foreign_files``. Raises SpecError, OutputError, or WirecheckError when the
    generator is not installed; then nothing below ``output`` has changed.
    """
    spec = _usable(spec)
    target = _target(spec, output, package)
    with disk.os_errors_as_output_errors(target):
        disk.require_own_package(target)
    files = _files(spec, output, package, package_only)
    with disk.os_errors_as_output_errors(target):
        disk.replace(output, files)
    return sorted(files)


def drift(spec: Path | Spec, output: Path, package: str, *, package_only: bool = False) -> list[str]:
    """How ``output`` differs from what would be generated, sorted."""
    spec = _usable(spec)
    target = _target(spec, output, package)
    files = _files(spec, output, package, package_only)
    with disk.os_errors_as_output_errors(target):
        return sorted(disk.differences(files, output, package))


def foreign_files(output: Path, package: str) -> list[str]:
    """The pyproject.toml and README.md that were not generated for this package.

    If there are any, ``generate`` and ``drift`` are about the package only.
    """
    with disk.os_errors_as_output_errors(output):
        return [name for name in PROJECT_FILES if not disk.has_own_mark(output / name, project_mark(package))]


def _usable(spec: Path | Spec) -> Spec:
    """The document; raises SpecError where something in it cannot be used, which a client would lack."""
    spec = spec if isinstance(spec, Spec) else load(spec)
    if problems := spec.document.problems:
        more = (
            f" (the first of {len(problems)} problems; `wirecheck lint` lists them)" if problems[1:] else ""
        )
        origin = spec.document.where(problems[0])
        raise SpecError(f"{origin.file}:{origin.line}", f"#{origin.pointer}: {problems[0].message}{more}")
    return spec


def _target(spec: Spec, output: Path, package: str) -> Path:
    if not package.isidentifier() or keyword.iskeyword(package):
        raise SpecError(spec.document.name, f"{package!r} is not a valid package name")
    return output / package


def _files(spec: Spec, output: Path, package: str, package_only: bool) -> dict[str, bytes]:
    files = _render(spec, package)
    if package_only or foreign_files(output, package):
        return {name: content for name, content in files.items() if name not in PROJECT_FILES}
    return files


def _render(source: Spec, package: str) -> dict[str, bytes]:
    """The content of every file, by its path below the output."""
    name = source.document.name
    ruff = _pinned_ruff(name)
    with tempfile.TemporaryDirectory(prefix="wirecheck-") as folder:
        root = Path(folder, package)  # ruff sorts imports by what it finds under this name
        facade = _build(source, _with_single_bodies(source.document), root, package)
        _format(name, ruff, root)
        files = {path.relative_to(folder).as_posix(): path for path in root.rglob("*") if path.is_file()}
        contents = {name: path.read_bytes() for name, path in files.items()}
    contents |= {f"{package}/py.typed": b"", f"{package}/GENERATED": _note(name)}
    with _facade_errors(source):
        return contents | render_project(source.document, facade, package)


def _note(name: str) -> bytes:
    tools = " and ".join(f"{name} {version}" for name, version in PINS.items())
    return f"{MARK}From {Path(name).name}, by {tools}.\n".encode(errors="backslashreplace")


def _rejection(where: str, reason: str) -> SpecError:
    """A SpecError of one printable line, whatever is quoted in it."""
    return SpecError(where, printable(textwrap.shorten(reason, 2000, placeholder=" ...")))


# The generator


def _pinned_ruff(where: str) -> str:
    """The path of ruff. Raises unless ruff and the generator are installed in the pinned versions."""
    try:
        import openapi_python_client
        from ruff import find_ruff_bin

        if find_spec("packaging") is None:
            raise ImportError("packaging")
        path: str = find_ruff_bin()
        process = subprocess.run([path, "--version"], capture_output=True, text=True, check=False)
    except (ImportError, OSError) as error:
        raise WirecheckError(
            "generate", "a part of the generator is missing: pip install 'wirecheck[generate]'"
        ) from error
    installed = {
        "openapi-python-client": openapi_python_client.__version__,
        "ruff": process.stdout.strip().removeprefix("ruff "),
    }
    for name, pinned in PINS.items():
        if installed[name] != pinned:
            raise _rejection(where, f"requires {name} {pinned}, but {installed[name]} is installed")
    return path


def _with_single_bodies(document: Document) -> dict[str, Any]:
    """The document with each schema once in a request body, under its first media type.

    For two media types with one schema the generator writes a function that sends both bodies. No header with
    an idempotency key is required.
    """
    copied = replace(document, data=copy.deepcopy(document.data))
    for node in walk(copied):
        if node.kind is Kind.REQUEST_BODY and node.ref is None:
            content: dict[str, Any] = {}
            for name, media_type in node.value.get("content", {}).items():
                if all(media_type.get("schema") != other.get("schema") for other in content.values()):
                    content[name] = media_type
            node.value["content"] = content
        if node.kind is Kind.PARAMETER and is_idempotency_key(node.value):
            node.value["required"] = False  # the client makes one up
    return copied.data | {"openapi": "3.1.1"}  # which also stands for the older and newer versions


def _build(source: Spec, document: dict[str, Any], root: Path, package: str) -> Facade:
    """Write the package to ``root``: what the generator writes, and the files of the facade.

    What the generator reports or raises becomes a SpecError.
    """
    from openapi_python_client.config import Config, ConfigFile, MetaType

    where = source.document.name
    config = Config.from_sources(
        ConfigFile(**_SETTINGS), MetaType.NONE, root, "utf-8", overwrite=False, output_path=root
    )
    try:
        with contextlib.redirect_stdout(io.StringIO()):  # it prints where it writes
            project, errors = _run_generator(document, config)
    except Exception as error:
        reason = f"the generator failed: {type(error).__name__}: {error}"
        raise _rejection(where, reason) from error
    if project is None or errors:
        first = f"{errors[0].header.rstrip(': ')}: {errors[0].detail}"
        count = f" (the first of {len(errors)} problems)" if errors[1:] else ""
        raise _rejection(where, f"the generator reports{count}: {first}")
    _reject_losses(where, source.operations, project.openapi)
    with _facade_errors(source):
        facade = Facade(source, project.openapi, package)
        files = render_files(facade, project.env)
        path_value_modules = list(facade.modules_with_path_values)
        secret_attributes = list(facade.secret_attributes)
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)
    _edit(root / "types.py", use_runtime_unset)
    for path in (root / "client.py", *(root / "api").rglob("*.py")):
        _edit(path, use_httpx2)
    for module in path_value_modules:
        _edit(root / "api" / module, check_path_values)
    for module, attribute in secret_attributes:
        _edit(root / "models" / f"{module}.py", partial(hide_from_repr, attribute=attribute))
    for folder, dots in (("api", "..."), ("models", "..")):
        for path in (root / folder).rglob("*.py"):
            _edit(path, partial(import_moments, dots=dots))
    _reject_ambiguous_names(where, root)
    return facade


@contextlib.contextmanager
def _facade_errors(source: Spec) -> Iterator[None]:
    """Errors of the facade as errors of the document: it relies on a valid one."""
    try:
        with document_errors(source):
            yield
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        reason = f"the client cannot be built: {type(error).__name__}: {error}"
        raise _rejection(source.document.name, reason) from error


def _run_generator(document: dict[str, Any], config: Any) -> "tuple[Project | None, list[Any]]":
    """The project that the generator wrote, None if it could not read the document; and its errors."""
    from openapi_python_client import Project
    from openapi_python_client.parser import GeneratorData
    from openapi_python_client.parser.errors import GeneratorError

    data = GeneratorData.from_dict(document, config=config)
    if isinstance(data, GeneratorError):
        return None, [data]
    rename_conflicts(data, config)
    project = Project(openapi=data, config=config, custom_template_path=TEMPLATES)
    _let_templates_extend_stock(project)
    return project, [*project.build()]


def _edit(path: Path, change: Callable[[str], str]) -> None:
    path.write_text(change(path.read_text("utf-8")), "utf-8")


def _let_templates_extend_stock(project: "Project") -> None:
    """Make the stock templates available as ``stock/...`` beside those that replace them."""
    from jinja2 import ChoiceLoader, PackageLoader, PrefixLoader

    stock = PrefixLoader({"stock": PackageLoader("openapi_python_client")})
    project.env.loader = ChoiceLoader([loader for loader in (project.env.loader, stock) if loader])


def _reject_losses(where: str, operations: Sequence[Operation], data: "GeneratorData") -> None:
    """Raise for what the generator drops without reporting it."""
    lines = ((_request_line(operation), operation.name) for operation in operations)
    for identifier, names in _duplicates(lines):
        raise _rejection(where, f"operationId {identifier!r} is not unique: {', '.join(names)}")
    generated = _generated(data)
    omitted = [line for line in map(_request_line, operations) if line not in generated]
    if omitted:
        raise _rejection(where, f"the generator omits {', '.join(omitted)}")
    if nulls := [name for name, type_ in _response_types(data) if type_ == "None"]:
        raise _rejection(
            where, f"the generator cannot represent a response that is only null: {', '.join(nulls)}"
        )
    classes = (model.class_info for model in (*data.models, *data.enums))
    for module, names in _duplicates((info.name, info.module_name) for info in classes):
        raise _rejection(where, f"{' and '.join(names)} would share the file models/{module}.py")


def _reject_ambiguous_names(where: str, root: Path) -> None:
    """Raise for a name with two meanings, such as a model that is called Page."""
    for path in sorted(root.rglob("*.py")):
        module = path.relative_to(root).as_posix()
        try:
            name = next(ambiguous_names(path.read_text("utf-8")), None)
        except SyntaxError as error:
            raise _rejection(where, f"{module} would not be valid Python: {error.msg}") from error
        if name:
            raise _rejection(where, f"{name} would have two meanings in {module}: choose another name")


def _request_line(operation: Operation) -> str:
    return f"{operation.method} {operation.template}"


def _generated(data: "GeneratorData") -> set[str]:
    """Method and path of each endpoint that has a file: of two with one file name, the later one has it."""
    files = {}
    for tag, collection in data.endpoint_collections_by_tag.items():
        for endpoint in collection.endpoints:
            files[tag, endpoint.name] = f"{endpoint.method.upper()} {path_template(endpoint)}"
    return set(files.values())


def _response_types(data: "GeneratorData") -> Iterator[tuple[str, str]]:
    for collection in data.endpoint_collections_by_tag.values():
        for endpoint in collection.endpoints:
            yield endpoint.name, endpoint.response_type().as_unembedded_code()


def _duplicates(pairs: Iterable[tuple[str, str]]) -> Iterator[tuple[str, list[str]]]:
    """Each key that is the second of more than one pair, with the first members of those pairs."""
    grouped = defaultdict(list)
    for name, key in pairs:
        grouped[key].append(name)
    return ((key, names) for key, names in grouped.items() if len(names) > 1)


def _format(where: str, ruff: str, root: Path) -> None:
    # RUFF_OUTPUT_FILE and the like, as CI services set them, are configuration, too.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("RUFF_")}
    files = sorted(path.relative_to(root).as_posix() for path in root.rglob("*.py"))
    for hook in _HOOKS:
        process = subprocess.run(
            [ruff, *hook.split(), *files],
            cwd=root,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        if process.returncode:
            reason = process.stderr or process.stdout
            raise _rejection(where, f"ruff rejects the generated code: {reason}")
