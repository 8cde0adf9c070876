# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Needs Python 3.10+, make, git and bash; all else is put into $(WORK). See CONTRIBUTING.md.

SHELL = /bin/sh
WORK ?= $(CURDIR)/.work
export WORK ARGS LEGS PART JOBS SLOTS COVERAGE_FLOOR KEEP_GOING SERVERS TARGETS PANEL QUICK DOCS BASE

.DEFAULT_GOAL = help
.PHONY: help setup format lint check unit conformance awx ci-server integration molecule sanity docs changelog-lint examples page screenshots \
	build importer environment guards demo simulator bench test lock release-notes clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{ printf "  %-16s %s\n", $$1, $$2 }' Makefile

setup: ## find Pythons, make the virtual environments under .work/
	@ci/setup.sh main legs lint importer page awx

format: ## format the code, apply the fixes of ruff, write the page of operations
	@ci/format.sh

lint: ## ruff, mypy, yamllint, shellcheck, ansible-lint (production), changelog
	@ci/lint.sh

check: ## before each commit: lint and units of what changed, meta rules (BASE=main: since there)
	@ci/check.sh

guards: ## prove that the checks fail if nothing is tested
	@ci/prove_guards.sh

unit: ## unit and meta tests, on each leg what it can change, with coverage (ARGS="-k word": the main leg only)
	@ci/unit.sh

conformance: ## the simulator against the panels' published descriptions
	@ci/conformance.sh

awx: ## the playbooks in jobs, as AWX runs them with ansible-runner, and the import of the content into AWX
	@ci/awx.sh

ci-server: ## servers of pipelines: real SSH, and the workflows of the documentation, unchanged
	@ci/ci_server.sh

page: ## the report page in a real browser: use, look, paper, security (ARGS="-k word")
	@ci/page.sh

screenshots: ## take the pictures of the report page for the documentation
	@ci/screenshots.sh

integration: ## integration targets through ansible-playbook (TARGETS="name ...", LEGS="main floor")
	@ci/integration.sh

molecule: ## the role's molecule scenarios
	@ci/molecule.sh

sanity: ## ansible-test sanity on the newest and the oldest ansible-core
	@ci/sanity.sh

docs: ## lint the documentation of plugins, roles and guides
	@ci/docs.sh

changelog-lint: ## lint the changelog fragments
	@ci/changelog_lint.sh

examples: ## every YAML example of the documentation, in real plays against the simulator (ARGS="README")
	@ci/examples.sh

build: ## build the tarball, install it, use it under the oldest and the newest ansible-core
	@ci/build.sh

importer: ## galaxy-importer on the tarball; a warning fails
	@ci/importer.sh

environment: ## the definition of the execution environment; builds and runs it where podman or docker runs
	@ci/environment.sh

demo: ## the main task on a simulated panel: dry run, change, check (PANEL=virtfusion, virtualizor, huaweicloud)
	@ci/demo.sh

simulator: ## start a simulated panel to play with (SERVERS=50)
	@ci/simulator.sh

bench: ## what bulk changes, tasks and inventories cost, beside others (QUICK=1: a few minutes)
	@ci/bench.sh

test: ## all of it, as CI does (KEEP_GOING=1: do not stop at the first stage that fails)
	@ci/test.sh

lock: ## renew ci/constraints.txt, the versions of the test tools
	@ci/lock.sh

release-notes: ## turn the changelog fragments into CHANGELOG.md, for the version in galaxy.yml
	@ci/release_notes.sh

clean: ## remove what make made
	@if [ -d "$(WORK)/venvs" ]; then rm -rf "$(WORK)"; fi
