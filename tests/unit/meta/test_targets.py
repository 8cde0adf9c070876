# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""House rules for integration targets: what ansible-test and the shared parts need of each."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar

from ansible_collections.vpsfleet.panels.tests.unit.support.documented import TARGETS, yaml_of
from ansible_collections.vpsfleet.panels.tests.unit.support.rules import Rule, refuse, toothless
from ansible_collections.vpsfleet.panels.tests.unit.support.templates import trust_as_template

#: Has the parts that the targets share. It is no target itself.
SHARED = "setup_panel"
ALL = sorted(
    path
    for path in TARGETS.iterdir()
    if path.name != SHARED and any(file.is_file() for file in path.rglob("*"))
)
GROUPS = sorted(yaml_of("meta", "runtime.yml")["action_groups"])


def lines_of(path: Path) -> set[str]:
    """Return the lines of a file without comments; none for a file that does not exist."""
    text = path.read_text(encoding="utf-8") if path.is_file() else ""
    return {line for line in text.splitlines() if line and not line.startswith("#")}


def wrong_aliases(target: Path) -> Iterator[str]:
    aliases = lines_of(target / "aliases")
    named = [group for group in GROUPS if group in target.name]
    if "gather_facts/no" not in aliases:
        yield "add the line gather_facts/no"
    if not aliases & set(named or GROUPS):
        yield f"add the line {' or '.join(named or GROUPS)}"


def without_shared_parts(target: Path) -> Iterator[str]:
    if f"  - {SHARED}" not in lines_of(target / "meta" / "main.yml"):
        yield f"meta/main.yml must have the dependency {SHARED}"


PLANTED = Path("virtfusion_planted")
RULES = {
    "a target has its aliases": Rule(
        wrong_aliases, "Correct the aliases of these targets:", PLANTED
    ),
    "a target has the shared parts": Rule(
        without_shared_parts,
        "Without them these targets have no connection, no cycle and no request log:",
        PLANTED,
    ),
}


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_target_rule(rule):
    rule.hold(ALL)


def test_each_rule_finds_its_planted_offender():
    refuse(toothless(RULES), "These rules cannot fail, or fail to read their own offender:")


@pytest.mark.parametrize("ca_path", ["", "/ca.pem"])
def test_a_real_panel_is_reached_without_options_of_the_simulator(ca_path):
    """An empty ca_path is refused by every module, and only CI runs the targets with a simulator."""
    defaults = yaml_of("tests", "integration", "targets", SHARED, "defaults", "main.yml")
    manner = trust_as_template(defaults["connection_manner"])
    real = {"virtfusion_api_url": "https://panel.example.com", "virtfusion_api_token": "token"}
    given = {"vpsfleet_simulator": False, "vpsfleet_ca_path": ca_path, "connection_manner": manner}
    templar = Templar(loader=DataLoader(), variables={**given, **real})
    assert templar.template(trust_as_template(defaults["panel_connection"])) == {
        "api_url": "https://panel.example.com",
        "api_token": "token",
        "retries": 5,
        "retry_budget": 120,
        **({"ca_path": ca_path} if ca_path else {}),
    }
