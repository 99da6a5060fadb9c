"""The rule about regular expressions that engines read differently.

JSON Schema 2020-12 (core, 6.4) takes patterns from ECMA-262, with the u flag. The portable
subset is built of literal characters, classes of literal characters of the basic multilingual
plane, ``[\\s\\S]``, groups, alternatives and counts. Within it Python's re, Rust's regex,
ECMAScript and RE2 agree.
"""

import re
import warnings
from collections.abc import Iterator
from functools import cache

from wirecheck.engine import Engine
from wirecheck.lint.rule import Context, Flaw, Ruleset, rule
from wirecheck.model import Severity
from wirecheck.spec import Document, Node, join
from wirecheck.spec.document import Place

_TOKEN = re.compile(
    r"""
    (?P<any>\[\\s\\S\]|\[\\S\\s\])
  | (?P<class>\[(?!\^\])\^?(?:\\.|[^\]\\])+\])
  | (?P<property>\\[pP]\{[^}]*\})
  | (?P<group>\((?:\?:)?(?!\?))
  | (?P<special>\(\?(?:<[^=!>]*>|<?.))
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


@rule(
    Severity.WARNING,
    Ruleset.CORE,
    why="""\
    A pattern is read by the regular expressions of each language that uses the document: ECMAScript in
    browsers, Python, Go, Java, Rust. \\d, \\w, a dot, $ and look-around mean different things there, or
    are missing. A pattern that all of them read alike accepts the same values everywhere.""",
    bad="""\
    components:
      schemas:
        Isbn:
          type: string
          pattern: '^\\d{13}'
    """,
    good="""\
    components:
      schemas:
        Isbn:
          type: string
          pattern: '^[0-9]{13}'
    """,
)
def pattern_portable(context: Context) -> Iterator[Flaw]:
    """Patterns keep to the part of regular expressions that every engine reads alike.

    Patterns of `pattern` and of `patternProperties`. A pattern that is not a regular expression
    of ECMA-262 at all is reported by valid-openapi.
    """
    for node in context.schemas():
        for pointer, pattern in _patterns(node):
            reason = unportable(pattern)
            if reason and is_ecma_262(pattern):
                yield Flaw(pointer, f"the pattern {reason}")


def _patterns(node: Node) -> Iterator[tuple[str, str]]:
    if isinstance(pattern := node.value.get("pattern"), str):
        yield join(node.pointer, "pattern"), pattern
    for pattern in node.value.get("patternProperties", {}):
        yield join(node.pointer, "patternProperties", pattern), pattern


@cache
def _ecma_262() -> Engine:
    return Engine(Document("pattern", {"type": "string", "format": "regex"}, Place(1)))


def is_ecma_262(pattern: str) -> bool:
    """Whether a pattern is a regular expression of ECMA-262 with the u flag."""
    return _ecma_262().is_valid("", pattern)


def unportable(pattern: str) -> str | None:
    """Why engines may disagree on a pattern; None for one of the portable subset."""
    python_error = None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about signs in classes, which _class_reason reports
            re.compile(pattern)
    except re.error as error:
        python_error = error.msg
        if not is_ecma_262(pattern):
            return f"is not a regular expression: {error.msg}"
    except (OverflowError, RecursionError):
        return "is too large or too deep for an engine"
    if any(ord(character) > 0xFFFF for character in pattern):
        return "has a character beyond U+FFFF, which ECMAScript may read as two"
    if reason := _part_reason(pattern) or _count_reason(pattern):
        return reason
    return None if python_error is None else f"is not a regular expression of Python: {python_error}"


def _part_reason(pattern: str) -> str | None:
    """The first part of a pattern that is outside of the portable subset."""
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
    return None


def _is_last(pattern: str, position: int) -> bool:
    """Whether nothing can follow: only closing brackets do, or another alternative of the whole."""
    rest = pattern[position:]
    if not rest.strip(")"):
        return True
    kinds = [match.lastgroup for match in _TOKEN.finditer(pattern[:position])]
    return rest.startswith("|") and kinds.count("group") == kinds.count("close")


def _count_reason(pattern: str) -> str | None:
    """Why an engine may reject the counts: those of groups are multiplied with those within them."""
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
        case "property":
            return f"uses {text}, which Python and others do not have"
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
