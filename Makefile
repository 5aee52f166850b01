# `make demo` and `make test` are all you need; `make help` names the rest.

PYTHON ?=
PORT ?= 8000
HOST ?= 127.0.0.1
DATELINE_DATA ?= var/demo
JOBS ?= 2

BIN := .venv/bin
# The demonstration runs in a folder of its own, whatever else this machine serves.
SITE = DATELINE_DATA="$(DATELINE_DATA)" $(BIN)/dateline
FOUND = $(shell find dateline -path '*/static/*' -type f -o -name '*.po' -o -path '*/migrations/*.py')

export PYTHON

.PHONY: help demo test lint format guide soak bench bench-full bench-import opensearch lock runtime dev messages clean
.DEFAULT_GOAL := help

help: ## Say what there is
	@echo "make demo      the demonstration newsroom on http://localhost:$(PORT) (PORT=… HOST=… DATELINE_DATA=…)"
	@echo "make test      the tests; ARGS=… goes to pytest (ARGS='tests/lib -k dates')"
	@echo "make lint      ruff, mypy, the import order, djlint"
	@echo "make format    let ruff and djlint put the code in form"
	@echo "make guide     the pictures of the guides, from a day that is played in browsers"
	@echo "make soak      the long trials at full size; writes what it saw to docs/"
	@echo "make bench     Dateline's engine beside its peers, 10,000 stories; three minutes"
	@echo "make bench-full  the same with a million, growth, the whole stack; writes docs/benchmarks.md"
	@echo "make bench-import  importing and one listing page, beside their floors"
	@echo "make opensearch  OpenSearch nodes on this machine (NODES=3), until Ctrl-C"
	@echo "make lock      resolve all versions anew (UPGRADE=1 takes newer ones)"
	@echo "make clean     remove the environment and caches, not your data"
	@echo
	@echo "PYTHON=/path/to/python3.12 chooses the interpreter; 3.11 or newer is needed."

demo: $(DATELINE_DATA)/prepared ## The demonstration newsroom, in the foreground
	@$(SITE) demonstrate
	@exec env DATELINE_DATA="$(DATELINE_DATA)" $(BIN)/dateline run --host $(HOST) --port $(PORT)

$(DATELINE_DATA)/prepared: requirements.txt $(FOUND) | runtime
	@echo "Making the database and the static files in $(DATELINE_DATA) …"
	@$(SITE) prepare
	@touch "$@"

test: dev messages ## The tests
	@tools/test $(ARGS)

lint: dev ## Everything that reads the code without running it
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/djlint dateline --lint --quiet

format: dev
	$(BIN)/ruff check --fix-only --quiet .
	$(BIN)/ruff format .

guide: dev messages
	DATELINE_SCREENSHOTS=docs/images/desk $(BIN)/pytest -n0 tests/desk/test_day.py

soak: dev messages
	DATELINE_SOAK=full $(BIN)/pytest -m soak -p no:cacheprovider --timeout 0 $(ARGS)

bench: dev
	$(BIN)/python -m bench.engines --size 10000 --rounds 2 --cap 1.5 --part 2

# Archives are built below DATELINE_BENCH (var/bench) and kept: building takes hours, measuring half
# an hour. The other scripts of bench/ can be run by themselves.
bench-full: dev
	$(BIN)/python -m bench.prebuild
	$(BIN)/python -m bench.engines --size 1000000 --record engines
	$(BIN)/python -m bench.engines --size 10000 --rounds 3 --cap 2 --record small
	$(BIN)/python -m bench.engines --swiss 4 --rounds 3 --cap 2 --record swiss \
		--peers dateline,tantivy,sqlite,duckdb,postgresql
	$(BIN)/python -m bench.growth --record growth
	$(BIN)/python -m bench.stack --record stack
	$(BIN)/python -m bench.updates --record updates
	$(BIN)/python -m bench.plot
	$(BIN)/python -m bench.report

bench-import: dev
	$(BIN)/python bench/import_swiss.py
	$(BIN)/python bench/listing_page.py

opensearch: ## OpenSearch on loopback, to try DATELINE_SEARCH with (NODES=3)
	tools/opensearch/opensearch_nodes.py $(or $(NODES),1)

lock: dev
	@$(BIN)/python -c 'import uv' 2>/dev/null || $(BIN)/python -m pip install --quiet uv
	tools/lock

runtime:
	@tools/environment runtime

dev:
	@tools/environment dev

messages: | dev
	@$(BIN)/python -m dateline.operations.translations

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis build dist
	find . -name __pycache__ -prune -exec rm -rf {} +
