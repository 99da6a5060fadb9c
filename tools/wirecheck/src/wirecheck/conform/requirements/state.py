"""State: what was created is there, as it was sent, until it is deleted; and a write has no other effect."""

from wirecheck.conform.requirements.derived import OfResource

REQUIREMENTS: tuple[OfResource, ...] = ()
