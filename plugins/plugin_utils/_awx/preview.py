# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What an import would create, change and remove. Check mode of the modules fails where a parent is missing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .compare import Related, differences, has_secret, words_of
from .objects import AwxObject, is_ours
from .removal import Removal, pruning
from .rights import missing_permissions, stale_permissions
from .settings import Settings
from .state import Read, Row, State


@dataclass(frozen=True)
class Judgment:
    """Decides what has to be sent.

    :param related: returns what a row refers to.
    :param read: reads an endpoint.
    :param update_secrets: whether to send secrets that AWX already stores.
    """

    settings: Settings
    state: State
    related: Related
    read: Read
    update_secrets: bool = False

    def differences(self, desired: AwxObject) -> list[str] | None:
        """Return what of an existing object has to be sent, or None if it does not exist."""
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
        found = differences(desired, existing, self.state, self.related)
        return found or (["secrets"] if self.update_secrets and has_secret(existing) else [])

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


@dataclass(frozen=True)
class Removed:
    """What an import takes away.

    :param nodes: of our workflows, as workflow and identifier.
    :param roles: of the teams, as objects that are absent.
    :param rows: objects with the label that are no longer desired, in the order of their removal.
    :param left_over: the same as texts, unless they are removed.
    :param kept: a sentence for each object that another one uses.
    """

    nodes: Sequence[tuple[str, str]]
    roles: Sequence[AwxObject]
    rows: Mapping[str, Sequence[Row]]
    left_over: Sequence[str]
    kept: Sequence[str]

    @property
    def words(self) -> list[str]:
        return [
            *(words_of_node(*node) for node in self.nodes),
            *(role.words for role in self.roles),
            *_words(self.rows),
        ]


def removed_by(judgment: Judgment, desired: Sequence[AwxObject], *, prune: bool) -> Removed:
    """Return what an import takes away.

    :param prune: whether objects with the label that are no longer desired are removed.
    """
    settings, state = judgment.settings, judgment.state
    old = pruning(desired, state, settings.label)
    gone = old if prune else Removal({})
    return Removed(
        nodes=removed_nodes(desired, state),
        roles=stale_permissions(settings, desired, state, judgment.read, gone),
        rows=gone.rows,
        left_over=[] if prune else _words(old.rows),
        kept=old.kept if prune else [],
    )


def preview(judgment: Judgment, desired: Sequence[AwxObject], removed: Removed) -> dict[str, Any]:
    """Return what would be created, updated and removed, as one text for each object."""
    created: dict[str, None] = {}
    updated: dict[str, None] = {}
    for each in desired:
        found = judgment.differences(each)
        if found is None or (each.kind == "role" and found):
            created[each.words] = None
        elif found and each.words not in created:
            updated[f"{each.words}: {', '.join(found)}"] = None
    return {
        "created": list(created),
        "updated": list(updated),
        "removed": removed.words,
        "left_over": list(removed.left_over),
    }


def _words(rows: Mapping[str, Sequence[Row]]) -> list[str]:
    return [words_of(kind, row) for kind, each_of in rows.items() for row in each_of]


def words_of_node(workflow: str, name: str) -> str:
    """Return how messages call a node."""
    return f"node {name} of the workflow {workflow}"
