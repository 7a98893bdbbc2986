# `make` lists the targets. Nothing is needed beforehand but Python 3.11 or newer and make; uv is used when it is there.

PYTHON ?= python3
REPORT_LANG ?= en
BENCHMARKS ?= ../shared/benchmarks
REFERENCE ?= ../shared/reference
BIN := .venv/bin

.DEFAULT_GOAL := help
.PHONY: help report report-all notebooks lab test test-all test-interchange lint reference benchmark benchmark-batches fetch-wdi fonts lock lock-benchmark lock-interchange clean

help: ## list the targets
	@grep -E '^[a-z-]+:.*## ' $(firstword $(MAKEFILE_LIST)) | sed -E 's/^([a-z-]+):.*## (.*)/\1|\2/' | awk -F'|' '{ printf "make %-11s %s\n", $$1, $$2 }'

report: .venv/.stamp ## run the model and write the report to outputs/
	$(BIN)/planmodel run --lang $(REPORT_LANG)

report-all: .venv/.stamp ## the report in both languages, all scenarios
	$(BIN)/planmodel run --lang zh en --scenarios all

notebooks: .venv/.stamp ## run the notebooks with their defaults and keep the results that tests compare
	$(BIN)/python tools/keep_results.py

lab: .venv/.stamp ## open the notebooks in JupyterLab; planmodel is on the path of a cell's !
	PATH="$(CURDIR)/$(BIN):$$PATH" JUPYTER_CONFIG_PATH="$(CURDIR)/tools/jupyter" $(BIN)/jupyter lab \
		--ServerApp.root_dir="$(CURDIR)" --LabApp.default_url=/lab/tree/notebooks \
		--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate

test: .venv/.stamp ## run the tests, without the slow ones, on two cores
	$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder -m 'not slow'

test-interchange: .venv/.stamp interchange/.venv/.stamp ## read the exports with pyam and pysdmx, in an environment of their own
	PLANMODEL_REQUIRE_INTERCHANGE=1 $(BIN)/python -m pytest -m interchange tests/test_interchange_readers.py

test-all: .venv/.stamp interchange/.venv/.stamp ## run all tests
	$(BIN)/python -m pytest --hypothesis-profile=thorough

lint: .venv/.stamp ## check style, formatting and types
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy

reference: .venv/.stamp ## make the reference tables again: REFERENCE=folder BENCHMARKS=folder
	$(BIN)/python tools/make_reference.py $(REFERENCE)
	$(BIN)/python tools/make_outlooks.py $(REFERENCE)
	$(BIN)/python tools/make_dependence.py $(REFERENCE)
	$(BIN)/python tools/make_pooled.py $(BENCHMARKS)
	$(BIN)/python tools/make_deflators.py $(REFERENCE)/china_city_sample.csv
	$(BIN)/python -m tools.make_levels $(REFERENCE)/panels

benchmark: .venv/.stamp benchmarks/.venv/.stamp ## measure the forecasts against their bars: BENCHMARKS=folder REFERENCE=folder
	$(BIN)/python -m benchmarks.run $(BENCHMARKS) $(REFERENCE)

benchmark-batches: .venv/.stamp ## measure batches against their bars, half an hour; QUICK=1: a quick look
	$(BIN)/python -m benchmarks.batches $(if $(QUICK),--quick)

fetch-wdi: .venv/.stamp ## fetch the countries' growth from the World Bank again: OUT=file.csv
	$(BIN)/python tools/fetch_wdi.py $(OUT)

fonts: .venv/.stamp ## cut the Chinese fonts again (needs npm)
	$(BIN)/python tools/make_fonts.py

# The pins that stand stay; `make lock UPGRADE=1` moves them to the newest version in range.
lock: ## resolve requirements.in into requirements.lock
	@tmp=$$(mktemp -d) && trap 'rm -rf "$$tmp"' EXIT && \
	uv=$$(command -v uv) || { $(PYTHON) -m venv "$$tmp/uv" && "$$tmp/uv/bin/python" -m pip install -q uv && uv="$$tmp/uv/bin/uv"; } && \
	"$$uv" pip compile requirements.in --python-version 3.11 --universal --generate-hashes --no-emit-index-url \
		--no-emit-find-links --no-header -q -o requirements.lock $(if $(UPGRADE),--upgrade)

lock-benchmark: ## resolve benchmarks/requirements.in, as `make lock` does
	@tmp=$$(mktemp -d) && trap 'rm -rf "$$tmp"' EXIT && \
	uv=$$(command -v uv) || { $(PYTHON) -m venv "$$tmp/uv" && "$$tmp/uv/bin/python" -m pip install -q uv && uv="$$tmp/uv/bin/uv"; } && \
	"$$uv" pip compile benchmarks/requirements.in --python-version 3.11 --universal --generate-hashes --no-emit-index-url \
		--no-emit-find-links --no-header -q -o benchmarks/requirements.lock $(if $(UPGRADE),--upgrade)

# pip refuses hashes where the lock leaves out an extra that a package asks for (httpx[http2]): extras are kept.
lock-interchange: ## resolve interchange/requirements.in, as `make lock` does
	@tmp=$$(mktemp -d) && trap 'rm -rf "$$tmp"' EXIT && \
	uv=$$(command -v uv) || { $(PYTHON) -m venv "$$tmp/uv" && "$$tmp/uv/bin/python" -m pip install -q uv && uv="$$tmp/uv/bin/uv"; } && \
	"$$uv" pip compile interchange/requirements.in --python-version 3.11 --universal --generate-hashes --no-emit-index-url \
		--no-emit-find-links --no-header -q --no-strip-extras -o interchange/requirements.lock $(if $(UPGRADE),--upgrade)

clean: ## remove the environment, caches and everything in outputs/ but its README
	rm -rf .venv benchmarks/.venv interchange/.venv build *.egg-info .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
	find . -name .ipynb_checkpoints -type d -prune -exec rm -rf {} +
	find outputs -mindepth 1 -maxdepth 1 ! -name README.md -exec rm -rf {} +

# The environment: the locked packages (every file checked by its hash), then the project itself, without the network.
.venv/.stamp: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
	{ echo "planmodel needs Python 3.11 or newer, but $(PYTHON) is $$($(PYTHON) --version 2>/dev/null || echo missing). Name another: make PYTHON=python3.12 ..." >&2; exit 1; }
	@if command -v uv >/dev/null; then set -ex; \
		uv venv -q --allow-existing --python "$$(command -v $(PYTHON))" .venv; \
		uv pip install -q --python $(BIN)/python --require-hashes -r requirements.lock; \
		uv pip install -q --python $(BIN)/python --no-deps --no-build-isolation --config-settings editable_mode=compat -e .; \
	else set -ex; \
		$(PYTHON) -m venv .venv; \
		$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements.lock; \
		$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation --config-settings editable_mode=compat -e .; \
	fi
	$(BIN)/python -m ipykernel install --sys-prefix --name python3
	@touch $@

# The peers' environment: statsforecast wants pandas < 3, so it stands apart.
benchmarks/.venv/.stamp: benchmarks/requirements.lock
	@if command -v uv >/dev/null; then set -ex; \
		uv venv -q --allow-existing --python "$$(command -v $(PYTHON))" benchmarks/.venv; \
		uv pip install -q --python benchmarks/$(BIN)/python --require-hashes -r benchmarks/requirements.lock; \
	else set -ex; \
		$(PYTHON) -m venv benchmarks/.venv; \
		benchmarks/$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r benchmarks/requirements.lock; \
	fi
	@touch $@

# The readers' environment: pyam and pysdmx want older matplotlib and pyarrow, so it stands apart.
interchange/.venv/.stamp: interchange/requirements.lock
	@if command -v uv >/dev/null; then set -ex; \
		uv venv -q --allow-existing --python "$$(command -v $(PYTHON))" interchange/.venv; \
		uv pip install -q --python interchange/$(BIN)/python --require-hashes -r interchange/requirements.lock; \
	else set -ex; \
		$(PYTHON) -m venv interchange/.venv; \
		interchange/$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r interchange/requirements.lock; \
	fi
	@touch $@
