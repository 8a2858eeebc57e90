# The commands of this project. They need Linux, Python 3.11 or newer and make; the first one installs the rest.

PYTHON ?= python3
# Cache bytecode even if the shell disables it, because the unit tests then start in half the time.
export PYTHONDONTWRITEBYTECODE :=
PY = .venv/bin/python
MEMBERS = contracts libs/chassis libs/documents libs/exports libs/matching libs/printing libs/sandbox libs/scoring services/request-api services/analyzer services/results-api deploy/local
PYPROJECTS = $(MEMBERS:%=%/pyproject.toml)
CHECKER = tools/chaos/broken_builds/test_broken_builds.py
NAMES = contracts chassis documents exports matching printing sandbox scoring request-api analyzer results-api local-stack

.DEFAULT_GOAL := help
.PHONY: help install up demo score token ops model-check check test test-unit test-contract test-integration test-e2e test-compose pictures model-smoke \
	chaos chaos-checker chaos-long evaluate evaluate-model corpus fuzz bench bench-lists bench-matching fairness flood k8s-check k8s-e2e lint format contracts lock lock-images clean

help: ## Show this list
	@awk -F ':.*## ' '/^\#\#@ / {printf "\n%s\n", substr($$0, 5)} \
		/^[a-z0-9-]+:.*## / {printf "  make %-17s %s\n", $$1, $$2}' Makefile

# Only bash expands the tilde of RESUME=~/cv.pdf, and no shell does within quotes.
RESUME_FILE = $(if $(filter ~/%,$(firstword $(RESUME))),$(patsubst ~/%,$(HOME)/%,$(RESUME)),$(RESUME))

##@ Run the system

demo: .venv/.installed ## Analyse one resume and print the report (RESUME=file INDUSTRY= DEPTH= GATEWAY=url TOKEN= SVG=file)
	@RESUME="$(RESUME_FILE)" INDUSTRY="$(INDUSTRY)" DEPTH="$(DEPTH)" GATEWAY="$(GATEWAY)" TOKEN="$(TOKEN)" SVG="$(SVG)" \
		$(PY) -m local_stack.demo

up: .venv/.installed ## Run the whole system in the foreground, at http://127.0.0.1:8080 (LEGACY=host:port SHARED_SECRET=)
	@LEGACY="$(LEGACY)" $(PY) -m local_stack.up

# LANGUAGE counts only on the command line: gettext uses a variable of this name in the environment.
score: .venv/.installed ## Score files by rules, without any service (RESUME=file INDUSTRY=general LANGUAGE=resume ARGS="--json other files")
	@$(PY) -m tools.score "$(or $(RESUME_FILE),$(error Name a file: make score RESUME=resume.pdf))" $(if $(INDUSTRY),--industry "$(INDUSTRY)") \
		$(if $(findstring command,$(origin LANGUAGE)),--language "$(LANGUAGE)") $(ARGS)

token: .venv/.installed ## Print a bearer token for the system of make up (ROLE=junior_recruiter USER_ID=uuid)
	@ROLE="$(ROLE)" USER_ID="$(USER_ID)" $(PY) -m local_stack.token

ops: .venv/.installed ## Run the on-call command against the system of make up (ARGS="dead-letters list", ARGS=--help)
	@$(PY) -m local_stack.ops $(ARGS)

model-check: .venv/.installed ## Ask the configured language model four questions: what it supports, its time and cost (OPENAI_BASE_URL=)
	@$(PY) -m analyzer.ops model-check

##@ Develop

install: .venv/.installed ## Create .venv with the pinned packages; every other command does so when needed

.venv/.installed: requirements.lock requirements-uv.lock pyproject.toml $(PYPROJECTS)
	@deploy/local/bootstrap.sh "$(PYTHON)"

check: lint ## Run before each commit: lint, unit tests and contract tests
	@$(PY) -m pytest tests/unit tests/contract -n 2 --dist worksteal $(ARGS)

lint: .venv/.installed ## Run ruff, mypy, import-linter, hadolint and the checks of prose
	@.venv/bin/ruff check
	@.venv/bin/ruff format --check
	@$(PY) -m mypy
	@.venv/bin/lint-imports
	@$(PY) -m tools.words
	@.venv/bin/hadolint services/Dockerfile tests/images/*/Dockerfile

format: .venv/.installed ## Format the code and fix what ruff can fix
	@.venv/bin/ruff check --fix
	@.venv/bin/ruff format

contracts: .venv/.installed ## Regenerate the OpenAPI, AsyncAPI and schema files after a change of an event or a route
	@$(PY) contracts/generate.py

lock: .venv/.installed ## Upgrade all pinned versions: Python packages, uv and the jars of Kafka
	.venv/bin/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" \
		$(NAMES:%=--no-emit-package resume-review-%) \
		--group pyproject.toml:dev $(PYPROJECTS) requirements.in -o requirements.lock
	.venv/bin/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" \
		requirements-uv.in -o requirements-uv.lock
	$(PY) -m local_stack.kafka.write_lock
	$(MAKE) --no-print-directory lock-images

# Subsets of requirements.lock, so that each image contains only what its service needs.
IMAGE_LOCK = .venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate \
	--no-emit-index-url --no-emit-find-links --custom-compile-command "make lock-images" \
	$(NAMES:%=--no-emit-package resume-review-%) --constraints requirements.lock
SERVICES = request-api analyzer results-api
LIBS_request-api = libs/documents/pyproject.toml libs/exports/pyproject.toml libs/matching/pyproject.toml libs/printing/pyproject.toml libs/sandbox/pyproject.toml libs/scoring/pyproject.toml
LIBS_results-api = libs/matching/pyproject.toml libs/printing/pyproject.toml libs/sandbox/pyproject.toml libs/scoring/pyproject.toml
LIBS_analyzer = libs/matching/pyproject.toml libs/sandbox/pyproject.toml libs/scoring/pyproject.toml

lock-images: .venv/.installed $(SERVICES:%=lock-image-%) ## Regenerate the lock file of each image from requirements.lock
	@echo hatchling | $(IMAGE_LOCK) - -o services/requirements-build.lock

lock-image-%: .venv/.installed
	@$(IMAGE_LOCK) contracts/pyproject.toml libs/chassis/pyproject.toml $(LIBS_$*) services/$*/pyproject.toml \
		-o services/$*/requirements.lock

clean: ## Delete everything that was created here: data, jars, .venv and caches
	@deploy/local/clean.sh

##@ Test

test: .venv/.installed ## Run all tests: unit, contract, integration and end-to-end (ARGS= for pytest)
	@$(PY) -m pytest $(ARGS)

test-unit: .venv/.installed ## Run the unit tests, which need no server
test-contract: .venv/.installed ## Run the tests of contracts, charts and documents
test-integration: .venv/.installed ## Run the tests against real PostgreSQL, Kafka and Envoy
test-e2e: .venv/.installed ## Run the tests against the whole system
test-unit test-contract test-integration test-e2e: test-%:
	@$(PY) -m pytest tests/$* $(ARGS)

test-compose: .venv/.installed ## Build the images and test docker-compose.yml (needs a running Docker engine)
	@$(PY) -m pytest tests/compose $(ARGS)

pictures: .venv/.installed ## Take the pictures of the documents anew with a test of the console (needs Chromium)
	@PICTURES=docs/images $(PY) -m pytest tests/e2e/console/test_pictures.py $(ARGS)

model-smoke: .venv/.installed ## Test the analyzer with a real small model, if one is installed (MODEL_PYTHON=python with it)
	@MODEL_PYTHON="$(MODEL_PYTHON)" $(PY) -m pytest tests/model $(ARGS)

k8s-check: .venv/.installed ## Render and validate the Helm charts; builds Helm with Go (ARGS=--write updates the golden files)
	@$(PY) -m tools.k8s $(ARGS)

k8s-e2e: .venv/.installed ## Run the charts on a cluster of kind under load (ARGS="--from COMMIT --plan"; needs docker, kind, kubectl, helm)
	@$(PY) -m tools.k8s.e2e $(ARGS)

##@ Measure

chaos: .venv/.installed ## Break every part under load for 15 minutes and check that nothing is lost (ARGS= for pytest)
	@$(PY) -m pytest tools/chaos --ignore $(CHECKER) $(ARGS)

chaos-checker: .venv/.installed ## Check that make chaos detects builds that are broken on purpose
	@$(PY) -m pytest $(CHECKER) $(ARGS)

chaos-long: .venv/.installed ## Run the faults of make chaos longer and in every combination
	@CHAOS=long $(PY) -m pytest tools/chaos --ignore $(CHECKER) $(ARGS)

evaluate: .venv/.installed ## Measure the quality of the scores in 3 minutes (ARGS=--write updates docs/scoring.md)
	@$(PY) -m tools.evaluation $(ARGS)

corpus: .venv/.installed ## Render resumes by every installed program and compare what is read with the truth (ARGS=--help)
	@nice -n 19 $(PY) -m tools.corpus $(ARGS)

evaluate-model: .venv/.installed ## Measure the model that OPENAI_BASE_URL names (ARGS="--resumes 10 --minutes 20", ARGS=--help)
	@$(PY) -m tools.model_evaluation $(ARGS)

bench: .venv/.installed ## Measure throughput and latency in 6 minutes (ARGS="--write --long", ARGS=--help)
	@PYTHONPATH=contracts $(PY) -m tools.bench $(ARGS)

bench-lists: .venv/.installed ## Measure lists of 200,000 analyses in both layouts (ARGS="--before COMMIT")
	@PYTHONPATH=contracts $(PY) -m tools.bench.lists $(ARGS)

bench-matching: .venv/.installed ## Measure how well resumes are matched to jobs, in 10 s (ARGS=--held-back: the fields that nobody tunes on, too)
	@$(PY) -m tools.matching_benchmark $(ARGS)

fairness: .venv/.installed ## Swap names, gender words, ages and the like in resumes; no score or match by rules may change (1 minute)
	@$(PY) -m tools.fairness

flood: .venv/.installed ## Measure how one abusive client affects others (ARGS="SCENARIO --seconds 30")
	@$(PY) -m tools.bench.flood $(ARGS)

fuzz: .venv/.installed ## Send generated requests and check each answer against OpenAPI (SECONDS=300 SEED=)
	@SECONDS="$(SECONDS)" SEED="$(SEED)" $(PY) -m tools.fuzz
