# Everything a newcomer needs: `make demo` and `make test`. Needs only Python 3.11 (with venv) and make.

# The system's own Python first, where it is new enough: Linux distributions build it with profile-guided
# optimisation, version managers mostly without, and then every request takes 1.3 to 1.7 times as long.
FIT := import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))
PYTHON ?= $(shell /usr/bin/python3 -c '$(FIT)' 2>/dev/null && echo /usr/bin/python3 || echo python3)
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8000
CASES ?= 300
SIZE ?= 1000000
PO_FILES := $(wildcard locale/*/LC_MESSAGES/django.po)
MO_FILES := $(PO_FILES:.po=.mo)
PIP_INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes
LOCK := $(BIN)/uv pip compile --quiet --universal --fork-strategy fewest --python-version 3.11 \
	--generate-hashes --no-emit-index-url --no-annotate --no-header pyproject.toml

# Containers often forbid it; four processes would then compile every module at each start.
unexport PYTHONDONTWRITEBYTECODE

.NOTPARALLEL:

.DEFAULT_GOAL := help
.PHONY: help demo test test-long lint bench lock screenshots messages

help:
	@echo "make demo [PORT=8000] [CASES=300]   run the desk on this machine"
	@echo "make test [DATABASE_URL=…] [ARGS=…] run the tests; test-long: also the slow ones"
	@echo "make lint                           style, types, imports, migrations"
	@echo "make bench [SIZE=1000000] [OUT=…]   measure"
	@echo "make lock | messages | screenshots  compile dependencies, translations, pictures"

demo: $(VENV)/runtime.stamp $(MO_FILES)
	$(BIN)/python manage.py demo --port $(PORT) --cases $(CASES) --follow-parent

test: $(VENV)/dev.stamp $(MO_FILES)
	$(BIN)/python -m pytest -n 2 --dist worksteal -p tests.plugins.no_skips $(ARGS)

test-long: $(VENV)/dev.stamp $(MO_FILES)
	$(BIN)/python -m pytest -n 2 --dist worksteal -p tests.plugins.no_skips -m "long or not long" $(ARGS)

lint: $(VENV)/dev.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/djhtml --check templates
	$(BIN)/lint-imports
	$(BIN)/python manage.py makemigrations --check --dry-run
	$(BIN)/mypy

bench: $(VENV)/runtime.stamp $(MO_FILES)
	$(BIN)/python manage.py bench --size $(SIZE) $(if $(OUT),--out $(OUT))

screenshots: $(VENV)/dev.stamp $(MO_FILES)
	DJANGO_SETTINGS_MODULE=aftersales.settings $(BIN)/python -m tests.browser.screenshots

# xgettext comes with GNU gettext; compiling does not need it.
messages: $(VENV)/dev.stamp
	$(BIN)/python manage.py makemessages --locale zh_Hans --no-location --no-wrap \
		--ignore $(VENV) --ignore 'tests/*'
	$(MAKE) $(MO_FILES)

lock: $(VENV)/dev.stamp
	$(LOCK) --output-file requirements.lock
	$(LOCK) --extra dev --constraint requirements.lock --output-file requirements-dev.lock

# Babel leaves out entries marked fuzzy, as GNU msgfmt does.
%.mo: %.po | $(VENV)/runtime.stamp
	$(BIN)/pybabel --quiet compile --domain django --input-file $< --output-file $@

# A stamp of its own, because a killed installation leaves bin/python without pip.
$(VENV)/created.stamp:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Python 3.11 or newer is needed, $(PYTHON) is: $$($(PYTHON) --version 2>&1)." \
			"Say which one to use: make PYTHON=python3.12 …" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
		echo "Python's venv is missing. On Debian: apt-get install python3-venv" >&2; exit 1; }
	@echo "Creating the virtual environment …"
	@$(PYTHON) -m venv --clear $(VENV)
	@touch $@

# dev.stamp holds for both: the development lock contains the run-time one.
$(VENV)/runtime.stamp: requirements.lock | $(VENV)/created.stamp
	@echo "Installing the locked packages …"
	@$(PIP_INSTALL) --requirement requirements.lock
	@touch $@

$(VENV)/dev.stamp: requirements-dev.lock | $(VENV)/created.stamp
	@echo "Installing the locked packages with the tools for development …"
	@$(PIP_INSTALL) --requirement requirements-dev.lock
	@touch $(VENV)/runtime.stamp $@
