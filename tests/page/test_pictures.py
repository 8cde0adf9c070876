# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The pictures of the documentation show the page as it is."""

from __future__ import annotations

import re

import pytest

from .pictures import FOLDER, PICTURES, page_of, shows, taken, with_source

GUIDE = FOLDER.parent / "docsite" / "rst" / "guide_fleet.rst"


@pytest.mark.parametrize("name", PICTURES)
def test_the_documentation_shows_the_page_as_it_is(name):
    picture = (FOLDER / f"{name}.png").read_bytes()
    assert shows(picture, page_of(PICTURES[name])), "run `make screenshots`"


def test_the_pictures_are_small():
    assert sum(path.stat().st_size for path in FOLDER.iterdir()) < 300_000


def test_the_guide_shows_each_picture():
    named = re.findall(r"docs/images/([a-z_]+)\.png", GUIDE.read_text(encoding="utf-8"))
    assert set(named) == set(PICTURES)


def test_a_picture_is_of_one_page(browser):
    picture = PICTURES["fleet_report_phone"]
    html = page_of(picture)
    marked = with_source(taken(browser, picture, html), html)
    assert marked.startswith(b"\x89PNG")
    assert shows(marked, html)
    assert not shows(marked, html + " ")
