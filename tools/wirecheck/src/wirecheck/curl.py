"""Requests as commands for bash: pasteable, of the same bytes, with variables in place of credentials."""

import base64
import re
from collections.abc import Iterable, Sequence

_MARK = re.compile(r"(wirecheck~[^~]*~)")
_BASIC = re.compile(r"Basic (wirecheck~[^~]*~)")
_IN_FORMAT = {"\\": "\\\\", "%": "%%", "\n": "\\n", "\r": "\\r", "\t": "\\t", "'": "\\047"}
_IN_WORD = {"\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t", "'": "\\'"}
_IMPLIED = {
    *("host", "accept", "accept-encoding", "connection", "user-agent", "content-length"),
    "transfer-encoding",
}


def placeholder(name: str) -> str:
    """What stands for a value that a command takes from the shell; no encoding changes it."""
    return f"wirecheck~{name}~"


def variable(name: str) -> str:
    """The variable of the shell for a placeholder of a name."""
    return re.sub(r"\W", "_", name).upper()


def to_set(commands: Iterable[str]) -> Sequence[str]:
    """A line that says which variables commands use; none where they use none."""
    used = dict.fromkeys(name for line in commands for name in re.findall(r'"\$([A-Z_0-9]+)"', line))
    return [f"# set {', '.join(used)}"] if used else []


def unencoded(text: str, names: Iterable[str]) -> str:
    """A header of HTTP Basic with its placeholder decoded."""
    for mark in map(placeholder, names):
        text = text.replace(base64.b64encode(mark.encode()).decode(), mark)
    return text


def curl(method: str, url: str, headers: Iterable[tuple[bytes, bytes]], body: bytes) -> str:
    """A command, of one printable line, that sends a request; texts hold placeholders."""
    sent = [(name.decode("latin-1"), value) for name, value in headers]
    words = ["curl", *_options(method, url, body), _word(url.encode())]
    for name, value in sent:
        if name.lower() not in _IMPLIED:
            words += ["-H", _header(name, value)]
    if not body:
        return " ".join(words)
    if not any(name.lower() == "content-type" for name, _ in sent):
        words += ["-H", "Content-Type:"]  # or curl adds that of a form
    if _is_text(body) and not body.startswith(b"@"):
        return " ".join([*words, "--data-binary", _word(body)])
    return " ".join([_printf(body), "|", *words, "--data-binary", "@-"])


def _options(method: str, url: str, body: bytes) -> list[str]:
    options = ["--head"] if method == "HEAD" and not body else ["-X", _word(method.encode())]
    if re.search(r"[][{}]", url):
        options.append("--globoff")
    return [*options, "--path-as-is"] if "/." in url else options


def _header(name: str, value: bytes) -> str:
    """A header as an option of curl, which takes a name with a semicolon for an empty value."""
    if not value:
        return _word(f"{name};".encode("latin-1"))
    return _word(f"{name}: ".encode("latin-1") + value)


def _is_text(body: bytes) -> bool:
    try:
        return all(character.isprintable() or character == "\n" for character in body.decode())
    except UnicodeDecodeError:
        return False


def _pieces(content: bytes) -> list[str]:
    """Texts and placeholders by turns; bytes that are not UTF-8 are lone surrogates."""
    return _MARK.split(content.decode("utf-8", "surrogateescape"))


def _word(content: bytes) -> str:
    """A word of the shell."""
    text = content.decode("utf-8", "surrogateescape")
    before, basic, after = _BASIC.split(text) if len(_BASIC.findall(text)) == 1 else (text, "", "")
    if basic:
        coded = f'"$(printf %s "${variable(_name(basic))}" | base64 | tr -d \'\\n\')"'
        return f"{_joined(f'{before}Basic ')}{coded}{_joined(after) if after else ''}"
    return _joined(text)


def _joined(text: str) -> str:
    pieces = _MARK.split(text)
    quoted = (
        f'"${variable(_name(piece))}"' if _MARK.fullmatch(piece) else _quoted(piece)
        for piece in pieces
        if piece
    )
    return "".join(quoted) or "''"


def _name(mark: str) -> str:
    return mark.removeprefix("wirecheck~").removesuffix("~")


def _quoted(text: str) -> str:
    if text.isprintable():
        import shlex

        return shlex.quote(text)
    return f"$'{''.join(_IN_WORD.get(character) or _escaped(character, 'x{:02x}') for character in text)}'"


def _printf(content: bytes) -> str:
    """A command that writes bytes; placeholders are its arguments."""
    pieces = _pieces(content)
    marks = [f'"${variable(_name(piece))}"' for piece in pieces if _MARK.fullmatch(piece)]
    texts = ("%s" if _MARK.fullmatch(piece) else _format(piece) for piece in pieces)
    return " ".join(["printf --" if content.startswith(b"-") else "printf", f"'{''.join(texts)}'", *marks])


def _format(text: str) -> str:
    return "".join(_IN_FORMAT.get(character) or _escaped(character, "{:03o}") for character in text)


def _escaped(character: str, code: str) -> str:
    """A character as it is, or its bytes as escapes."""
    if character.isprintable():
        return character
    return "".join(f"\\{code.format(byte)}" for byte in character.encode("utf-8", "surrogateescape"))
