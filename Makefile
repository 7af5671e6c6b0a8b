# The two commands of the README are `make up` and `make test`; each installs what it needs.
.PHONY: up test check format bench clean

PY := .venv/bin/python

up:
	@tools/setup run
	@exec .venv/bin/magpie up

test:
	@tools/setup test
	@# Once: the tests start hundreds of processes, and many of them write no bytecode.
	@$(PY) -m compileall -q src
	@$(PY) -m pytest -n auto --maxprocesses 4 --dist worksteal

check:
	@tools/setup check
	@$(PY) -m ruff format --check .
	@$(PY) -m ruff check .
	@$(PY) -m mypy
	@.venv/bin/lint-imports --no-cache
	@$(PY) tools/sizes.py

format:
	@tools/setup check
	@$(PY) -m ruff format .
	@$(PY) -m ruff check --fix .

bench:
	@tools/setup check
	@$(PY) -m bench

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis tests/sdk/node/node_modules
