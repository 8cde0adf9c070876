# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Write when the run was executed: its windows, and the batches in each of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ....module_utils._core.safe_text import plain
from ..wording import counted
from .markup import (
    Html,
    duration_text,
    joined,
    moment,
    number,
    seconds_between,
    tag,
    time_tag,
    time_text,
)

Window = Mapping[str, Any]

#: What is known of a window besides its times.
_BY = {
    "run_id": "run",
    "started_by": "started by",
    "approved_by": "approved by",
    "job": "job",
    "ticket": "ticket",
}

#: Number of batches of a window that are shown at once.
_SHOWN = 12


def timeline_section(windows: Sequence[Window]) -> Html | None:
    """Return the executions of the run with their batches."""
    if not windows:
        return None
    longest = max((_seconds(window) or 0 for window in windows), default=0)
    listed = [tag("li", _window(place, window, longest)) for place, window in enumerate(windows, 1)]
    return tag(
        "section",
        tag("h2", "When it ran", id="timeline"),
        _whole(windows) if len(windows) > 1 else None,
        tag("ol", *listed, class_="windows"),
        class_="timeline",
        aria_labelledby="timeline",
    )


def _last(window: Window) -> Any:
    """Return the last known time of a window."""
    return window.get("ended") or window.get("last") or window.get("begun")


def _order(value: Any) -> float:
    """Return the place of a time among others; what cannot be read comes first."""
    found = moment(value)
    return found.timestamp() if found else 0.0


def _seconds(window: Window) -> float | None:
    return seconds_between(window.get("begun"), _last(window))


def _whole(windows: Sequence[Window]) -> Html | None:
    """Return a bar of the time from the first begin to the last end, with all windows."""
    begin = windows[0].get("begun")
    # The windows of merged reports overlap: the last one to begin is not always the last to end.
    end = max((_last(window) for window in windows), key=_order)
    total = seconds_between(begin, end)
    if not total:
        return None
    parts = []
    for window in windows:
        at, width = seconds_between(begin, window.get("begun")), _seconds(window)
        if at is not None and width is not None:
            parts.append(_part(at / total, width / total, "fill " + _class(window)))
    label = f"{len(windows)} executions from {time_text(begin)} to {time_text(end)}"
    ends = (
        tag("span", time_tag(begin)),
        tag("span", duration_text(total)),
        tag("span", time_tag(end)),
    )
    return tag(
        "div",
        tag("svg", *parts, class_="lane", role="img", aria_label=label),
        tag("p", *ends, class_="ends"),
        class_="whole",
    )


def _window(place: int, window: Window, longest: float) -> Html:
    seconds = _seconds(window)
    batches = window.get("batches") or ()
    about = [
        tag(
            "p", tag("b", f"Execution {place}"), f", {duration_text(seconds)}" if seconds else None
        ),
        tag("p", time_tag(window.get("begun"))),
        tag("p", _how(window), class_=f"how {_class(window)}"),
        *(
            tag("p", f"{words} {plain(window[key])}", class_="run")
            for key, words in _BY.items()
            if window.get(key)
        ),
    ]
    lane = tag("div", _lane(window, seconds, longest), _batches(batches))
    return joined([tag("div", *about), lane])


def _how(window: Window) -> str:
    """Return how a window ended, in words."""
    if window.get("ended") is None:
        last = window.get("last")
        known = (
            f"the last record is of {_clock(window, last)}" if last else "there is no later record"
        )
        return f"did not record its end; {known}"
    at = f"at {_clock(window, window['ended'])}"
    if window.get("stopped"):
        return f"stopped {at}: {plain(window['stopped']).replace('_', ' ')}"
    return f"ended {at}{', nothing was left to do' if window.get('complete') else ''}"


def _clock(window: Window, value: Any) -> str:
    """Return a time, without its date if that is the date of the begin."""
    begun, found = moment(window.get("begun")), moment(value)
    if begun and found and begun.date() == found.date():
        return f"{found:%H:%M:%S}"
    return time_text(value)


def _class(window: Window) -> str:
    if window.get("ended") is None:
        return "in_doubt"
    return "skipped" if window.get("stopped") else "changed"


def _part(at: float, width: float, kind: str, title: str | None = None) -> Html:
    """Return a part of a bar. Both numbers are shares of the bar."""
    name = tag("title", title) if title else None
    rect = tag(
        "rect",
        x=f"{100 * at:.3f}%",
        width=f"{max(0.4, 100 * width):.3f}%",
        height="100%",
        class_=kind,
    )
    return tag("g", name, rect)


def _lane(window: Window, seconds: float | None, longest: float) -> Html | None:
    """Return the bar of a window, as long as its share of the longest window."""
    if seconds is None or not longest:
        return None
    parts = [_part(0, seconds / longest, f"track {_class(window)}")]
    for batch in window.get("batches") or ():
        at = seconds_between(window.get("begun"), batch.get("begun"))
        width = seconds_between(batch.get("begun"), batch.get("ended") or _last(window))
        if at is None or width is None:
            continue
        size, (failed, in_doubt) = batch.get("size") or 0, _failures(batch)
        title = (
            f"batch {batch.get('number')}: {counted(size, 'server')}, {failed:,} failed,"
            f" {in_doubt:,} in doubt"
        )
        parts.append(_part(at / longest, width / longest, "fill changed", title))
        if failed or in_doubt:
            # The end of the batch is red, as long as the share of the servers that failed or are in doubt.
            bad = width * min(1.0, (failed + in_doubt) / max(1, size))
            parts.append(_part((at + width - bad) / longest, bad / longest, "fill failed", title))
    label = (
        f"{duration_text(seconds)}, {counted(len(window.get('batches') or ()), 'batch', 'batches')}"
    )
    return tag("svg", *parts, class_="lane", role="img", aria_label=label)


def _batches(batches: Sequence[Mapping[str, Any]]) -> Html | None:
    if not batches:
        return None
    titles = [
        tag("th", name, scope="col", class_=None if name == "Begun" else "number")
        for name in ("Batch", "Servers", "Begun", "Took", "Failed", "In doubt")
    ]
    table = tag(
        "table",
        tag("thead", tag("tr", *titles)),
        tag("tbody", *map(_batch, batches)),
        class_="batches",
    )
    if len(batches) <= _SHOWN:
        return table
    return tag("details", tag("summary", f"{len(batches)} batches"), table)


def _batch(batch: Mapping[str, Any]) -> Html:
    seconds = seconds_between(batch.get("begun"), batch.get("ended"))
    begun = moment(batch.get("begun"))
    took = duration_text(seconds) if seconds is not None else "not ended"
    return tag(
        "tr",
        tag("td", batch.get("number"), class_="number"),
        tag("td", number(batch.get("size") or 0), class_="number"),
        tag("td", f"{begun:%H:%M:%S}" if begun else batch.get("begun")),
        tag("td", took, class_="number"),
        *(
            tag("td", number(count), class_="number failed" if count else "number")
            for count in _failures(batch)
        ),
    )


def _failures(batch: Mapping[str, Any]) -> tuple[int, int]:
    """Return how many servers of a batch failed, and how many are in doubt."""
    return batch.get("failed") or 0, batch.get("in_doubt") or 0
