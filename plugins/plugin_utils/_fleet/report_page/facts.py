# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Write the top of the page: what was done, its result, and the facts of the run."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ....module_utils._core.safe_text import plain
from ..results import WOULD_CHANGE, summary_of
from .markup import Html, duration_text, joined, safe, seconds_between, tag, time_tag

Report = Mapping[str, Any]

#: Properties of the run on the page, in this order, if the report has them.
_FACTS = {
    "panel": "Panel",
    "address": "Address",
    "target": "Target",
    "action": "Action",
    "shard": "Shard",
    "started": "Started",
    "finished": "Finished",
    "started_by": "Started by",
    "approved_by": "Approved by",
    "approved_at": "Approved",
    "ticket": "Ticket",
    "job": "Job",
    "plan_sha256": "Plan (SHA-256)",
    "run_id": "Run",
    "run_dir": "Folder",
}
_TIMES = ("started", "finished", "approved_at")
#: Facts that can be addresses.
_LINKED = ("ticket", "job")

_LINKS = {
    "plan": "Plan",
    "change": "Report of the change",
    "report": "Report of the change",
    "rollback": "Rollback",
    "drift": "Drift",
}


def head(report: Report, title: str) -> Html:
    """Return the headline, the result, and the links to other reports."""
    target = report.get("target")
    result = report.get("msg") or summary_of(
        report["totals"], WOULD_CHANGE if report["dry_run"] else "changed"
    )
    return joined(
        [
            tag("p", safe(title), class_="kind"),
            tag("h1", target or title),
            tag("p", _state(report), " ", result, class_="result"),
            _failure(report),
            _warnings(report),
            _links(report),
        ]
    )


def _state(report: Report) -> Html:
    """Return one word or two for the end of the run."""
    stopped = report.get("stopped")
    if report["dry_run"]:
        word, kind = "Dry run: nothing was changed", "would"
    elif report.get("failure"):
        word, kind = "Failed", "failed"
    elif stopped:
        word, kind = "Stopped", "skipped"
    elif report["kind"] == "drift":
        drifted = report["totals"].get("drifted")
        word, kind = ("Drift found", "drifted") if drifted else ("Compared", "unchanged")
    else:
        word, kind = "Ended", "changed"
    return tag("b", word, class_=f"state {kind}")


def _failure(report: Report) -> Html | None:
    """Return why the run stopped, and what is known of its failure."""
    lines = []
    stopped = report.get("stopped")
    if stopped:
        reason = plain(stopped.get("reason")).replace("_", " ")
        text = f"{plain(stopped.get('msg'))}" + (f" (reason: {reason})" if reason else "")
        lines.append(tag("p", tag("b", "Stopped: "), text))
    failure = failure_text(report.get("failure"))
    if failure:
        lines.append(tag("p", tag("b", "Failure: "), failure))
    # A run that only ran out of time can be resumed.
    look = "bad" if failure else "warn"
    return tag("div", *lines, class_=f"note {look}") if lines else None


def failure_text(failure: Mapping[str, Any] | None) -> str:
    """Return the properties of a failure in words, without its message."""
    if not failure:
        return ""
    words = [plain(failure.get("code")).replace("_", " ")]
    if failure.get("http_status"):
        words.append(f"HTTP {failure['http_status']}")
    if failure.get("operation"):
        words.append(plain(failure["operation"]))
    if failure.get("partial"):
        words.append("changed in part")
    if failure.get("state") == "unknown":
        words.append("state unknown")
    if failure.get("retryable"):
        words.append("can be retried")
    return ", ".join(filter(None, words))


def _warnings(report: Report) -> Html | None:
    lines = [tag("li", line) for line in report.get("warnings") or ()]
    if not lines:
        return None
    heading = tag("h2", "Warnings")
    return tag("div", heading, tag("ul", *lines), class_="note warn")


def _links(report: Report) -> Html | None:
    """Return links to the other reports of the run."""
    lines = [
        tag("li", tag("a", _link_text(link), href=link["href"]))
        for link in report.get("links") or ()
        if is_relative(link.get("href"))
    ]
    return tag("nav", tag("ul", *lines), aria_label="Related reports") if lines else None


def _link_text(link: Mapping[str, Any]) -> str:
    """Return the kind of a report, and its name if that tells more."""
    kind, name = plain(link.get("kind")), plain(link.get("name"))
    words = _LINKS.get(kind, kind)
    return words if name in ("", kind, "report", "run") else f"{words}: {name}"


def is_relative(href: Any) -> bool:
    """Whether a link stays in the folder of the run or beside it."""
    text = str(href or "")
    return bool(text) and not re.match(r"[/\\]|[^/?#]*:", text)


def facts_section(report: Report) -> Html:
    """Return the facts of the run."""
    facts = [(_FACTS[name], _fact(name, report[name])) for name in _FACTS if report.get(name)]
    seconds = seconds_between(report.get("started"), report.get("finished"))
    if seconds is not None:
        facts.append(("Duration", safe(duration_text(seconds))))
    lines = [tag("div", tag("dt", name), tag("dd", value)) for name, value in facts]
    heading = tag("h2", "About this run", id="about")
    return tag("section", heading, tag("dl", *lines), class_="facts", aria_labelledby="about")


def _fact(name: str, value: Any) -> Html:
    if name in _TIMES:
        return time_tag(value)
    if isinstance(value, Mapping):
        shown = [f"{key} {plain(each)}" for key, each in value.items() if each is not None]
        return safe(", ".join(shown))
    if name in _LINKED and re.match(r"https?://[^\s]+$", str(value)):
        return tag("a", _breakable(value), href=str(value), rel="noreferrer")
    return _breakable(value)


def _breakable(value: Any) -> Html:
    """Return a text that can break after a slash, and after each 16 characters of a hash."""
    text = plain(value)
    if re.fullmatch(r"[0-9a-f]{40,}", text):
        parts = [text[at : at + 16] for at in range(0, len(text), 16)]
    else:
        parts = re.findall(r"[^/]*/+|[^/]+", text)
    return joined(parts, Html("<wbr>"))
