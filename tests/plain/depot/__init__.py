"""Depot: OpenAPI 3.0 in the style of Django REST framework, with page numbers and a key for each account."""
