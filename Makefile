# Every task of this repository. `make help` lists them.

PYTHON ?= python3
PORT ?= 8000
PYTEST_ARGS ?= -n 3 --dist worksteal
export PORT PYTEST_ARGS

VENV := .venv/bin/python
UV = $(or $(wildcard .venv/bin/uv),uv)
PREPARER := $(PYTHON) tdba/local/preparation.py
VERROU = $(UV) pip compile --quiet --generate-hashes --no-emit-index-url --no-emit-find-links \
	--universal --python-version 3.11 --no-header

.DEFAULT_GOAL := help
.PHONY: help demo test setup bench lint types format verrous clean

help: ## List the tasks
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' Makefile

demo: ## Start everything with demo data; Ctrl-C stops it. PORT=8000 chooses the port
	@$(PREPARER) demo
	@$(VENV) -m tdba.local.lancer demo

test: ## Set up, then style, types, security tools and all tests. PYTEST_ARGS="-k rupture" chooses
	@$(PREPARER) setup
	@$(VENV) -m tdba.local.verifier

setup: ## Only install what demo and test need
	@$(PREPARER) setup

bench: ## Measure speed on production-like data
	@$(PREPARER) demo
	@$(VENV) -m tdba.local.mesurer

lint: ## Check the style
	@$(PREPARER) demo
	@$(VENV) -m ruff check
	@$(VENV) -m ruff format --check

types: ## Check the types
	@$(PREPARER) demo
	@$(VENV) -m mypy

format: ## Rewrite the code in the common style
	@$(PREPARER) demo
	@$(VENV) -m ruff check --fix
	@$(VENV) -m ruff format

verrous: ## Lock the dependencies again, after a change in a .in file or package.json
	@command -v $(UV) >/dev/null || { echo "tdba: uv is missing: pip install uv" >&2; exit 1; }
	$(VERROU) requirements.in -o requirements.txt
	$(VERROU) requirements-local.in -o requirements-local.txt
	$(VERROU) requirements-node.in -o requirements-node.txt
	$(VERROU) requirements-securite.in -o requirements-securite.txt
	npm install --package-lock-only --ignore-scripts

clean: ## Stop what runs for this checkout; remove .local, .venv and node_modules
	@if $(VENV) -c 'import tdba.local.nettoyer' 2>/dev/null; then $(VENV) -m tdba.local.nettoyer; fi
	rm -rf .local .venv node_modules
