# make run    start everything, with a demo company; again: what is there
# make test   every check that this machine can run
# make bench  speed, as ratios beside a baseline (docs/benchmarks.md)
# make clean  remove all state

SHELL := /bin/bash
VENV ?= .venv
UV_VERSION := 0.13.9
BIN := $(VENV)/bin
export UV_PROJECT_ENVIRONMENT := $(abspath $(VENV))
export UV_LINK_MODE := copy

.PHONY: run test lint bench messages clean stop venv

run: venv
	@exec $(BIN)/python -m admin_platform.embedded

test: venv lint
	@$(BIN)/python -m tests.left_out
	$(BIN)/pytest -n auto --dist worksteal $(PYTEST_ARGS)

lint: venv
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	SECRET_KEY=lint $(BIN)/mypy .
	$(BIN)/djlint templates --check --quiet
	$(BIN)/djlint templates --lint --quiet
	$(BIN)/lint-imports

bench: venv
	$(BIN)/python -m benchmarks

# Needs gettext; the texts themselves are compiled without it. Sorted and without places
# and dates, so that two branches seldom change the same lines.
PO := locale/zh_Hans/LC_MESSAGES/django.po
messages: venv
	$(BIN)/python manage.py makemessages --locale zh_Hans --no-obsolete --no-wrap --no-location \
		--ignore .venv --ignore var --ignore tests
	msgattrib --sort-output --no-wrap --output-file=$(PO) $(PO)
	sed -i -e '/^"POT-Creation-Date/d' -e '/^"Report-Msgid-Bugs-To/d' $(PO)
	@echo "To translate:"; msgattrib --untranslated --no-wrap $(PO) | grep '^msgid' || true
	@echo "To look at again:"; msgattrib --only-fuzzy --no-wrap $(PO) | grep '^msgid' || true
	$(BIN)/python manage.py compile_locale

stop:
	@if [ -x $(BIN)/python ]; then $(BIN)/python -m admin_platform.embedded stop; fi

clean: stop
	rm -rf var .mypy_cache .pytest_cache .ruff_cache .import_linter_cache
	find . -name __pycache__ -not -path './$(VENV)/*' -prune -exec rm -rf {} +

venv: $(VENV)/.made

$(VENV)/.made: pyproject.toml uv.lock
	@python=$$(for p in $(PYTHON) python3 python3.14 python3.13 python3.12 python3.11; do \
		if command -v $$p >/dev/null 2>&1 && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; \
		then echo $$p; break; fi; done); \
	if [ -z "$$python" ]; then \
		echo "Python 3.11 or newer is needed and was not found. Name one with make PYTHON=/path/to/python3."; exit 1; fi; \
	if [ ! -x $(BIN)/python ] && ! $$python -m venv $(VENV); then \
		echo "$$python cannot make a virtual environment; on Debian install python3-venv."; rm -rf $(VENV); exit 1; fi
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)
	@$(BIN)/uv sync --frozen --quiet --inexact --python $(BIN)/python
	@touch $@
