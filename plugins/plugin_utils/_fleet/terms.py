# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Collect the terms that an approval covers: the options of a run, stored and hashed in its plan."""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from ...module_utils._core.argspec import ArgumentSpec
from ...module_utils._core.errors import invalid
from .selection import SHARD_OPTION as SHARD
from .settings import ARGUMENTS as FLEET
from .settings import PACE


class Terms:
    """Converts the options of a run to its terms, and terms to options.

    :param selection: the options that select items.
    :param target: the options that define the target of the items.
    :param manner: the options that define how an item is changed.
    :param playbook: the playbook that plans and applies such a run.
    """

    def __init__(
        self, selection: ArgumentSpec, target: ArgumentSpec, manner: ArgumentSpec, playbook: str
    ) -> None:
        self._playbook = playbook
        self._parts = {
            "target": target.options,
            "servers": {**selection.options, SHARD: FLEET.options[SHARD]},
            "manner": manner.options,
            "pace": {name: FLEET.options[name] for name in PACE},
        }

    @property
    def target_options(self) -> Collection[str]:
        """The names of the options that define the target."""
        return self._parts["target"].keys()

    def of(self, params: Mapping[str, Any], folder: Path) -> dict[str, Any]:
        """Return the terms of a run as plain data.

        :param params: the options of the run.
        :param folder: of the run; the path of a journal to roll back is stored relative to it.
        """
        terms: dict[str, Any] = {
            part: {name: params[name] for name in options if params[name] is not None}
            for part, options in self._parts.items()
        }
        rollback = params["rollback"]
        terms["rollback"] = rollback and os.path.relpath(Path(rollback).absolute(), folder)
        return {**terms, "title": self._title(params), "playbook": self._playbook}

    def _title(self, params: Mapping[str, Any]) -> str:
        """Return the target in the operator's words."""
        if params["rollback"]:
            return "what they had before"
        given = {
            name: params[name]
            for name, rule in self._parts["target"].items()
            if params[name] is not None and params[name] != rule.get("default")
        }
        return ", ".join(
            f"{name} {', '.join(map(str, value)) if isinstance(value, list) else value}"
            for name, value in given.items()
        )

    def params(
        self,
        terms: Mapping[str, Any],
        params: Mapping[str, Any],
        given: Collection[str],
        folder: Path,
        *,
        pace_may_differ: bool,
    ) -> dict[str, Any]:
        """Return the options of a planned run.

        :param params: the options of this task: the connection, and options set anew.
        :param given: the names of the options that this task sets.
        :param pace_may_differ: whether the options of :data:`PACE` may be set anew.
        :raises PanelError: ``validation``, an option of this task differs from the plan.
        """
        found = dict(params)
        for part, options in self._parts.items():
            planned = terms[part]
            for name, rule in options.items():
                if name in given and params[name] is not None:
                    if part == "pace" and pace_may_differ:
                        continue
                    if params[name] != planned.get(name):
                        raise invalid(
                            f"the plan in {folder} has {name} {planned.get(name)!s:.80}, and this"
                            f" task sets {params[name]!s:.80}",
                            "an approval is for exactly one plan; leave the option out",
                        )
                found[name] = planned.get(name, rule.get("default"))
        if terms.get("rollback"):
            found["rollback"] = os.path.normpath(folder / terms["rollback"])
        return found
