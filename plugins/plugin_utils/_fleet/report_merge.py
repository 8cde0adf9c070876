# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Merge the reports of several shards and panels into one, and check that they add up."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from ...module_utils._core.errors import Code, PanelError, invalid
from ...module_utils._core.safe_text import plain
from .commands import resume_command
from .durable_file import expanded, make_folder, read_file, replace_file
from .identity import parsed
from .journal import JournalState, read_journal
from .journal_loss import loss, unsealed
from .plan_file import changes_nothing
from .report import (
    CHANGE,
    DRIFT,
    ROLLBACK,
    build_report,
    report_csv,
    report_html,
    report_json,
    totals_of,
)
from .results import FAILURES, TOTALS, summary_of
from .run_store import RunStore, name_in_store
from .selection import Shard
from .settings import FailureLimit
from .wording import counted

OPTION = "reports"

#: Kinds of reports whose rows have outcomes of a run.
KINDS = (CHANGE, ROLLBACK, DRIFT)

#: Amounts of the growth of one place that shards have a share of.
_AMOUNTS = ("count", "before", "after", "growth")

#: Outcomes of servers that were to be changed, the base of a percentage of failures.
_TO_CHANGE = ("changed", "ordered", "failed", "in_doubt", "skipped", "drifted")


@dataclass(frozen=True)
class Part:
    """The report of one shard, or of one panel.

    :param source: where it comes from, as the operator named it.
    :param page: the name of its page.
    """

    source: str
    report: Mapping[str, Any]
    shard: Shard | None
    page: str = "report.html"

    @property
    def panel(self) -> tuple[str, str]:
        """The type and the address of the panel."""
        return str(self.report.get("panel")), str(self.report.get("address"))

    @property
    def label(self) -> str:
        """The panel and the shard, for messages."""
        where = " ".join(self.panel)
        return f"{where}, shard {self.shard}" if self.shard else where

    def to_plain(self) -> dict[str, Any]:
        """Return the part as plain data."""
        return {
            "source": self.source,
            "panel": self.panel[0],
            "address": self.panel[1],
            "shard": str(self.shard) if self.shard else None,
            "kind": self.report["kind"],
            "target": self.report.get("target"),
            "totals": self.report["totals"],
            "msg": self.report.get("msg"),
        }


def read_part(source: str, store: RunStore | None) -> Part | str:
    """Return the report of a run, or the reason in words if there is none.

    :param source: the folder of the run, or the file of its report.
    :param store: has copies of runs whose folders are on other nodes.
    :raises PanelError: a file or the store cannot be read.
    """
    path = expanded(source, "reports")
    file = path if path.suffix == ".json" else path / "report.json"
    try:
        content, journal = _latest_copy(file, store)
    except Unfit as unfit:
        return f"{file.parent}: {unfit}"
    if content is None:
        if not journal.runs and (idle := _nothing_to_change(file.parent, store)) is not None:
            return Part(source, idle, Shard.of(idle.get("shard")), "plan.html")
        how = f"; write it with {resume_command(file.parent.absolute())}" if journal.runs else ""
        return f"there is no report in {source}{how}"
    try:
        report = parsed(content)
        if report["kind"] not in KINDS:
            return f"{file} is the report of a {report['kind']}, not of a run"
        rows = report["servers"]
        if report["schema"] < 2 or totals_of(rows) != {
            **dict.fromkeys(TOTALS, 0),
            **report["totals"],
        }:
            raise ValueError(file)
        part = Part(source, report, Shard.of(report.get("shard")))
    except (ValueError, KeyError, TypeError, AttributeError, PanelError):
        return f"{file} is not a report of this collection"
    if report["kind"] != DRIFT and _is_outdated(report, journal):
        return _no_report_of_the_latest(file.parent.absolute(), journal)
    if report["kind"] != DRIFT and journal.rollback:
        return f"the run in {file.parent.absolute()} {_ROLLED_BACK}"
    return part


class Unfit(Exception):
    """The journal beside a report cannot be read or has lost records, with the reason."""


def _latest_copy(file: Path, store: RunStore | None) -> tuple[bytes | None, JournalState]:
    """Return a report, and the state of the journal beside it.

    The run may have been continued or rolled back on another node, so the store may have the later records.

    :raises Unfit: the journal is damaged.
    :raises PanelError: a file or the store cannot be read.
    """
    here = _with_journal(file, _content)
    if store is None:
        return here
    there = _with_journal(file, partial(_copy, store))
    if _continues(there[1], here[1]):
        return there[0] or here[0], there[1]
    if here[0] is None:
        return there[0], here[1] if _continues(here[1], there[1]) else there[1]
    return here


def _nothing_to_change(folder: Path, store: RunStore | None) -> dict[str, Any] | None:
    """Return the report of a plan that has nothing to change, since nobody applies it.

    Its servers count as the plan found them.

    :returns: ``None`` if there is no such plan.
    :raises PanelError: a file or the store cannot be read.
    """
    files = [folder / name for name in ("plan.json", "plan_report.json")]
    found = [_content(file) for file in files]
    if None in found and store is not None:
        found = [store.get(name_in_store(file)) for file in files]
    try:
        plan, report = (parsed(content or b"") for content in found)
        if report["plan_sha256"] != plan["sha256"] or not changes_nothing(plan):
            return None
        kind = ROLLBACK if plan["terms"]["rollback"] else CHANGE
        totals = totals_of(report["servers"])
        return {**report, "kind": kind, "dry_run": False, "totals": totals}
    except (ValueError, KeyError, TypeError):
        return None


def _continues(journal: JournalState, other: JournalState) -> bool:
    """Return whether a journal has all executions of another one, and later records."""
    shared = journal.runs[: len(other.runs)] == other.runs
    return shared and _progress(journal) > _progress(other)


def _progress(journal: JournalState) -> tuple[int, bool, bool]:
    """Return how far a journal is, compared with another one of the same run."""
    return len(journal.runs), bool(journal.ended), bool(journal.rollback)


def _with_journal(
    file: Path, read: Callable[[Path], bytes | None]
) -> tuple[bytes | None, JournalState]:
    journal = file.parent / "journal"
    try:
        content = read(journal)
        state = read_journal(str(journal), content or b"", None)
        lost = loss(state, lambda name: read(file.parent / name)) if content is not None else None
        if lost is not None:
            raise Unfit(lost)
        return read(file), state
    except PanelError as error:
        if error.code is Code.VALIDATION:
            raise Unfit(error.msg) from None
        raise


def _copy(store: RunStore, file: Path) -> bytes | None:
    """Return a file of the store. :raises Unfit: it is a journal that is not complete."""
    name = name_in_store(file)
    content = store.get(name)
    if content is None or file.name != "journal":
        return content
    journal = unsealed(content)
    if journal is None:
        raise Unfit(f"the journal {name} in {store.location} is not complete")
    return journal


def _content(file: Path) -> bytes | None:
    return read_file(str(file), "report", OPTION) if file.is_file() else None


#: A rollback may have restored some servers only, so neither report alone has the current values of all.
_ROLLED_BACK = "has been rolled back; merge the report of the rollback"


def _is_outdated(report: Mapping[str, Any], journal: JournalState) -> bool:
    """Return whether the run of a report has been executed again since, according to its journal."""
    return bool(journal.runs) and report.get("run_id") != journal.runs[-1]


def _no_report_of_the_latest(folder: Path, journal: JournalState) -> str:
    message = f"the report in {folder} is older than the latest execution of its run"
    if journal.rollback:
        return f"{message}, which {_ROLLED_BACK}"
    return f"{message}; write the missing report with {resume_command(folder)}"


def check_parts(parts: Sequence[Part]) -> Iterator[str]:
    """Yield each reason why the parts do not add up to whole panels, all of whose servers were tried."""
    for part in parts:
        why = why_incomplete(
            stopped=part.report.get("stopped"),
            failure=part.report.get("failure"),
            totals=part.report["totals"],
            message=part.report.get("msg"),
        )
        if why:
            yield f"{part.label}: {why}"
    kinds = sorted({str(part.report["kind"]) for part in parts})
    if len(kinds) > 1:
        yield f"there are reports of different kinds: {', '.join(kinds)}"
    panels: dict[tuple[str, str], list[Part]] = defaultdict(list)
    for part in parts:
        panels[part.panel].append(part)
    for panel, mine in panels.items():
        where = " ".join(panel)
        targets = sorted({str(part.report.get("target")) for part in mine})
        if len(targets) > 1:
            yield f"{where} has different targets: {'; '.join(targets)}"
        yield from (f"{where}: {why}" for why in _check_shards(mine))


def why_incomplete(
    *, stopped: Any, failure: Any, totals: Mapping[str, Any], message: Any
) -> str | None:
    """Return why a run has not done all that it was to do, or ``None``.

    A run that was stopped, whatever the reason, has left servers out: few failures then prove nothing.

    :param stopped: the reason, or an object with ``reason`` and ``msg``; empty if the run was not stopped.
    :param failure: the failure code, or an object with ``code`` and ``message``; empty if it did not fail.
    """
    if stopped:
        word, text = _word_and_text(stopped, "reason", "msg", message)
        return f"the run was stopped ({word}): {text}"
    if failure:
        word, text = _word_and_text(failure, "code", "message", message)
        return f"the run failed ({word}): {text}"
    if totals.get("differ_again"):
        return f"{totals['differ_again']} of its changed servers showed other values at its end"
    return None


def _word_and_text(value: Any, word: str, text: str, message: Any) -> tuple[str, str]:
    """Return the word and the message of an object with these keys, or a bare word with the run's message."""
    known = value if isinstance(value, Mapping) else {word: value, text: message}
    return plain(str(known.get(word))), plain(str(known.get(text) or "no message"))


def _check_shards(parts: Sequence[Part]) -> Iterator[str]:
    """Yield each reason why the parts of one panel do not add up to it."""
    sources: dict[str, list[str]] = defaultdict(list)
    for part in parts:
        sources[str(part.shard) if part.shard else "the whole panel"].append(part.source)
    for name, mine in sources.items():
        if len(mine) > 1:
            yield f"{_named(name)} appears {len(mine)} times ({', '.join(mine)})"
    counts = sorted({part.shard.count for part in parts if part.shard})
    if len(counts) > 1:
        yield f"there are shards of {' and of '.join(map(str, counts))}"
    elif counts:
        there = {part.shard.number for part in parts if part.shard}
        missing = [number for number in range(1, counts[0] + 1) if number not in there]
        if missing:
            named = ", ".join(f"{number}/{counts[0]}" for number in missing[:10])
            more = f" and {len(missing) - 10} more" if len(missing) > 10 else ""
            yield f"missing shards: {named}{more}"
    if counts and any(part.shard is None for part in parts):
        yield "there is a report of the whole panel besides its shards"


def _named(name: str) -> str:
    return name if name.startswith("the ") else f"the shard {name}"


def merged(parts: Sequence[Part], problems: Sequence[str], dest: Path) -> dict[str, Any]:
    """Return one report of the parts. A server that is in several of them counts once.

    :param problems: the reasons why the parts do not add up.
    :param dest: the folder of the merged report, for links.
    """
    first: dict[tuple[Any, ...], dict[str, Any]] = {}
    for part in parts:
        for row in part.report["servers"]:
            key = (*part.panel, row["id"])
            mine = {"panel": part.panel[0], "address": part.panel[1]}
            shard = str(part.shard) if part.shard else None
            target = part.report.get("target")
            first.setdefault(key, {"target": target, **row, **mine, "shard": shard})
    reports = [part.report for part in parts]
    stopped = [(part, part.report["stopped"]) for part in parts if part.report.get("stopped")]
    about = {
        **{
            key: _common(reports, key)
            for key in ("panel", "address", "place_noun", "action", "ticket")
        },
        "shard": None,
        "run_id": None,
        "plan_sha256": None,
        "run_dir": str(dest),
        "failure": None,
        "stopped": {
            "reason": stopped[0][1]["reason"],
            "msg": "; ".join(f"{part.label}: {each['msg']}" for part, each in stopped),
        }
        if stopped
        else None,
        "warnings": [
            *problems,
            *(
                f"{part.label}: {warning}"
                for part in parts
                for warning in part.report.get("warnings") or ()
            ),
        ],
        "started": min(filter(None, (report.get("started") for report in reports)), default=None),
        "finished": max(filter(None, (report.get("finished") for report in reports)), default=None),
        "windows": sorted(
            (window for report in reports for window in report.get("windows") or ()),
            key=lambda window: str(window["begun"]),
        ),
        "links": list(_links(parts, dest)),
        "growth": _growth(reports),
    }
    kind = str(reports[0]["kind"]) if reports else KINDS[0]
    titles = dict.fromkeys(str(report.get("target")) for report in reports)
    return build_report(kind, "; ".join(titles), list(first.values()), about)


def _common(reports: Sequence[Mapping[str, Any]], key: str) -> Any:
    """Return a value that all reports share, else ``None``."""
    values = {report.get(key) for report in reports}
    return values.pop() if len(values) == 1 else None


def _links(parts: Sequence[Part], dest: Path) -> Iterator[dict[str, str]]:
    for part in parts:
        path = Path(part.source).expanduser()
        page = (path.parent if path.suffix == ".json" else path) / part.page
        if page.is_file():
            href = Path(os.path.relpath(page, dest)).as_posix()
            yield {"kind": str(part.report["kind"]), "href": href, "name": part.label}


def _growth(reports: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return the growth of each place: shards of one panel share its hypervisors."""
    found: dict[tuple[Any, ...], dict[str, Any]] = {}
    for report in reports:
        for row in report.get("growth") or ():
            key = (report.get("address"), row.get("place"), row.get("name"), row["field"])
            there = found.get(key)
            if there is None:
                found[key] = dict(row)
                continue
            for name in _AMOUNTS:
                there[name] += row[name]
            free = there.get("free")
            there["fits"] = None if free is None else there["growth"] <= free
    return list(found.values())


def failure_of(report: Mapping[str, Any], limit: FailureLimit) -> str | None:
    """Return why the sum of the failures exceeds its limit, or ``None``."""
    totals = report["totals"]
    failures = sum(totals[outcome.value] for outcome in FAILURES)
    base = sum(totals[name] for name in _TO_CHANGE)
    done = sum(totals[name] for name in ("changed", "ordered", "unchanged", "refused"))
    if not limit.exceeded(failures, base, done=done):
        return None
    return limit.sentence(failures, base, "servers", in_doubt=totals["in_doubt"])


def parts_of(sources: Sequence[str], store: RunStore | None) -> tuple[list[Part], list[str]]:
    """Read the reports. Return them, and a sentence for each one that is missing or is not a report.

    :raises PanelError: ``validation``, no report is named.
    """
    if not sources:
        raise invalid(f"{OPTION} is empty")
    read = [read_part(source, store) for source in sources]
    return (
        [each for each in read if isinstance(each, Part)],
        [plain(each) for each in read if isinstance(each, str)],
    )


def merge_reports(
    params: Mapping[str, Any], store: RunStore | None, *, check_mode: bool
) -> dict[str, Any]:
    """Write the merged report, and return its totals.

    :param params: the options of the action.
    :param store: has copies of reports, and gets one of the merged report; it is closed.
    :raises PanelError: the reports do not add up, or too many servers failed. The report is then written.
    """
    limit = FailureLimit(params["max_failures"])
    dest = Path(params["dest"]).expanduser().absolute()
    try:
        parts, problems = parts_of(params["reports"], store)
        problems += check_parts(parts)
        expected = params["expected"]
        if expected is not None and len(parts) != expected:
            problems.append(f"there are {len(parts)} reports, and {expected} are expected")
        report = merged(parts, problems, dest)
        summary = summary_of(report["totals"])
        hint = "" if check_mode else f"see {dest}"
        error = _refusal(problems, failure_of(report, limit), hint)
        report["msg"] = error.message if error else summary
        report["failure"] = error.failure() if error else None
        if not check_mode:
            _write(dest, report, store)
    finally:
        if store is not None:
            store.close()
    result = {
        "changed": not check_mode,
        "msg": f"{counted(len(parts), 'report')}: {summary}",
        "dest": str(dest),
        "totals": report["totals"],
        "problems": problems,
        "parts": [part.to_plain() for part in parts],
    }
    if error is not None:
        error.result = result
        raise error
    return result


def _refusal(problems: Sequence[str], failure: str | None, hint: str) -> PanelError | None:
    """Return the error of reports that do not add up, or of which too many servers failed."""
    if not (problems or failure):
        return None
    code = Code.VALIDATION if problems else Code.STOPPED
    message = "; ".join([*problems, *filter(None, [failure])])
    return PanelError(code, message, action="accept the merged report", hint=hint)


def _write(dest: Path, report: Mapping[str, Any], store: RunStore | None) -> None:
    make_folder(str(dest), "dest")
    for suffix, text in (("csv", report_csv), ("html", report_html), ("json", report_json)):
        file, content = dest / f"report.{suffix}", text(report)
        replace_file(str(file), content, "report", "dest")
        if store is not None:
            store.put(f"{dest.name}/{file.name}", content.encode("utf-8"))
