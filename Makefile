# The two commands for a newcomer: make run, make test.
PYTHON ?= python3
PORT ?= 8080
DIR ?= bench-unit
PICTURES ?= pictures
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

.PHONY: run test faults faults-quick sync-faults lock bench bench-day portal-bench bench-reports check pictures axe messages clean

run: $(VENV)/run.done  ## a demo unit on http://127.0.0.1:$(PORT)/
	@$(BIN)/istiqbal demo --port $(PORT)

test: $(VENV)/test.done  ## everything that must hold before a change lands
	@$(MAKE) --no-print-directory check
	$(BIN)/pytest -n auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder

check: $(VENV)/test.done  ## the fast checks alone
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(VENV)/test.done  ## speed beside the machine's own floor
	@$(BIN)/python -m tests.bench

bench-day: $(VENV)/test.done  ## a day of a very large hall at 60 times its speed, and how cost grows with the hall
	@$(BIN)/python -m tests.bench.day --write docs/performance.md

faults: $(VENV)/test.done  ## break a real server in every way we know, and print what was lost
	@$(BIN)/python -m tests.faults --write docs/faults.md

faults-quick: $(VENV)/test.done  ## a few of each fault
	@$(BIN)/python -m tests.faults --quick

lock: $(VENV)/test.done  ## name every package with version and hashes in requirements.lock
	@$(BIN)/uv pip compile setup.cfg --python-version 3.11 --universal --upgrade --generate-hashes --no-header --no-annotate \
	    --no-emit-index-url --extra standby --extra usb --extra portal --quiet --output-file requirements.lock

portal-bench: $(VENV)/test.done  ## how many events a second the reference portal takes, beside bare COPY
	@$(BIN)/python -m tests.portal.bench

bench-reports: $(VENV)/test.done  ## reports over ten years: DIR is where the unit is made, or was
	@test -f $(DIR)/unit.db || $(BIN)/python -m tests.bench.years $(DIR)
	@$(BIN)/python -m tests.bench.reports $(DIR)

sync-faults: $(VENV)/test.done  ## unit, bad line and portal, all of them killed again and again: nothing lost, nothing doubled
	@$(BIN)/python -m tests.sync_faults

pictures: $(VENV)/test.done  ## of every screen, to be looked at against docs/screens.md: in PICTURES
	@$(BIN)/python -m tests.screens.pictures $(PICTURES)

axe: $(VENV)/test.done  ## axe on every page in every language, mode and orientation
	@$(BIN)/python -m tests.screens.pictures --axe

messages: $(VENV)/run.done  ## gather what is to be translated, then compile the catalogs
	$(BIN)/pybabel -q extract -F server/translations/babel.cfg -k N_ -k in_language:2 --no-location --sort-output --omit-header --no-wrap -o server/translations/messages.pot .
	$(BIN)/pybabel -q update -i server/translations/messages.pot -d server/translations --no-fuzzy-matching --ignore-obsolete --no-wrap
	$(BIN)/pybabel -q compile -d server/translations

clean:  ## forget everything that was set up
	rm -rf $(VENV) *.egg-info

$(VENV)/run.done: setup.cfg pyproject.toml .ci/system-packages
	@.ci/system-packages $(PYTHON) run
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing Istiqbal in $(VENV) …"
	@$(PIP) install --editable .
	@touch $@

$(VENV)/test.done: $(VENV)/run.done
	@.ci/system-packages $(PYTHON) test
	@echo "Installing what the tests need in $(VENV) …"
	@$(PIP) install --editable '.[test]'
	@touch $@
