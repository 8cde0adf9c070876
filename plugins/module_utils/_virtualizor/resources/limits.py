# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The limits of user plans and users, and writing a record with limits.

An edit may reset omitted fields (virtualizor 2.5). So the record is read, updated with the desired
values, and sent as a whole.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

from ..._core.argspec import ArgumentSpec
from ..._core.changes import Comparison, FieldOutcome
from ..._core.converge import Converged, View, after_acceptance, in_turn
from ..._core.errors import Code, PanelError, invalid
from ..._core.fields import Compare, Field
from ..argspec import VIRTUALIZATIONS
from ..values import amount, decimal_number, ids, is_number, whole_number, words, yes_or_no

#: The fields by request parameter, with their paths in the response (virtualizor 2.3).
LIMITS: tuple[Field, ...] = (
    Field("priority", "type", whole_number),
    Field("dnsplan_id", "dnsplid", whole_number),
    Field("acl_id", "aclid", whole_number),
    Field("num_vs", "num_vs", whole_number),
    Field("num_users", "num_users", whole_number),
    Field("inhouse_billing", "inhouse_billing", yes_or_no),
    Field("max_cost", "max_cost", decimal_number),
    Field("space", "space", amount, "GB"),
    Field("space_per_vm", "space_per_vm", amount, "GB"),
    Field("ram", "ram", amount, "MB"),
    Field("burst", "burst", amount, "MB"),
    Field("bandwidth", "bandwidth", amount, "GB"),
    Field("cpu", "cpu", whole_number),
    Field("cores", "cores", whole_number),
    Field("cpu_percent", "cpu_percent", decimal_number, "%"),
    Field("num_cores", "num_cores", whole_number),
    Field("num_ipv4", "num_ipv4", whole_number),
    Field("num_ipv6", "num_ipv6", whole_number),
    Field("num_ipv6_subnet", "num_ipv6_subnet", whole_number),
    Field("num_ip_int", "num_ip_int", whole_number),
    Field("network_speed", "network_speed", whole_number, "KB/s"),
    Field("upload_speed", "upload_speed", whole_number, "KB/s"),
    Field("total_iops_sec", "total_iops_sec", whole_number),
    Field("read_bytes_sec", "read_bytes_sec", whole_number, "MB/s"),
    Field("write_bytes_sec", "write_bytes_sec", whole_number, "MB/s"),
    Field("band_suspend", "band_suspend", yes_or_no),
    Field("service_period", "service_period", whole_number),
    Field("allowed_virts", "allowed_virts", words, compare=Compare.SET),
    Field("sgs", "sg", ids, compare=Compare.SET),
    Field("mgs", "mg", ids, compare=Compare.SET),
)

#: The options of each kind of limit.
_OPTIONS: Mapping[Callable[[Any], Any], Mapping[str, Any]] = {
    whole_number: {"type": "int"},
    amount: {"type": "int"},
    decimal_number: {"type": "float"},
    yes_or_no: {"type": "bool"},
    words: {"type": "list", "elements": "str", "choices": list(VIRTUALIZATIONS)},
    ids: {"type": "list", "elements": "int"},
}
#: Priorities of user plans and users: 0 normal user, 1 admin, 2 cloud (virtualizor 2.3).
PRIORITIES = (0, 1, 2)
ADMIN = 1

#: The limits of user plans and users, with the vendor's names.
LIMIT_OPTIONS = ArgumentSpec({field.name: dict(_OPTIONS[field.kind]) for field in LIMITS})
LIMIT_OPTIONS.options["priority"]["choices"] = list(PRIORITIES)

#: The limits that must not be negative, and are no days of a month.
_AMOUNTS = tuple(
    field.name
    for field in LIMITS
    if field.kind in (whole_number, amount, decimal_number)
    and field.name not in ("upload_speed", "service_period")
)
_PLACES = {field.name: str(field.path) for field in LIMITS}
_LISTS = {field.name: field.kind for field in LIMITS if field.compare is Compare.SET}
_LAST_DAY = 31
#: Upload as fast as ``network_speed`` (virtualizor 2.3).
_AS_DOWNLOAD = -1


def checked_limits(params: Mapping[str, Any]) -> dict[str, Any]:
    """Return the limits set in the options, in the form of a read.

    :raises PanelError: ``validation`` for a value that no panel accepts.
    """
    given = {name: params[name] for name in _PLACES if params[name] is not None}
    for name in _AMOUNTS:
        if not 0 <= given.get(name, 0) < float("inf"):
            raise invalid(f"{name} must not be {given[name]}: the lowest value is 0")
    if given.get("upload_speed", 0) < _AS_DOWNLOAD:
        raise invalid(
            f"upload_speed must not be {given['upload_speed']}",
            "-1 means the value of network_speed, 0 means no limit",
        )
    if not 0 <= given.get("service_period", 0) <= _LAST_DAY:
        raise invalid(
            f"service_period must be a day from 0 to {_LAST_DAY}, not {given['service_period']}"
        )
    for name, lowest in (("sgs", 0), ("mgs", 1)):
        for number in given.get(name, ()):
            if number < lowest:
                raise invalid(f"{name} contains {number}, which is not an ID")
    for name in _LISTS:
        if name in given:
            given[name] = sorted(set(given[name]))
    _check_space(given)
    return given


def whole_record(
    raw: Mapping[str, Any], values: Mapping[str, Any], own: Collection[str]
) -> dict[str, Any]:
    """Return a record in the format of its form, updated with the given values.

    Numeric fields unknown to this collection are passed through: they may be limits of newer
    panels (virtualizor 2.5).

    :param raw: the record from a list, where ``""`` and ``"0"`` differ (virtualizor 2.4).
    :param values: typed values by request parameter.
    :param own: keys of the record that are not fields of the form, or that the caller sets.
    """
    form: dict[str, Any] = {}
    for name, place in _PLACES.items():
        if name in values:
            form[name] = values[name]
        elif place in raw:
            form[name] = _LISTS[name](raw[place]) if name in _LISTS else raw[place]
    known = {*_PLACES.values(), *own}
    unknown = {key: value for key, value in raw.items() if key not in known and is_number(value)}
    return {**unknown, **form}


def write_whole(
    submit: Callable[[Mapping[str, Any]], object],
    look: Callable[[], View],
    changed: Mapping[str, Any],
) -> None:
    """Send changed values, with a second attempt to empty a list.

    An empty list is sent by omitting it. If the panel keeps the list, one blank element is sent, which
    such a panel may interpret as an empty list (virtualizor 2.5).

    :param submit: sends the record, updated with the given values.
    :param look: reads the record again.
    """

    def insist() -> None:
        emptied = [name for name, value in changed.items() if value == []]
        with after_acceptance():
            view = look() if emptied else {}
        stubborn = {name: [""] for name in emptied if view.get(name)}
        if stubborn:
            submit({**changed, **stubborn})

    in_turn(lambda: submit(changed), insist)


def refuse_unseen(comparison: Comparison, shown: Collection[str], action: str) -> None:
    """Refuse to write a value that the panel never shows: its effect could not be verified.

    :param shown: the fields that this panel's records have.
    :raises PanelError: ``refused``, naming the options.
    """
    unseen = [
        change.field.name
        for change in comparison.with_outcome(FieldOutcome.CHANGED)
        if change.field.name in _PLACES and change.field.name not in shown
    ]
    if unseen:
        raise PanelError(
            Code.REFUSED,
            f"this panel does not show {', '.join(unseen)}, so a change could not be verified",
            action=action,
            hint="its version may be too old: omit the option, or update the panel",
        )


def check_together(comparison: Comparison, before: View) -> None:
    """Check that the resulting values are consistent. :raises PanelError: ``validation``."""
    desired = {change.field.name: change.desired for change in comparison.changes}
    _check_space({**before, **desired})


def concluded(
    converged: Converged, conclude: Callable[[Converged], dict[str, Any]]
) -> dict[str, Any]:
    """Return the result keys of a record with limits, including any ``warnings``.

    :param conclude: raises for refused values.
    :raises PanelError: from ``conclude``, with a hint if a list could not be emptied.
    """
    message = _remarks(converged)
    warnings = {"warnings": message} if message else {}
    try:
        return {**conclude(converged), **warnings}
    except PanelError as error:
        error.result.update(warnings)
        refused = converged.comparison.with_outcome(FieldOutcome.REFUSED)
        if any(change.desired == [] for change in refused):
            error.add_hint("this panel does not accept an empty list: empty it in the panel itself")
        raise


def _remarks(converged: Converged) -> list[str]:
    """Return warnings about changes with side effects and about unrequested changes."""
    before, after, comparison = converged.before, converged.after, converged.comparison
    changed = {change.field.name: change.after for change in comparison.changes if change.moved}
    asked = {change.field.name for change in comparison.changes}
    message = []
    if changed.get("priority") == ADMIN:
        message.append("priority=1 grants administrator rights")
    if changed.get("sgs") == []:
        message.append("without a server group (sgs) users cannot create any VPS")
    sent = ("plan_name", "email", "user_plan_id", *_PLACES)
    kept = [name for name in sent if name in before and name in after and name not in asked]
    return message + [
        f"the panel has also changed {name} from {before[name]!r} to {after[name]!r}"
        for name in kept
        if before[name] != after[name]
    ]


def _check_space(values: Mapping[str, Any]) -> None:
    """Reject inconsistent space limits; the panel's own error is translated (virtualizor 2.8)."""
    whole, each = values.get("space"), values.get("space_per_vm")
    if whole and each and each > whole:
        raise invalid(f"space_per_vm must not exceed space: {each} GB is more than {whole} GB")
