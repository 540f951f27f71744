# Giao Việc. A newcomer needs two of these: `make demo` and `make test`.
#
#   make demo                        the sample province, served until Ctrl-C
#   make demo DEMO="--once --json"   the same, its figures as JSON on standard output, then exit
#   make run                         serve: embedded PostgreSQL, or DATABASE_URL
#   make test                        the checks and the whole suite
#   make test-on PGBIN=/usr/lib/postgresql/15/bin    the suite on another PostgreSQL's binaries
#   make faults                      the fault tests, the long ones too, and their table
#   make hostile                     the attacks, each within its bounds of memory and time
#   make openapi-check               Spectral, Redocly (npm) and Schemathesis on the API's description
#   make clients                     clients made of the description, each through a task's life
#   make check                       lint, format, types, import contracts, lock files
#   make bench                       the benchmarks
#   make bench-growth                bytes of an event, and what a log ten times as long costs;
#                                    BENCH_EVENTS="10000 100000" for others
#   make sbom                        the bill of materials, CycloneDX, of what the image ships
#   make image-trial                 the Dockerfile's steps, without a Docker engine
#   make reference                   renew the pages in docs/reference/
#   make lock                        bring the lock files up to pyproject.toml
#   make lock UPGRADE=--upgrade      … and to the newest versions it allows
#   make clean                       remove what was made here, the embedded data too
#   make help                        this list

MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := demo
.PHONY: help demo run test test-on suite faults hostile openapi-check clients check bench bench-growth sbom image-trial reference lock clean

DEMO ?=
UPGRADE ?=
JOBS ?= 2
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/ready
CLIENT_TOOLS := build/clients/node_modules/.bin
COMPILE := CUSTOM_COMPILE_COMMAND="make lock" $(BIN)/pip-compile --quiet --generate-hashes \
	--build-deps-for wheel --allow-unsafe --strip-extras --no-emit-index-url --no-emit-find-links --no-emit-trusted-host

help:
	@sed -n 's/^#//; t show; q; : show; s/^ //; p' Makefile

demo: $(READY)
	@exec $(BIN)/giaoviec demo $(DEMO)

run: $(READY)
	@exec $(BIN)/giaoviec serve

test: check suite

test-on: $(READY)
	@test -x "$(PGBIN)/postgres" || { echo "make test-on PGBIN=folder-of-postgres" >&2; exit 2; }
	PGBIN="$(PGBIN)" $(BIN)/pytest -q -n $(JOBS)

suite: $(READY)
	$(BIN)/pytest -q -n $(JOBS)

faults: $(READY)
	@sh .ci/replication
	$(BIN)/pytest -q -m "" tests/faults

hostile: $(READY)
	$(BIN)/pytest -q -m "" tests/hostile

openapi-check: $(READY)
	@sh .ci/clients
	PYTHONPATH=. $(BIN)/python .ci/description.py build/openapi.json
	@echo 'extends: ["spectral:oas"]' > build/spectral.yaml
	$(CLIENT_TOOLS)/spectral lint -r build/spectral.yaml --fail-severity=hint build/openapi.json
	REDOCLY_TELEMETRY=off $(CLIENT_TOOLS)/redocly lint --extends recommended build/openapi.json
	$(BIN)/pytest -q -m schemathesis tests/service/http

clients: $(READY)
	@sh .ci/clients
	$(BIN)/pytest -q -m clients tests/journeys

check: $(READY)
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest -q tests/test_locks.py

bench: $(READY)
	$(BIN)/python -m bench

bench-growth: $(READY)
	$(BIN)/python -m bench disk growth

sbom: $(READY)
	@mkdir -p build
	$(BIN)/cyclonedx-py requirements --pyproject pyproject.toml --output-reproducible \
		--spec-version 1.6 --output-format JSON --output-file build/sbom.json requirements.lock

image-trial: $(READY)
	$(BIN)/python .ci/image_trial.py

reference: $(READY)
	$(BIN)/python -m service.reference

lock: $(READY)
	$(COMPILE) $(UPGRADE) -o requirements.lock pyproject.toml
	$(COMPILE) $(UPGRADE) --extra embedded --extra dev -c requirements.lock \
		-o requirements-dev.lock pyproject.toml

clean:
	@sh .ci/clean

# Nothing here writes to standard output: it belongs to `giaoviec demo --json`.
$(READY): requirements-dev.lock pyproject.toml
	@sh .ci/venv $(VENV) requirements-dev.lock >&2
	@touch $@
