"""Lists: pages, filters and orders, as parameters and responses of a plain document describe them."""

from wirecheck.conform.requirements.derived import OfOperation, OfResource
from wirecheck.conform.requirements.lists import creation, filtering, ordering, pages

REQUIREMENTS: tuple[OfOperation, ...] = (
    *pages.REQUIREMENTS,
    *filtering.REQUIREMENTS,
    *ordering.REQUIREMENTS,
)
OF_RESOURCES: tuple[OfResource, ...] = creation.REQUIREMENTS
