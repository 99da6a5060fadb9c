"""A test client of Django, whose settings are those of the process."""

from collections.abc import Sequence
from typing import Any

import pytest


def django_client(patterns: Sequence[Any], is_async: bool = False) -> Any:
    """The client of an application that has nothing but these patterns of URLs; skips without Django."""
    django = pytest.importorskip("django")
    settings = pytest.importorskip("django.conf").settings
    client = pytest.importorskip("django.test.client")
    urls = pytest.importorskip("django.urls")
    if not settings.configured:
        settings.configure()
        django.setup()
    settings.ROOT_URLCONF, settings.ALLOWED_HOSTS = tuple(patterns), ["testserver"]
    urls.clear_url_caches()  # of other tests
    return client.AsyncClient() if is_async else client.Client()
