# Each target sets up all that it needs; a machine needs Python 3.11 or newer and make.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

.PHONY: brief test lint bench docs bundle clean
.DELETE_ON_ERROR:

brief: $(VENV)/installed  ## Analyse the Korean case and leave brief.html
	$(BIN)/detente brief korea --out brief.html

test: $(VENV)/installed-test  ## Run all tests, doctests included
	$(BIN)/python -m pytest -n auto --dist worksteal

lint: $(VENV)/installed-test  ## Check style, formatting and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: $(VENV)/installed  ## Measure against other programs; writes benchmarks/RESULTS.md
	$(BIN)/python benchmarks/run.py

docs: $(VENV)/installed-docs  ## Build the documentation into docs/_build/html, and check its links
	$(BIN)/sphinx-build --fail-on-warning --keep-going --quiet docs docs/_build/html
	$(BIN)/python docs/links.py

bundle: $(VENV)/installed  ## Leave the folder bundle, to install from without a network
	$(BIN)/python tools/bundle.py $(if $(PLATFORM),--platform $(PLATFORM)) $(if $(PYTHON_VERSION),--python-version $(PYTHON_VERSION))

$(VENV)/installed: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "detente needs Python 3.11 or newer; say which with: make PYTHON=python3.12")'
	$(PYTHON) -m venv $(VENV)
	$(PIP) install --constraint constraints.txt --editable .
	@touch $@

$(VENV)/installed-test: $(VENV)/installed
	$(PIP) install --constraint constraints.txt --editable '.[test,lint]'
	@touch $@

$(VENV)/installed-docs: $(VENV)/installed
	$(PIP) install --constraint constraints.txt --editable '.[docs]'
	@touch $@

clean:
	rm -rf $(VENV) brief.html benchmarks/.venv docs/_build bundle
