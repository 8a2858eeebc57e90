# What a developer types. Everything needs only Python 3.11+, make and pip; the rest comes by itself.

PYTHON ?= python3
PY = .venv/bin/python
MEMBERS = contracts libs/chassis libs/documents libs/scoring services/request-api services/analyzer services/results-api deploy/local
PYPROJECTS = $(MEMBERS:%=%/pyproject.toml)
CHECKER = tools/chaos/broken_builds/test_broken_builds.py
NAMES = contracts chassis documents scoring request-api analyzer results-api local-stack

.DEFAULT_GOAL := help
.PHONY: help install up demo score token test test-unit test-contract test-integration test-e2e test-compose chaos chaos-checker chaos-long evaluate fuzz bench flood lint format lock lock-images contracts clean ops k8s-check

help: ## This list
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / {printf "  make %-17s %s\n", $$1, $$2}' Makefile

install: .venv/.installed ## Make .venv with all that is pinned; the others do it by themselves

.venv/.installed: requirements.lock requirements-uv.lock pyproject.toml $(PYPROJECTS)
	@deploy/local/bootstrap.sh "$(PYTHON)"

up: .venv/.installed ## The whole system in the foreground; gateway at http://127.0.0.1:8080 (LEGACY=host:port)
	@LEGACY="$(LEGACY)" $(PY) -m local_stack.up

demo: .venv/.installed ## One resume, all the way to its report (RESUME=file INDUSTRY=strategy_tech DEPTH=standard GATEWAY=url TOKEN=)
	@RESUME="$(RESUME)" INDUSTRY="$(INDUSTRY)" DEPTH="$(DEPTH)" GATEWAY="$(GATEWAY)" TOKEN="$(TOKEN)" $(PY) -m local_stack.demo

# LANGUAGE counts only on the command line: gettext uses a variable of this name in the environment.
score: .venv/.installed ## Score one file by rules, without any service (RESUME=file INDUSTRY=general LANGUAGE=resume ARGS=--json)
	@$(PY) -m tools.score "$(or $(RESUME),$(error Name a file: make score RESUME=resume.pdf))" $(if $(INDUSTRY),--industry "$(INDUSTRY)") \
		$(if $(findstring command,$(origin LANGUAGE)),--language "$(LANGUAGE)") $(ARGS)

token: .venv/.installed ## A bearer token for make up (ROLE=junior_recruiter USER_ID=uuid)
	@ROLE="$(ROLE)" USER_ID="$(USER_ID)" $(PY) -m local_stack.token

ops: .venv/.installed ## What on-call does, on the stack of make up (ARGS="dead-letters list"; ARGS=--help)
	@$(PY) -m local_stack.ops $(ARGS)

test: .venv/.installed ## All tests: unit, contract, integration, e2e (ARGS= for pytest)
	@$(PY) -m pytest $(ARGS)

test-unit test-contract test-integration test-e2e: test-%: .venv/.installed
	@$(PY) -m pytest tests/$* $(ARGS)

test-compose: .venv/.installed ## Build the images, run docker-compose.yml, try it (a Docker engine has to answer)
	@$(PY) -m pytest tests/compose $(ARGS)

chaos: .venv/.installed ## Kill, pause, cut, fill and slow down every part under load; nothing may be lost (ARGS= for pytest)
	@$(PY) -m pytest tools/chaos --ignore $(CHECKER) $(ARGS)

chaos-checker: .venv/.installed ## Break the product on purpose, in ways that make chaos has to notice
	@$(PY) -m pytest $(CHECKER) $(ARGS)

chaos-long: .venv/.installed ## The same faults, far more of them, and every stall alone
	@CHAOS=long $(PY) -m pytest tools/chaos --ignore $(CHECKER) $(ARGS)

evaluate: .venv/.installed ## Measure how far the scores can be trusted, in about 3 minutes (ARGS=--write: docs)
	@$(PY) -m tools.evaluation $(ARGS)

fuzz: .venv/.installed ## Throw generated requests at the whole system, judged by its documents (SECONDS=300 SEED=)
	@SECONDS="$(SECONDS)" SEED="$(SEED)" $(PY) -m tools.fuzz

bench: .venv/.installed ## Measure against the speeds to reach, in about 5 minutes (ARGS=--write: docs, --long, --help)
	@PYTHONPATH=contracts $(PY) -m tools.bench $(ARGS)

flood: .venv/.installed ## Measure what others notice while one caller floods the gateway (ARGS=SCENARIO, --seconds 30)
	@$(PY) -m tools.bench.flood $(ARGS)

k8s-check: .venv/.installed ## Render the Helm charts and check every object; builds Helm with Go (ARGS=--write: golden files)
	@$(PY) -m tools.k8s $(ARGS)

lint: .venv/.installed ## ruff, mypy, import-linter, hadolint
	@.venv/bin/ruff check
	@.venv/bin/ruff format --check
	@$(PY) -m mypy
	@.venv/bin/lint-imports
	@.venv/bin/hadolint services/Dockerfile tests/images/*/Dockerfile

format: .venv/.installed ## Let ruff write the code as it should look
	@.venv/bin/ruff check --fix
	@.venv/bin/ruff format

lock: .venv/.installed ## Resolve all versions anew: packages, uv, the jars of Kafka
	.venv/bin/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" \
		$(NAMES:%=--no-emit-package resume-review-%) \
		--group pyproject.toml:dev $(PYPROJECTS) requirements.in -o requirements.lock
	.venv/bin/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" \
		requirements-uv.in -o requirements-uv.lock
	$(PY) -m local_stack.kafka.write_lock
	$(MAKE) --no-print-directory lock-images

# Parts of requirements.lock in the same versions, so that an image holds no more than its service needs.
IMAGE_LOCK = .venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate \
	--no-emit-index-url --no-emit-find-links --custom-compile-command "make lock-images" \
	$(NAMES:%=--no-emit-package resume-review-%) --constraints requirements.lock
SERVICES = request-api analyzer results-api
LIBS_request-api = libs/documents/pyproject.toml
LIBS_analyzer = libs/scoring/pyproject.toml

lock-images: .venv/.installed $(SERVICES:%=lock-image-%) ## Write what each image installs anew, from requirements.lock
	@echo hatchling | $(IMAGE_LOCK) - -o services/requirements-build.lock

lock-image-%: .venv/.installed
	@$(IMAGE_LOCK) contracts/pyproject.toml libs/chassis/pyproject.toml $(LIBS_$*) services/$*/pyproject.toml \
		-o services/$*/requirements.lock

contracts: .venv/.installed ## Write the contracts' generated documents anew
	@$(PY) contracts/generate.py

clean: ## Remove all that was made here: data, jars, .venv, caches
	@deploy/local/clean.sh
