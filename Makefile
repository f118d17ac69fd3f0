# Every target sets up what it needs in .venv; nothing else is touched. `make help` lists the targets.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
WORKERS ?= 2
# Networks side by side, 3 GB each; they wait more than they work.
FABRIC_WORKERS ?= $(shell awk '/^MemTotal/ {print ($$2 > 15000000) ? 4 : 2}' /proc/meminfo 2>/dev/null || echo 2)

.DEFAULT_GOAL := help
.PHONY: help setup demo console demo-fabric demo-hosts test test-fabric test-fabric-2.5 test-hfc trust soak fuzz fuzz-coverage mutants audit bench \
	bench-sdk bench-scale lint docs format sync lock clean

help: ## List the targets
	@grep -hE '^[a-z0-9.-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 18

PROJECTS := pyproject.toml chaincode/pyproject.toml client/pyproject.toml network/pyproject.toml
OURS := hlf-chaincode hlf-client hlf-network eximledger
EDITABLE := -e chaincode -e client -e network -e .

$(READY): requirements.lock $(PROJECTS)
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation $(EDITABLE)
	@touch $@

setup: $(READY) ## Make .venv with pinned, hashed dependencies and this project

demo: $(READY) ## The Dongyu case on an embedded ledger: papers, a refusal, corrections, a loan
	$(BIN)/eximledger demo

console: $(READY) ## The console in your browser, on a demo ledger in eximledger-demo, with a switch between officers
	$(BIN)/eximledger console --demo eximledger-demo

demo-fabric: $(READY) ## The same on real Fabric in Docker: network up, the case, network down
	@mkdir -p eximledger-demo && cd eximledger-demo && \
	exim="$(abspath $(BIN))/eximledger"; trap '"$$exim" network down --purge' EXIT; \
	"$$exim" network up && "$$exim" demo --folder . --ledger exim-network/profiles

demo-hosts: $(READY) ## The same with each member on a host of its own: four Docker engines, keys that never leave them (root)
	$(BIN)/python tools/demo_hosts.py

test: lint docs ## Lint, build the docs, then every test (Fabric tests too where Docker and the images are at hand)
	$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal -m "not fabric"
	$(BIN)/python -m pytest -n $(FABRIC_WORKERS) --dist loadscope -m fabric

test-fabric: $(READY) ## Only the tests on real Fabric
	$(BIN)/python -m pytest -n $(FABRIC_WORKERS) --dist loadscope -m fabric

test-fabric-2.5: $(READY) ## The conformance suite on Fabric 2.5, the oldest that is supported
	EXIM_FABRIC=2.5.15 $(BIN)/python -m pytest -m fabric tests/conformance

test-hfc: $(READY) ## The whole conformance suite through fabric-sdk-py (minutes; `make test` runs a part)
	EXIM_HFC=whole $(BIN)/python -m pytest -m fabric -k hfc tests/conformance

trust: $(READY) ## An adversary, load, races, kills, failing nodes, forgery in the sizes of the claim; writes docs/forgery-table.md
	EXIM_TRUST=1 $(BIN)/python -m pytest -o faulthandler_timeout=0 tests/trust tests/eximledger/proof tests/fabric/test_persons.py \
		tests/fabric/test_forgery.py tests/fabric/test_hosts.py \
		tests/hlf_network/test_fabric_changes.py tests/eximledger_chaincode/rules/test_properties.py -s

soak: $(READY) ## Half an hour of loans on Fabric while nodes fail: memory, failed cases (EXIM_SOAK_SECONDS changes it)
	EXIM_SOAK_SECONDS=$${EXIM_SOAK_SECONDS:-1800} $(BIN)/python -m pytest -o faulthandler_timeout=0 tests/trust/test_soak.py -s

fuzz: $(READY) ## Wrong input to every reader, new at each run: FUZZ='--inputs 1000000 --seed 1'
	$(BIN)/python -W ignore -m tests.trust.fuzz $(FUZZ)

.venv-fuzz/.ready: requirements.lock requirements-fuzz.lock $(PROJECTS)
	$(PYTHON) -m venv .venv-fuzz
	.venv-fuzz/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --only-binary atheris \
		-r requirements-fuzz.lock || { echo "atheris is not installed. Its wheels are for CPython 3.11 to 3.13 on" \
		"Linux x86-64 only; \`make fuzz\` runs everywhere." >&2; exit 1; }
	.venv-fuzz/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	.venv-fuzz/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation $(EDITABLE)
	@touch $@

fuzz-coverage: .venv-fuzz/.ready ## The same, guided by what inputs reach (atheris, in .venv-fuzz): FUZZ='--seconds 600'
	.venv-fuzz/bin/python -W ignore -m tests.trust.fuzz.guided $(FUZZ)

mutants: $(READY) ## The lending core changed in one place at a time, a test must notice; writes docs/mutants.md (hours)
	$(BIN)/python -m tests.trust.mutation $(MUTANTS)

bench: $(READY) ## Measure the embedded ledger and the desk beside their limits (minutes; BENCH=--quick for seconds)
	$(BIN)/python -m bench $(BENCH)

bench-sdk: $(READY) ## Measure the Gateway client beside the official Go and Node SDKs, on a network of its own
	$(BIN)/python -m bench.sdk $(BENCH)

bench-scale: $(READY) ## Filing, reads and whole loans on Fabric beside a ceiling without rules (half an hour; BENCH=--quick)
	$(BIN)/python -m bench.scale $(BENCH)

lint: $(READY) ## ruff, mypy --strict, the one-way imports, and the sync API as the asyncio source has it
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python tools/async_to_sync.py --check

docs: $(READY) ## The documentation and all public names as a site in build/site; a broken link is an error
	$(BIN)/python -m sphinx --quiet --fail-on-warning --keep-going -c docs . build/site

audit: $(READY) ## bandit, and known vulnerabilities of the pinned dependencies (asks PyPI; tools in .venv-audit)
	$(PYTHON) -m venv .venv-audit
	.venv-audit/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-audit.lock
	.venv-audit/bin/bandit --quiet --recursive -c pyproject.toml chaincode client network
	.venv-audit/bin/pip-audit --strict --require-hashes --disable-pip -r requirements.lock

format: $(READY) ## Let ruff mend and format the code
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

sync: $(READY) ## Write the synchronous API (`hlf_client.sync`, `eximledger.sync`) from the asyncio source
	$(BIN)/python tools/async_to_sync.py

lock: $(READY) ## Pin all dependencies again, with hashes
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--all-extras --group pyproject.toml:dev $(foreach one,$(OURS),--no-emit-package $(one)) $(PROJECTS) -o requirements.lock
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		requirements-audit.in -o requirements-audit.lock
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		requirements-fuzz.in -o requirements-fuzz.lock

clean: ## Remove .venv and caches
	rm -rf $(VENV) .venv-audit .venv-fuzz .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
