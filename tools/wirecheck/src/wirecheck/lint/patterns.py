"""Which regular expressions every engine reads alike.

The portable subset is built of literal characters, classes of literal characters of the
basic multilingual plane, ``[\\s\\S]``, groups, alternatives and counts. Within it Python's
re, Rust's regex, ECMAScript and RE2 agree.
"""

import re
import warnings

_TOKEN = re.compile(
    r"""
    (?P<any>\[\\s\\S\]|\[\\S\\s\])
  | (?P<class>\[(?!\^\])\^?(?:\\.|[^\]\\])+\])
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
_SAFE_ESCAPES = set(r"\/.^$*+?()[]{}|") | set("tnr")
_SAFE_IN_CLASS = _SAFE_ESCAPES | {"-"}
_MOST = 1000  # as far as RE2 counts, counts within counts multiplied


def unportable(pattern: str) -> str | None:
    """Why engines may disagree on a pattern; None for one of the portable subset."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of signs in classes, which have reasons of their own here
            re.compile(pattern)
    except re.error as error:
        return f"is no regular expression: {error.msg}"
    except (OverflowError, RecursionError):
        return "is too large or too deep for an engine"
    if any(ord(character) > 0xFFFF for character in pattern):
        return "has a character beyond U+FFFF, which ECMAScript may read as two"
    kind = previous = before = ""
    for match in _TOKEN.finditer(pattern):
        text, last, kind = match[0], kind, match.lastgroup or ""
        if kind == "count" == last:
            return f"uses {previous}{text}, which Python reads as possessive"
        if reason := _reason(kind, text, before, previous):
            return reason
        if kind == "end" and not _is_last(pattern, match.end()):
            return "uses $ before its end, which in Python also matches before a final line feed"
        before, previous = previous, text
    return _count_reason(pattern)


def _is_last(pattern: str, position: int) -> bool:
    """Whether nothing can follow: only closing brackets do, or another alternative of the whole."""
    rest = pattern[position:]
    if not rest.strip(")"):
        return True
    kinds = [match.lastgroup for match in _TOKEN.finditer(pattern[:position])]
    return rest.startswith("|") and kinds.count("group") == kinds.count("close")


def _count_reason(pattern: str) -> str | None:
    """Counts that some engine refuses, those of groups times those within them."""
    sizes, atom = [1], 1
    for match in _TOKEN.finditer(pattern):
        if match.lastgroup == "count":
            atom *= max((int(number) for number in re.findall("[0-9]+", match[0])), default=1)
            if atom > _MOST:
                return f"counts to {atom}, and not every engine goes beyond {_MOST}"
            sizes[-1] = max(sizes[-1], atom)
        elif match.lastgroup == "group":
            sizes.append(1)
        elif match.lastgroup == "close":
            atom = sizes.pop()
            sizes[-1] = max(sizes[-1], atom)
            continue
        atom = 1
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
        case "end" if not (previous in ("*", "+") and before.startswith("[^") and re.fullmatch(before, "\n")):
            return "uses $, which in Python also matches before a final line feed"
        case "stray":
            return f"has an unescaped {text}"
        case _:
            return None


def _class_reason(text: str) -> str | None:
    inner = text[1:-1].removeprefix("^")
    for escape in re.findall(r"\\(.)", inner, re.DOTALL):
        if escape not in _SAFE_IN_CLASS:
            return f"uses \\{escape} in a class, which engines read differently"
    bare = re.sub(r"\\.", "", inner, flags=re.DOTALL)
    if "[" in bare:
        return "has an unescaped [ in a class, which some engines read as a class of its own"
    if any(operator in bare for operator in ("&&", "--", "~~", "||")):
        return "has a doubled sign in a class, which some engines read as an operator"
    return None
