# Two commands do everything on a machine that has Python 3.11+ and make: `make run`, `make test`.
PYTHON ?= python3
BIN := .venv/bin
SPEC := spec/openapi.yaml
CLIENT := --spec $(SPEC) --output generated --package instagram_client
MIGRATION := --spec $(SPEC) --output docs/migration.md
INSTALLED := .venv/.installed

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help run serve test test-slow generate check-generated lint check conformance mutants fuzz-inputs bench lock clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  %-16s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# The lock is complete, so pip resolves nothing (--no-deps) and what was released since makes no difference;
# `pip check` proves that the lock is complete.
PIP := $(BIN)/python -m pip --disable-pip-version-check

DISTRIBUTIONS := tools/wirecheck generated tools/instagram_server

$(INSTALLED): requirements.lock $(DISTRIBUTIONS:=/pyproject.toml)
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Python 3.11 or newer is required: make PYTHON=python3.12 ..." >&2; exit 2; }
	$(PYTHON) -m venv .venv
	@{ $(PIP) install --quiet --no-deps --require-hashes -r requirements.lock \
		&& $(PIP) install --quiet --no-deps --no-build-isolation $(DISTRIBUTIONS:%=-e %) && $(PIP) check; } \
		|| { echo "Installing into .venv failed; once the reason above is mended: make clean, then make again" >&2; exit 2; }
	@touch $@

run: check-generated ## Check the client for drift, drive it over the reference server, judge what was recorded
	$(BIN)/python examples/run.py

serve: $(INSTALLED) ## Start the reference server on http://127.0.0.1:8080/
	$(BIN)/instagram-server

test: $(INSTALLED) ## Run all tests and hold the branch coverage
	$(BIN)/python -m coverage erase
	$(BIN)/python -m pytest --cov --cov-report=term --cov-fail-under=97

test-slow: $(INSTALLED) ## Run the tests that take minutes: the fuzzer, and faults that only one law or rule finds
	$(BIN)/python -m pytest -m slow --dist worksteal

generate: $(INSTALLED) ## Generate the client and docs/migration.md anew from the spec
	$(BIN)/wirecheck generate $(CLIENT)
	$(BIN)/wirecheck migration $(MIGRATION)

check-generated: $(INSTALLED) ## Generate both aside; fail if what is there is not that, byte for byte
	$(BIN)/wirecheck generate $(CLIENT) --check
	$(BIN)/wirecheck migration $(MIGRATION) --check

lint: $(INSTALLED) ## Lint spec and code: wirecheck lint, ruff, mypy --strict, import-linter
	$(BIN)/wirecheck lint $(SPEC) --ruleset all --fail-on warning
	$(BIN)/ruff check bench examples tests tools
	$(BIN)/ruff format --check bench examples tests tools
	$(BIN)/mypy
	$(BIN)/lint-imports

check: lint check-generated test ## Everything that CI asks for

conformance: $(INSTALLED) ## Test the reference server, in process, against everything that the spec promises
	$(BIN)/python -m pytest -n 0 --pyargs wirecheck.conformance @examples/conformance.args

mutants: $(INSTALLED) ## Test every mutant, replay what is saved of it, write the figures in docs/mutants.md; takes hours
	PYTHONPATH=tests $(BIN)/python bench/mutants

# SECONDS or INPUTS limit a run, DOOR chooses doors by the beginning of their names, JOBS are processes.
SECONDS ?= $(if $(INPUTS),0,600)
fuzz-inputs: $(INSTALLED) ## Run mutated documents, recordings, values, replay files and responses; 10 minutes by default
	PYTHONPATH=tests $(BIN)/python -m fuzz_inputs --seconds $(SECONDS) --inputs $(or $(INPUTS),0) \
		--seed $(or $(SEED),0) --jobs $(or $(JOBS),1) --door "$(DOOR)"

# OPTIONS of bench.validation, such as "--entries 1000000" or "--against REVISION".
bench: $(INSTALLED) ## Measure validation beside its peers (docs/performance.md), and then all other parts
	$(BIN)/python -m bench.validation --write docs/performance.md $(OPTIONS)
	$(BIN)/python bench/client.py
	PYTHONPATH=tests $(BIN)/python bench/html_report.py
	$(BIN)/python bench/large_document.py
	$(BIN)/python bench/masking.py
	$(BIN)/python bench/models.py
	PYTHONPATH=tests $(BIN)/python bench/proxy.py
	$(BIN)/python bench/server.py

lock: $(INSTALLED) ## Choose the newest versions that pyproject.toml allows
	$(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --all-extras --group dev \
		--generate-hashes --no-header --no-annotate -o requirements.lock $(DISTRIBUTIONS:=/pyproject.toml)
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --all-extras --group build \
		--generate-hashes --no-header --no-annotate --constraints requirements.lock \
		-o tools/wirecheck/requirements.lock tools/wirecheck/pyproject.toml
	$(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --group bench \
		--generate-hashes --no-header --no-annotate -o bench/validation/peers.txt

clean: ## Remove the environment and what tools leave behind
	rm -rf .venv .venv-bench .coverage* .hypothesis .mypy_cache .pytest_cache .ruff_cache .import_linter_cache dist
