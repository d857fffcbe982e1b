# The commands every change keeps alive. Each is for a fresh machine with
# Go >= 1.26 and Node >= 20.19; deploy/tools.sh installs the rest or says how.
# SEKISHO_MODELS=DIR names the folder of the face models (docs/decisions/0011).
SHELL := /bin/bash
export CGO_ENABLED := 0
VERSION := $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
LDFLAGS := -s -w -X github.com/sekisho/sekisho/internal/wire.Version=$(VERSION)
GO := go
WEB := web/dist/desk/index.html web/dist/console/index.html

.PHONY: help run test check tour bench drills build web go cross generate clean

help: ## what there is
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-9s %s\n", $$1, $$2}'

run: ## a demonstration centre on this machine (Ctrl-C ends it and leaves nothing behind)
	@deploy/tools.sh run
	@$(MAKE) --no-print-directory build
	@$(GO) build -o build/ ./test/demo ./test/caller
	@exec build/demo $(if $(CLIP),-clip "$(CLIP)")

build: web go ## both binaries into bin/

web: $(WEB)

WEB_SOURCES := $(shell find web/apps web/packages -type f -not -path '*/node_modules/*' 2>/dev/null) $(wildcard web/*.json web/*.ts)
web/dist/desk/index.html: $(WEB_SOURCES)
	@deploy/tools.sh build
	@echo "building the operators' screen"
	@cd web && npm run --silent build:desk
web/dist/console/index.html: $(WEB_SOURCES)
	@deploy/tools.sh build
	@echo "building the console"
	@cd web && npm run --silent build:console

go:
	@mkdir -p bin
	@$(GO) build -trimpath -ldflags '$(LDFLAGS)' -o bin/ ./cmd/sekisho ./cmd/sekisho-agent

cross: ## the agent for Windows and ARM
	@mkdir -p bin
	@GOOS=windows GOARCH=amd64 $(GO) build -trimpath -ldflags '$(LDFLAGS)' -o bin/sekisho-agent-windows-amd64.exe ./cmd/sekisho-agent
	@GOOS=linux GOARCH=arm64 $(GO) build -trimpath -ldflags '$(LDFLAGS)' -o bin/sekisho-agent-linux-arm64 ./cmd/sekisho-agent

test: ## everything: Go, web, stories in a real browser
	@deploy/tools.sh test
	@$(MAKE) --no-print-directory build cross
	@cd web && npm run --silent check && npm test --silent
	@web/test/screens.sh
	@$(GO) vet ./...
	@$(GO) test -run '^$$' ./... >/dev/null
	$(GO) test -p 1 -timeout 20m ./...

check: ## format, vet (our linter), law, types, what is generated, unit tests; under two minutes
	@deploy/tools.sh build
	@out=$$(gofmt -l $$(git ls-files '*.go')); if [ -n "$$out" ]; then echo "run gofmt on:"; echo "$$out"; exit 1; fi
	@$(GO) vet ./...
	@cd web && npm run --silent check && npm test --silent
	$(GO) test -short . ./internal/... ./cmd/...

tour: ## the story of the product, played headless with real parts; pictures in docs/tour
	@deploy/tools.sh test
	@$(MAKE) --no-print-directory build
	@$(GO) run ./test/tour $(if $(ENROL),-enrol "$(ENROL)") $(if $(CLIP),-clip "$(CLIP)") $(if $(TIMELINE),-timeline "$(TIMELINE)") $(if $(PAGES),-pages "$(PAGES)")

bench: ## what we promise, measured beside peers; build/bench.json
	@deploy/tools.sh test
	@$(MAKE) --no-print-directory build
	@$(GO) run ./bench/measure $(if $(FACES),-faces "$(FACES)") $(if $(ONLY),-only "$(ONLY)")

drills: ## attacks, each tried for real and refused; build/drills.json
	@deploy/tools.sh test
	@$(MAKE) --no-print-directory build
	@$(GO) run ./drills/attack $(if $(ONLY),-only "$(ONLY)")

generate: ## what is generated: the console's OpenAPI document and the types made of it
	@deploy/tools.sh build
	@$(GO) test -count=1 -run '^TestOpenAPI$$' ./internal/api/console -update
	@cd web && npm run --silent generate

clean:
	rm -rf bin build web/dist/desk/* web/dist/console/*
