# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What check mode returns for objects that do not exist yet: all keys, with null where only the panel can know."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias

#: The result keys of a task, each with the names of its values; None for a key that has none.
Shown: TypeAlias = Mapping[str, Iterable[str] | None]


def results(**keys: Iterable[str] | None) -> Shown:
    """Declare the result keys of a task, each with the names of its values."""
    return keys


def blank(shown: Shown, given: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Return all result keys with null values.

    :param given: values that are known, by name.
    """
    known = given or {}
    return {
        key: None if names is None else {name: known.get(name) for name in names}
        for key, names in shown.items()
    }


def predicted(
    shown: Shown, params: Mapping[str, Any], state: str | None, reason: str
) -> dict[str, Any]:
    """Return the result of a task on an object that an earlier task of the play would create.

    :param params: the options, whose values are returned under the same names.
    :param state: the state that the object would have, if the result shows one.
    :param reason: why the object was not found.
    """
    known = {name: value for name, value in params.items() if name != "state"}
    known["name"] = params.get("name") or params.get("server_name") or params.get("plan_name")
    warning = (
        f"{reason}. The prediction is that an earlier task creates it; nothing else was checked"
    )
    return {
        "changed": True,
        **blank(shown, {**known, "state": state, "present": True}),
        "changes": [],
        "refused": [],
        "diff": {"before": {}, "after": {}},
        "warnings": [warning],
    }
