# `make help` lists what there is. Everything works from a clean clone; nothing outside it is changed.
SHELL := /bin/bash
.DEFAULT_GOAL := help
PY := .venv/bin/python
export RASA_TELEMETRY_ENABLED := false
export PYTHONDONTWRITEBYTECODE :=

.PHONY: help setup run test check train predict evaluate negotiate audit bench faults lock clean

help:  ## what there is
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

setup:  ## environment, dependencies, pages (only what is missing)
	@bash service/setup.sh

run: setup  ## set up and run everything; Ctrl-C stops it
	@exec $(PY) -m service.launcher

train: setup  ## train the model, when data or config changed
	@$(PY) -m service.train

test: setup  ## set up and test: what CI runs
	@$(PY) -m service.train
	@$(PY) -m service.checks
	@$(PY) -m pytest -q -m "not long"

check: setup  ## lint, types, import rules, data checks
	@$(PY) -m service.checks

predict: setup  ## understand a file of questions: IN=questions.txt OUT=predictions.jsonl
	@$(PY) -m service.train
	@$(PY) -m service.predict "$(IN)" "$(OUT)"

evaluate: setup  ## how well customers are understood, beside stock Rasa: REAL=labelled.tsv STOCK=0
	@$(PY) -m service.train
	@$(PY) -m benchmarks.evaluate "$(REAL)" "$(STOCK)"

negotiate: setup  ## play against simulated debtors: CASES=cases.jsonl SIM=simulator.py, or LEVEL=text|manipulation N=200
	@$(if $(LEVEL),$(PY) -m service.train)
	@$(if $(LEVEL),$(PY) -m benchmarks.text_level $(LEVEL) --cases $(or $(N),200) --seed $(or $(SEED),701) $(if $(OUT),--out "$(OUT)"),$(PY) -m benchmarks.negotiator "$(CASES)" "$(SIM)")

audit: setup  ## play a negotiation again from its record: ID=n_...
	@$(PY) -m service.audit "$(ID)"

bench: setup  ## measure against stock Rasa
	@$(PY) -m service.train
	@$(PY) -m benchmarks.bench

faults: setup  ## the long proofs, with real processes
	@$(PY) -m service.train
	@$(PY) -m pytest -q -m long --timeout 1800

lock: setup  ## write requirements/*.txt anew from *.in
	@bash service/lock.sh

clean:  ## remove everything that make made
	rm -rf .venv node_modules var dist */*/page/dist */*/page/node_modules bot/models/*.tar.gz bot/models/*.json
