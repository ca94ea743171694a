FUZZTIME ?= 10s

.PHONY: help run demo fmt lint test e2e fuzz bench check

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z0-9]+:.*## / { printf "%-7s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: ## serve, with the settings of the environment (CUNKAO_…)
	go run . serve

demo: ## an invented county, phones in a web page, and a clock to move
	go run . demo

fmt: ## lay out the code
	go tool -modfile=tools/go.mod golangci-lint fmt

lint: ## run the linters of .golangci.yml
	go tool -modfile=tools/go.mod golangci-lint run ./...

test: ## run every test; MariaDB, Redis and a browser take part where they are installed
	go test -timeout 25m ./...

e2e: ## run the conversations, the wire and the page in a browser
	go test -count=1 -run '^Test(Script|Wire|Page)' . ./sim

fuzz: ## fuzz every target for FUZZTIME
	FUZZTIME=$(FUZZTIME) .ci/run fuzz

bench: ## run the benchmarks
	go test -run '^$$' -bench . -benchmem ./...

check: ## run what CI runs beside the tests
	FUZZTIME=$(FUZZTIME) .ci/run check
