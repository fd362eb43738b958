# One command surface. Python 3.11 or newer and make are all it needs; `make` lists what there is.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.SUFFIXES:
SHELL := /bin/sh

VENV := .venv
PYTHON := $(VENV)/bin/python
INSTALLED := $(VENV)/.installed
CONTRACT_VENV := .venv-contract
SERVICES := registry indicators events gateway
# What Python compiled it keeps: else each process of each stack of the tests reads every module of ours anew.
unexport PYTHONDONTWRITEBYTECODE
PACKAGES := shared $(SERVICES:%=services/%)
# More workers than cores: much of a test is waiting for a socket or a disk. More than four gain nothing.
TEST_WORKERS ?= 4
# In the order of their folders: by number of tests, the long journeys of one test each would come last, one by one.
TEST_OPTIONS := -q -n $(TEST_WORKERS) --dist=loadfile --no-loadscope-reorder

## Use it

.PHONY: run
run: $(INSTALLED) ## start everything: PORT=8000 DATA=data DATABASE=postgresql://role:password@host/db DEMO=1 LOG_LEVEL=INFO LOG_FORMAT=console PUBLIC_URL=
	@exec $(PYTHON) -m deploy.local

.PHONY: demo-clear
demo-clear: $(INSTALLED) ## remove the demonstration rows from the stack that runs (PORT, DATA as it was started)
	@exec $(PYTHON) -m deploy.local --clear-demonstration

.PHONY: rotate-keys
rotate-keys: $(INSTALLED) ## give every service of the stack another signing key, while it runs (DATA as it was started)
	@exec $(PYTHON) -m deploy.local --rotate-keys

## Keep it

.PHONY: backup
backup: $(INSTALLED) ## copy all databases of a stack, running or not, to one archive: TO=backups, DATA DATABASE or COMPOSE=1
	@exec $(PYTHON) -m deploy.keeping backup $(if $(COMPOSE),--compose) --to "$(or $(TO),backups)"

.PHONY: restore
restore: $(INSTALLED) ## fill an empty stack from an archive: FROM=backups/....tar.gz, DATA DATABASE or COMPOSE=1
	@test -n "$(FROM)" || { echo "make restore needs FROM= an archive of make backup" >&2; exit 2; }
	@exec $(PYTHON) -m deploy.keeping restore $(if $(COMPOSE),--compose) "$(FROM)"

.PHONY: move-to
move-to: $(INSTALLED) ## move a stopped stack from SQLite to PostgreSQL: DATABASE=postgresql://role:password@host/db DATA
	@exec $(PYTHON) -m deploy.keeping move-to

## Work on it

.PHONY: test
test: $(INSTALLED) ## run the tests that need neither an engine nor Node (ARGS="tests/registry -k name" for some of them)
	@$(PYTHON) -m pytest $(if $(ARGS),$(ARGS),$(TEST_OPTIONS) tests --ignore=tests/containers --ignore=tests/clients)

.PHONY: test-search
test-search: $(INSTALLED) ## look for rare examples that break a property: new ones each time, ten times as many
	@$(PYTHON) -m pytest -q -n $(TEST_WORKERS) -m hypothesis --hypothesis-profile=search --timeout=3600 \
		$(if $(ARGS),$(ARGS),tests --ignore=tests/containers)

.PHONY: test-containers
test-containers: $(INSTALLED) ## a stack's day: up, seeded, watched, backed up, lost, restored; then updated under load (needs an engine)
	@$(PYTHON) -m pytest -q -rs tests/containers

.PHONY: test-swarm
test-swarm: $(INSTALLED) ## update a swarm of one node under load (needs an engine and docker-compose build; minutes)
	@exec $(PYTHON) -m tests.containers.swarm

.PHONY: test-clients
test-clients: $(INSTALLED) ## make clients from the merged contract, lint it, try it, audit packages (needs Node and a package index)
	@$(PYTHON) -m pytest -q -rs tests/clients

.PHONY: fuzz
fuzz: $(INSTALLED) $(CONTRACT_VENV)/.installed ## Schemathesis over the merged contract, in every role (ARGS="--as office --only /v1/labs")
	@exec $(PYTHON) -m tests.fuzz $(ARGS)

.PHONY: faults
faults: $(INSTALLED) ## break a stack in every way, under load, and tell what was seen (ARGS="--write --only PostgreSQL"; installs nothing)
	@exec $(PYTHON) -m tests.faults $(ARGS)

.PHONY: check
check: $(INSTALLED) ## lint, formatting, types and the boundaries between packages
	@$(VENV)/bin/ruff check .
	@$(VENV)/bin/ruff format --check .
	@$(VENV)/bin/mypy
	@PATH="$(CURDIR)/$(VENV)/bin:$$PATH" lint-imports

.PHONY: audit
audit: $(INSTALLED) ## ask whether a locked package has a known vulnerability (ARGS=--strict: fail where not all could be asked)
	-@$(MAKE) --silent $(CONTRACT_VENV)/.installed
	@exec $(PYTHON) -m deploy.audit $(ARGS)

.PHONY: fmt
fmt: $(INSTALLED) ## format, and repair what can be repaired
	@$(VENV)/bin/ruff check --fix --exit-zero .
	@$(VENV)/bin/ruff format .

.PHONY: bench
bench: $(INSTALLED) ## measure gateway, scorecard, start-up and memory (installs nothing; says which peers are missing)
	@exec $(PYTHON) -m tests.benchmarks $(ARGS)

## Change it

.PHONY: migration
migration: $(INSTALLED) ## write a dated migration from the models: SERVICE=registry NAME="add opening hours"
	@test -n "$(filter $(SERVICE),$(SERVICES))" || { echo "make migration needs SERVICE= one of: $(SERVICES)" >&2; exit 2; }
	@test -n "$(NAME)" || { echo 'make migration needs NAME="what it does"' >&2; exit 2; }
	@$(PYTHON) -m klaster_shared.migrations klaster_$(SERVICE) "$(NAME)"

.PHONY: openapi
openapi: $(INSTALLED) ## write every service's contract (services/*/openapi.json) and docs/access.md
	@set -e; for service in $(SERVICES); do \
		$(PYTHON) -m klaster_$$service.openapi > services/$$service/openapi.json.new; \
		mv services/$$service/openapi.json.new services/$$service/openapi.json; \
	done; \
	$(PYTHON) -m tests.contracts.access_page

.PHONY: settings
settings: $(INSTALLED) ## write docs/settings.md, all settings of all services, from the code
	@$(PYTHON) -m tests.contracts.settings_page

.PHONY: lock
lock: $(INSTALLED) ## pin all dependencies anew, with hashes (ARGS=--upgrade for newer ones)
	@UV=$(VENV)/bin/uv sh deploy/lock.sh $(ARGS)

## Tidy up

.PHONY: clean
clean: ## remove caches and the virtual environment; data/ stays
	@rm -rf $(VENV) $(CONTRACT_VENV) tests/clients/node_modules .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache build dist
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

.PHONY: help
help: ## list these commands
	@echo 'klaster: make COMMAND [VARIABLE=value]'
	@awk -F ':.*## ' '/^## / { printf "\n%s\n", substr($$0, 4) } /^[a-z-]+:.*## / { printf "  %-16s %s\n", $$1, $$2 }' Makefile

# The virtual environment: made once, brought up to date when a lock or a pyproject changes. pip checks every hash.
$(INSTALLED): requirements-dev.lock $(PACKAGES:%=%/pyproject.toml)
	@$(PYTHON) -m pip --version >/dev/null 2>&1 || sh deploy/venv.sh $(VENV)
	@echo 'installing what requirements-dev.lock names ...'
	@$(PYTHON) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@$(PYTHON) -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation $(PACKAGES:%=-e %)
	@$(PYTHON) -m compileall -q deploy $(PACKAGES)
	@touch $@

# What looks at us from outside has needs of its own, which do not go together with ours.
$(CONTRACT_VENV)/.installed: requirements-contract.lock
	@$(CONTRACT_VENV)/bin/python -m pip --version >/dev/null 2>&1 || sh deploy/venv.sh $(CONTRACT_VENV)
	@echo 'installing what requirements-contract.lock names ...'
	@$(CONTRACT_VENV)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-contract.lock
	@touch $@
