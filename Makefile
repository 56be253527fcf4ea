# Every target that a person may want has a "##" comment: `make` prints them.

# The first Python that is new enough.
PYTHON ?= $(shell for p in python3.11 python3.12 python3.13 python3.14 python3; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
BIN := .venv/bin
NODES := pki as_node rs_node client_node
ARGS ?=
PARALLEL := -n auto --dist loadfile

.PHONY: help demo up pki test check lint types imports coverage format lock clean

help: ## show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: .venv/run ## the narrated scenario, and its page (ARGS=--step waits for Enter)
	@exec $(BIN)/python -m scripts.demo $(ARGS)

up: .venv/run ## the three nodes and the walk-through, live, until Ctrl-C
	@exec $(BIN)/python -m scripts.up $(ARGS)

pki: .venv/run ## issue the certificates, if one is missing or near its end
	@exec $(BIN)/python -m pki $(ARGS)

test: .venv/develop ## the tests
	@$(BIN)/python -m pytest $(PARALLEL) $(ARGS)

check: .venv/develop ## lint, types, import rules and the tests with their coverage
	@$(BIN)/python -m ruff check .
	@$(BIN)/python -m ruff format --check .
	@$(BIN)/python -m mypy
	@$(BIN)/lint-imports
	@$(BIN)/python -m coverage erase
	@$(BIN)/python -m coverage run -m pytest $(PARALLEL) $(ARGS)
	@$(BIN)/python -m coverage combine -q
	@$(BIN)/python -m coverage report

format: .venv/develop ## format the code
	@$(BIN)/python -m ruff format .
	@$(BIN)/python -m ruff check --fix .

lock: ## write the lock files anew from pyproject.toml (needs uv)
	@uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --custom-compile-command "make lock" pyproject.toml -o requirements.lock
	@uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --custom-compile-command "make lock" --group dev pyproject.toml -o requirements-dev.lock

clean: ## remove .venv, build (state too) and pki/issued (your clients' too)
	rm -rf .venv build pki/issued pki/.issued.* .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage .coverage.*
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# Two stamps: what runs needs the four packages, what develops needs the tools too.
.venv/run: requirements.lock
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed" >&2; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@touch $@

.venv/develop: requirements-dev.lock .venv/run
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@
