# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from ansible.errors import AnsibleFilterError

from ansible_collections.vpsfleet.panels.plugins.filter.fleet_html import (
    SCRIPT,
    STYLE,
    fleet_html,
)
from ansible_collections.vpsfleet.panels.plugins.filter.fleet_report import fleet_report

from .fleet_files import change, plan_file, results_file, row

#: Hostile server names.
HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</table></body>",
    "</script><script>alert(1)",
    "{rows}{0}%s",
    "&lt;b&gt;",
    "safe\u202egnp.exe",
    "\x1b[2J\x00\n",
    "javascript:alert(1)",
]


class Page(HTMLParser):
    """A parsed page: its tags, links, event handlers and table cells."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.links, self.scripts, self.rows = [], [], [], []
        self._open = ""
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self._open = tag
        self.links += [value for name, value in attrs if name in ("src", "href", "action")]
        self.scripts += [name for name, value in attrs if name.startswith("on")]
        if tag == "tr":
            self.rows.append([])
        if tag == "td":
            self.rows[-1].append("")

    def handle_endtag(self, tag):
        self._open = ""

    def handle_data(self, data):
        if self._open == "td":
            self.rows[-1][-1] += data


@pytest.fixture
def page(tmp_path):
    def make(*rows, plan=None, **about):
        planned = results_file(tmp_path / "planned.json", *rows)
        part = {"target": "Cloud 4", "planned": planned}
        if plan is not None:
            part["plan"] = plan_file(tmp_path / "plan.json", **plan)
        return fleet_html(fleet_report([part], about))

    return make


def test_each_server_is_a_row(page):
    found = Page(
        page(
            row(
                7,
                "web01",
                "changed",
                change("memory", 2048, 4096, "MB"),
                change("primary_disk_size", 200, 200, "GB", outcome="refused"),
                restart_required=True,
                msg="it stays",
            )
        )
    )
    assert found.rows[1:] == [
        ["7", "web01", "Cloud 4", "changed", "memory 2048 -> 4096 MB", "primary_disk_size", "required", "it stays"]
    ]  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_is_escaped(page, name):
    about = {"plan": {"warnings": ["x"], "address": "x"}, "msg": "x"}
    usual = Page(page(row(1, "web01", msg="x"), **about))
    found = Page(page(row(1, name, msg=name), plan={"warnings": [name], "address": name}, msg=name))
    assert found.tags == usual.tags
    assert found.links == []
    assert found.scripts == []
    printed = "".join(" " if ord(letter) < 32 or letter == "\u202e" else letter for letter in name)
    assert found.rows[1][1] == printed


def test_the_page_loads_no_other_resource(page):
    text = page(row(1, "web01"))
    assert Page(text).links == []
    assert "://" not in text
    policy = re.search(r'Content-Security-Policy"\s+content="([^"]+)"', text)[1]
    assert policy.startswith("default-src 'none'; form-action 'none'; ")
    assert "unsafe" not in policy
    assert f"<script>{SCRIPT}</script>" in text
    assert f"<style>{STYLE}</style>" in text


def test_the_head_describes_the_run(page):
    text = page(
        row(1, "web01"),
        row(2, "web02", "failed"),
        plan={},
        kind="change",
        dry_run=True,
        msg="2 servers",
    )
    assert "<title>Change of a fleet, dry run</title>" in text
    assert "<dd>https://panel.example.com</dd>" in text
    assert "<dd>2 servers</dd>" in text
    assert "<li><b>2</b>selected</li><li><b>1</b>changed</li><li><b>1</b>failed</li>" in text
    assert '<option value="">all</option><option>changed</option><option>failed</option>' in text


def test_a_server_that_differs_again_is_marked(tmp_path):
    done = results_file(tmp_path / "results.json", row(1, "web01"))
    report = fleet_report([{"planned": done, "done": done, "verified": done}])
    assert "It was changed, and differs again." in fleet_html(report)


@pytest.mark.parametrize("report", ["", "[]", "{}", 3, {"totals": {}, "servers": [{}]}])
def test_only_a_report_is_accepted(report):
    with pytest.raises(AnsibleFilterError, match=r"^fleet_html: "):
        fleet_html(report)
