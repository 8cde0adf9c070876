# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Write what the servers take in each place, such as the memory of each hypervisor."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ....module_utils._core.safe_text import plain
from ..wording import counted
from .markup import Html, number, tag

Row = Mapping[str, Any]

#: Number of places that are shown at once.
_SHOWN = 16


def growth_section(report: Mapping[str, Any]) -> Html | None:
    """Return a line for each place with its growth and room, places without room first."""
    rows: Sequence[Row] = report.get("growth") or ()
    if not rows:
        return None
    fields = list(dict.fromkeys(plain(row.get("field")) for row in rows))
    places: dict[str, list[Row]] = {}
    for row in rows:
        places.setdefault(_place_text(row), []).append(row)
    ordered = sorted(places.items(), key=lambda place: max(map(_tightness, place[1])), reverse=True)
    lines = [_line(name, fields, found) for name, found in ordered]
    left = len(lines) - _SHOWN
    noun = plain(report.get("place_noun") or "place")
    titles = [tag("th", name, scope="col") for name in (noun.capitalize(), *fields)]
    return tag(
        "section",
        # Not what has grown: a run may have stopped before the last server.
        tag("h2", f"Growth that the {_needed_by(report)} needs", id="growth"),
        tag("p", _verdict(rows, len(places), noun)),
        tag(
            "div",
            tag(
                "table",
                tag("thead", tag("tr", *titles)),
                tag("tbody", *lines[:_SHOWN]),
                tag("tbody", *lines[_SHOWN:], class_="more") if left > 0 else None,
            ),
            class_="scroll",
            role="region",
            tabindex="0",
            aria_labelledby="growth",
        ),
        tag("p", f"{left:,} more with more room are in the report in JSON.", class_="onpaper")
        if left > 0
        else None,
        class_="growth",
        aria_labelledby="growth",
    )


def _needed_by(report: Mapping[str, Any]) -> str:
    return "target" if report["kind"] == "drift" else "plan"


def _verdict(rows: Sequence[Row], places: int, noun: str) -> str:
    lacking = len({_place_text(row) for row in rows if row.get("fits") is False})
    if lacking:
        return f"{lacking:,} of {counted(places, noun)} {'has' if lacking == 1 else 'have'} too little room."
    if all(row.get("free") is None for row in rows):
        return "The room is not known."
    return "Everything fits where the room is known."


def _place_text(row: Row) -> str:
    """Return the name of a place, such as ``hv6 (6)``."""
    place, name = plain(row.get("place")), plain(row.get("name"))
    named = f"{name} ({place})" if name and place and name != place else name or place
    return named or "not known"


def _growth(row: Row) -> float:
    growth = row.get("growth")
    return growth if growth is not None else (row.get("after") or 0) - (row.get("before") or 0)


def _share(row: Row) -> float | None:
    """Return the growth as a share of the room, ``None`` if the room is not known."""
    free = row.get("free")
    if free is None:
        return None
    return _growth(row) / free if free > 0 else (float("inf") if _growth(row) > 0 else 0.0)


def _tightness(row: Row) -> tuple[bool, float]:
    return (row.get("fits") is False, _share(row) or 0.0)


def _line(place: str, fields: Sequence[str], rows: Sequence[Row]) -> Html:
    known = {plain(row.get("field")): row for row in rows}
    cells = [
        _cell(known[field]) if field in known else tag("td", data_label=field) for field in fields
    ]
    return tag("tr", tag("th", place, scope="row"), *cells)


def _cell(row: Row) -> Html:
    """Return the growth of one resource, with its room as a meter and in words."""
    unit, growth = plain(row.get("unit")), _growth(row)
    lines = []
    if row.get("before") is not None and row.get("after") is not None:
        lines.append(f"{number(row['before'])} → {number(row['after'])} {unit}")
    if row.get("count") is not None:
        lines.append(counted(row["count"], "server"))
    lacks = row.get("fits") is False
    return tag(
        "td",
        tag(
            "b",
            f"{'+' if growth > 0 else ''}{number(growth)} {unit}",
            class_="failed" if lacks else None,
        ),
        _meter(row),
        tag("small", _room_text(row, unit), class_="failed" if lacks else None),
        tag("small", ", ".join(lines)) if lines else None,
        data_label=plain(row.get("field")),
    )


def _room_text(row: Row, unit: str) -> str:
    free, share = row.get("free"), _share(row)
    if free is None or share is None:
        return "room not known"
    if row.get("fits") is False:
        return f"does not fit: {number(free)} {unit} free"
    return f"{100 * max(0.0, share):.0f} % of {number(free)} {unit} free"


def _meter(row: Row) -> Html | None:
    share = _share(row)
    if share is None:
        return None
    percent = min(100.0, max(0.0, 100 * share))
    kind = "failed" if row.get("fits") is False else "refused" if percent > 80 else "would"
    part = tag("rect", width=f"{percent:.2f}%", height="100%", class_=f"fill {kind}")
    return tag("svg", part, class_="meter", aria_hidden="true")
