# Two commands are all a newcomer needs: `make demo` and `make test`. Both set up what they need by themselves.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
RUN := $(VENV)/.ready-to-run
READY := $(VENV)/.ready-to-test
# --no-compile: Python compiles what is imported, when it is imported; half of what is installed never is.
PIP := $(BIN)/pip install --quiet --disable-pip-version-check --no-compile
COMPILE := $(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header --no-annotate --no-emit-index-url \
	--no-emit-find-links pyproject.toml --extra serve --extra draw --extra install

.PHONY: demo test lint bench lock clean

demo: $(RUN)
	$(BIN)/humanize-bot playground

test: $(READY)
	$(BIN)/python tools/chromium.py
	$(BIN)/pytest -n 4 --dist loadfile

# What benchmarks/ need besides: the peers that they measure us against, and a trained reference.
bench: $(READY)
	$(PIP) --require-hashes -r requirements-bench.lock

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/humanize-bot rules test

$(RUN): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed; name one with make PYTHON=python3.12")'
	$(PYTHON) -m venv $(VENV)
	$(PIP) --require-hashes -r requirements.lock
	$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

$(READY): $(RUN) requirements-dev.lock
	$(PIP) --require-hashes -r requirements-dev.lock
	@touch $@

# Versions and hashes only, so that every machine installs the same from wherever it installs.
lock: $(READY)
	$(COMPILE) -o requirements.lock
	$(COMPILE) --extra dev --constraint requirements.lock -o requirements-dev.lock
	$(COMPILE) --extra bench --constraint requirements.lock -o requirements-bench.lock

clean:
	rm -rf $(VENV) build dist *.egg-info data
