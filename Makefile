# What one can do here. `make` alone prints the commands; each is the line's words behind `##`.
#
# Pip and apt-get use whatever sources this machine is set up with; none is named here.
# PYTHON=… picks another interpreter, VENV=… another folder for the virtual environment.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
PIP_INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check
SOURCES := $(foreach room,src tests checker bench examples docs,\
  $(if $(shell find $(room) -name '*.py' -print -quit 2>/dev/null),$(room)))

# Programs that some tests start, each with the Debian package that brings it: program:package
PROGRAMS := initdb:postgresql chromium:chromium

# What `make test` leaves to `make test-all`: tests marked slow, and the long runs of the properties.
QUICK := -m "not slow" --hypothesis-profile=quick
THOROUGH := --hypothesis-profile=thorough

.PHONY: help
help:
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

## Working with it

.PHONY: demo
demo: $(VENV)/.installed ## set up what is needed, play a whole exchange, and open its three desks in the browser
	@$(BIN)/parley demo

.PHONY: test
test: $(VENV)/.tools programs ## check style and types, then run every test that is not slow (what CI runs)
	@failed=; $(MAKE) check || failed=1; \
	$(MAKE) longest; \
	$(BIN)/python -m pytest -n auto --dist loadfile $(QUICK) || failed=1; \
	if [ -n "$$failed" ]; then exit 1; fi

.PHONY: test-all
test-all: $(VENV)/.tools programs ## check style and types, then run every test, the slow ones too
	@failed=; $(MAKE) check || failed=1; \
	$(MAKE) longest; \
	$(BIN)/python -m pytest -n auto --dist loadfile $(THOROUGH) || failed=1; \
	if [ -n "$$failed" ]; then exit 1; fi

.PHONY: check
check: $(VENV)/.tools ## check style, format and types; under a minute
	@failed=; \
	$(BIN)/ruff check --quiet $(SOURCES) || failed=1; \
	$(BIN)/ruff format --quiet --check $(SOURCES) || { echo "make format would mend the format."; failed=1; }; \
	$(BIN)/mypy --no-error-summary $(SOURCES) || failed=1; \
	if [ -n "$$failed" ]; then echo "Style, format or types: see above."; exit 1; fi; \
	echo "Style, format and types: all clean."

.PHONY: format
format: $(VENV)/.tools ## bring every file into the house's format
	@$(BIN)/ruff format $(SOURCES)

.PHONY: longest
longest: $(VENV)/.tools ## print the ten longest functions
	@$(BIN)/python -m tests.architecture.longest

.PHONY: bench
bench: $(VENV)/.tools ## measure speed and crash safety, one table after the other (BENCH=bench/append.py for one)
	@for bench in $(or $(BENCH),$(sort $(wildcard bench/*.py))); do \
	  echo "== $$bench"; $(BIN)/python "$$bench"; \
	done

.PHONY: docs
docs: $(VENV)/.tools ## write the generated pages anew: docs/reference and the tables of spec/scenario.md
	@$(BIN)/python docs/generate.py

.PHONY: lock
lock: $(VENV)/.tools ## choose the newest allowed versions and write requirements*.lock, with hashes
	@$(LOCK) --extra postgres pyproject.toml requirements-build.in --output-file requirements.lock
	@$(LOCK) --extra postgres pyproject.toml requirements-dev.in --output-file requirements-dev.lock

# Wheels only, for every Python and system we support at once, and no address of the index in the file.
LOCK := $(BIN)/uv pip compile --quiet --upgrade --universal --generate-hashes --only-binary :all: \
  --no-emit-index-url --no-emit-find-links --no-annotate --custom-compile-command "make lock"

.PHONY: clean
clean: ## remove the virtual environment and what the tools left
	@rm -rf -- $(VENV) .hypothesis .mypy_cache .pytest_cache .ruff_cache build dist

## Setting it up

# The virtual environment, with a reason in plain words where it cannot be made.
$(VENV)/.made:
	@if ! $(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 15))'; then \
	  echo "Parley needs Python 3.11 to 3.14 as $(PYTHON); name another with: make PYTHON=python3.12" >&2; exit 1; fi
	@if ! $(PYTHON) -c 'import ensurepip, venv' 2>/dev/null; then \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    echo "Installing Debian's python3-venv."; \
	    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq python3-venv >/dev/null; \
	  else echo "Python's venv is missing: as root, apt-get install python3-venv, then try again." >&2; exit 1; fi; fi
	@if ! $(BIN)/python -c 'import pip' 2>/dev/null; then \
	  echo "Making $(VENV)."; $(PYTHON) -m venv --clear $(VENV); fi
	@touch $@

$(VENV)/.installed: requirements.lock pyproject.toml | $(VENV)/.made
	@echo "Installing what Parley needs."
	@$(PIP_INSTALL) --require-hashes --only-binary :all: -r requirements.lock
	@$(PIP_INSTALL) --no-build-isolation --no-deps --editable .
	@touch $@

$(VENV)/.tools: requirements-dev.lock $(VENV)/.installed
	@echo "Installing what its tests need."
	@$(PIP_INSTALL) --require-hashes --only-binary :all: -r requirements-dev.lock
	@touch $@

# Debian's programs: installed where we may, named where we may not; the tests that need one skip and say so.
.PHONY: programs
programs:
	@PATH="$$PATH$$(printf ':%s' /usr/lib/postgresql/*/bin)"; missing=; \
	for pair in $(PROGRAMS); do \
	  command -v "$${pair%%:*}" >/dev/null || missing="$$missing $${pair##*:}"; done; \
	if [ -z "$$missing" ]; then exit 0; fi; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  echo "Installing Debian's$$missing."; \
	  if apt-get update -qq && DEBIAN_FRONTEND=noninteractive \
	    apt-get install -y -qq --no-install-recommends $$missing >/dev/null; then exit 0; fi; fi; \
	echo "Left out, for want of Debian's$$missing (apt-get install, as root): the tests that need it, as they say below."
