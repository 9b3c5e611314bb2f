# The commands of the project; `make` without arguments lists them.
# The Python that made .venv, until PYTHON= names another.
PYTHON ?= $(or $(wildcard $(shell sed -n 's/^executable = //p' .venv/pyvenv.cfg 2>/dev/null)),python3)
VENV := .venv/bin
# ARGS is passed to the shell as typed: make itself expands nothing in it.
ARGS ?=
WORDS = $(value ARGS)
# What runs for long stops with make, even if that is killed; on Linux.
WITH_MAKE = $(if $(shell command -v setpriv 2>/dev/null),setpriv --pdeathsig TERM)
BENCH := $(basename $(notdir $(wildcard requirements/bench-*.in)))
# $(call compile,NAME,OPTIONS): lock requirements/NAME.in
compile = (cd requirements && ../$(VENV)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-header $(2) $(1).in --output-file $(1).txt)
LONG := $(addprefix tests/integration/,test_amplify.py test_deploying.py test_dev.py test_existing_resources.py lambda_api/test_every_resource.py test_aws_cli.py test_front_door_changes.py test_packages.py test_outside_terraform.py test_readme.py test_sam_cli.py test_terraform_alarms.py test_terraform_cleanliness.py)

unexport PYTHONPATH PYTHONHOME # a person's own modules must not shadow the project's

.DEFAULT_GOAL := help
.NOTPARALLEL: # prerequisites are steps that run in order
.PHONY: help ride play dev test test-long fuzz mutants load fidelity bench bench-check lint audit format package local env local-plan local-apply local-destroy \
	invoke monitor plan apply destroy lock clean install-local install-dev terraform

help: ## List the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { gsub(/\$$\$$/, "$$"); printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

ride: terraform install-local ## The whole tutorial on this machine: package, deploy, call, show the ride
	@exec $(WITH_MAKE) $(VENV)/python scripts/ride.py $(WORDS)

play: terraform install-local ## A page where you sign up, sign in and ask for a unicorn, on a local AWS of its own
	@exec $(WITH_MAKE) $(VENV)/python scripts/play.py $(WORDS)

dev: terraform install-local ## A local AWS that deploys every saved file of function/ at once (ARGS="--ride", or "--package page" for page/)
	@exec $(WITH_MAKE) $(VENV)/python scripts/dev.py $(WORDS)

# Files that take long are in the folder that comes first: no worker is left with one in the end.
test: terraform install-dev $(if $(WORDS),,lint) ## Every check, and the tests that do not take minutes (ARGS="-k eta": only these tests)
ifndef ARGS
	@$(VENV)/python -m pytest tests/unit/function --numprocesses=4 --cov --cov-fail-under=100
	@$(VENV)/python -m pytest tests/integration tests/support tests/unit --ignore=tests/unit/function \
		$(LONG:%=--ignore=%) --numprocesses=4 --dist=loadfile --no-loadscope-reorder
else
	@$(VENV)/python -m pytest $(if $(findstring tests/,$(WORDS)),,$(LONG:%=--ignore=%)) $(WORDS)
endif

test-long: terraform install-dev ## The tests that take minutes: edit loop, Terraform's alarms, AWS and SAM CLIs, plans across checkouts
	@$(VENV)/python -m pytest $(LONG) $(WORDS)

fuzz: install-dev ## 100,000 examples for each property of the function, and for each law of IAM policies
	@$(VENV)/python -m pytest tests/unit/function/test_properties.py \
		tests/unit/local_aws/iam/test_policy_laws.py --numprocesses=auto \
		--hypothesis-profile=fuzz --hypothesis-show-statistics $(WORDS)

mutants: install-dev ## Mutation testing: a test must fail for each of a thousand changes to function/ (ARGS=record for one file)
	@$(VENV)/python scripts/mutants.py $(WORDS)

lint: terraform install-dev ## ruff, mypy, import-linter, terraform fmt and validate
	@$(VENV)/python scripts/lint.py

audit: ## checkov, known vulnerabilities of the locked packages, committed secrets
	@$(PYTHON) scripts/install.py audit
	@.local/audit/bin/python scripts/audit.py $(WORDS)

format: install-dev ## Format Python and Terraform
	@$(VENV)/ruff format . && $(VENV)/ruff check --fix . && terraform fmt -recursive

package: ## function/ -> build/function.zip, page/ -> build/page.zip
	@$(PYTHON) scripts/package.py $(WORDS)

local: install-local ## Run the local AWS in the foreground (ARGS="--port 5000")
	@exec $(WITH_MAKE) $(VENV)/python -m local_aws --endpoint-file .local/running/$$$$ $(WORDS)

env: install-local ## Print the lines that point a shell at the local AWS: eval "$$(make -s env)"
	@$(VENV)/python scripts/env.py $(WORDS)

local-plan: terraform install-local ## Show what Terraform would change on the local AWS
	@$(VENV)/python scripts/stack.py plan $(WORDS)

local-apply: terraform install-local ## Deploy to the local AWS that runs (ARGS="-var function_name=Two", as for Terraform)
	@$(VENV)/python scripts/stack.py apply $(WORDS)

local-destroy: terraform install-local ## Destroy what local-apply created
	@$(VENV)/python scripts/stack.py destroy $(WORDS)

invoke: install-local ## Call the function of the last apply (ARGS="--rider zoe")
	@$(VENV)/python scripts/invoke.py $(WORDS)

monitor: $(if $(findstring --png,$(WORDS)),install-dev,install-local) ## Show the function's graphs, alarms, log and cost (ARGS="--watch" or "--png FILE")
	@exec $(WITH_MAKE) $(VENV)/python scripts/monitor.py $(WORDS)

plan: terraform install-local ## Show what Terraform would change on AWS
	@$(VENV)/python scripts/deploy.py plan $(WORDS)

apply: terraform install-local ## Deploy to AWS: shows the plan and asks (ARGS="-var-file=mine.tfvars", as for Terraform)
	@$(VENV)/python scripts/deploy.py apply $(WORDS)

destroy: terraform install-local ## Destroy what apply created: shows the plan and asks
	@$(VENV)/python scripts/deploy.py destroy $(WORDS)

load: install-dev ## 10,000 rides from 1 to 64 clients, audited; writes docs/load.md
	@$(VENV)/python -m benchmarks.load $(WORDS)

fidelity: install-dev ## Perform each case of Lambda's behaviour on a local AWS; writes docs/fidelity.md (ARGS="--check")
	@$(VENV)/python -m tests.integration.fidelity $(WORDS)

bench: install-dev ## Compare the speed with similar tools, in ten minutes; writes benchmarks/results.md (ARGS="--only warm")
	@$(VENV)/python -m benchmarks.bench $(WORDS) && $(VENV)/python -m benchmarks.scale

bench-check: install-dev ## A quick benchmark that fails if a gated target is missed
	@$(VENV)/python -m benchmarks.bench --check $(WORDS)

lock: install-dev ## Update requirements/*.txt from requirements/*.in
	@$(foreach name,installer runtime dev audit aws-cli $(BENCH),$(call compile,$(name)) &&) \
		$(call compile,local,--constraint dev.txt) && $(call compile,emulator,--no-deps)

clean: ## Remove everything that these commands created, except the state of a real deployment
	@rm -rf .venv .venv.lock .local .terraform build .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis .coverage
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

install-local:
	@$(PYTHON) scripts/install.py local

install-dev:
	@$(PYTHON) scripts/install.py dev

# Before the installs, which take longer.
terraform:
	@command -v terraform >/dev/null || { echo "terraform is not on PATH: install 1.5 or newer," \
		"https://developer.hashicorp.com/terraform/install." >&2; exit 1; }
