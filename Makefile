# The two commands: make run, make test. “make help” tells the others.
SHELL := /bin/bash
PYTHON ?= python3
PRESET ?= infobits
PORT ?= 8000
JOBS ?= 2
BIN := .venv/bin

.PHONY: help setup run test test-long coverage lint messages documents clean

help:
	@echo "make run [PRESET=infobits|softwear] [PORT=8000]   set everything up and serve a demo desk"
	@echo "make test        all tests: unit, database, browser"
	@echo "make test-long   kill and load runs"
	@echo "make coverage    every branch of the rules is tested"
	@echo "make lint        style, types, layers, migrations, translations, generated pages"
	@echo "make messages    collect the texts of the screens into the translators' catalogues"
	@echo "make documents   write the generated parts of docs/ anew"
	@echo "make setup       environment in .venv, assets, translations (nothing to do the second time)"
	@echo "make clean       remove what setup made; data in var/ stays"

run: setup
	@exec $(BIN)/balie serve --preset $(PRESET) --demo --port $(PORT)

test: setup
	@tools/debian_packages
	$(BIN)/pytest -n $(JOBS) --dist worksteal -m "not long"

test-long: setup
	@tools/debian_packages
	$(BIN)/pytest -m long

coverage: setup
	$(BIN)/pytest -n $(JOBS) tests/rules --cov=balie.rules --cov-branch --cov-report=term-missing --cov-fail-under=100

lint: setup
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python tools/checks.py

messages: setup
	$(BIN)/python tools/translations.py

documents: setup
	$(BIN)/python tools/documents.py

# What setup makes, each remade only when what it is made from changed

MIGRATIONS := $(wildcard src/balie/*/migrations/*.py)
PO_FILES := $(wildcard src/balie/locale/*/LC_MESSAGES/django.po)

setup: .venv/.installed .venv/.compiled .venv/.assets .venv/.translations .venv/.schema

.venv/.installed: requirements-dev.lock pyproject.toml hatch_build.py
	@tools/prerequisites $(PYTHON)
	@echo "Setting up the environment in .venv (once)."
	@$(PYTHON) -m venv .venv
	@$(BIN)/pip install -qq --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@$(BIN)/pip install -qq --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

.venv/.compiled: $(shell find src -name '*.py') .venv/.installed
	@$(BIN)/python -m compileall -q src
	@touch $@

.venv/.assets: package-lock.json tools/assets.py src/balie/web/icons.txt | .venv/.installed
	@echo "Building the assets."
	@$(BIN)/python tools/assets.py
	@touch $@

.venv/.translations: $(PO_FILES) | .venv/.installed
	@for file in $(PO_FILES); do $(BIN)/pybabel --quiet compile --input-file=$$file --output-file=$${file%.po}.mo || exit 1; done
	@touch $@

.venv/.schema: $(MIGRATIONS) tools/schema.py .venv/.installed
	@$(BIN)/python tools/schema.py
	@touch $@

clean:
	rm -rf .venv node_modules src/balie/web/static/vendor
	rm -f src/balie/config/schema.sql
	find src/balie/locale -name '*.mo' -delete
