# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Groups: each distinct change once, for the terminal, the report and the page."""

from __future__ import annotations

from ansible_collections.vpsfleet.panels.plugins.plugin_utils._fleet.groups import groups_of
from ansible_collections.vpsfleet.panels.tests.unit.support.toy_fleet import row as change_row


def server(number, outcome, *changes, **more):
    known = {"restart_required": False, "msg": None, "failure": None}
    return {
        "id": number,
        "name": f"web{number}",
        "outcome": outcome,
        "changes": changes,
        **known,
        **more,
    }


def failed(number, message):
    text = f"Cannot change web{number}: {message}"
    return server(number, "failed", msg=text, failure={"message": message})


def test_failures_come_first_then_the_most_frequent_and_what_is_unchanged_last():
    rows = [
        *(server(number, "unchanged") for number in range(10, 15)),
        server(1, "changed", change_row(1, 2)),
        server(2, "changed", change_row(1, 3)),
        server(3, "changed", change_row(1, 3), restart_required=True),
        server(4, "changed", change_row(1, 3)),
        server(5, "moved", msg="it is gone"),
        failed(6, "locked"),
        failed(7, "locked"),
        failed(8, "no such package"),
    ]
    assert [group.to_plain() for group in groups_of(rows)] == [
        plain("failed", 2, ["web6", "web7"], msg="locked"),
        plain("failed", 1, ["web8"], msg="no such package"),
        plain("moved", 1, ["web5"], msg="it is gone"),
        plain("changed", 2, ["web2", "web4"], ["size 1 -> 3 cm"]),
        plain("changed", 1, ["web1"], ["size 1 -> 2 cm"]),
        plain("changed", 1, ["web3"], ["size 1 -> 3 cm"], restart_required=True),
        plain("unchanged", 5, ["web10", "web11", "web12"]),
    ]


def plain(outcome, servers, examples, changes=(), **more):
    return {
        "servers": servers,
        "outcome": outcome,
        "changes": list(changes),
        "refused": [],
        "restart_required": False,
        "msg": None,
        "examples": examples,
        **more,
    }


def test_refusals_differ_by_their_reason():
    one = change_row(9, 2, refused=True)
    other = {**one, "message": "the panel is full"}
    groups = groups_of([server(1, "refused", one), server(2, "refused", other)])
    assert [group.refused_texts for group in groups] == [
        ["size stays 9 cm (it does not shrink)"],
        ["size stays 9 cm (the panel is full)"],
    ]


def test_a_row_without_changes_or_failure_is_grouped_by_its_message():
    row = {
        "id": 1,
        "name": "a\x1b",
        "outcome": "skipped",
        "changes": None,
        "msg": "the run\nstopped",
    }
    (group,) = groups_of([row])
    assert group.message == "the run stopped"
    assert group.to_plain()["examples"] == ["a "]
