# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What an import would create, change and remove. Check mode of the modules fails where a parent is missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .compare import Related, differences, missing_permissions, words_of
from .objects import AwxObject, is_ours
from .settings import Settings
from .state import Read, Row, State


@dataclass(frozen=True)
class Judgment:
    """Decides what has to be sent.

    :param related: returns what a row refers to.
    :param read: reads an endpoint.
    """

    settings: Settings
    state: State
    related: Related
    read: Read

    def differences(self, desired: AwxObject) -> list[str] | None:
        """Return the options of an existing object that differ, or None if it does not exist."""
        if desired.kind == "role":
            missing = missing_permissions(desired, self.state, self._teams_of)
            return ["teams"] if missing else []
        existing = self.state.existing(desired)
        if existing is None:
            return None
        if desired.kind == "organization" and not is_ours(
            "organization", existing, self.settings.label
        ):
            return []
        return differences(desired, existing, self.state, self.related)

    def _teams_of(self, role: int) -> Sequence[Row]:
        rows: Sequence[Row] = self.read(f"roles/{role}/teams")
        return rows


def removed_nodes(desired: Sequence[AwxObject], state: State) -> list[tuple[str, str]]:
    """Return the workflow and the identifier of each node of our workflows that is no longer desired.

    They are always removed: a node of a shard that does not exist any more would change servers again.
    """
    nodes = {
        (each.arguments["workflow_job_template"], each.name)
        for each in desired
        if each.kind == "workflow_job_template_node"
    }
    found = []
    for workflow, rows in state.nodes.items():
        found += [
            (workflow, row["identifier"])
            for row in rows
            if (workflow, row["identifier"]) not in nodes
        ]
    return found


def left_over(
    settings: Settings, desired: Sequence[AwxObject], state: State
) -> dict[str, list[Row]]:
    """Return the objects with the label that are no longer desired, in the order of their removal."""
    there = {(each.kind, id(state.existing(each))) for each in desired}
    found = {}
    for kind, rows in state.labelled(settings.label).items():
        old = [row for row in rows if (kind, id(row)) not in there and kind != "organization"]
        if kind == "credential_type":
            # Another import with the same label may use them.
            old = []
        if old:
            found[kind] = old
    return found


def preview(
    judgment: Judgment, desired: Sequence[AwxObject], *, prune: bool
) -> dict[str, list[str]]:
    """Return what would be created, updated and removed, as one text for each object.

    :param prune: whether objects with the label that are no longer desired would be removed.
    """
    created: dict[str, None] = {}
    updated: dict[str, None] = {}
    for each in desired:
        found = judgment.differences(each)
        if found is None or (each.kind == "role" and found):
            created[each.words] = None
        elif found and each.words not in created:
            updated[f"{each.words}: {', '.join(found)}"] = None
    removed = [words_of_node(*node) for node in removed_nodes(desired, judgment.state)]
    old = [
        words_of(kind, row)
        for kind, rows in left_over(judgment.settings, desired, judgment.state).items()
        for row in rows
    ]
    return {
        "created": list(created),
        "updated": list(updated),
        "removed": removed + (old if prune else []),
        "left_over": [] if prune else old,
    }


def words_of_node(workflow: str, name: str) -> str:
    """Return how messages call a node."""
    return f"node {name} of the workflow {workflow}"
