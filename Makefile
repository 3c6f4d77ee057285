# Everything runs in .venv, which this file makes. Needed beforehand: make, and python3 (3.11 or newer) with its venv module.
# Another Python:   make PYTHON=python3.12 test

PYTHON ?= python3
BIN := .venv/bin
SEED := $(or $(SEED),$(shell date +%s))
TRACE ?= ../shared/corpus/trace-dotnet-large/connections_600_threads.TRC.xz
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check

# With it every process that the tests start would compile all of mqtrace anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help demo test test-corpus test-java test-browser fuzz attack check docs bench clean

help:
	@echo "make demo         installs mqtrace into .venv and diagnoses a sample"
	@echo "make test         runs the tests"
	@echo "make test-browser opens the pages of HTML in Chromium, and fails where there is none"
	@echo "make test-corpus  runs the tests that read ../shared/corpus, where that folder is"
	@echo "make test-java    runs the test with IBM's client for Java, which Maven fetches; needs a JDK and mvn"
	@echo "make fuzz         runs the tests of random inputs with new ones"
	@echo "make attack       attacks the diagnosis with more and other mentions than the tests do; SEED=NUMBER repeats one"
	@echo "make check        style, types, layers, patterns, generated pages"
	@echo "make docs         writes docs/causes.md and the example of README.md anew"
	@echo "make bench        times mqtrace beside grep, rg and others; TRACE=FILE chooses the trace; bench/README.md has more"
	@echo "make clean        removes .venv and all that was built"

demo: .venv/.installed
	@$(BIN)/mqtrace demo

test: .venv/.installed-test
	$(BIN)/pytest -m "not corpus and not browser" -n auto

test-browser: .venv/.installed-test
	$(BIN)/pytest -m browser tests/browser

test-corpus: .venv/.installed-test
	@if [ -d ../shared/corpus ]; then $(BIN)/pytest -m corpus -n auto; else echo "no ../shared/corpus: nothing tested"; fi

# Maven keeps what it has fetched, so that only the first run costs a download of some 10 MB.
test-java: .venv/.installed-test
	@if command -v javac >/dev/null && command -v mvn >/dev/null; then \
	mvn --quiet dependency:get -Dartifact=com.ibm.mq:com.ibm.mq.allclient:9.4.4.0 && $(BIN)/pytest tests/capture/test_java_client.py; \
	else echo "no JDK or no mvn: nothing tested"; fi

fuzz: .venv/.installed-test
	MQTRACE_FUZZ=1 $(BIN)/pytest -m "not corpus" -n auto $$(grep -rl '@given' tests --include='*.py')

attack: .venv/.installed-test
	@echo "make attack SEED=$(SEED)"
	MQTRACE_ATTACK=$(SEED) $(BIN)/pytest tests/attacks tests/test_c_worded_at_random.py -m "not corpus" -n auto

check: .venv/.installed-dev
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/mqtrace patterns test
	$(BIN)/mqtrace schema | $(BIN)/python -c 'import json, sys, jsonschema; jsonschema.Draft202012Validator.check_schema(json.load(sys.stdin))'
	$(BIN)/python docs/make_causes.py --check
	$(BIN)/python docs/make_example.py --check

docs: .venv/.installed
	$(BIN)/python docs/make_causes.py
	$(BIN)/python docs/make_example.py

bench: .venv/.installed
	@test -f "$(TRACE)" || { echo "no trace at $(TRACE); name one:  make bench TRACE=FILE"; exit 1; }
	$(BIN)/python bench/compare.py start 117MB --packed --trace "$(TRACE)"

clean:
	rm -rf .venv build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/.made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	{ echo "$(PYTHON) is missing or older than 3.11; name a newer one:  make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
	{ echo "$(PYTHON) cannot make a virtual environment; on Debian and Ubuntu:  apt-get install python3-venv"; exit 1; }
	@$(PYTHON) -m venv .venv
	@touch $@

.venv/.installed: .venv/.made pyproject.toml
	@echo "Installing mqtrace into .venv ..."
	@$(PIP) --editable .
	@touch $@

.venv/.installed-test: .venv/.made pyproject.toml
	@echo "Installing mqtrace and what its tests need into .venv ..."
	@$(PIP) --editable '.[test]'
	@touch $@ .venv/.installed

.venv/.installed-dev: .venv/.made pyproject.toml
	@echo "Installing mqtrace, what its tests need, and its checks into .venv ..."
	@$(PIP) --editable '.[dev]'
	@touch $@ .venv/.installed .venv/.installed-test
