# Each target does its own set-up; nothing but git, make and Python 3.11 or newer is expected.
SHELL := /bin/bash
PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3; do \
	command -v $$p >/dev/null 2>&1 && $$p -c 'import sys; sys.exit(not (3,11) <= sys.version_info[:2] < (3,14))' 2>/dev/null \
	&& command -v $$p && break; done)
VENV := .venv/bin
export PYTHONDONTWRITEBYTECODE ?=

.DEFAULT_GOAL := help
.PHONY: help setup demo test check cluster bench bench-service bench-events bench-health load soak faults accuracy test-matrix audit clean format pictures python

help: ## Show what make can do
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

python:
	@test -n "$(PYTHON)" || { echo "Python 3.11, 3.12 or 3.13 is needed and none was found on PATH."; exit 1; }

setup: python ## Install what is missing: system packages, environment, LiveKit server, hooks
	@$(PYTHON) scripts/setup.py test
	@if [ -d .git ]; then install -D -m 755 scripts/pre-commit .git/hooks/pre-commit; fi

demo: python ## One whole session between two clients; ARGS=--headless drives it without hands
	@$(PYTHON) scripts/setup.py demo
	@$(VENV)/liftbay demo $(ARGS)

check: python ## The fast gates: format, lint, types, layers, lock
	@$(PYTHON) scripts/setup.py check
	@$(VENV)/python scripts/check.py

# The tests start hundreds of Python processes; each would compile our modules for itself.
test: export PYTHONDONTWRITEBYTECODE :=
test: python check ## Everything that CI runs
	@$(PYTHON) scripts/setup.py test
	@$(VENV)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder $(ARGS)

soak: python ## Long runs (an hour)
	@$(PYTHON) scripts/setup.py test
	@$(VENV)/python -m pytest -m slow -k soak $(ARGS)

# Only the whole run is the one that docs/testing.md shows.
faults: python ## Fault runs that take minutes; the whole run is recorded (then scripts/faults_table.py)
	@$(PYTHON) scripts/setup.py test
	@$(VENV)/python -m pytest -m slow -k "not soak" -n 2 --dist loadfile -p tests.faults.record \
		--faults-record $(if $(ARGS),.cache,benchmarks/results)/faults.json $(ARGS)

accuracy: python ## Count how often each check is right, all sets; fails below 99 %
	@$(PYTHON) scripts/setup.py test
	@for set in all blind fresh; do $(VENV)/python -m tests.accuracy.report $$set $(ARGS) || exit 1; done

cluster: python ## Two instances, PostgreSQL, Redis, two media nodes, a balancer: one session while parts die
	@$(PYTHON) scripts/setup.py test
	@$(VENV)/python -m tests.cluster $(ARGS)

bench: python ## The same call by two Liftbay clients and by two browsers
	@$(PYTHON) scripts/setup.py bench
	@$(VENV)/python -m benchmarks.run $(ARGS)

bench-service: bench-events bench-health ## Both of the next two

bench-events: python ## Idle event streams and how soon an event arrives; ARGS=--postgres
	@$(PYTHON) scripts/setup.py test
	@$(VENV)/python -m benchmarks.events $(ARGS)

bench-health: python ## The health answer under 500 requests a second; ARGS="--rate 200"
	@$(PYTHON) scripts/setup.py test
	@$(VENV)/python -m benchmarks.health $(ARGS)

load: python ## 200 live sessions for ten minutes; ARGS=--scale for 10 to 1,000 on both databases
	@$(PYTHON) scripts/setup.py test
	@$(VENV)/python -m benchmarks.load $(ARGS)

test-matrix: python ## The tests on every interpreter from 3.11 to 3.13 that is found
	@$(PYTHON) scripts/matrix.py $(ARGS)

audit: python ## Known weaknesses and licences of everything that is locked
	@$(PYTHON) scripts/setup.py check
	@$(VENV)/python scripts/audit.py $(ARGS)

format: python ## Format the code
	@$(PYTHON) scripts/setup.py check
	@$(VENV)/ruff format . && $(VENV)/ruff check --fix .

pictures: python ## Render every page into .cache/gallery, and the documents' pictures anew
	@$(PYTHON) scripts/setup.py test
	@$(VENV)/python -m tests.gallery.render $(ARGS)
	@$(VENV)/python -m tests.gallery.documents

clean: ## Remove what builds and tests made (the LiveKit server in the user's cache stays)
	rm -rf .venv .cache demo-output dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage htmlcov .import_linter_cache benchmarks/browser/node_modules
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
