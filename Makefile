# Thin: every target is a script, so that each can be read and run alone.

.PHONY: help setup run dev build check test end2end bench clean
.DEFAULT_GOAL := help

help: ## show this list
	@awk -F ':.*## ' '/^[a-z0-9]+:.*## / { printf "  make %-8s  %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: ## set up what is missing, build the release, start it and print the address to open
	@scripts/run.sh

dev: ## serve a development build, built again when a file changes
	@scripts/dev.sh

build: ## build target/release/latchkey, the front end inside it
	@scripts/build.sh

check: ## formatting, lints of both halves, the tests that need no browser
	@scripts/check.sh

test: ## everything: check, the tests on PostgreSQL, the release, its journeys in a browser
	@scripts/test.sh

end2end: ## only the journeys, against the release as it was built
	@scripts/end2end.sh

bench: ## measure verdicts, the list of tokens, the sweep among a million, and durable creates
	@scripts/bench.sh

setup: ## only set up what is missing, the browser of the tests included
	@scripts/setup.sh browser

clean: ## remove what was built and the npm packages; data/ stays
	cargo clean
	rm -rf node_modules
