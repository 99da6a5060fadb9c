"""Name and version of the distribution around a package."""

import re

_DATE = re.compile(r"(\d{4})-(\d{1,2})(?:-(\d{1,2}))?")


def distribution_name(package: str) -> str:
    """The normalised name (PEP 503): ``acme_client`` gives ``acme-client``."""
    return re.sub(r"[^a-z0-9]+", "-", package.lower()).strip("-") or "api-client"


def distribution_version(text: str) -> str:
    """The version of a document in the form of PEP 440; a date with dots; 0.0.0 for anything else."""
    from packaging.version import InvalidVersion, Version

    if date := _DATE.fullmatch(text.strip()):
        text = ".".join(part for part in date.groups() if part)
    try:
        return Version(text).public
    except InvalidVersion:
        return "0.0.0"
