"""Fleet: hand-written OpenAPI 3.0 with Link headers, problem+json, entity tags, jobs and scopes."""
