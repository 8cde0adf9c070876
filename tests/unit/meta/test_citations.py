# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every citation of a panel's API page, such as "(PANEL 2.2)", names a section of docs/apis/PANEL.md."""

from __future__ import annotations

import functools
import re
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from ansible_collections.vpsfleet.panels.tests.unit.support.collection import TOP

APIS = TOP / "docs" / "apis"
#: Each panel has a page of its name.
PANELS = sorted(path.stem for path in APIS.glob("*.md") if path.name != "README.md")
SUFFIXES = {".py", ".yml", ".yaml", ".md", ".rst"}

#: A section has one or two levels. A number with a third one is the version of a product.
SECTION = r"\d+(?:\.\d+[a-z]?)?(?!\w|\.\d)"
#: Blanks, or a line break with the sign of a comment or the quotes of a split string.
GAP = r"""(?:[ \t]+|[ \t]*["']?[ \t]*\n[ \t]*(?:(?:#:?|//|>|f?["'])[ \t]*)?)"""
#: What joins the sections of one citation.
JOINT = rf"(?:,{GAP}(?:(?:and|or){GAP})?|{GAP}(?:and|or|to){GAP}|[-\u2013])"
HEADING = re.compile(r"^#{2,} (\d+(?:\.\d+[a-z]?)?)\.? \S", re.M)


def _citations(text: str, panel: str) -> Iterator[tuple[int, str]]:
    """Yield the line and the section of each citation. Lower case only: names of products have capitals."""
    for match in re.finditer(
        rf"(?<![\w./-]){panel}{GAP}({SECTION}(?:{JOINT}{SECTION})*)", text, re.A
    ):
        for section in re.finditer(rf"(?<![\w.]){SECTION}", match[1], re.A):
            yield text.count("\n", 0, match.start(1) + section.start()) + 1, section[0]


def _sections(page: Path) -> list[str]:
    """Return the numbers of a page's headings, none for a page that does not exist."""
    return HEADING.findall(page.read_text(encoding="utf-8")) if page.is_file() else []


def _offenders(files: Mapping[str, str], panel: str, apis: Path = APIS) -> list[str]:
    """Return a line with the place and the remedy for each citation that does not resolve."""
    sections = set(_sections(apis / f"{panel}.md"))
    problems = [
        f"{name}:{line}: {panel} {section}: docs/apis/{panel}.md has no such section: cite one of its"
        " headings, or write the product's name with its capitals if this is a version"
        for name, text in files.items()
        for line, section in _citations(text, panel)
        if section not in sections
    ]
    if problems and not sections:
        missing = f"docs/apis/{panel}.md is missing or has no numbered heading: write it"
        return [f"{missing} ({len(problems)} citations need it)"]
    return problems


@functools.cache
def _tracked() -> dict[str, str]:
    """Return the text of every tracked file that can cite, by name."""
    listing = subprocess.run(
        # The checkout may belong to another user, as in a container.
        ["git", "-c", "safe.directory=*", "ls-files", "-z"],
        cwd=TOP,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    return {
        name: (TOP / name).read_text(encoding="utf-8")
        for name in sorted(listing.split("\0"))
        if Path(name).suffix in SUFFIXES and (TOP / name).is_file()
    }


@pytest.mark.parametrize("panel", PANELS)
def test_each_citation_names_a_section(panel):
    files = _tracked()
    assert any(any(_citations(text, panel)) for text in files.values()), (
        f"nothing cites docs/apis/{panel}.md: cite its sections, or correct the patterns of this test"
    )
    offenders = _offenders(files, panel)
    assert not offenders, "\n".join(["citations that do not resolve:", *offenders])


@pytest.mark.parametrize("panel", PANELS)
def test_no_section_number_is_used_twice(panel):
    numbers = _sections(APIS / f"{panel}.md")
    twice = sorted({number for number in numbers if numbers.count(number) > 1})
    assert twice == [], f"docs/apis/{panel}.md: give one of the two headings the next free number"


# --- the check itself ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("(PANEL 2.2)", [(1, "2.2")]),
        ("as PANEL 10 says", [(1, "10")]),
        ("PANEL 3.1b.", [(1, "3.1b")]),
        ("Returned (PANEL 2).", [(1, "2")]),
        ("``PANEL 2.2``, `PANEL 2.3`", [(1, "2.2"), (1, "2.3")]),
        ("PANEL 1.3, 3.6 and 9", [(1, "1.3"), (1, "3.6"), (1, "9")]),
        ("PANEL 3.1 to 3.3, and 4: pages", [(1, "3.1"), (1, "3.3"), (1, "4")]),
        ("PANEL 3.1-3.3", [(1, "3.1"), (1, "3.3")]),
        ("PANEL 10, operation 43", [(1, "10")]),
        ("PANEL 1.4 and 10 (35, 41)", [(1, "1.4"), (1, "10")]),
        ("first\n    # (PANEL\n    # 1.3, 3.6,\n    # 9)", [(3, "1.3"), (3, "3.6"), (4, "9")]),
        ("#: (PANEL 1.3 and\n#: 3.6)", [(1, "1.3"), (2, "3.6")]),
        ("said (PANEL\n  1.3)", [(2, "1.3")]),
        ('"said (PANEL "\n    "1.3)"', [(2, "1.3")]),
        # Versions, names and numbers of something else.
        ("PANEL 2.9.8", []),
        ("since PANEL 2.9.8, 3 years ago", []),
        ("module_utils._PANEL 3", []),
        ("name: vpsfleet.panels.PANEL 3", []),
        ("name: PANEL\nport: 4085", []),
        ("PANEL 50ms", []),
        ("PANEL", []),
    ],
)
def test_citations_are_found(text, found):
    assert list(_citations(text.replace("PANEL", "virtfusion"), "virtfusion")) == found


def test_the_name_of_a_product_is_not_a_citation():
    assert list(_citations("VirtFusion 7.1 and Virtualizor 3.2", "virtfusion")) == []


@pytest.mark.parametrize("panel", PANELS)
def test_a_made_up_citation_is_reported(panel, tmp_path):
    (tmp_path / f"{panel}.md").write_text("# Page\n\n## 1. One\n\n### 1.1 Two\n", encoding="utf-8")
    text = f"# {panel} 1, 1.1\n# but not ({panel}\n# 99.9)\n"
    offenders = _offenders({"plugins/a.py": text}, panel, tmp_path)
    assert len(offenders) == 1
    assert offenders[0].startswith(f"plugins/a.py:3: {panel} 99.9: docs/apis/{panel}.md has no")


@pytest.mark.parametrize("panel", PANELS)
def test_a_citation_of_a_page_that_is_missing_is_reported(panel, tmp_path):
    offenders = _offenders({"a.md": f"{panel} 1, 2"}, panel, tmp_path)
    assert len(offenders) == 1
    assert offenders[0].startswith(f"docs/apis/{panel}.md is missing")
    assert "(2 citations need it)" in offenders[0]
