"""What an operationId says: a verb, and what it is about."""

import re
from collections.abc import Sequence
from collections.abc import Set as Collection
from dataclasses import dataclass

from wirecheck.generate.paths import PathRoute
from wirecheck.spec import Operation
from wirecheck.words import Words, is_plural, stem, stems, words

GENERIC = {
    "GET": "get list fetch retrieve read find show load view describe index",
    "POST": "create post add new insert make",
    "PUT": "put update set edit modify save store change",
    "PATCH": "patch update edit modify change",
    "DELETE": "delete remove destroy del",
}
"""The verbs that say no more than the method of HTTP."""

ADVERBS = frozenset(words("bulk batch mass multi partial"))
PREPOSITIONS = frozenset(words("as at by for from in of on per to with without"))

ACTIONS = frozenset(
    words(
        "abort accept acknowledge activate adjust apply approve archive ask assign authenticate authorize"
        " block calculate cancel capture check clear clone close commit complete confirm connect consume"
        " convert deactivate decline deploy detach disable disconnect dismiss dispatch duplicate enable"
        " enroll estimate evaluate execute expire extend extract finalize finish flatten follow generate"
        " import invalidate invite invoke join kick leave login logout merge migrate move mute pause ping"
        " preview process promote prune publish purge query reactivate rebuild redeem refresh register"
        " reindex reject release remove rename reopen replay resend reset resize resolve restart restore"
        " resume retry revert reverse revoke rotate run search send sign signin signout signup simulate"
        " split start stop submit subscribe suspend swap sync terminate transfer translate trigger"
        " unarchive unassign unblock undo unfollow unlike unlink unlock unmute unpublish unsubscribe"
        " unsuspend upgrade upload upsert validate verify void"
    )
)
"""Words that are a verb at the end of a path."""

ALSO_NOUNS = frozenset(
    words("block check import invite move preview process query release run search upload")
)
"""Those of them that also begin the name of a thing: ``upload_sessions``."""

AMBIGUOUS = frozenset(
    words("copy export like link lock order post rate report request review schedule share test track vote")
)
"""Words that are a verb at the end of a path only with POST."""

_CANONICAL = (
    ("", "GET", ("GET",)),
    ("create", "POST", ("POST", "PUT")),
    ("update", "PUT", ("PUT", "PATCH", "POST")),
    ("update", "PATCH", ("PUT", "PATCH", "POST")),
    ("delete", "DELETE", ("DELETE",)),
)
"""The name of a method for verbs of GENERIC, with the methods of HTTP that must carry it out."""

CRUD = frozenset(word for verbs in GENERIC.values() for word in verbs.split())
"""The verbs of all methods."""
_VERBS = ACTIONS | AMBIGUOUS | CRUD
_LEADING = re.compile(r"deprecated|v\d+\w*|\d+")
_TYPES = frozenset(words("api controller handler resource service"))
"""What the names of classes end with that some frameworks put in front."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """The words of an operationId, the ``verb`` among them, with its adverbs, and the ``rest``.

    ``is_path`` is whether it has nothing but method and path again, as ``post_files_id_copy`` does, or is
    missing.
    """

    verb: Words = ()
    rest: Words = ()
    words: Words = ()
    is_path: bool = True

    @property
    def subject(self) -> Words:
        """The rest as far as the first preposition."""
        end = next((i for i, word in enumerate(self.rest) if word in PREPOSITIONS), len(self.rest))
        return self.rest[:end]

    def canonical(self, method: str) -> str | None:
        """The verb in the name of the method, empty where the response decides; None for one of its own."""
        if len(self.verb) != 1:
            return None
        verb = self.verb[0]
        return next(
            (
                name
                for name, verbs, methods in _CANONICAL
                if verb in GENERIC[verbs].split() and method in methods
            ),
            None,
        )


def phrase(operation: Operation, name: str | None, tag: Sequence[Words], route: PathRoute) -> Phrase:
    """What an operationId says."""
    names = [*tag, *route.names]
    context = frozenset(stems(word for part in names for word in part))
    found = _plain(words(_without_path(operation, name or "")), context)
    if not found:
        return Phrase()
    is_path = _is_path(found, name or "", operation.method, route)
    start = _verb(found, names, context)
    if start is None:
        return Phrase((), found, found, is_path)
    end = start + (2 if _is_adverb(found, start) else 1)
    return Phrase(found[start:end], _untyped(found[:start]) + found[end:], found, is_path)


def _untyped(found: Words) -> Words:
    """The nouns without ``Controller`` or the like, where there are others."""
    return tuple(word for word in found if word not in _TYPES) or found


def _is_adverb(found: Words, index: int) -> bool:
    """Whether a word belongs to the verb behind it."""
    return found[index] in ADVERBS and not _VERBS.isdisjoint(found[index + 1 : index + 2])


def _plain(found: Words, context: Collection[str]) -> Words:
    """The words without a version or the like in front."""
    while len(found) > 1 and _LEADING.fullmatch(found[0]):
        found = found[1:]
    return (*_unglued(found[0], context), *found[1:]) if found else ()


def _without_path(operation: Operation, name: str) -> str:
    """The operationId without path and method, which FastAPI appends."""
    suffix = re.sub(r"\W", "_", operation.template) + f"_{operation.method.lower()}"
    return name.removesuffix(suffix)


def _unglued(word: str, context: Collection[str]) -> Words:
    """``getdictionary`` as two words, where the path has the second one."""
    for method in ("get", "put", "post", "patch", "delete"):
        rest = word.removeprefix(method)
        if rest != word and stem(rest) in context:
            return method, rest
    return (word,)


def _is_path(found: Sequence[str], name: str, method: str, route: PathRoute) -> bool:
    if re.match(rf"{method}[-_]", name):  # POST_mail-send
        return True
    if found[0] != method.lower():
        return False
    statics = [word for segment in route.segments for word in segment.words] + [*route.action]
    others = [word for word in found[1:] if word != "id"]
    if method in {"POST", "PUT"}:  # people do not say that
        return set(stems(others)) <= set(stems(statics))
    return others == statics and ("id" in found or len(route.segments) > 2)


def _verb(found: Words, names: Sequence[Words], context: Collection[str]) -> int | None:
    """Where the verb begins, which may stand behind the nouns: ``bank_account_verify``."""
    is_last = _is_last(found, context)
    is_known = found[0] in _VERBS or stem(found[0]) not in context | _TYPES
    if _is_first(found, names) or (is_known and not is_last):
        return 0
    end = _behind_nouns(found, context) if not is_last else _last_verb(found, context)
    return end if end is not None and _is_complete(found[:end], names) else None


def _last_verb(found: Words, context: Collection[str]) -> int:
    """Where a verb begins that is known to come last."""
    verbs = (i for i, word in enumerate(found) if word in _VERBS | ADVERBS and stem(word) not in context)
    return next(verbs, len(found) - 1)


def _behind_nouns(found: Words, context: Collection[str]) -> int | None:
    """Where the first word is that is no noun, if that is a verb."""
    others = (i for i, word in enumerate(found) if not _is_noun(word, context))
    end = next(others, None)
    return end if end is not None and found[end] in _VERBS | ADVERBS else None


def _is_last(found: Words, context: Collection[str]) -> bool:
    """Whether nouns come first, and a verb last."""
    return stem(found[0]) in context and found[-1] in _VERBS and PREPOSITIONS.isdisjoint(found)


def _is_first(found: Words, names: Sequence[Words]) -> bool:
    """Whether the first word is the verb, whatever follows."""
    if found[0] in CRUD or _is_adverb(found, 0):
        return True
    last_segment = names[-1] if names else ()
    return (
        found[:1] == last_segment and len(found) > 1 and found[-1] not in CRUD and not is_plural(last_segment)
    )


def _is_noun(word: str, context: Collection[str]) -> bool:
    return word in _TYPES or (stem(word) in context and word not in _VERBS)


def _is_complete(nouns: Sequence[str], names: Sequence[Words]) -> bool:
    """Whether nouns are whole names, and not parts of them."""
    found = set(stems(word for word in nouns if word not in _TYPES))
    return found <= {word for name in names if found >= set(stems(name)) for word in stems(name)}


def mentions(whole: Words, part: Words) -> int | None:
    """The index behind the first place where words have others in a row, plural or singular."""
    sought, found = stems(part), stems(whole)
    for index in range(len(found) - len(sought) + 1):
        if found[index : index + len(sought)] == sought:
            return index + len(sought)
    return None
