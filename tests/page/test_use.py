# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The page in a browser: what it shows, and how it is used with a mouse and with a keyboard."""

from __future__ import annotations

import re

import pytest

from . import sample_reports as samples
from .conftest import Open

COUNT_ELEMENTS = """
window.created = 0;
const create = Document.prototype.createElement;
Document.prototype.createElement = function (...names) {
  window.created += 1;
  return create.apply(this, names);
};
"""

KINDS = {
    "plan": samples.plan,
    "run": samples.run,
    "drift": samples.drift,
    "rollback": samples.rollback,
}


def rows_of(page, column="name"):
    return page.locator(f"table.rows tbody td.{column}").all_inner_texts()


def count_of(page):
    return page.locator("#count").inner_text()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("count", [0, 1, 50])
def test_each_kind_of_report_opens_without_a_complaint(open_page: Open, kind, count):
    page = open_page(KINDS[kind](count))
    assert len(rows_of(page)) == count
    assert page.locator("h1").count() == 1


def test_10000_servers_cost_no_more_elements_than_200(open_page: Open):
    small = open_page(samples.run(200), init=COUNT_ELEMENTS)
    large = open_page(samples.run(10_000), init=COUNT_ELEMENTS)
    for page in (small, large):
        assert len(rows_of(page)) == 200
        assert page.evaluate("document.getElementsByTagName('*').length") < 8_000
        assert page.evaluate("window.created") < 6_000
    assert count_of(large) == "10,000 servers, the first 200 are shown"
    large.fill("#search", "aurora")
    assert large.locator("table.rows tbody tr").count() == 200
    assert large.evaluate("document.getElementsByTagName('*').length") < 8_000


def test_more_rows_are_shown_on_demand(open_page: Open):
    page = open_page(samples.run(450))
    more = page.get_by_role("button", name="Show 200 more")
    more.press("Enter")
    assert len(rows_of(page)) == 400
    focused = page.evaluate(
        "[...document.querySelector('table.rows tbody').rows].indexOf(document.activeElement)"
    )
    assert focused == 200
    page.get_by_role("button", name="Show 50 more").click()
    assert len(rows_of(page)) == 450
    assert not page.locator("#more").is_visible()
    assert count_of(page) == "450 servers"


def test_failures_come_first(open_page: Open):
    page = open_page(samples.run(2_000))
    words = [text.split("\n")[0] for text in rows_of(page, "outcome")]
    order = list(dict.fromkeys(words))
    assert order == ["failed", "in doubt", "changed", "moved", "skipped", "changed in part"]
    assert "differs again" in rows_of(page, "outcome")[words.index("changed")]
    assert page.locator("table.groups tbody tr").first.inner_text().split()[1] == "failed"


def test_an_outcome_is_a_filter(open_page: Open):
    page = open_page(samples.run(2_000))
    failed = page.locator(".filters button[data-value=failed]")
    doubt = page.locator(".filters button[data-value=in_doubt]")
    total = page.locator(".filters button[data-value=failed] small").inner_text()
    assert failed.get_attribute("aria-pressed") == "false"
    failed.click()
    assert failed.get_attribute("aria-pressed") == "true"
    assert set(rows_of(page, "outcome")) == {"failed"}
    assert count_of(page) == f"{total} of 2,000 servers"
    doubt.click()
    assert set(rows_of(page, "outcome")) == {"failed", "in doubt"}
    failed.click()
    doubt.click()
    assert count_of(page) == "2,000 servers, the first 200 are shown"


@pytest.mark.parametrize(
    ("name", "column", "text"),
    [
        ("partly_refused", "outcome", "changed in part"),
        ("restart_required", "change", "restart required"),
        ("differ_again", "outcome", "differs again"),
        ("earlier", "outcome", "by an earlier execution"),
    ],
)
def test_a_property_is_a_filter(open_page: Open, name, column, text):
    report = samples.run(2_000)
    page = open_page(report)
    page.click(f".filters button[data-value={name}]")
    assert count_of(page).startswith(f"{report['totals'][name]:,} of 2,000 servers")
    assert all(text in cell for cell in rows_of(page, column))


def test_what_is_not_verified_is_a_filter(open_page: Open):
    report = samples.run(2_000)
    page = open_page(report)
    page.click(".filters button[data-value=unverified]")
    number = report["totals"]["unverified"]
    assert number > 0
    assert count_of(page).startswith(f"{number:,} of 2,000 servers")
    words = rows_of(page, "outcome")
    assert all("changed" in cell for cell in words)
    assert not any("verified" in cell or "differs" in cell for cell in words)


def test_the_search_looks_at_everything_a_row_shows(open_page: Open):
    report = samples.run(500)
    failed = next(row for row in report["servers"] if row["outcome"] == "failed")
    page = open_page(report)
    for text, expected in (
        (failed["uuid"].upper(), 1),
        (failed["name"], 1),
        ("HTTP 423", sum(1 for row in report["servers"] if row["outcome"] == "failed")),
        ("kettle & sons", sum(1 for row in report["servers"] if row["owner"] == "Kettle & Sons")),
        ("1024 → 4096", sum(1 for row in report["servers"] if "1024" in str(row["changes"]))),
        ("no server has this", 0),
    ):
        page.fill("#search", text)
        assert count_of(page) == f"{expected} of 500 servers"


def test_a_group_shows_its_servers(open_page: Open):
    page = open_page(samples.run(2_000))
    button = page.locator("table.groups tbody tr", has_text="in doubt").get_by_role("button")
    number = button.inner_text()
    button.press("Enter")
    assert count_of(page) == f"{number} of 2,000 servers"
    assert page.evaluate("document.activeElement.id") == "servers"
    page.get_by_role("button", name=re.compile("Remove the filter")).click()
    assert count_of(page) == "2,000 servers, the first 200 are shown"


def test_groups_count_every_server_once(open_page: Open):
    page = open_page(samples.run(2_000))
    counts = page.locator("table.groups tbody td:first-child").all_inner_texts()
    assert sum(int(text.replace(",", "")) for text in counts) == 2_000


def test_a_column_sorts_and_says_so(open_page: Open):
    page = open_page(samples.run(300))
    sorts = (
        "[...document.querySelectorAll('table.rows th')].map(th => th.getAttribute('aria-sort'))"
    )
    head = page.locator("table.rows thead")
    assert page.evaluate(sorts).count(None) == len(page.evaluate(sorts)) - 1
    head.get_by_role("button", name="ID").click()
    ids = [int(text) for text in rows_of(page, "id")]
    assert ids == list(range(1, 201))
    assert page.evaluate(sorts)[0] == "ascending"
    head.get_by_role("button", name="ID").press("Space")
    assert [int(text) for text in rows_of(page, "id")] == list(range(300, 100, -1))
    assert page.evaluate(sorts)[0] == "descending"
    head.get_by_role("button", name="Hypervisor").click()
    places = rows_of(page, "place")
    assert places == sorted(places, key=lambda name: int(name[2:]))
    assert page.evaluate(sorts)[0] is None


def test_the_number_of_servers_is_announced(open_page: Open):
    page = open_page(samples.run(50))
    status = page.get_by_role("status")
    assert status.get_attribute("aria-live") == "polite"
    page.fill("#search", "web")
    assert re.fullmatch(r"\d+ of 50 servers", status.inner_text())


def test_the_header_of_the_table_stays_in_view(open_page: Open):
    page = open_page(samples.run(2_000))
    page.evaluate("document.querySelectorAll('table.rows tbody tr')[150].scrollIntoView()")
    assert page.evaluate("document.querySelector('table.rows th').getBoundingClientRect().top") == 0


def test_everything_is_reached_with_the_keyboard(open_page: Open):
    page = open_page(samples.run(50))
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the servers"
    assert page.evaluate("document.activeElement.getBoundingClientRect().left") >= 0
    reached = set()
    while True:
        page.keyboard.press("Tab")
        name, style, width, again = page.evaluate(
            """() => {
              const at = document.activeElement, look = getComputedStyle(at), again = at.reached;
              at.reached = true;
              return [at.id || at.dataset.value || at.dataset.column || at.textContent,
                look.outlineStyle, parseFloat(look.outlineWidth), again];
            }"""
        )
        if again or page.evaluate("document.activeElement === document.body"):
            break
        reached.add(name)
        assert (style, width) == ("solid", 2), name
    expected = {
        "search",
        "changed",
        "skipped",
        "restart_required",
        "id",
        "name",
        "outcome",
        "ended",
    }
    assert expected <= reached


def test_headings_and_landmarks_tell_the_structure(open_page: Open):
    page = open_page(samples.run(50))
    assert page.locator("h1").inner_text() == "package Cloud 4"
    assert page.locator("main h2").all_inner_texts() == [
        "50 servers",
        "What changed",
        "When it ran",
        "Growth that the plan needs",
        "About this run",
        "Servers",
    ]
    for name in ("main", "banner", "navigation"):
        assert page.get_by_role(name).count() == 1
    regions = """[...document.querySelectorAll('section')].every(section =>
      document.getElementById(section.getAttribute('aria-labelledby')))"""
    assert page.evaluate(regions)
    unnamed = """[...document.querySelectorAll('button, a, svg[role=img], input')].filter(each =>
      each.checkVisibility() && !each.getAttribute('aria-label') && !each.textContent.trim()
      && !each.closest('label')).length"""
    assert page.evaluate(unnamed) == 0
    assert page.locator("html").get_attribute("lang") == "en"


def test_pictures_have_a_text(open_page: Open):
    report = samples.run(2_000)
    page = open_page(report)
    label = page.locator("svg.bar").get_attribute("aria-label")
    for name in ("changed", "failed", "skipped"):
        assert f"{report['totals'][name]:,} {name}" in label
    assert "2 executions from 2026-11-28 22:00:04 UTC" in page.locator(".whole svg").get_attribute(
        "aria-label"
    )
    assert "3 batches" in page.locator(".windows svg").first.get_attribute("aria-label")


def test_links_lead_to_the_other_reports(open_page: Open):
    page = open_page(samples.run(50))
    links = page.get_by_role("navigation").get_by_role("link")
    hrefs = [link.get_attribute("href") for link in links.all()]
    assert hrefs == ["plan.html", "rollback/report.html", "drift-2026-11-30T060000Z.html"]


def test_a_dry_run_says_would_change_in_words_and_color(open_page: Open):
    plan, run = open_page(samples.plan(2_000)), open_page(samples.run(2_000))
    text = plan.locator("body").inner_text()
    left = text.replace("Dry run: nothing was changed", "").replace(
        "nothing was changed; the plan would change it", ""
    )
    assert not re.search(r"\bchanged\b", left)
    assert {text.split("\n")[0] for text in rows_of(plan, "outcome")} == {
        "would change in part",
        "would change",
    }
    color = "getComputedStyle(document.querySelector('.legend .outcome')).color"
    fill = "getComputedStyle(document.querySelector('.bar rect')).fill"
    assert plan.evaluate(color) != run.evaluate(color)
    assert plan.evaluate(fill) != run.evaluate(fill)


def test_without_scripts_the_summary_and_what_needs_a_look_can_be_read(open_page: Open):
    page = open_page(samples.run(2_000), java_script_enabled=False)
    text = page.locator("body").inner_text()
    assert "What changed" in text
    assert "Cannot change web068.example.net: the server is locked by another task" in text
    assert "more servers: see the CSV file beside this page." in text
    assert not page.locator("#search").is_visible()
