"""What a secret looks like: the shapes of well-known tokens, and what is random rather than words."""

import re
from collections.abc import Iterator

_CREDENTIAL = (
    r"(?<![A-Za-z0-9])(?:"
    r"eyJ[\w-]{6,}+\.[\w-]{4,}+(?:\.[\w-]*+)*+"  # JSON Web Token (RFC 7519)
    r"|gh[pousr]_[A-Za-z0-9]{16,}+|github_pat_\w{16,}+|glpat-[\w-]{16,}+"
    r"|[srp]k_(?:live|test)_\w{8,}+|whsec_[\w+/=]{16,}+|sk-[\w-]{20,}+"
    r"|T[A-Z0-9]{8,}+/B[A-Z0-9]{8,}+/\w{16,}+"  # a webhook of Slack
    r"|xox[a-z]-[\w-]{10,}+|xapp-[\w-]{10,}+"
    r"|A(?:KIA|SIA)[A-Z0-9]{12,}+|AIza[\w-]{20,}+|ya29\.[\w-]{10,}+"
    r"|SG\.[\w-]{16,}+\.[\w-]{16,}+|npm_\w{30,}+|pypi-[\w-]{16,}+|hv[sb]\.[\w-]{20,}+"
    r"|shp(?:at|ss|ca|pa)_[0-9a-fA-F]{16,}+|dop_v1_\w{16,}+"
    r")"
)
# One of these is in each text that _CREDENTIAL matches; each begins with a sign, and is found fast in UTF-8.
_SIGNS = (
    re.compile(
        rb"_(?<=(?:h[pousr]|at|ve|st|ec|pm|v1|ss|ca|pa)_)(?=[\w+/=\x80-\xff]{8})"
        rb"(?:(?<=gh[pousr]_)|(?<=github_pat_)|(?<=[srp]k_(?:live|test)_)|(?<=whsec_)|(?<=npm_)|(?<=dop_v1_)"
        rb"|(?<=shp[a-z]{2}_))"
    ),
    re.compile(rb"-(?:(?<=glpat-)|(?<=sk-)|(?<=xapp-)|(?<=pypi-)|(?<=xox[a-z]-))"),
    re.compile(rb"\.(?<=[9Gsb]\.)(?:(?<=ya29\.)|(?<=SG\.)|(?<=hv[sb]\.))(?=[\w\x80-\xff-]{10})"),
    re.compile(rb"A(?:KIA|SIA|Iza)"),
    re.compile(rb"J(?<=eyJ)"),
    re.compile(rb"/B[A-Z0-9]{8}"),
)
_PRIVATE_KEY = (
    r"-----BEGIN [A-Z ]{0,30}PRIVATE KEY(?: BLOCK)?-----[^-]*+"
    r"(?:-----END [A-Z ]{0,30}PRIVATE KEY(?: BLOCK)?-----)?"
)

_HUMP = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_SEPARATOR = re.compile(r"[\s_.,:;!?/()\"'\[\]-]+")
_RANDOM = re.compile(r"[A-Za-z0-9._~+/=|%$:@!*-]+")
_DATE = re.compile(r"[12]\d{3}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])(?:T[\d:.,]+(?:Z|[+-]\d\d:?\d\d)?)?")
_JSON = re.compile(r"\{.*\}\Z|\[\s*+[\"'\[{\d-].*\]\Z", re.DOTALL)
_TRIVIAL = frozenset(
    {
        *("", "true", "false", "null", "none", "nil", "undefined", "yes", "no", "on", "off"),
        *("0", "1", "-1", "{}", "[]"),
    }
)
_MASKING = re.compile(r"([*._-])\1*+")
_CHANGE = re.compile(r"(?<=[a-z])(?=[A-Z0-9])|(?<=[0-9])(?=[A-Za-z])|(?<=[A-Z])(?=[0-9])")
_PUNCTUATION = re.compile(r"[^A-Za-z0-9]")
_JUDGED = 200  # characters of a text that show whether it is random
_SHORT = 8  # characters from which on a text may be random
_LONG = 24  # characters from which on a text with numbers is random, however regular it looks
_WORDY = 3  # characters of an average word
_WORDY_SENTENCE = 2.5  # the same within a sentence
_COMMON = """
    abstract accepted access active activated address admin administrator advanced allowed android
    anonymous application approved archived attribute authenticated authorization authorized automatic
    available basic bearer blocked boolean browser business cancelled category certificate changeme
    channel checked chrome client comment community company complete completed confirmed connected
    content cookie country created credential credentials customer default deleted denied desktop
    development digest disabled document download duplicate dynamic email empty enabled english
    enterprise error example exchange expired external failed failure firefox forbidden function general
    granted header history identifier immediate implicit inactive incorrect information integer internal
    invalid language limited location locked login logout manager manual maximum medium member message
    method minimum missing mobile monthly negotiate network nonce normal notification number object
    offline online operation optional organization original others paging parameter partner password
    payment pending permission permissions personal platform positive premium primary private process
    processing product production profile provider public published query question received recent
    redirect refresh refused regular rejected release removed request required reserved resource
    response restricted revoked safari sandbox schedule scheduled secondary secret security selected
    service session settings shipping signature simple staging standard started status string subject
    subscription success successful summary support suspended system temporary testing timeout token
    traffic transaction trusted unauthorized unavailable undefined unknown unlimited unsupported updated
    username validation verified version visible website windows
"""
_COMMON_WORDS = frozenset(_COMMON.split())


def credentials(text: str) -> Iterator[tuple[int, int]]:
    """Where a text shows tokens of well-known shapes."""
    encoded = text.encode("utf-8", "surrogatepass")
    if any(sign.search(encoded) for sign in _SIGNS):
        yield from (match.span() for match in re.finditer(_CREDENTIAL, text))
    if "PRIVATE KEY" in text:
        yield from (match.span() for match in re.finditer(_PRIVATE_KEY, text))


def is_trivial(text: str) -> bool:
    """Whether a text can be no secret wherever it stands: a truth value, nothing at all, or ``********``."""
    bare = text.strip().lower()
    return bare in _TRIVIAL or _MASKING.fullmatch(bare) is not None


def is_words(text: str) -> bool:
    """Whether a text reads like words and numbers: in snake case, in camel case, or as a sentence."""
    parts = [part.rstrip("0123456789") for part in _SEPARATOR.split(text)]
    spelled = [part for part in parts if part]
    if not spelled:
        return text.isdigit() or _DATE.fullmatch(text) is not None
    humps = [hump for part in spelled for hump in _HUMP.findall(part)]
    return all(part.isascii() and part.isalpha() for part in spelled) and (
        sum(map(len, spelled)) >= (_WORDY_SENTENCE if " " in text else _WORDY) * len(humps)
    )


def is_ordinary(text: str) -> bool:
    """Whether a text is too common to be masked wherever it is repeated: a usual word, or a sentence."""
    parts = [part for part in _SEPARATOR.split(text.lower()) if part]
    if not parts:
        return False
    if all(part in _COMMON_WORDS or part in _TRIVIAL for part in parts):
        return True
    return (
        (" " in text.strip() and _is_sentence(text, parts))
        or _DATE.fullmatch(text) is not None
        or text.startswith(("http://", "https://"))
        or _JSON.match(text) is not None
        or (text[0] == "/" and text.count("/") > 1 and is_words(text))
    )


def _is_sentence(text: str, parts: list[str]) -> bool:
    return all(part.isascii() and part.isalpha() for part in parts) and len(text) / len(parts) > _WORDY


def is_random(text: str, shortest: int = _SHORT) -> bool:
    """Whether a text looks drawn by a machine, judged by how often the kind of character changes."""
    if len(text) < shortest or not _RANDOM.fullmatch(text) or "://" in text or _DATE.match(text):
        return False
    beginning = text[:_JUDGED]
    signs = len(beginning) - len(_PUNCTUATION.findall(beginning))
    if signs >= _LONG and not text.isalpha() and text.count("/") <= signs // 10:
        parts = _SEPARATOR.split(beginning)
        if not all(map(str.isdigit, parts)) and any(map(str.isdigit, beginning)):
            return True
    changes = len(_CHANGE.findall(beginning))
    return changes >= max(2, min(3, signs // 3)) and changes / signs >= 0.18
