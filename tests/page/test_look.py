# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The look of the page: on a wide screen, on a phone, in the dark and on paper."""

from __future__ import annotations

import re

import pytest

from . import sample_reports as samples
from .conftest import PHONE, TABLET, WIDE, Open

#: Returns each word that is broken in the middle. A break is right after a hyphen, a slash, or at a
#: ``wbr``. A name of more than 40 characters has to break somewhere on a phone.
BROKEN_WORDS = """() => {
  const broken = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode;
    if (node.parentElement.closest('script, style, svg')) continue;
    for (const found of node.data.matchAll(/[^\\s\\/-]+[\\/-]?/g)) {
      if (found[0].length > 40) continue;
      const range = document.createRange();
      range.setStart(node, found.index);
      range.setEnd(node, found.index + found[0].length);
      const tops = new Set([...range.getClientRects()].map(box => Math.round(box.top)));
      if (tops.size > 1) broken.push(found[0]);
    }
  }
  return broken;
}"""

#: Returns each text whose contrast with its background is too low.
LOW_CONTRAST = """() => {
  const numbers = color => (color.match(/[\\d.]+/g) || []).map(Number);
  const opaque = color => { const c = numbers(color); return c.length === 3 || c[3] === 1; };
  const part = value => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  };
  const light = ([r, g, b]) => 0.2126 * part(r) + 0.7152 * part(g) + 0.0722 * part(b);
  const behind = element => {
    for (let at = element; at; at = at.parentElement) {
      const color = getComputedStyle(at).backgroundColor;
      if (opaque(color)) return color;
      if (numbers(color)[3] !== 0) throw new Error(`half transparent: ${color}`);
    }
    return getComputedStyle(document.documentElement).colorScheme.includes('dark')
      && matchMedia('(prefers-color-scheme: dark)').matches ? 'rgb(18, 18, 18)' : 'rgb(255, 255, 255)';
  };
  const low = new Map();
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  let seen = 0;
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || element.closest('script, style, svg')) continue;
    if (!element.checkVisibility()) continue;
    seen += 1;
    const color = getComputedStyle(element).color, back = behind(element);
    const [a, b] = [light(numbers(color)), light(numbers(back))];
    const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (contrast < 4.5) low.set(`${color} on ${back}`, `${contrast.toFixed(2)}: ${walker.currentNode.data}`);
  }
  return [seen, [...low]];
}"""

EVERYTHING = """() => {
  // One row of each outcome, whatever the sample has.
  const words = ['changed', 'would', 'ordered', 'drifted', 'unchanged', 'refused', 'failed', 'in_doubt',
    'moved', 'skipped'];
  const item = document.querySelector('.legend li').cloneNode(true);
  for (const word of words) {
    const copy = item.cloneNode(true);
    copy.querySelector('.outcome').className = `outcome ${word}`;
    document.querySelector('.legend').append(copy);
    const boxed = copy.cloneNode(true);
    document.querySelector('.facts').append(boxed);
  }
}"""

#: Returns the innermost elements that stand out of the page to the right.
TOO_WIDE = """() => {
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= width) return [];
  return [...document.querySelectorAll('body *')].filter(each =>
    !each.children.length && each.checkVisibility() && each.getBoundingClientRect().right > width + 0.5)
    .map(each => each.outerHTML.slice(0, 150)).slice(0, 5);
}"""


def long_names(report):
    """Give servers the longest names and values that a panel allows."""
    for number, row in enumerate(report["servers"]):
        row["name"] = ("very-long-name-of-a-server-" * 4 if number % 2 else "x" * 120) + str(number)
        row["owner"] = "a-customer-with-a-long-name@example-of-a-long-domain.example.com"
        row["msg"] = "y" * 200
    report["address"] = "https://" + "a" * 80 + ".example.com/api/v1"
    report["run_dir"] = "/var/lib/" + "f" * 200
    report["target"] = "package " + "Z" * 90
    return report


@pytest.mark.parametrize("width", [PHONE, 600, TABLET, 1000, WIDE])
@pytest.mark.parametrize("sample", [samples.plan, samples.run, samples.drift])
def test_no_page_scrolls_sideways_and_no_word_is_broken(open_page: Open, width, sample):
    page = open_page(sample(120), width=width)
    assert page.evaluate(TOO_WIDE) == []
    assert page.evaluate(BROKEN_WORDS) == []


@pytest.mark.parametrize("width", [PHONE, WIDE])
def test_long_names_break_and_nothing_scrolls(open_page: Open, width):
    page = open_page(long_names(samples.run(60)), width=width)
    assert page.evaluate(TOO_WIDE) == []


def test_the_rows_are_cards_on_a_phone(open_page: Open):
    page = open_page(samples.run(50), width=PHONE)
    row = page.locator("table.rows tbody tr").first
    assert row.evaluate("each => getComputedStyle(each).display") == "flex"
    # The roles stay, although the elements are no table any more.
    assert page.get_by_role("table", name="Servers").get_by_role("row").count() == 51
    page.locator("table.rows thead").get_by_role("button", name="ID").click()
    assert page.locator("table.rows tbody td.id").first.inner_text() == "1"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [PHONE, WIDE])
def test_each_text_has_enough_contrast(open_page: Open, scheme, width):
    page = open_page(samples.run(2_000), width=width, color_scheme=scheme)
    page.evaluate(EVERYTHING)
    page.click(".filters button[data-value=failed]")
    page.hover("table.rows tbody tr")
    seen, low = page.evaluate(LOW_CONTRAST)
    assert seen > 200
    assert low == []


def test_the_dark_page_is_dark(open_page: Open):
    page = open_page(samples.run(50), color_scheme="dark")
    color = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert all(int(part) < 40 for part in re.findall(r"\d+", color))


def pages_of(pdf: bytes) -> int:
    """Return the number of pages of a PDF file."""
    return max(int(number) for number in re.findall(rb"/Count (\d+)", pdf))


@pytest.mark.parametrize(("count", "most"), [(50, 8), (2_000, 12), (10_000, 12)])
def test_paper_has_a_summary_first_and_few_pages(open_page: Open, count, most):
    page = open_page(samples.run(count), color_scheme="dark")
    page.emulate_media(media="print")
    assert (
        page.evaluate("getComputedStyle(document.querySelector('.servers')).breakBefore") == "page"
    )
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert not page.locator("table.rows").is_visible()
    assert page.locator("button:visible").count() == page.locator("td .count").count()
    text = page.locator("body").inner_text()
    if count > 60:
        assert "more servers: see the CSV file beside this page." in text
    assert page.evaluate(LOW_CONTRAST)[1] == []
    assert pages_of(page.pdf(prefer_css_page_size=True)) <= most


def test_nothing_is_cut_off_on_paper(open_page: Open):
    # The width of A4 between its margins, in pixels of CSS.
    page = open_page(samples.run(2_000), width=695)
    page.emulate_media(media="print")
    assert page.evaluate(TOO_WIDE) == []
    assert page.evaluate(BROKEN_WORDS) == []
    assert not page.evaluate(
        "[...document.querySelectorAll('.scroll')].some(e => e.scrollWidth > e.clientWidth)"
    )
