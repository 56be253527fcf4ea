# Every target that a person may want has a "##" comment: `make` prints them.

PYTHON ?= python3.11
BIN := .venv/bin
NODES := pki as_node rs_node client_node
ARGS ?=

.PHONY: help demo up pki test check lint types imports coverage format lock clean

help: ## show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: .venv/run ## the narrated scenario, and build/walkthrough.html (ARGS="--step" waits for a key)
	@exec $(BIN)/python -m scripts.demo $(ARGS)

up: .venv/run ## the three nodes in the foreground, until Ctrl-C (ARGS="--config FOLDER" for another place)
	@exec $(BIN)/python -m scripts.up $(ARGS)

pki: .venv/run ## issue the certificates, where any is missing or near its end
	@exec $(BIN)/python -m pki $(ARGS)

test: .venv/develop ## the tests
	@$(BIN)/pytest $(ARGS)

check: .venv/develop ## lint, types, import rules and the tests with their coverage
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/coverage erase
	@$(BIN)/coverage run -m pytest $(ARGS)
	@$(BIN)/coverage combine -q
	@$(BIN)/coverage report

format: .venv/develop ## format the code
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

lock: ## write the lock files anew from pyproject.toml (needs uv)
	@uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --custom-compile-command "make lock" pyproject.toml -o requirements.lock
	@uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --custom-compile-command "make lock" --group dev pyproject.toml -o requirements-dev.lock

clean: ## remove what can be made again: .venv, build, pki/issued, caches
	rm -rf .venv build pki/issued pki/.issued.* .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage .coverage.*
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# Two stamps: what runs needs the four packages, what develops needs the tools too.
.venv/run: requirements.lock
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@touch $@

.venv/develop: requirements-dev.lock .venv/run
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@
