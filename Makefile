# `make demo` runs the main job, `make test` runs every test. Each does its own set-up.

CARGO ?= cargo
PYTHON ?= python3
NPM ?= npm
VENV := .venv
YAGURA := target/debug/yagura

.PHONY: help demo test lint docs bench compare fuzz build console chromium venv record clean

help:
	@echo 'make demo      judge a recorded organisation, and look at it in the console: http://127.0.0.1:8080'
	@echo 'make test      every test, with the AWS emulator in a Python environment of its own, and Chromium'
	@echo 'make lint      format and lints, as CI sees them'
	@echo 'make docs      the documentation of the code'
	@echo 'make bench     measure against Prowler, rsigma and a stub of AWS'
	@echo 'make compare   compare the answers with Prowler on the same emulator'
	@echo 'make fuzz      each fuzz target for a minute, or SECONDS=n'
	@echo 'make record    record anew what the demonstration judges'

build: console
	$(CARGO) build --quiet --package yagura-cli

# The binary holds the console as it was built last.
console: console/dist/index.html

console/node_modules/.package-lock.json: console/package.json console/package-lock.json
	cd console && $(NPM) ci --no-audit --no-fund --loglevel=error
	touch $@

console/dist/index.html: console/node_modules/.package-lock.json console/index.html console/vite.config.ts $(shell find console/src console/public -type f)
	cd console && $(NPM) run --silent build

# For the tests of the console, where there is none yet: Debian's.
chromium:
	@command -v chromium >/dev/null || { apt-get update --quiet=2 && DEBIAN_FRONTEND=noninteractive apt-get install --yes --quiet=2 chromium; } \
		|| { echo 'the tests of the console need chromium: install it' >&2; exit 1; }

demo: build
	@mkdir -p target/demo
	$(YAGURA) demo --store target/demo/yagura.db --fresh --output table --output html=target/demo/yagura.html \
		--listen 127.0.0.1:8080

venv: $(VENV)/.done

$(VENV)/.done: tests/emulator/requirements.txt tests/deploy/requirements.txt
	$(PYTHON) -m venv $(VENV)
	$(VENV)/bin/pip install --quiet --disable-pip-version-check $(addprefix --requirement ,$^)
	touch $@

test: venv console chromium
	$(VENV)/bin/python -m unittest discover --quiet --start-directory tests/emulator
	$(VENV)/bin/python -m unittest discover --quiet --start-directory tests/compare
	$(VENV)/bin/python -m unittest discover --quiet --start-directory tests/packs
	$(VENV)/bin/python -m unittest discover --quiet --start-directory tests/deploy
	$(CARGO) test --workspace
	$(VENV)/bin/python -m unittest discover --quiet --start-directory tests/api
	cd console && YAGURA=$(CURDIR)/$(YAGURA) $(NPM) run --silent test:browser

lint: console
	$(CARGO) fmt --all --check
	cd console && $(NPM) run --silent check
	$(CARGO) clippy --workspace --all-targets -- --deny warnings

docs:
	RUSTDOCFLAGS='--deny warnings' $(CARGO) doc --workspace --no-deps

bench: venv
	$(CARGO) build --release --package yagura-cli --package yagura-bench-stub --package yagura-bench-events
	$(PYTHON) benches/run.py

# Where the two disagree and docs/differences.md does not say why, this fails.
compare: build venv
	$(VENV)/bin/python tests/compare/run.py

# Seeds are what the tests know to be well-formed. The variable lets a stable compiler take the flags that fuzzing needs.
SECONDS ?= 60
fuzz:
	$(CARGO) fuzz --version >/dev/null 2>&1 || $(CARGO) install --quiet --locked cargo-fuzz
	mkdir -p fuzz/corpus/rule fuzz/corpus/rule_file fuzz/corpus/yaml
	cp packs/detections/*/*/*.yaml fuzz/corpus/rule_file/ && cp packs/rules/*/*.yaml fuzz/corpus/rule/ && cp packs/collectors/*.yaml fuzz/corpus/yaml/
	for target in addresses answer cloudwatch_logs condition correlation digest event falco_alert flow_log guard import mutelist parquet pipeline policy project_table records rule rule_file secrets snapshot sqs_message yaml; do \
		RUSTC_BOOTSTRAP=1 $(CARGO) fuzz run --fuzz-dir fuzz $$target -- -max_total_time=$(SECONDS) -rss_limit_mb=4096 || exit 1; \
	done

# What `make demo` judges: recorded anew when collectors or the emulated organisation change.
record: build venv
	rm -rf demo/organization
	$(VENV)/bin/python tests/emulator/serve.py --run $(YAGURA) collect --save demo/organization --now 2026-02-01T00:00:00Z \
		--regions ap-northeast-1,ap-northeast-3,us-east-1,us-west-2,eu-west-1

clean:
	$(CARGO) clean
	rm -rf $(VENV) .venv-bench console/node_modules console/dist/assets console/dist/index.html
