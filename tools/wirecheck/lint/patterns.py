"""Which regular expressions every engine reads alike.

The portable subset is built of literal characters, classes of literal characters of the
basic multilingual plane, ``[\\s\\S]``, groups, alternatives and counts. Within it Python's
re, Rust's regex, ECMAScript and RE2 agree.
"""

import re

_TOKEN = re.compile(
    r"""
    (?P<any>\[\\s\\S\]|\[\\S\\s\])
  | (?P<class>\[\^?(?:\\.|[^\]\\])+\])
  | (?P<group>\((?:\?:)?(?!\?))
  | (?P<special>\(\?.)
  | (?P<close>\))
  | (?P<count>(?:[*+?]|\{[0-9]+(?:,[0-9]*)?\})\??)
  | (?P<start>\^)
  | (?P<end>\$)
  | (?P<or>\|)
  | (?P<dot>\.)
  | (?P<escape>\\.)
  | (?P<literal>[^\\\[\](){}*+?^$.|])
  | (?P<stray>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_SAFE_ESCAPES = set(r"\/.^$*+?()[]{}|-") | set("tnr")


def unportable(pattern: str) -> str | None:
    """Why engines may disagree on a pattern; None for one of the portable subset."""
    try:
        re.compile(pattern)
    except re.error as error:
        return f"is no regular expression: {error.msg}"
    if any(ord(character) > 0xFFFF for character in pattern):
        return "has a character beyond U+FFFF, which ECMAScript may read as two"
    previous = before = ""
    for match in _TOKEN.finditer(pattern):
        text = match[0]
        if reason := _reason(match.lastgroup or "", text, before, previous):
            return reason
        before, previous = previous, text
    return None


def _reason(kind: str, text: str, before: str, previous: str) -> str | None:
    match kind:
        case "class":
            return _class_reason(text)
        case "special":
            return f"uses {text}…, which not every engine has"
        case "escape" if text[1] not in _SAFE_ESCAPES:
            return f"uses {text}, which engines read differently"
        case "dot":
            return "uses a dot, which engines read differently at line ends; [\\s\\S] is any character"
        case "end" if not (
            previous in ("*", "+") and before.startswith("[^") and "\\n" not in before and "\n" not in before
        ):
            return "uses $, which in Python also matches before a final line feed"
        case "stray":
            return f"has an unescaped {text}"
        case _:
            return None


def _class_reason(text: str) -> str | None:
    inner = text[1:-1].removeprefix("^")
    for escape in re.findall(r"\\(.)", inner, re.DOTALL):
        if escape not in _SAFE_ESCAPES:
            return f"uses \\{escape} in a class, which engines read differently"
    bare = re.sub(r"\\.", "", inner, flags=re.DOTALL)
    if "[" in bare:
        return "has an unescaped [ in a class, which some engines read as a class of its own"
    if any(operator in bare for operator in ("&&", "--", "~~", "||")):
        return "has a doubled sign in a class, which some engines read as an operator"
    return None
