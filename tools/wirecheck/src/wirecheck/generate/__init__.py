"""The typed client of a document: drives openapi-python-client, and rejects whatever it would lose."""

import contextlib
import keyword
import os
import re
import subprocess
import tempfile
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wirecheck.blame import document_errors
from wirecheck.escapes import printable
from wirecheck.generate import disk
from wirecheck.generate.disk import MARK
from wirecheck.generate.facade import Facade
from wirecheck.generate.files import TEMPLATES, exception_tree, render_files
from wirecheck.generate.losses import MissingOperationsError
from wirecheck.generate.names import ambiguous_names
from wirecheck.generate.project import PROJECT_FILES, project_mark, render_project
from wirecheck.generate.settings import Settings
from wirecheck.generate.settings import load as load_settings
from wirecheck.model import SpecError, WirecheckError
from wirecheck.spec import Spec, load
from wirecheck.spec.losses import Loss, document_losses, without_missing

if TYPE_CHECKING:
    from openapi_python_client import Project

__all__ = [
    "MARK",
    "PINS",
    "Client",
    "MissingOperationsError",
    "build",
    "drift",
    "foreign_files",
    "generate",
]

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


@dataclass(frozen=True, slots=True)
class Client:
    """A client that is not written yet: the content of each file, and what it lacks of the document."""

    contents: Mapping[str, bytes]
    missing: Sequence[Loss]
    partial: Sequence[Loss]
    pages: Sequence[str]  # by which evidence each list is walked
    warnings: Sequence[str]  # settings that mean nothing here


def build(spec: Path | Spec, package: str, settings: Path | None = None) -> Client:
    """The client of a document, with the settings of a file.

    Raises SpecError, also for the file, or WirecheckError when the generator is not installed.
    """
    source = spec if isinstance(spec, Spec) else load(spec)
    if not package.isidentifier() or keyword.iskeyword(package):
        raise SpecError(source.document.name, f"{package!r} is not a valid package name")
    return _render(source, package, load_settings(settings, source))


def generate(
    spec: Path | Spec | Client,
    output: Path,
    package: str,
    *,
    package_only: bool = False,
    allow_missing: bool = False,
) -> list[str]:
    """Write the package ``output/package``, and beside it what is needed to publish it.

    Returns the paths below ``output``, sorted. An older client is replaced, all of it or nothing; for the
    files beside it see ``foreign_files``. Raises SpecError, OutputError, or WirecheckError when the
    generator is not installed; then nothing below ``output`` has changed. An operation that cannot be
    generated is an error unless it is allowed to be missing.
    """
    target = output / package
    with disk.os_errors_as_output_errors(target):
        disk.require_own_package(target)
    files = _files(spec, output, package, package_only=package_only, allow_missing=allow_missing)
    with disk.os_errors_as_output_errors(target):
        disk.replace(output, files)
    return sorted(files)


def drift(
    spec: Path | Spec | Client,
    output: Path,
    package: str,
    *,
    package_only: bool = False,
    allow_missing: bool = False,
) -> list[str]:
    """How ``output`` differs from what would be generated, sorted."""
    files = _files(spec, output, package, package_only=package_only, allow_missing=allow_missing)
    with disk.os_errors_as_output_errors(output / package):
        return sorted(disk.differences(files, output, package))


def foreign_files(output: Path, package: str) -> list[str]:
    """The pyproject.toml, README.md and api.md that were not generated for this package.

    If there are any, ``generate`` and ``drift`` are about the package only.
    """
    with disk.os_errors_as_output_errors(output):
        return [name for name in PROJECT_FILES if not disk.has_own_mark(output / name, project_mark(package))]


def _files(
    spec: Path | Spec | Client, output: Path, package: str, *, package_only: bool, allow_missing: bool
) -> dict[str, bytes]:
    client = spec if isinstance(spec, Client) else build(spec, package)
    if client.missing and not allow_missing:
        raise MissingOperationsError(client.missing)
    if package_only or foreign_files(output, package):
        return {name: content for name, content in client.contents.items() if name not in PROJECT_FILES}
    return dict(client.contents)


def _render(source: Spec, package: str, settings: Settings) -> Client:
    name = source.document.name
    ruff = _pinned_ruff(name)
    missing, partial = document_losses(source.document, source.operations)
    facade = _facade(source, package, settings, missing)
    contents = _formatted(name, ruff, package, _rendered(facade, source))
    contents |= {f"{package}/py.typed": b"", f"{package}/GENERATED": _note(name)}
    with _facade_errors(source):
        models = contents[f"{package}/models.py"].decode()
        contents |= render_project(source.document, facade, package, models)
    return Client(contents, [*missing, *facade.losses], partial, facade.pages, settings.warnings)


def unformatted(spec: Spec, package: str) -> Mapping[str, bytes]:
    """The modules of a client, by path below the package, before they are formatted. Raises SpecError."""
    missing, _ = document_losses(spec.document, spec.operations)
    settings = load_settings(None, spec)
    return _rendered(_facade(spec, package, settings, missing), spec)


def _facade(source: Spec, package: str, settings: Settings, missing: Sequence[Loss]) -> Facade:
    with _facade_errors(source):
        operations = without_missing(source.operations, missing)
        return Facade(source, package, operations, settings, exceptions=_exceptions(package))


def _formatted(name: str, ruff: str, package: str, files: Mapping[str, bytes]) -> dict[str, bytes]:
    """The content of every file, by its path below the output."""
    with (
        disk.os_errors_as_output_errors(Path(tempfile.gettempdir())),
        tempfile.TemporaryDirectory(prefix="wirecheck-") as folder,
    ):
        root = Path(folder, package)  # ruff sorts imports by what it finds under this name
        for path, content in files.items():
            target = root / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
        _format(name, ruff, root)
        paths = {path.relative_to(folder).as_posix(): path for path in root.rglob("*") if path.is_file()}
        return {name: path.read_bytes() for name, path in paths.items()}


def _exceptions(package: str) -> Sequence[str]:
    return re.findall(r"\w+Error\b", exception_tree(package))


def _note(name: str) -> bytes:
    tools = " and ".join(f"{name} {version}" for name, version in PINS.items())
    return f"{MARK}From {printable(Path(name).name)}, by {tools}.\n".encode()


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


def _rendered(facade: Facade, source: Spec) -> dict[str, bytes]:
    """The files of a client, rendered in the environment of the generator; not formatted yet.

    What the generator reports or raises becomes a SpecError.
    """
    from openapi_python_client.config import Config, ConfigFile, MetaType
    from openapi_python_client.strings import ClassName

    where = source.document.name
    with _facade_errors(source):
        document, classes = facade.prepared, {model.name: model for model in facade.models}
    config = Config.from_sources(
        ConfigFile(**_SETTINGS), MetaType.NONE, Path("client"), "utf-8", overwrite=False, output_path=None
    )
    try:
        project, errors = _run_generator(document, config)
    except Exception as error:
        reason = f"the generator failed: {type(error).__name__}: {error}"
        raise _rejection(where, reason) from error
    if project is None or errors:
        first = f"{errors[0].header.rstrip(': ')}: {errors[0].detail}"
        count = f" (the first of {len(errors)} problems)" if errors[1:] else ""
        raise _rejection(where, f"the generator reports{count}: {first}")
    generated = {str(each.class_info.name) for each in (*project.openapi.models, *project.openapi.enums)}
    expected = [name for name, each in classes.items() if each.type is None]
    if lost := sorted(name for name in expected if str(ClassName(name, "Model")) not in generated):
        raise _rejection(where, f"the generator loses {', '.join(lost)}")
    with _facade_errors(source):
        files = render_files(facade, project.env, list(classes.values()))
    _reject_ambiguous_names(where, files)
    return files


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
    """The project of a document, None if the generator cannot read it; and its errors."""
    from openapi_python_client import Project
    from openapi_python_client.parser import GeneratorData
    from openapi_python_client.parser.errors import GeneratorError

    data = GeneratorData.from_dict(document, config=config)
    if isinstance(data, GeneratorError):
        return None, [data]
    return Project(openapi=data, config=config, custom_template_path=TEMPLATES), data.errors


def _reject_ambiguous_names(where: str, files: Mapping[str, bytes]) -> None:
    """Raise for a name with two meanings, such as a model that is called Page."""
    for module, content in sorted(files.items()):
        if not module.endswith(".py") or module.startswith("_runtime/"):  # the same in every client
            continue
        try:
            name = next(ambiguous_names(content.decode()), None)
        except SyntaxError as error:
            raise _rejection(where, f"{module} would not be valid Python: {error.msg}") from error
        if name:
            raise _rejection(where, f"{name} would have two meanings in {module}: choose another name")


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
