# One door to everything. `make` alone lists the targets.
.DEFAULT_GOAL := help
SHELL := bash
VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
GOLANGCI := github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0
GOVULN   := golang.org/x/vuln/cmd/govulncheck@v1.8.0
FUZZTIME ?= 10s
KILLS ?= 100
ROUNDS ?= 20
# SQLite's C and the C library below it, translated to Go, are one goroutine's at a time and start none: watching each of their accesses finds nothing of ours and costs three times the rest.
# Only what uses no sync.Map and no other generic type that orders accesses can be left out: the linker may take its unwatched copy of their functions for everybody's, and what they order is reported.
RACE := -race $(patsubst %,-gcflags=%=-race=false,modernc.org/sqlite modernc.org/sqlite/lib modernc.org/memory modernc.org/libc)
# What starts no goroutine (arch_test.go) is watched where others call it from several, and not by itself: six times the work for nothing.
ALONE := $(addprefix onrecord/,internal/mutants sources/markup statements/card/timeline statements/match statements/novelty statements/outline statements/press statements/quote statements/summary)
# What kills the real process reads nothing that it prints, and so no report of a race.
KILLING := ^(TestCrash|TestEveryBoundary|TestCorrectionsAtEveryBoundary)$$

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

# What waits for the network, the disk and people gains nothing by inlining, and is a megabyte and a half smaller without;
# functions that begin at every 16th byte instead of every 32nd save a quarter of one more. What judges posts (statements, but for the press, where it gains nothing), the code of SQLite itself and the standard cryptography stay as they are.
PATIENT := golang.org/x/text/... golang.org/x/net/... golang.org/x/crypto/... github.com/... go.yaml.in/... vendor/golang.org/x/... net net/... crypto/tls crypto/x509 encoding/asn1 mime/... log/... go/... os os/... database/... image/... text/tabwriter modernc.org/sqlite \
	onrecord/cmd/... onrecord/bot/... onrecord/sources/... onrecord/notifiers/... onrecord/internal/... onrecord/statements/model onrecord/statements/outline onrecord/statements/card/... onrecord/statements/press
SMALL := $(PATIENT:%=-gcflags=%=-l)

build: ## static binary ./onrecord
	CGO_ENABLED=0 go build -trimpath $(SMALL) -ldflags '-s -w -funcalign=16 -X main.version=$(VERSION)' -o onrecord ./cmd/onrecord

test: ## all tests, with the race detector
	go vet ./...
	go test $(RACE) -parallel 4 -timeout 30m -skip '$(KILLING)' $(filter-out $(ALONE),$(shell go list ./...)) # those that run the real process mostly wait for it
	go test -timeout 30m $(ALONE)
	go test -parallel 6 -timeout 30m -run '$(KILLING)' ./cmd/onrecord

replay: ## labelled posts through the whole program, and 200 statements under faults
	ONRECORD_STATEMENTS=200 go test $(RACE) -count=1 -run 'TestReplay|TestTwoHundredStatements' -v ./cmd/onrecord

race: test ## the same: the race detector is always on where there are goroutines

lint: ## linters, pinned
	@unformatted=$$(gofmt -l .); test -z "$$unformatted" || { echo "gofmt: $$unformatted"; exit 1; }
	go run $(GOLANGCI) run ./...

vuln: ## known vulnerabilities of what is linked (needs the network)
	go run $(GOVULN) ./...

fuzz: ## every fuzz target for FUZZTIME each
	@go list -f '{{.Dir}}' ./... | while read -r dir; do \
	  grep -ho 'func Fuzz[A-Za-z0-9_]*' "$$dir"/*_test.go 2>/dev/null | sed 's/func //' | while read -r f; do \
	    echo "fuzz $$dir $$f"; (cd "$$dir" && go test -run '^$$' -fuzz "^$$f$$" -fuzztime $(FUZZTIME) -fuzzminimizetime 1x .) || exit 1; \
	  done || exit 1; done

feeds: ## every file below the folder FEEDS as a feed, such as the tests of other readers and of validators
	ONRECORD_FEEDS=$(abspath $(FEEDS)) go test -count=1 -timeout 30m -run '^TestCorpus$$' -v ./sources/feed

servers: ## the places' own software, each that a folder is named of, read as the place is: X's PLAYGROUND, Bluesky's ATPROTO, GOTOSOCIAL
	@test -n "$(PLAYGROUND)$(ATPROTO)$(GOTOSOCIAL)" || { echo "make servers PLAYGROUND=folder ATPROTO=folder GOTOSOCIAL=folder: name one or more; CONTRIBUTING.md says what is in them"; exit 1; }
ifdef PLAYGROUND
	built=$$(mktemp -d); trap 'rm -rf "$$built"' EXIT; (cd $(PLAYGROUND) && go build -o "$$built/playground" ./cmd/playground) && \
	ONRECORD_PLAYGROUND=$$built/playground go test -count=1 -tags servers -run '^TestPlayground$$' -v ./sources/x
endif
ifdef ATPROTO
	ONRECORD_ATPROTO=$(abspath $(ATPROTO)) go test -count=1 -tags servers -run '^TestNetwork$$' -v ./sources/bluesky
endif
ifdef GOTOSOCIAL
	ONRECORD_GOTOSOCIAL=$(abspath $(GOTOSOCIAL)) go test -count=1 -tags servers -run '^TestGoToSocial$$' -v ./sources/mastodon
endif

crash: ## kill the real process on either side of every commit on both engines, and KILLS times under a failing Discord, and count
	ONRECORD_KILLS=$(KILLS) go test -count=1 -timeout 60m -parallel 4 -run '$(KILLING)' -v ./cmd/onrecord

soak: ## the same for hours, from other beginnings each time: ROUNDS of KILLS
	for round in $$(seq $(ROUNDS)); do ONRECORD_SEED=$$round $(MAKE) --no-print-directory crash || exit 1; done

soak-places: ## all places speak, edit, delete, change names and fail for two hours of fake time, from three beginnings
	go test -count=1 -tags soak -timeout 60m -run '^TestSoakOfPlaces$$' -v ./bot

mutants: ## plant known bugs of the engine and the judgement one by one: each must be caught
	ONRECORD_MUTANTS=$${ONRECORD_MUTANTS:-all} go test -count=1 -timeout 60m -run '^TestMutants$$' -v ./internal/mutants

bench: ## the figures of docs/benchmarks.md
	go test -run '^$$' -bench . -benchmem -timeout 60m ./...

train: ## learn the weights of statements/match from ONRECORD_CORPUS, and say how they hold on cases left out
	go run ./cmd/train -write statements/match/weights.txt

demo: ## the whole pipeline on an invented case
	go run ./cmd/onrecord demo

PICTURES ?= docs/pictures
CHROMIUM := chromium --headless --no-sandbox --disable-gpu --hide-scrollbars --disable-background-networking --disable-component-update --disable-sync --no-first-run

pictures: ## docs/pictures: every design on a phone and on a wide screen, from the bytes of real messages (needs chromium)
	go run ./docs/picture notifiers/discord/testdata $(PICTURES)
	for page in $(PICTURES)/*.html; do \
	  case $$page in */message.html) size=640,600 scale=2;; *) size=1208,12000 scale=1;; esac; \
	  $(CHROMIUM) --force-device-scale-factor=$$scale --window-size=$$size --screenshot="$${page%.html}.png" "file://$$(realpath $$page)" && \
	  go run ./docs/picture trim "$${page%.html}.png" || exit 1; \
	done

notices: ## THIRD_PARTY_NOTICES: the licence of every module that the binary holds
	@{ echo "onrecord holds these modules; each is used under its licence, which follows its name."; \
	go list -deps -f '{{with .Module}}{{if not .Main}}{{.Path}} {{.Version}} {{.Dir}}{{end}}{{end}}' ./cmd/onrecord | sort -u | while read -r path version dir; do \
	  printf '\n================================================================================\n%s %s\n\n' "$$path" "$$version"; \
	  find "$$dir" -maxdepth 1 -type f \( -iname 'licen[cs]e*' -o -iname 'copying*' -o -iname 'notice*' \) | sort | xargs -r cat | tr -d '\r'; \
	done; \
	printf '\n================================================================================\nthe letters of pictures, from the Go font\n\n'; cat statements/card/timeline/LICENSE; } > THIRD_PARTY_NOTICES

clean: ## remove what was built
	rm -f onrecord coverage.out

.PHONY: help build test replay race lint vuln fuzz feeds servers crash soak soak-places mutants bench train demo pictures notices clean
