# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which objects with the label can be removed: none that an object without the label uses."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from .objects import KINDS, AwxObject
from .state import STARTED, Row, State

#: A kind and the ID of a row.
Key = tuple[str, int]

#: Fields of a row with the ID of another one -> the kinds that it can be of.
_REFERENCES: Mapping[str, Sequence[str]] = {
    "organization": ("organization",),
    "project": ("project",),
    "source_project": ("project",),
    "inventory": ("inventory",),
    "credential": ("credential",),
    "webhook_credential": ("credential",),
    "signature_validation_credential": ("credential",),
    "credential_type": ("credential_type",),
    "execution_environment": ("execution_environment",),
    "default_environment": ("execution_environment",),
    "workflow_job_template": ("workflow_job_template",),
    "unified_job_template": STARTED,
}
#: Kinds that use nothing: AWX removes an unused label, and a host belongs to its inventory.
_USING_NOTHING = ("label", "host")
_NODE = "workflow_job_template_node"
_WORDS = {"application": "application", "instance_group": "instance group"}


@dataclass
class Removal:
    """What a removal does.

    :param rows: the objects to remove, in the order of their removal.
    :param kept: a sentence for each object that another one uses.
    """

    rows: dict[str, list[Row]]
    kept: list[str] = field(default_factory=list)

    def __contains__(self, key: Key) -> bool:
        return any(row["id"] == key[1] for row in self.rows.get(key[0], []))


def removal(state: State, label: str) -> Removal:
    """Return what the removal of the content removes."""
    return _without_used(state.labelled(label), state, staying=())


def pruning(desired: Sequence[AwxObject], state: State, label: str) -> Removal:
    """Return the removal of the objects with the label that are no longer desired."""
    staying = {
        (each.kind, existing["id"])
        for each in desired
        # An import sets only the description of an organization, so what it uses stays in use.
        if each.kind != "organization" and (existing := state.existing(each)) is not None
    }
    old = {
        kind: [row for row in rows if (kind, row["id"]) not in staying]
        for kind, rows in state.labelled(label).items()
        # Another import with the same label may use the types.
        if kind not in ("organization", "credential_type")
    }
    return _without_used({kind: rows for kind, rows in old.items() if rows}, state, staying)


def _without_used(
    rows: Mapping[str, Sequence[Row]], state: State, staying: Iterable[Key]
) -> Removal:
    """Take out what an object that stays uses, and then what the objects use that stay for this reason.

    :param staying: desired objects. They use something else after the import.
    """
    leaving = {(kind, row["id"]): row for kind, each_of in rows.items() for row in each_of}
    ignored = set(staying)
    kept: list[str] = []
    waiting = [
        (kind, row)
        for kind, row in _users(state)
        if not _goes_with(kind, row, {*leaving, *ignored})
    ]
    while waiting:
        kind, row = waiting.pop()
        for key in _used_by(row):
            if key in leaving:
                used = leaving.pop(key)
                how = "is in it" if key[0] == "organization" else "uses it"
                kept.append(
                    f"The {KINDS[key[0]].words} {used['name']} is left: the {_words(kind, row, state)} {how}."
                )
                waiting.append((key[0], used))
    found = {
        kind: [row for row in each_of if (kind, row["id"]) in leaving]
        for kind, each_of in rows.items()
    }
    return Removal({kind: each_of for kind, each_of in found.items() if each_of}, sorted(kept))


def _users(state: State) -> Iterator[tuple[str, Row]]:
    for kind, rows in state.rows.items():
        if kind not in _USING_NOTHING:
            for row in rows:
                yield kind, row


def _goes_with(kind: str, row: Row, keys: set[Key]) -> bool:
    """Return whether a row is one of these, or a node of one of these."""
    if kind == _NODE:
        return ("workflow_job_template", row["workflow_job_template"]) in keys
    return (kind, row["id"]) in keys


def _used_by(row: Row) -> Iterator[Key]:
    for name, kinds in _REFERENCES.items():
        number = row.get(name)
        if number is not None:
            yield from ((each, number) for each in kinds)
    for inventory in row.get("input_inventories") or ():
        yield "inventory", inventory
    for credential in row.get("summary_fields", {}).get("credentials") or ():
        yield "credential", credential["id"]


def _words(kind: str, row: Row, state: State) -> str:
    """Return how the message calls a user: a node by its workflow, which people see."""
    if kind == _NODE:
        for workflow in state.rows["workflow_job_template"]:
            if workflow["id"] == row["workflow_job_template"]:
                return f"workflow {workflow['name']}"
    words = KINDS[kind].words if kind in KINDS else _WORDS[kind]
    return f"{words} {row.get('name') or row.get('identifier')}"
