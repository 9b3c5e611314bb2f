# The verbs of the project; `make` alone lists them.
PYTHON ?= python3
VENV := .venv/bin
ARGS ?=
BENCH := $(basename $(notdir $(wildcard requirements/bench-*.in)))
# $(call compile,NAME,OPTIONS): lock requirements/NAME.in
compile = (cd requirements && ../$(VENV)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-header $(2) $(1).in --output-file $(1).txt)
LONG := $(addprefix tests/integration/,test_dev.py test_terraform_alarms.py test_terraform_cleanliness.py)

unexport PYTHONPATH PYTHONHOME # a person's own modules must not shadow the project's

.DEFAULT_GOAL := help
.PHONY: help ride dev test test-long fuzz mutants load bench bench-check lint audit format package local local-apply local-destroy invoke monitor apply destroy lock clean \
	install-local install-dev on-aws

help: ## List the verbs
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

ride: install-local ## The whole tutorial on this machine: package, deploy, call, show the ride
	@$(VENV)/python scripts/ride.py

dev: install-local ## A local AWS that deploys every saved file of function/ at once (ARGS="--ride")
	@exec $(VENV)/python scripts/dev.py $(ARGS)

test: install-dev lint ## Every check, and every test that takes less than minutes
	@$(VENV)/python -m pytest tests/unit/function --numprocesses=auto --cov --cov-fail-under=100 $(ARGS)
	@$(VENV)/python -m pytest --ignore=tests/unit/function $(LONG:%=--ignore=%) --numprocesses=3 --dist=worksteal $(ARGS)

test-long: install-dev ## The tests that take minutes: the edit loop, Terraform's alarms, plans across checkouts and variables
	@$(VENV)/python -m pytest $(LONG) $(ARGS)

fuzz: install-dev ## 100,000 examples for each property of the function
	@$(VENV)/python -m pytest tests/unit/function/test_properties.py --numprocesses=auto \
		--hypothesis-profile=fuzz --hypothesis-show-statistics $(ARGS)

mutants: install-dev ## Change function/ in a thousand small ways; its tests must notice each (ARGS=record for one file)
	@$(VENV)/python scripts/mutants.py $(ARGS)

lint: install-dev ## ruff, mypy, import-linter, terraform fmt and validate
	@$(VENV)/python scripts/lint.py

audit: ## checkov, known vulnerabilities of the locked packages, committed secrets
	@$(PYTHON) scripts/install.py audit
	@.local/audit/bin/python scripts/audit.py $(ARGS)

format: install-dev ## Format Python and Terraform
	@$(VENV)/ruff format . && $(VENV)/ruff check --fix . && terraform fmt -recursive

package: ## function/ -> build/function.zip
	@$(PYTHON) scripts/package.py $(ARGS)

local: install-local ## Run the local AWS in the foreground (ARGS="--port 5000")
	@exec $(VENV)/python -m local_aws $(ARGS)

local-apply: install-local package ## Deploy to the running local AWS
	@$(VENV)/python scripts/stack.py apply

local-destroy: install-local ## Destroy what local-apply made
	@$(VENV)/python scripts/stack.py destroy

invoke: install-local ## Call the function the environment points to (ARGS="--rider zoe")
	@$(VENV)/python scripts/invoke.py $(ARGS)

monitor: $(if $(findstring --png,$(ARGS)),install-dev,install-local) ## The function's graphs, alarms, log and cost (ARGS="--watch" or "--png FILE")
	@exec $(VENV)/python scripts/monitor.py $(ARGS)

apply: on-aws package ## Deploy to AWS: shows the plan and asks
	@terraform init -input=false && terraform apply $(ARGS)

destroy: on-aws ## Destroy what apply made: shows the plan and asks
	@terraform init -input=false && terraform destroy $(ARGS)

load: install-dev ## 10,000 rides from 1 to 64 clients, audited; writes docs/load.md
	@$(VENV)/python -m benchmarks.load $(ARGS)

bench: install-dev ## Measure side by side with peers, in ten minutes; writes benchmarks/results.md (ARGS="--only warm")
	@$(VENV)/python -m benchmarks.bench $(ARGS)

bench-check: install-dev ## A quick benchmark that fails if a gated target is missed
	@$(VENV)/python -m benchmarks.bench --check $(ARGS)

lock: install-dev ## Renew requirements/*.txt from requirements/*.in
	@$(foreach name,installer runtime dev audit $(BENCH),$(call compile,$(name)) &&) \
		$(call compile,local,--constraint dev.txt) && $(call compile,emulator,--no-deps)

clean: ## Remove what the other verbs made, but not the state of a real deployment
	@rm -rf .venv .venv.lock .local .terraform build .mypy_cache .pytest_cache .ruff_cache .hypothesis .coverage

install-local:
	@$(PYTHON) scripts/install.py local

install-dev:
	@$(PYTHON) scripts/install.py dev

# A shell that points to anything but AWS must not touch the state of a real deployment.
on-aws:
	@endpoints=$$(env | grep '^AWS_ENDPOINT_URL[A-Z0-9_]*=.'); test -z "$$endpoints" || { \
		echo "This shell does not point to AWS itself: use make local-apply or local-destroy, or set your AWS" >&2; \
		echo "credentials and unset" $$(echo "$$endpoints" | cut -d= -f1). >&2; exit 1; }
