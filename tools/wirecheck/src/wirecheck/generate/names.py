"""Names in Python for those of the document: distinct, valid, and as close to them as they can be."""

import ast
import builtins
import keyword
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

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

    return _distinct(keys, name, {*reserved}, separator="")


def resource_names(paths: Iterable[str]) -> Mapping[str, str]:
    """What the class of each resource is called before the word Resource."""
    return _distinct(paths, class_name, set(), separator="")


def attribute_names(names: Iterable[str], *, keeps_builtins: bool) -> Mapping[str, str]:
    """The attribute of a model for each member; ``keeps_builtins`` avoids only what annotations contain."""
    in_annotations = TYPE_NAMES - {"object", "property"}
    avoided = in_annotations if keeps_builtins else {*dir(builtins), "self", "datetime"} - {"id"}
    return _distinct(names, lambda name: snake_name(name, avoided), {*MODEL_NAMES}, separator="_")


def argument_names(names: Iterable[str], taken: Collection[str]) -> Mapping[str, str]:
    """The argument of a method for each key."""
    return _distinct(names, lambda name: snake_name(name, {"self", *taken}), set(), separator="_")


def class_name(text: str) -> str:
    """In PascalCase: ``Ws-Input`` gives WsInput."""
    from openapi_python_client.strings import ClassName

    return str(ClassName(_spelled(text), "Model"))


def snake_name(text: str, avoided: Collection[str] = ()) -> str:
    """In snake_case, with an underscore behind keywords and names to avoid: ``from`` gives from_."""
    from openapi_python_client.strings import snake_case

    snake = snake_case(_spelled(text))
    if not snake.isidentifier():
        snake = f"field_{snake}".rstrip("_")
    return f"{snake}_" if keyword.iskeyword(snake) or snake in avoided else snake


def _spelled(text: str) -> str:
    """A text with its signs in letters, if there is little else: GitHub counts ``+1`` and ``-1``."""
    if text.strip("+-").isdecimal():
        return text.replace("+", "plus ").replace("-", "minus ")
    return text


def _distinct(
    keys: Iterable[str], name: Callable[[str], str], used: set[str], *, separator: str
) -> Mapping[str, str]:
    """A name for each key; those that are exactly their key come first, so that others step aside."""
    names: dict[str, str] = {}
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
    compile(module, "", "exec", dont_inherit=True)  # reports duplicate arguments
    tree = ast.parse(module)
    classes = (node for node in ast.walk(tree) if isinstance(node, ast.ClassDef))
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
