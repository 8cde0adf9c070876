# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The page in a browser runs nothing but its own script, whatever names customers choose."""

from __future__ import annotations

from . import sample_reports as samples
from .conftest import Open

EVIL = [
    "<img src=x onerror=\"window.hit='img'\">",
    "</script><script>window.hit='script'</script>",
    "<!--<script>window.hit='comment'",
    "</td><svg onload=window.hit='svg'>",
    "\"' onmouseover=window.hit='attribute' x='",
    "${window.hit='template'} $title",
    "a\u2028b\u2029c",
    "&lt;b&gt;",
    "\u202eexe.gpj",
    "\ud800 lone",
]


def test_names_with_markup_stay_text(open_page: Open):
    report = samples.run(len(EVIL))
    for row, name in zip(report["servers"], EVIL, strict=True):
        row.update(name=name, owner=name, place=name, uuid=name, msg=name)
        row["changes"] = [samples.change(name, name, name + "x", reason=name)]
        row["outcome"] = "refused"
    for key in ("target", "ticket", "job", "started_by", "msg", "run_dir", "address"):
        report[key] = " ".join(EVIL)
    report["warnings"] = EVIL
    page = open_page(report)
    assert page.evaluate("window.hit") is None
    assert page.locator("img, table.rows svg, td b b").count() == 0
    shown = page.locator("table.rows td.name b").all_inner_texts()
    for name in EVIL[:6]:
        assert name in shown
    assert "&lt;b&gt;" in shown
    page.fill("#search", "onerror")
    assert page.locator("table.rows tbody tr").count() == 1
    assert "\u202e" not in page.content()


def test_links_with_a_scheme_are_not_links(open_page: Open):
    report = samples.run(1)
    report["job"] = "javascript:window.hit='job'"
    report["links"] = [
        {"kind": "plan", "href": href, "name": "x"}
        for href in (
            "javascript:window.hit=1",
            "//evil.example",
            "\\\\evil",
            "data:text/html,x",
            " java\nscript:x",
        )
    ]
    page = open_page(report)
    assert [link.get_attribute("href") for link in page.locator("a").all()] == ["#servers"]


def test_the_policy_stops_any_other_script_and_style(open_page: Open, complaints):
    page = open_page(samples.run(1))
    page.evaluate(
        """() => {
          const script = document.createElement('script');
          script.textContent = "window.hit = 'inline'";
          document.body.append(script);
          const style = document.createElement('style');
          style.textContent = 'body { color: rgb(1, 2, 3) }';
          document.body.append(style);
          document.body.insertAdjacentHTML('beforeend', '<p id="p" onclick="window.hit=1">x</p>');
          document.getElementById('p').click();
        }"""
    )
    assert page.evaluate("window.hit") is None
    assert page.evaluate("getComputedStyle(document.body).color") != "rgb(1, 2, 3)"
    blocked = [text for text in complaints if "Content Security Policy" in text]
    assert len(blocked) == len(complaints) == 3
    complaints.clear()
