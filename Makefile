# One command for each thing people do here. `make` alone lists them.
# Assumes git, make and Python 3.11 or newer; everything else is installed into .venv, pinned and hashed.

VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
TRAINERS := $(VENV)/.trainers
CONFIG ?= config.example.yaml
ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help venv demo test coverage check format bench docs train lock wheel clean distclean

help: ## List these commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

venv: $(STAMP) ## Install everything into .venv (done by the others when needed)

# The interpreter is looked for only when .venv has to be made: PYTHON=... overrides the search.
$(BIN)/python:
	@found=; for candidate in $(PYTHON) python3 python3.13 python3.12 python3.11; do \
	    if "$$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then found=$$candidate; break; fi; \
	done; \
	if [ -z "$$found" ]; then \
	    echo "Groupkeeper needs Python 3.11 or newer, and none was found. Install one, or name it: make PYTHON=/path/to/python3.11" >&2; exit 1; \
	fi; \
	echo "Creating $(VENV) with $$("$$found" --version)"; \
	"$$found" -m venv $(VENV) || { \
	    rm -rf $(VENV); echo "Could not create $(VENV). On Debian and Ubuntu, install the package python3-venv first." >&2; exit 1; \
	}

$(STAMP): requirements/dev.txt pyproject.toml | $(BIN)/python
	@echo "Installing the pinned requirements into $(VENV)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

demo: $(STAMP) ## Play a day of a simulated group (ARGS="--lang zh" in Chinese)
	@$(BIN)/groupkeeper demo $(ARGS)

test: $(STAMP) ## Run the tests (ARGS="tests/rules -k advert" for some)
	@$(BIN)/pytest -n auto $(ARGS)

coverage: $(STAMP) ## Run the tests and measure branch coverage
	@$(BIN)/pytest -n auto --cov --cov-report=term-missing --cov-report=html $(ARGS)

check: $(STAMP) ## Lint, types, floors, fresh docs, and the example's own tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m tools.docs --check
	$(BIN)/groupkeeper check $(CONFIG)
	$(BIN)/groupkeeper test $(CONFIG)

format: $(STAMP) ## Put imports and layout in order
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(STAMP) $(TRAINERS) ## Measure everything (ARGS="ads" for a part; ADS=DIR with labelled messages)
	@$(BIN)/python -m tools.bench $(if $(ADS),--ads "$(ADS)") $(ARGS)

docs: $(STAMP) ## Write the generated pages under docs/ anew
	$(BIN)/python -m tools.docs

# The pins come from the package index itself: local wheel folders would leave out other platforms' hashes.
COMPILE = env -u PIP_FIND_LINKS -u PIP_EXTRA_INDEX_URL PIP_CONFIG_FILE=/dev/null CUSTOM_COMPILE_COMMAND="make lock" \
	$(BIN)/pip-compile --quiet --generate-hashes --allow-unsafe --strip-extras \
	--no-emit-index-url --no-emit-trusted-host --no-emit-find-links --no-emit-options

$(TRAINERS): requirements/train.txt | $(STAMP)
	@echo "Installing what the detector is trained and compared with into $(VENV)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/train.txt
	@touch $@

train: $(STAMP) $(TRAINERS) ## Train the detector of advertisements anew (DATA=DIR with labelled messages)
	@test -n "$(DATA)" || { echo "name a folder with labelled messages: make train DATA=DIR" >&2; exit 2; }
	@$(BIN)/python -m tools.train_detector "$(DATA)" $(ARGS)

lock: $(STAMP) ## Pin the requirements anew (ARGS=--upgrade for the newest versions)
	$(COMPILE) $(ARGS) --output-file requirements/run.txt pyproject.toml
	$(COMPILE) $(ARGS) --extra dev --extra ocr --extra wechat --constraint requirements/run.txt --output-file requirements/dev.txt pyproject.toml
	$(COMPILE) $(ARGS) --extra wechat --constraint requirements/dev.txt --output-file requirements/wechat.txt pyproject.toml
	$(COMPILE) $(ARGS) --extra train --constraint requirements/dev.txt --output-file requirements/train.txt pyproject.toml
	$(COMPILE) $(ARGS) --only-build-deps --build-deps-for wheel --constraint requirements/dev.txt \
	    --output-file requirements/build.txt pyproject.toml

wheel: $(STAMP) ## Build the wheel and the source archive into dist/
	$(BIN)/python -m build --no-isolation

clean: ## Remove what tools and tests leave behind
	rm -rf build dist htmlcov .coverage .coverage.* .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find . -path ./$(VENV) -prune -o -type d -name __pycache__ -exec rm -rf {} +

distclean: clean ## The same, and .venv
	rm -rf $(VENV)
