# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The artifacts that the nodes of a workflow receive."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

Artifacts = Mapping[str, Any]
LINKS = ("success", "failure", "always")


def merged(parents: Iterable[tuple[Artifacts, Artifacts]]) -> dict[str, Any]:
    """Return the artifacts that a node receives, as AWX 24.6.1 merges them.

    For each parent, what the parent has received replaces what is there, and then what its job has passed.

    :param parents: what each parent has received and passed.
    """
    found: dict[str, Any] = {}
    for received, passed in parents:
        found.update(received)
        found.update(passed)
    return found


def parents_of(node: str, nodes: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return the parents of a node, in order."""
    return [each["id"] for each in nodes if any(node in each.get(link, ()) for link in LINKS)]


def received_by_each(
    nodes: Sequence[Mapping[str, Any]], passed: Mapping[str, Artifacts], *, backwards: bool = False
) -> dict[str, dict[str, Any]]:
    """Return what each node of a workflow receives if all of its nodes run.

    :param nodes: in an order in which links lead to later nodes.
    :param passed: what the job of each node passes.
    :param backwards: whether AWX takes the parents of each node in the other order.
    """
    found: dict[str, dict[str, Any]] = {}
    for node in nodes:
        parents = parents_of(node["id"], nodes)
        order = reversed(parents) if backwards else parents
        found[node["id"]] = merged((found[each], passed.get(each, {})) for each in order)
    return found
