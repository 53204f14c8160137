# The commands of this project. Each does all of its own set-up and repeats only what changed; `make help` lists them.
SHELL := bash
PYTHON ?= python3
TARGET := $(or $(CARGO_TARGET_DIR),target)
VENV := $(CURDIR)/.venv
STARTED := $(shell date +%s)
# An environment whose interpreter has gone (an upgrade, another machine) is made anew.
$(shell $(VENV)/bin/python -c '' 2>/dev/null || rm -f $(VENV)/.installed)

# The host embeds the library of this interpreter, and the engine's wheels are in its site-packages.
export PYO3_PYTHON := $(VENV)/bin/python
export DAVINCI_MCP_PYTHON := $(VENV)/bin/python
# ruff reads its settings from python/, whatever the folder that it checks.
RUFF := cd python && ../.venv/bin/ruff
LINTED := . ../demo ../bench ../clients ../tests/engine ../tests/demo ../tests/clients
CARGO_LOG := $(TARGET)/cargo-test.log
PYTEST_LOG := $(TARGET)/pytest.log
heading = @printf '\n== %s\n' "$(1)"

.PHONY: help demo test check build bench soak venv docs accept accept-clients clean prerequisites
.PHONY: lint-rust lint-python build-debug test-rust test-python total
# Cargo uses every core by itself, and sections that print at once cannot be read.
.NOTPARALLEL:

help:
	@echo 'make demo    cut, grade and render real footage through tool calls; the result is in demo-output/'
	@echo 'make test    every check and every test, as CI runs them'
	@echo 'make check   formatting, lints and types only'
	@echo 'make build   the two programs, in $(TARGET)/release'
	@echo 'make bench   speed and memory of the server beside a tool that does nothing, of renders and of long timelines'
	@echo 'make soak    50,000 calls with random faults from four clients at once; SOAK_CALLS and SOAK_MINUTES (30) bound it'
	@echo 'make venv    the virtual environment with pinned wheels, in .venv'
	@echo 'make accept  write what the tools look like now to tests/snapshots'
	@echo 'make docs    write the pages, the stub and the tables that follow from the code'
	@echo 'make accept-clients  the official SDKs, inspector and conformance suite against the server (needs npm)'
	@echo 'make clean   remove everything that these commands made'
	@echo 'PYTHON=... names the interpreter to use (3.11 or newer, with its shared library)'

prerequisites:
	@.ci/prerequisites $(PYTHON)

# The stamp is newer than the pins only if all of them were installed.
$(VENV)/.installed: python/pyproject.toml | prerequisites
	$(call heading,virtual environment)
	@$(VENV)/bin/python -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear $(VENV)
	$(VENV)/bin/python -m pip install --quiet --disable-pip-version-check --config-settings editable_mode=compat --editable './python[dev]'
	@touch $@

venv: prerequisites $(VENV)/.installed

build: venv
	$(call heading,build)
	cargo build --release --workspace

build-debug: venv
	$(call heading,build)
	cargo build --workspace

demo: build
	$(call heading,demo)
	@$(VENV)/bin/python -m demo --server $(TARGET)/release/davinci-mcp-server --output demo-output

bench: build
	$(call heading,build of what does nothing)
	cargo build --release --manifest-path bench/noop/Cargo.toml --target-dir $(TARGET)/bench-noop
	$(call heading,bench)
	@$(VENV)/bin/python -m bench --server $(TARGET)/release/davinci-mcp-server \
		--noop $(TARGET)/bench-noop/release/rmcp-noop --echo $(TARGET)/bench-noop/release/raw-echo $(BENCH)
	$(call heading,bench of renders)
	@PYTHONPATH=python:. $(VENV)/bin/python -m bench.render $(BENCH_RENDER)
	$(call heading,bench of a long timeline)
	@PYTHONPATH=python:. $(VENV)/bin/python -m bench.timeline $(BENCH_TIMELINE)

soak: build-debug
	$(call heading,soak)
	cargo test --test tests -- --ignored --nocapture soak

lint-rust: venv
	$(call heading,cargo fmt)
	cargo fmt --all --check
	cargo fmt --manifest-path bench/noop/Cargo.toml --check
	$(call heading,cargo clippy)
	cargo clippy --workspace --all-targets -- -D warnings
	cargo clippy --features conformance --lib -- -D warnings

lint-python: venv
	$(call heading,ruff)
	$(RUFF) check $(LINTED)
	$(RUFF) format --check $(LINTED)
	$(call heading,mypy)
	.venv/bin/mypy --config-file python/pyproject.toml python/resolve_engine python/DaVinciResolveScript.py demo bench tests/demo
	.venv/bin/mypy --config-file python/pyproject.toml --exclude '^clients/python/' clients tests/clients

check: lint-rust lint-python

# The tests that start the server need the host beside it, which `cargo test` alone would not build.
test-rust: build-debug
	$(call heading,cargo test)
	@mkdir -p $(TARGET)
	set -o pipefail; cargo test --workspace --no-fail-fast 2>&1 | tee $(CARGO_LOG)

# A process on every core, and one that has nothing left to do takes from the others. Tests start hundreds of interpreters: where the
# environment forbids keeping bytecode, each of them would compile the engine anew.
test-python: venv
	$(call heading,pytest)
	@mkdir -p $(TARGET)
	set -o pipefail; cd python && env -u PYTHONDONTWRITEBYTECODE PYTHONPYCACHEPREFIX=$(abspath $(TARGET))/pycache \
		../.venv/bin/pytest -q -n auto --dist worksteal ../tests/engine ../tests/demo ../tests/clients 2>&1 | tee $(abspath $(PYTEST_LOG))

total:
	$(call heading,total)
	@awk '/^test result:/ { passed += $$4; ignored += $$8 } END { print "Rust: " passed " passed, " ignored " ignored" }' $(CARGO_LOG)
	@tail -n 1 $(PYTEST_LOG) | sed 's/^/Python: /'
	@echo "everything passed in $$(( $$(date +%s) - $(STARTED) )) s"

test: check test-rust test-python total

accept: build-debug
	$(call heading,snapshots)
	UPDATE_SNAPSHOTS=1 cargo test --test tests snapshot
	git status --short tests/snapshots

# What the engine lacks comes first: the server is built with that table.
docs: venv
	$(call heading,what the engine lacks)
	cd python && UPDATE_DOCS=1 ../.venv/bin/pytest -q ../tests/engine/test_coverage.py
	$(call heading,pages)
	cargo build --workspace
	UPDATE_DOCS=1 cargo test --test tests documents
	git status --short docs README.md python/api/engine.toml

# What must be installed is, before anything is built: then a missing npm is said at once. The build with the
# fixtures is put aside, and the standard one made after it, so that nobody finds the wrong one.
CLIENTS := $(VENV)/bin/python -m clients
accept-clients: venv
	$(call heading,clients)
	@$(CLIENTS) --install
	$(call heading,build with the fixtures of the conformance suite)
	cargo build --features conformance --bin davinci-mcp-server
	@mkdir -p $(TARGET)/conformance && cp $(TARGET)/debug/davinci-mcp-server $(TARGET)/conformance/
	$(call heading,build)
	cargo build --workspace
	$(call heading,sessions)
	@$(CLIENTS) --server $(TARGET)/debug/davinci-mcp-server \
		--fixtures $(TARGET)/conformance/davinci-mcp-server --output clients-output

clean:
	rm -rf $(TARGET) $(VENV) demo-output clients-output clients/node_modules clients/.venv-* .ruff_cache .mypy_cache python/.mypy_cache python/.ruff_cache python/.pytest_cache .pytest_cache python/.hypothesis
	rm -rf python/*.egg-info
	find python demo bench clients tests -name __pycache__ -type d -prune -exec rm -rf {} +
