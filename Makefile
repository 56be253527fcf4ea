# Every target that a person may want has a "##" comment: `make` prints them.

# The first Python that is new enough.
PYTHON ?= $(shell for p in python3.11 python3.12 python3.13 python3.14 python3; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
BIN := .venv/bin
ARGS ?=
PYTEST := pytest -n auto --dist loadfile
# Tests that are named are run, all of them; else those that are not slow.
CHOSEN = $(if $(filter tests% ./tests%,$(ARGS)),,-m "not slow") $(ARGS)

.PHONY: help demo up pki test test-slow soak bench check checks picture lint types imports coverage format lock clean

help: ## show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: .venv/run ## the story, and its page (ARGS: --full, "--act 6", --step with keys)
	@exec $(BIN)/python -m scripts.demo $(ARGS)

up: .venv/run ## the three nodes and the walk-through, live, until Ctrl-C
	@exec $(BIN)/python -m scripts.up $(ARGS)

pki: .venv/run ## issue the certificates, if one is missing or near its end
	@exec $(BIN)/python -m pki $(ARGS)

test: .venv/develop ## the tests but for the slow ones (ARGS=tests/pki/names: those, all)
	@$(BIN)/python -m $(PYTEST) $(CHOSEN)

test-slow: .venv/develop ## those slow by nature: kills, captures, installing, whole demos
	@$(BIN)/python -m $(PYTEST) -m slow $(ARGS)

soak: .venv/run ## hostile floods, some minutes (ARGS="--only pipelining --seconds 30")
	@exec $(BIN)/python -m scripts.soak $(ARGS)

bench: .venv/run ## how fast, beside other servers, 20 minutes (ARGS="--quick", "--only token")
	@exec $(BIN)/python -m scripts.bench $(ARGS)

check: lint types imports coverage ## lint, types, imports and coverage, one after another

lint: .venv/develop ## ruff: rules and format, nothing is changed
	@$(BIN)/python -m ruff check .
	@$(BIN)/python -m ruff format --check .

types: .venv/develop ## mypy, strict
	@$(BIN)/python -m mypy

imports: .venv/develop ## who may import whom: the contracts in pyproject.toml
	@$(BIN)/lint-imports

coverage: .venv/develop ## the tests of `make test`, and the lines and branches they miss
	@$(BIN)/python -m coverage erase
	@$(BIN)/python -m coverage run -m $(PYTEST) $(CHOSEN)
	@$(BIN)/python -m coverage combine -q
	@$(BIN)/python -m coverage report $(if $(ARGS),--fail-under=0)

picture: .venv/develop ## take README's picture, light and dark, from a new demo (needs Chromium)
	@exec $(BIN)/python -m scripts.picture $(ARGS)

checks: .venv/run ## print which requirement is met by which check and which tests
	@exec $(BIN)/python -m scripts.checks

format: .venv/develop ## format the code, and mend what ruff can mend
	@$(BIN)/python -m ruff format .
	@$(BIN)/python -m ruff check --fix .

lock: ## write the lock files anew from pyproject.toml (needs uv)
	@uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --custom-compile-command "make lock" pyproject.toml -o requirements.lock
	@uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --custom-compile-command "make lock" --group dev pyproject.toml -o requirements-dev.lock

clean: ## remove all that was made: .venv, build (state too), pki/issued (your clients' too)
	@for made in .venv build *.egg-info pki/issued pki/.issued.* \
		.mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage .coverage.*; do \
		if test -e "$$made" || test -L "$$made"; then echo "removing $$made"; rm -rf "$$made"; fi; done
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

# Two stamps: what runs needs the packages of pyproject.toml, what develops needs the tools too.
.venv/run: requirements.lock
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed" >&2; exit 1; }
	@$(PYTHON) -m scripts.setting_up requirements.lock
	@touch $@

.venv/develop: requirements-dev.lock .venv/run
	@$(BIN)/python -m scripts.setting_up requirements-dev.lock
	@touch $@
