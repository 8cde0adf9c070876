# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Take the pictures for the documentation: ``python -m tests.page FOLDER``."""

from __future__ import annotations

import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

from .conftest import started
from .pictures import PICTURES, page_of, taken, with_source


def main() -> None:
    """Take each picture."""
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = started(playwright)
        for name, picture in PICTURES.items():
            path = folder / f"{name}.png"
            html = page_of(picture)
            path.write_bytes(with_source(taken(browser, picture, html), html))
            print(f"{path}: {path.stat().st_size} bytes")
        browser.close()


main()
