# One command each; `make` alone lists them. Needs python3 (3.11 to 3.13), pip and make, nothing else.
PYTHON ?= python3
PORT ?= 8000
WORKERS ?= 2
ARGS ?=
PY := .venv/bin/python
SOURCES := config people notifications grids deadlines petitions fieldwork volunteers parties gateway
# mypy and Django's checks read the settings; these values open nothing.
CHECK_ENV := env LINLI_DB_ROLE=app SECRET_KEY=check BLIND_INDEX_KEY=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA= \
	PERSON_KEYS=k1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA= DATABASE_URL='postgres://linli_app@/linli?host=/nowhere' \
	BROKER_URL=redis://localhost:1/0 EMAIL_URL=memorymail:// DJANGO_SETTINGS_MODULE=config.settings

.DEFAULT_GOAL := help
.PHONY: help demo setup test slow crash bench coverage check lint types fix migrations translations lock openapi screens backup restore clean runtime dev

help: ## list the commands
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

demo: runtime ## the whole platform with an invented district; RESET=1 starts over, PORT=8000 (Ctrl-C stops it)
	@exec $(PY) -m config.local_services up --port "$(PORT)" $(if $(filter-out 0,$(RESET)),--reset)

setup: dev ## what a developer needs
	@$(PY) tools/compile_messages.py
	@echo "Ready. Next: make test, make check, make demo; hooks: .venv/bin/pre-commit install"

test: dev ## the whole suite; ARGS="tests/grids -k post"
	@$(PY) tools/browser.py
	@$(PY) -m pytest -n $(WORKERS) -m "not slow and not crash" $(ARGS)

slow: dev ## tests that take more than seconds
	@$(PY) -m pytest -m slow $(ARGS) || [ $$? -eq 5 ] # 5: no test is that slow

crash: dev ## tests that kill workers and empty brokers
	@$(PY) -m pytest -m crash $(ARGS)

bench: dev ## what imports, due dates and sweeps cost; ARGS=bench_due for one
	@for file in $(if $(ARGS),$(ARGS),$(basename $(notdir $(wildcard tests/bench/bench_*.py)))); do \
		echo "== $$file"; $(PY) -m tests.bench.$$file || exit 1; done

coverage: dev ## the suite with branch coverage
	@$(PY) tools/browser.py
	@$(PY) -m pytest -n $(WORKERS) -m "not slow and not crash" --cov --cov-branch --cov-report=term-missing:skip-covered $(ARGS)

check: dev lint types ## lint, types, layers, templates, migrations, translations, the API's document
	@$(PY) -m djlint --quiet --lint templates
	@$(CHECK_ENV) $(PY) manage.py check --fail-level WARNING
	@$(CHECK_ENV) $(PY) -W ignore::RuntimeWarning manage.py makemigrations --check --dry-run
	@$(CHECK_ENV) $(PY) tools/check_translations.py
	@$(CHECK_ENV) $(PY) tools/openapi.py --check

lint: dev
	@$(PY) -m ruff format --check .
	@$(PY) -m ruff check .
	@.venv/bin/lint-imports --no-logo

types: dev
	@$(CHECK_ENV) $(PY) -m mypy $(wildcard $(SOURCES))

fix: dev ## format, and mend what can be mended
	@$(PY) -m ruff check --fix .
	@$(PY) -m ruff format .

migrations: dev ## write the initial migrations anew (until the first release)
	@$(CHECK_ENV) $(PY) tools/remake_migrations.py

translations: dev ## bring locale/*.po up to the sources; ARGS="table.tsv"
	@$(CHECK_ENV) $(PY) tools/update_messages.py $(ARGS)

lock: dev ## write the locks again from pyproject.toml; ARGS="--upgrade"
	@.boot/bin/uv pip compile -q --no-header --universal --python-version 3.11 --generate-hashes $(ARGS) \
		pyproject.toml -o requirements.lock
	@.boot/bin/uv pip compile -q --no-header --universal --python-version 3.11 --generate-hashes $(ARGS) \
		pyproject.toml --group test --group lint -c requirements.lock -o requirements-dev.lock

openapi: dev ## write docs/openapi.yaml anew from the code
	@$(CHECK_ENV) $(PY) tools/openapi.py

screens: dev ## pictures of the pages into docs/screens, from a demo made for it
	@$(PY) tools/browser.py
	@$(PY) -m tools.screens $(ARGS)

backup: runtime ## database, uploads and keys into one file; FILE=
	@$(PY) -m config.local_services backup $(if $(FILE),--file "$(FILE)")

restore: runtime ## FILE=… into an empty database; RESET=1 empties the embedded one first
	@$(PY) -m config.local_services restore --file "$(FILE)" $(if $(filter-out 0,$(RESET)),--reset)

clean: ## stop what runs, remove everything that is made; DATA=1 also the demo's data and keys
	@if [ -x $(PY) ]; then $(PY) -m config.local_services $(if $(filter-out 0,$(DATA)),reset,stop); fi
	@rm -rf .venv .boot .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .coverage* htmlcov .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
	@rm -f locale/*/LC_MESSAGES/*.mo

runtime:
	@$(PYTHON) tools/bootstrap.py runtime

dev:
	@$(PYTHON) tools/bootstrap.py dev
