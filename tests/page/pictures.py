# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Pictures of the page for the documentation. Each holds the hash of the page that it shows."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image, PngImagePlugin
from playwright.sync_api import Browser

from ansible_collections.vpsfleet.panels.plugins.plugin_utils._fleet.report import report_html

from . import sample_reports as samples

#: The pictures in the clone.
FOLDER = Path(__file__).parents[2] / "docs" / "images"

#: The property of a picture that holds the hash of its page.
_PROPERTY = "page-sha256"


@dataclass(frozen=True)
class Picture:
    """A part of a page.

    :param top: the element at the upper edge, as a CSS selector.
    """

    sample: Callable[[int], Mapping[str, Any]]
    count: int
    width: int
    height: int
    top: str = "body"
    scheme: str = "light"


PICTURES = {
    "fleet_report": Picture(samples.run, 2_000, 1280, 860),
    "fleet_report_servers": Picture(samples.run, 2_000, 1280, 500, "#servers"),
    "fleet_report_phone": Picture(samples.plan, 50, 390, 844, scheme="dark"),
}


def page_of(picture: Picture) -> str:
    """Return the page that a picture shows."""
    return report_html(picture.sample(picture.count))


def taken(browser: Browser, picture: Picture, html: str) -> bytes:
    """Return the picture as PNG."""
    size = {"width": picture.width, "height": picture.height}
    context = browser.new_context(viewport=size, color_scheme=picture.scheme)
    page = context.new_page()
    page.set_content(html)
    page.eval_on_selector(picture.top, "element => element.scrollIntoView()")
    found = page.screenshot()
    context.close()
    return found


def with_source(png: bytes, html: str) -> bytes:
    """Return a small copy of a picture, with the hash of its page as a property."""
    about = PngImagePlugin.PngInfo()
    about.add_text(_PROPERTY, _hash(html))
    # The default method would merge the colors of small areas, such as those of rare outcomes.
    method, dither = Image.Quantize.MAXCOVERAGE, Image.Dither.NONE
    small = Image.open(BytesIO(png)).convert("RGB").quantize(160, method=method, dither=dither)
    written = BytesIO()
    small.save(written, "PNG", optimize=True, pnginfo=about)
    return written.getvalue()


def shows(png: bytes, html: str) -> bool:
    """Whether a picture was taken of exactly this page."""
    with Image.open(BytesIO(png)) as image:
        return image.info.get(_PROPERTY) == _hash(html)


def _hash(html: str) -> str:
    return hashlib.sha256(html.encode()).hexdigest()
