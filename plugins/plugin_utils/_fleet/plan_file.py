# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Write and read the plan file: the changes that an operator approves and a run then applies."""

from __future__ import annotations

import hmac
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from ...module_utils._core.errors import PanelError, invalid
from ...module_utils._core.safe_text import plain
from .change import UNKNOWN, Evidence, FleetItem, ItemId, checked_item_id, evidence_in
from .durable_file import read_file, replace_file
from .identity import Identity, parsed, sha256_of
from .results import FAILURES, ItemOutcome, predicted

#: Version of the file format.
SCHEMA = 1
KIND = "vpsfleet.panels plan"

OPTION = "plan_file"


@dataclass(frozen=True)
class PlannedItem:
    """An item of a plan that was read from a file.

    :param outcome: the predicted outcome. Only an item that was to be changed is approved for a write.
    :param selected_by: other values that the approval covers, by field.
    """

    id: ItemId
    name: str
    outcome: ItemOutcome
    fingerprint: str
    selected_by: Mapping[str, Any]
    evidence: Evidence = UNKNOWN

    def still_selects(self, item: FleetItem) -> FleetItem:
        """Return the item, marked as moved if the approval no longer covers it."""
        if item.moved is not None or item.error is not None or not item.to_change:
            return item
        for name, value in self.selected_by.items():
            now = item.facts.get(name)
            if now != value:
                was, present = (json.dumps(each, ensure_ascii=False) for each in (value, now))
                moved = f"its {name} was {was} when the plan was made, and is {present}"
                return replace(item, moved=plain(moved))
        return item


@dataclass(frozen=True)
class FleetPlan:
    """A plan that was read from a file, unchanged since it was written.

    :param sha256: the hash that an approval names.
    :param by: who made it, and for which ticket.
    :param made: when, as text.
    :param approval_ttl: the number of seconds for which an approval of it is valid.
    """

    sha256: str
    items: Mapping[ItemId, PlannedItem]
    by: Mapping[str, Any] = field(default_factory=dict)
    made: str = ""
    approval_ttl: int | None = None


def write_plan(
    path: str,
    identity: Identity,
    items: Sequence[FleetItem],
    totals: Mapping[str, int],
    warnings: Sequence[str],
    made: str,
    terms: Mapping[str, Any] | None = None,
    by: Mapping[str, Any] | None = None,
    growth: Sequence[Mapping[str, Any]] = (),
    approval_ttl: int | None = None,
) -> str:
    """Write the predicted changes of the items, and return the plan's hash.

    For an item without changes and refusals, only the ID and name are written.

    :param made: the time as text.
    :param terms: the other options that an approval covers, as plain data without secrets.
    :param by: who makes it, and for which ticket.
    :param growth: what the items take in each place.
    :param approval_ttl: the number of seconds for which an approval is valid.
    :raises PanelError: ``validation``, the file cannot be written.
    """
    content = {
        "kind": KIND,
        "schema": SCHEMA,
        **identity.to_plain(),
        "made": made,
        "by": dict(by or {}),
        "approval_ttl": approval_ttl,
        "totals": dict(totals),
        "warnings": list(warnings),
        "items": [_planned(item) for item in items if _matters(item)],
        "growth": list(growth),
        "unchanged": [
            {"id": item.id, "name": item.name, **item.evidence.identity()}
            for item in items
            if not _matters(item)
        ],
        "terms": dict(terms or {}),
    }
    content["sha256"] = sha256_of(content)
    replace_file(path, json.dumps(content, indent=1) + "\n", "plan", OPTION)
    return str(content["sha256"])


def read_plan(path: str, identity: Identity, approved: str | None) -> FleetPlan:
    """Read a plan, and check that it is undamaged and belongs to this panel and this change.

    :param approved: the hash that was approved.
    :raises PanelError: ``validation``, with the reason in one sentence.
    """
    content = plan_in(read_file(path, "plan", OPTION), path)
    check_approved(content, path, approved)
    action = f"apply the plan {path}"
    difference = identity.difference(content)
    if difference:
        raise _refused(action, difference)
    return FleetPlan(
        str(content["sha256"]),
        _items(content["items"], action),
        content.get("by") or {},
        str(content.get("made")),
        content.get("approval_ttl"),
    )


#: What to do about a file that is not a plan.
_MAKE_NEW = "make a new plan with check mode"


def check_approved(plan: Mapping[str, Any], path: str, approved: str | None) -> None:
    """Refuse a plan that is not the approved one.

    :param approved: the hash that was approved, ``None`` for any.
    :raises PanelError: ``validation``.
    """
    stated = str(plan["sha256"])
    if approved is None:
        return
    if not hmac.compare_digest(approved.strip().lower().encode(), stated.encode()):
        error = invalid(f"its hash is {stated}, and plan_sha256 is another one")
        error.action = f"apply the plan {path}"
        error.hint = "this task has changed nothing; check that the hash was copied completely"
        raise error


def plan_in(file: bytes, path: str, hint: str = _MAKE_NEW) -> dict[str, Any]:
    """Return the undamaged plan of any change in the content of a file.

    :param hint: what to do about a file that is not such a plan.
    :raises PanelError: ``validation``, with the reason in one sentence.
    """
    action = f"apply the plan {path}"
    try:
        content = parsed(file)
    except ValueError:
        raise _refused(action, "it is not valid JSON", hint) from None
    if not isinstance(content, dict) or content.get("kind") != KIND:
        raise _refused(action, "it is not a plan of this collection", hint)
    if content.get("schema") != SCHEMA:
        message = (
            f"it has schema {content.get('schema')!r:.20}, and this collection writes {SCHEMA}"
        )
        raise _refused(action, message, hint)
    stated = content.pop("sha256", None)
    if stated != _hash_of(content):
        raise _refused(action, "it was changed after it was made: its hash differs", hint)
    return {**content, "sha256": stated}


def changes_nothing(plan: Mapping[str, Any]) -> bool:
    """Return whether a plan leaves nothing to do: it would change no item, and could compare each."""
    return not any(plan["totals"][each.value] for each in (ItemOutcome.CHANGED, *FAILURES))


def superseded(later: str | None) -> PanelError:
    """Return the error for a plan after whose runs another run used the same journal.

    :param later: the hash of the plan of that run, ``None`` if it had no plan.
    """
    what = (
        "a run without a plan followed" if later is None else f"the plan {later} was applied after"
    )
    return _refused("apply the plan again", f"{what} it, with the same journal")


def _hash_of(content: Any) -> str | None:
    """Return the hash of a plan, or ``None`` if the data cannot be a plan of this collection."""
    try:
        return sha256_of(content)
    except (ValueError, RecursionError):
        return None


def _planned(item: FleetItem) -> dict[str, Any]:
    return {
        **predicted(item).to_result(),
        "fingerprint": item.fingerprint,
        "selected_by": {name: item.facts.get(name) for name in item.selected_by},
        "current": {row["field"]: row["before"] for row in item.changes},
        "desired": {row["field"]: row["desired"] for row in item.changes},
    }


def _matters(item: FleetItem) -> bool:
    return bool(item.error or item.moved or item.to_change or item.refused)


def _items(rows: Any, action: str) -> dict[ItemId, PlannedItem]:
    try:
        found = [
            PlannedItem(
                checked_item_id(row["id"]),
                str(row["name"]),
                ItemOutcome(row["outcome"]),
                str(row["fingerprint"]),
                dict(row["selected_by"]),
                evidence_in(row),
            )
            for row in rows
        ]
        items = {item.id: item for item in found}
    except (KeyError, TypeError, ValueError):
        raise _refused(action, "its items are not valid") from None
    if len(items) != len(found):
        raise _refused(action, "it has an item twice")
    return items


def _refused(
    action: str, message: str, hint: str = "make a new plan with check mode"
) -> PanelError:
    error = invalid(message, hint)
    error.action = action
    return error
