"""Names in Python for those of the document: distinct, valid, and as close to them as they can be."""

import ast
import builtins
import keyword
import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

_LONGEST_NAME = 120  # characters
MODULE_NAMES = frozenset(
    (
        *("Annotated", "Any", "Generic", "Literal", "NamedTuple", "NoReturn", "NotRequired", "Protocol"),
        *("Required", "Self", "TYPE_CHECKING", "TypeVar", "TypedDict", "Unpack", "T", "E", "UUID"),
        *("AbstractAsyncContextManager", "AbstractContextManager", "AsyncGenerator", "AsyncIterator"),
        *("Awaitable", "Callable", "Generator", "Iterable", "Iterator", "Mapping", "Sequence"),
        *("Additions", "Attempts", "Call", "Endpoint", "ExtraOptions", "ListCall", "Options"),
        *("AsyncHTTPClient", "AsyncHTTPTransport", "RequestOptions"),
        *("Retries", "Server", "Trail", "Vault", "DEFAULT_TIMEOUT", "FAILURES", "SERVICE", "UNSET", "Unset"),
        *("HTTPClient", "HTTPTransport", "RawResponse", "ResponseInfo", "ResponseReader", "SuccessResponse"),
        *("AsyncPage", "AsyncPaginator", "AsyncStream", "AsyncStreamingResponse", "Page", "Stream"),
        *("StreamingResponse", "Discriminator", "FileContent", "FileTypes", "Model"),
        *("File", "datetime", "date"),
    )
)
"""What the modules of a client import or define themselves."""

MODEL_NAMES = frozenset(
    {"additional_keys", "additional_properties", "fields_set", "from_dict", "to_dict", "to_json"}
)
"""The public attributes of every model."""

TYPE_NAMES = frozenset(
    {"bool", "bytes", "datetime", "dict", "float", "int", "list", "object", "property", "str"}
)
"""Names of builtins in annotations, which no attribute in the same class may have."""


def class_names(keys: Iterable[str], taken: Collection[str]) -> Mapping[str, str]:
    """A class name for each key: ``PageModel`` for a Page, which every client has."""
    reserved = {*taken, *MODULE_NAMES, *dir(builtins), *keyword.kwlist}

    def name(key: str) -> str:
        return f"{class_name(key)}Model" if class_name(key) in reserved else class_name(key)

    return distinct_names(keys, name, reserved, separator="")


def resource_names(paths: Iterable[str]) -> Mapping[str, str]:
    """What the class of each resource is called before the word Resource."""
    return distinct_names(paths, class_name, (), separator="")


def attribute_names(names: Iterable[str], *, keeps_builtins: bool) -> Mapping[str, str]:
    """The attribute of a model for each member; ``keeps_builtins`` avoids only what annotations contain."""
    in_annotations = TYPE_NAMES - {"object", "property"}
    avoided = in_annotations if keeps_builtins else {*dir(builtins), "self", "datetime"} - {"id"}
    return distinct_names(names, lambda name: snake_name(name, avoided), MODEL_NAMES)


def argument_names(names: Iterable[str], taken: Collection[str]) -> Mapping[str, str]:
    """The argument of a method for each key."""
    return distinct_names(names, lambda name: snake_name(name, {"self", *taken}), ())


def class_name(text: str) -> str:
    """In PascalCase: ``Ws-Input`` gives WsInput. The class name of a class name is the same."""
    from openapi_python_client.strings import ClassName

    if not (spelled := _spelled(text)).isascii():  # whose words the generator tears apart: GrÖßE
        joined = "".join(word[:1].upper() + word[1:] for word in re.split(r"[\W_]+", spelled))
        joined = unicodedata.normalize("NFKC", joined)
        return joined if joined.isidentifier() else f"Model{joined}"
    name, before = str(ClassName(spelled, "Model")), ""
    while name != before:  # "plan 2fast" gives Plan2fast, which gives Plan2Fast
        name, before = str(ClassName(unicodedata.normalize("NFKC", name), "Model")), name
    return name


def snake_name(text: str, avoided: Collection[str] = ()) -> str:
    """In snake_case, with an underscore behind keywords and names to avoid: ``from`` gives from_."""
    from openapi_python_client.strings import snake_case

    snake = unicodedata.normalize("NFKC", snake_case(_spelled(text)))
    if not snake.isidentifier():
        snake = f"field_{snake}".rstrip("_")
    return f"{snake}_" if keyword.iskeyword(snake) or snake in avoided else snake


def is_member_name(name: str) -> bool:
    """Whether a class may have a member of just this name: Python mangles and composes some."""
    is_plain = name.isidentifier() and not keyword.iskeyword(name) and not name.startswith("__")
    return is_plain and unicodedata.normalize("NFKC", name) == name


def _spelled(text: str) -> str:
    """A text as Python reads it in a name; with its signs in letters, if there is little else.

    Python takes names for the same that NFKC makes equal. GitHub counts ``+1`` and ``-1``.
    """
    text = unicodedata.normalize("NFKC", text[:_LONGEST_NAME])
    if text.strip("+-").isdecimal():
        return text.replace("+", "plus ").replace("-", "minus ")
    return text


def distinct_names(
    keys: Iterable[str], name: Callable[[str], str], taken: Collection[str], *, separator: str = "_"
) -> Mapping[str, str]:
    """A name for each key; those that are exactly their key come first, so that others step aside."""
    names: dict[str, str] = {}
    used = {*taken}
    keys = list(dict.fromkeys(keys))
    for key in sorted(keys, key=lambda key: name(key) != key):
        candidate, number = name(key), 2
        while candidate in used:
            candidate, number = f"{name(key)}{separator}{number}", number + 1
        used.add(candidate)
        names[key] = candidate
    return {key: names[key] for key in keys}


def ambiguous_names(module: str) -> Iterator[str]:
    """The names that a module, or a class in it, binds to two things. Raises SyntaxError."""
    tree = ast.parse(module)
    compile(tree, "", "exec", dont_inherit=True)  # reports duplicate arguments
    classes = (statement for statement in tree.body if isinstance(statement, ast.ClassDef))
    for body in (tree.body, *(node.body for node in classes)):
        meanings: dict[str, str] = {}
        for name, meaning in bindings(body):
            if meanings.setdefault(name, meaning) != meaning:
                yield name


def bindings(body: Iterable[ast.stmt]) -> Iterator[tuple[str, str]]:
    """Each name that statements bind, and what it then means."""
    for statement in body:
        match statement:
            case ast.If():
                yield from bindings([*statement.body, *statement.orelse])
            case ast.Import(names=aliases):
                yield from ((alias.asname or alias.name, alias.name) for alias in aliases)
            case ast.ImportFrom(module=module, level=level, names=aliases):
                for alias in aliases:
                    yield alias.asname or alias.name, f"{level} {module} {alias.name}"
            case ast.ClassDef(name=name) | ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                yield name, str(statement.lineno)
            case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
                yield name, str(statement.lineno)
