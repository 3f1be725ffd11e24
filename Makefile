# make run   starts Relaydesk        make demo  starts it beside a fault lab
# make test  runs the whole suite    make lint  checks style, types and migrations
# make findings  writes docs/findings.md anew

PYTHON ?= python3
BIN := .venv/bin
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: run demo test lint format findings clean

run: .venv/run
	@$(BIN)/python manage.py up $(if $(BIND),--bind $(BIND))

demo: .venv/run
	@RELAYDESK_DATA=$(CURDIR)/data-demo $(BIN)/python manage.py demo $(if $(BIND),--bind $(BIND))

test: .venv/test
	@$(BIN)/python -m pytest -n auto --dist loadfile

lint: .venv/test
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@RELAYDESK_DATA=$$(mktemp -d) $(BIN)/python manage.py makemigrations --check --dry-run

format: .venv/test
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

findings: .venv/run
	@RELAYDESK_DATA=$$(mktemp -d) $(BIN)/python manage.py document_findings > docs/findings.new
	@mv docs/findings.new docs/findings.md

.venv/run: requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Relaydesk needs Python 3.11 or newer; name one with PYTHON=python3.11")'
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet -r requirements.txt
	@touch $@

.venv/test: tests/requirements.txt .venv/run
	@$(BIN)/python -m pip install --quiet -r tests/requirements.txt
	@touch $@

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis
