"""Notes: OpenAPI 3.1 as FastAPI makes it, without access control, with upserts and soft deletions."""
