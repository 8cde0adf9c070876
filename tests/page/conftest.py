# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A browser for the tests of the page: Chromium without a screen, driven by Playwright.

``CHROMIUM`` names the program. A browser that Playwright downloads is never used.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from ansible_collections.vpsfleet.panels.plugins.plugin_utils._fleet.report import report_html

WIDE, TABLET, PHONE = 1360, 820, 390

Open = Callable[..., Page]


def started(playwright: Any) -> Browser:
    """Start the browser."""
    # Chromium refuses its sandbox to root, as which many CI jobs run. It opens only our own page.
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    # Text without colored edges makes smaller pictures.
    options = [*sandbox, "--disable-lcd-text"]
    return playwright.chromium.launch(executable_path=os.environ["CHROMIUM"], args=options)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Return the browser of all tests."""
    with sync_playwright() as playwright:
        running = started(playwright)
        yield running
        running.close()


@pytest.fixture
def complaints() -> list[str]:
    """Return the messages of the console, which must be empty at the end of a test."""
    return []


@pytest.fixture
def open_page(browser: Browser, tmp_path: Path, complaints: list[str]) -> Iterator[Open]:
    """Return a function that opens the page of a report, as a file like a reader does.

    At the end, the console is silent, and nothing but the file was loaded.
    """
    contexts = []
    requested: list[str] = []
    files: list[str] = []

    def opened(
        report: Mapping[str, Any], *, width: int = WIDE, init: str = "", **options: Any
    ) -> Page:
        path = tmp_path / f"report-{len(files)}.html"
        path.write_text(report_html(report), encoding="utf-8")
        context = browser.new_context(viewport={"width": width, "height": 900}, **options)
        contexts.append(context)
        page = context.new_page()
        if init:
            page.add_init_script(init)
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("dialog", lambda dialog: complaints.append(f"dialog: {dialog.message}"))
        page.on("request", lambda request: requested.append(request.url))
        files.append(path.as_uri())
        page.goto(path.as_uri())
        return page

    yield opened
    for context in contexts:
        context.close()
    assert complaints == []
    assert requested == files
