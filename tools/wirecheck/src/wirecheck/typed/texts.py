"""Regular expressions of Python for texts that certainly have a format, or match a pattern.

They decide in linear time on most texts that occur: repetitions are possessive, so that they match less than
those of ECMA-262, never more. About a text that they do not match, the engine decides.
"""

import re
import sys
from collections.abc import Callable, Iterator, Sequence
from typing import Any

Recognise = Callable[[str], object]
"""Returns something true for a text that is certainly valid."""

OF_TEXTS = ("pattern", "format", "not")
"""What schemas say of texts, but for their length and options."""

_DATE = "[12][0-9]{3}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-9]|2[0-8])"
_CLOCK = r"(?:[01][0-9]|2[0-3]):[0-5][0-9]"
_URI = "[A-Za-z0-9._~!$&'()*+,;=:@/?-]*+"
_PART = f"[/?]{_URI}(?:%[0-9A-Fa-f]{{2}}{_URI})*+"
_FORMATS = {
    "date": _DATE,
    "date-time": rf"{_DATE}T{_CLOCK}:[0-5][0-9](?:\.[0-9]{{1,9}})?(?:Z|[+-]{_CLOCK})",
    "uri": rf"https?://[A-Za-z0-9][A-Za-z0-9.-]*+(?:|:[0-9]{{1,4}})(?:|{_PART})",  # faster than with "?"
    "uuid": "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}",
}
"""Most texts of formats; the names are those of JSON Schema."""

_TOKEN = re.compile(
    r"""(?:
      (?P<literal>[A-Za-z0-9 _\-:@/,\#=&%~<>;!'"])
    | \\(?P<escaped>[.\-/+*?(){}\[\]|^$\\])
    | \\(?P<class>[dw])
    | \[(?P<negation>\^?)(?P<set>(?:[A-Za-z0-9 _:@/,\#=%<>;!'".+*?(){}|$]|-|\\[dw.\-/+*?(){}\[\]|^$\\])+)\]
    | (?P<end>\))
    )(?P<repeated>(?:[?*+]|\{[0-9]{1,3}(?:,(?:[0-9]{1,3})?)?\})?)
    | (?P<group>\((?:\?:)?(?!\?))
    | (?P<or>\|)""",
    re.VERBOSE,
)
_HAS_WRONG_GROUPS = sys.version_info < (3, 11, 5)
"""Whether a possessive group with alternatives may match too much (python/cpython#106052)."""

_OTHERS = re.compile(r"\[\^[^\]\\]+\]")
_CLASSES = {"d": "[0-9]", "w": "[A-Za-z0-9_]"}
_IN_SETS = {"\\d": "0-9", "\\w": "A-Za-z0-9_"}
_OPERATIONS_ON_SETS = re.compile(r"--|\|\||[dw]-|-\\[dw]")  # or what looks like one, in some language


def recogniser(schemas: Sequence[dict[str, Any]]) -> Recognise | None:
    """What recognises texts that fit all that some schemas say of texts, if that is one simple thing."""
    said = [(keyword, schema[keyword]) for schema in schemas for keyword in OF_TEXTS if keyword in schema]
    match said:
        case [("format", str(name))] if name in _FORMATS:
            return re.compile(_FORMATS[name]).fullmatch
        case [("pattern", str(pattern))]:
            return _recogniser_of(pattern)
        case [("not", {"pattern": str(pattern), **others})] if not others and _OTHERS.fullmatch(pattern):
            return _recogniser_of(f"^[{pattern[2:]}*$")  # has no other characters than these
    return None


def _recogniser_of(pattern: str) -> Recognise | None:
    """For a pattern that is anchored at its beginning; None where it is not simple."""
    is_anchored = pattern.endswith("$") and not pattern.endswith("\\$")
    try:
        compiled = re.compile("".join(_translated(pattern[1:-1] if is_anchored else pattern[1:])))
    except (ValueError, re.error):
        return None
    if not pattern.startswith("^"):
        return None
    return compiled.fullmatch if is_anchored else compiled.match


def _translated(pattern: str) -> Iterator[str]:
    """The tokens of a pattern, as Python writes them; raises ValueError for those that are not simple.

    What is repeated in a group that is itself repeated might take more than linear time. Alternatives are
    within groups, as an anchor outside belongs to one of them alone.
    """
    at = 0
    repeats = [False]  # in each group that is open, and outside
    while at < len(pattern):
        token = _TOKEN.match(pattern, at)
        if token is None or (len(repeats) == 1 and (token["end"] or token["or"])):
            raise ValueError(pattern)
        at = token.end()
        if token["or"]:
            yield "|"
        elif token["group"]:
            repeats.append(False)
            yield "(?:"
        else:
            repeated = token["repeated"]
            if token["end"] and not _may_be_repeated(repeated, has_repeats=repeats.pop()):
                raise ValueError(pattern)
            repeats[-1] |= bool(repeated)
            yield _atom(token) + (f"{repeated}+" if repeated else "")
    if len(repeats) > 1:
        raise ValueError(pattern)


def _may_be_repeated(repeated: str, *, has_repeats: bool) -> bool:
    """Whether a group, in which something may be repeated itself, is possessive to the right effect."""
    if repeated and _HAS_WRONG_GROUPS:
        return False
    return not has_repeats or repeated in ("", "?")


def _atom(token: re.Match[str]) -> str:
    if token["class"]:
        return _CLASSES[token["class"]]
    if token["set"] is None:
        return token.group().removesuffix(token["repeated"])
    if _OPERATIONS_ON_SETS.search(token["set"]):
        raise ValueError(token.group())
    members = re.sub(r"\\[dw]", lambda escape: _IN_SETS[escape.group()], token["set"])
    return f"[{token['negation']}{members}]"
