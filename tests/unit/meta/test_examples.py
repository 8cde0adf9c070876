# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The runner of the documentation's examples finds all of them and lets none pass without running."""

from __future__ import annotations

import pytest

from ansible_collections.vpsfleet.panels.tests.examples.collect import Document, documents
from ansible_collections.vpsfleet.panels.tests.examples.plays import (
    FAILED,
    Run,
    Unclear,
    add,
    options_used,
)

ROLES = {"fleet": {"main": {"fleet_target", "fleet_dry_run"}, "drift": {"fleet_all"}}}


def _document(text: str) -> Document:
    return Document("README.md", 10, text)


def _run(text: str) -> Run:
    run = Run("README.md", "example_readme")
    add(run, _document(text), text, ROLES)
    return run


def test_code_blocks_and_examples_are_found_with_their_lines(tmp_path):
    for name, text in {
        "README.md": "text\n```yaml\na: 1\n---\nb: 2\n```\n```shell\nc: 3\n```\n",
        "docs/guide.rst": "text\n\n.. code-block:: yaml+jinja\n\n    d: 4\n\n    e: 5\n\ntext\n",
        "plugins/modules/one.py": 'EXAMPLES = r"""\n- name: One\n"""\n',
    }.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    found = {document.source: [] for document in documents(tmp_path)}
    for document in documents(tmp_path):
        found[document.source].append((document.line, document.begins))
    assert found == {
        "README.md": [(3, "a: 1"), (5, "b: 2")],
        "docs/guide.rst": [(4, "d: 4")],
        "plugins/modules/one.py": [(1, "- name: One")],
    }
    assert [document.source for document in documents(tmp_path, ["guide"])] == ["docs/guide.rst"]


def test_each_task_stands_alone():
    run = _run("- name: One\n  m: {}\n\n- name: Two\n  m: {}\n")
    (play,) = run.plays
    assert play["hosts"] == "example_readme"
    assert run.examples == {"README.md:10": "One", "README.md:13": "Two"}
    assert [block["block"][0]["name"] for block in play["tasks"]] == ["One", "Two"]
    assert {block["rescue"][0]["name"] for block in play["tasks"]} == {FAILED}


def test_a_play_keeps_its_own_hosts_and_keywords():
    text = "- hosts: web\n  serial: 1\n  tasks: [{name: One, m: {}}]\n- hosts: localhost\n  tasks: []\n"
    first, second = _run(text).plays
    assert (first["hosts"], first["serial"]) == ("web", 1)
    assert second["hosts"] == "example_readme"


def test_variables_of_a_role_are_given_to_its_entry_point_as_a_dry_run():
    (play,) = _run("fleet_target: {a: 1}\n").plays
    (task,) = play["tasks"][0]["block"]
    assert task["ansible.builtin.include_role"]["tasks_from"] == "main"
    assert task["vars"] == {"fleet_target": {"a": 1}, "fleet_dry_run": True}
    (play,) = _run("fleet_all: true\n").plays
    assert play["tasks"][0]["block"][0]["ansible.builtin.include_role"]["tasks_from"] == "drift"


def test_an_inventory_source_is_kept_apart():
    run = _run("plugin: vpsfleet.panels.virtfusion\n")
    assert not run.plays
    assert [document.begins for document in run.inventories] == [
        "plugin: vpsfleet.panels.virtfusion"
    ]


@pytest.mark.parametrize("text", ["unknown: 1\n", "fleet_typo: 1\n", "- one\n", "text\n"])
def test_a_document_of_another_kind_is_refused(text):
    with pytest.raises(Unclear):
        _run(text)


def test_the_options_of_modules_are_found_at_any_depth():
    content = [{"block": [{"vpsfleet.panels.one": {"a": 1}}]}, {"vpsfleet.panels.two": {"b": 2}}]
    assert list(options_used(content)) == [
        ("vpsfleet.panels.one", {"a"}),
        ("vpsfleet.panels.two", {"b"}),
    ]
