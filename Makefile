# Every target makes .venv first where it is missing or older than the lock. Works with GNU make 3.81 (macOS) on.

BIN := $(if $(filter Windows_NT,$(OS)),.venv/Scripts,.venv/bin)
PY := $(BIN)/python
VENV := .venv/.installed
# Hash seeds, clocks and terminals differ between machines; what the tools print must not.
export PYTHONHASHSEED := 0

.DEFAULT_GOAL := help
.PHONY: help .venv demo test integration integration-fast coverage lint format types layers docs docs-check site links bench \
    ci locks clean

help: ## what there is
	@awk -F ':.*## ' '/^[.a-z-]+:.*## / {printf "make %-16s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.venv: $(VENV) ## the virtual environment with the `schemagate` command in it

$(VENV): requirements/dev.txt pyproject.toml scripts/venv.sh
	@PYTHON="$(PYTHON)" sh scripts/venv.sh

demo: $(VENV) ## registered, produced, consumed; an accident caught; the compatible way registered
	@$(PY) scripts/demo.py

test: $(VENV) ## all tests; ARGS="-k name" narrows, COV=1 also records what they run
	$(PY) -m pytest -n auto $(if $(COV),--cov --cov-report= --cov-fail-under=0) $(ARGS)

integration: $(VENV) ## real registries, clients and a broker: installs them into .integration, runs them all
	$(PY) scripts/integration/install.py all
	SCHEMAGATE_INTEGRATION=all $(PY) -m pytest tests/integration $(ARGS)

integration-fast: $(VENV) ## one real registry, one real client, what judges our formats and the image, as CI does
	$(PY) scripts/integration/install.py fast
	SCHEMAGATE_INTEGRATION=fast $(PY) -m pytest tests/integration -k "axonops or real_clients or validators or image" $(ARGS)

coverage: $(VENV) ## how much of the code `make test COV=1` ran: at least the floor in pyproject.toml
	$(PY) -m coverage report

lint: $(VENV) ## ruff: rules and format
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .

format: $(VENV) ## ruff: put right what it can
	$(PY) -m ruff check --fix .
	$(PY) -m ruff format .

types: $(VENV) ## mypy --strict
	$(PY) -m mypy

layers: $(VENV) ## imports go down only, the core is pure
	$(BIN)/lint-imports --no-cache

docs: $(VENV) ## write what is generated: docs/rules, docs/cli.md, docs/img, output that pages show
	$(PY) scripts/docs.py

docs-check: $(VENV) ## fail when a generated page is stale
	$(PY) scripts/docs.py --check

site: .site/.installed ## the documentation as a site in .site/site, every link and anchor checked
	$(PY) scripts/website.py

.site/.installed: $(VENV) requirements/site.txt
	@echo "installing into .site/venv (once) ..." >&2
	@$(PY) -m venv --clear --without-pip .site/venv
	@VIRTUAL_ENV=.site/venv $(BIN)/uv pip install --quiet --require-hashes --requirement requirements/site.txt
	@touch $@

links: .site/.installed ## the links that lead elsewhere; asks those servers
	$(PY) scripts/website.py --elsewhere

bench: $(VENV) ## speed, as ratios against a peer in the same run
	$(PY) -m bench

ci: ## all that CI does, in this work tree
	bash .ci/run

locks: $(VENV) ## compile requirements/*.txt from pyproject.toml; UPGRADE=1 takes newer versions
	sh scripts/locks.sh $(if $(UPGRADE),--upgrade)

clean: ## remove what was made here
	rm -rf .venv .integration .site build dist .coverage .coverage.* htmlcov .hypothesis .import_linter_cache .mypy_cache \
	    .pytest_cache .ruff_cache
	find src tests scripts -name __pycache__ -type d -prune -exec rm -rf {} +
