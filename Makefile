# make site    install Kaishu into .venv and build datasets/ into site/
# make test    install what the tests need; then lint, types, tests (what the continuous integration runs)
#
# Plain pip is enough; uv is used where it is there. PYTHON=python3.12 and VENV=elsewhere can be given.

PYTHON ?= python3
VENV ?= .venv
UV := $(shell command -v uv 2>/dev/null)
BIN := $(VENV)/bin
SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:

.PHONY: site serve test check lint types format tests browser scripts duckdb lock clean help

site: $(VENV)/.installed
	$(BIN)/kaishu build

serve: $(VENV)/.installed
	$(BIN)/kaishu serve

test check: browser lint types tests

lint: $(VENV)/.installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/check-jsonschema --builtin-schema vendor.github-workflows .github/workflows/*.yml
	$(BIN)/check-jsonschema --builtin-schema vendor.dependabot .github/dependabot.yml
	$(BIN)/check-jsonschema --builtin-schema vendor.gitlab-ci .gitlab-ci.yml
	$(BIN)/zizmor --offline --no-progress --quiet --persona auditor .github
	$(BIN)/check-jsonschema --builtin-schema vendor.github-issue-forms $(filter-out %/config.yml,$(wildcard .github/ISSUE_TEMPLATE/*.yml))
	$(BIN)/check-jsonschema --builtin-schema vendor.github-issue-config .github/ISSUE_TEMPLATE/config.yml

types: $(VENV)/.installed-dev
	$(BIN)/mypy

# A file's tests stay together: some add up what the others of their file have found.
tests: $(VENV)/.installed-dev
	$(BIN)/pytest -n auto --dist loadfile

format: $(VENV)/.installed-dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# The scripts of the pages, from scripts/browser with its packages from npm. Needs node; the result is committed, so that
# a build of the site does not.
scripts:
	cd scripts/browser && npm ci --silent && node build.js

# DuckDB-Wasm for portals that set `duckdb_wasm: true`: 18 MB into site_src/duckdb, which is not committed.
duckdb:
	cd scripts/browser/duckdb && npm ci --silent && node build.js

# The page tests drive the system's browser. Without one they are skipped, and say so.
browser:
	@if command -v chromium chromium-browser google-chrome >/dev/null; then exit 0; fi; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		export DEBIAN_FRONTEND=noninteractive; \
		apt-get update -qq && apt-get install -qq -y --no-install-recommends chromium fonts-noto-cjk >/dev/null && exit 0; \
	fi; \
	echo "没有 Chromium，网页测试将跳过。No Chromium: the tests of the pages will be skipped."

# The stamps say that the environment holds what these files state.
$(VENV)/.installed: pyproject.toml requirements.lock | python
ifdef UV
	test -x $(BIN)/python || $(UV) venv --quiet --python $(PYTHON) $(VENV)
	$(UV) pip install --quiet --python $(BIN)/python -c requirements.lock -e .
else
	test -x $(BIN)/pip || $(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check -c requirements.lock -e .
endif
	touch $@

$(VENV)/.installed-dev: pyproject.toml requirements.lock | python
ifdef UV
	test -x $(BIN)/python || $(UV) venv --quiet --python $(PYTHON) $(VENV)
	$(UV) pip install --quiet --python $(BIN)/python -c requirements.lock -e '.[dev,remote]'
else
	test -x $(BIN)/pip || $(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check -c requirements.lock -e '.[dev,remote]'
endif
	touch $(VENV)/.installed $@

.PHONY: python
python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
		echo "需要 Python 3.11 或以上：make PYTHON=python3.12 …   Python 3.11 or later is needed: make PYTHON=python3.12 …" >&2; \
		exit 1; \
	}

# The pins, for pip and uv alike. They name versions and no index: behind a mirror they hold as well.
lock:
	$(if $(UV),,$(error make lock needs uv))
	$(UV) pip compile --quiet --upgrade --universal --extra dev --extra remote --no-annotate --no-header --output-file requirements.lock pyproject.toml

clean:
	rm -rf $(VENV) site .mypy_cache .pytest_cache .ruff_cache

help:
	@sed -n '/^#/!q;s/^# \{0,1\}//p' $(MAKEFILE_LIST)
