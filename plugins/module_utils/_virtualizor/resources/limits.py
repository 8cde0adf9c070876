# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a user plan and a user have in common: their limits, and how a record with limits is written.

Whether an edit keeps or resets what it does not mention is not known (virtualizor 2.5). So a record is
read, the desired values are laid over it, and all of it is sent.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

from ..._core.changes import Comparison, FieldOutcome
from ..._core.converge import Converged, View, in_turn
from ..._core.errors import Code, PanelError, invalid
from ..._core.fields import Compare, Field
from ..argspec import ADMIN, AMOUNTS
from ..values import amount, decimal_number, ids, is_number, whole_number, words, yes_or_no

#: The fields by the names of the request, with the places of the answer (virtualizor 2.3).
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

_PLACES = {field.name: str(field.path) for field in LIMITS}
_LISTS = {field.name: field.kind for field in LIMITS if field.compare is Compare.SET}
_LAST_DAY = 31
#: Upload as fast as ``network_speed`` (virtualizor 2.3).
_AS_DOWNLOAD = -1


def checked_limits(params: Mapping[str, Any]) -> dict[str, Any]:
    """Return the limits that the operator set, in the form that a read has.

    :raises PanelError: ``validation`` for a value that no panel can take.
    """
    given = {name: params[name] for name in _PLACES if params[name] is not None}
    for name in (*AMOUNTS, "cpu_percent", "max_cost"):
        if not 0 <= given.get(name, 0) < float("inf"):
            raise invalid(f"{name} must not be {given[name]}: the lowest value is 0")
    if given.get("upload_speed", 0) < _AS_DOWNLOAD:
        raise invalid(
            f"upload_speed must not be {given['upload_speed']}",
            "-1 stands for the value of network_speed, 0 for no limit",
        )
    if not 0 <= given.get("service_period", 0) <= _LAST_DAY:
        raise invalid(
            f"service_period must be a day from 0 to {_LAST_DAY}, not {given['service_period']}"
        )
    for name, lowest in (("sgs", 0), ("mgs", 1)):
        for number in given.get(name, ()):
            if number < lowest:
                raise invalid(f"{name} holds {number}, which is no id")
    for name in _LISTS:
        if name in given:
            given[name] = sorted(set(given[name]))
    _check_space(given)
    return given


def whole_record(
    raw: Mapping[str, Any], values: Mapping[str, Any], own: Collection[str]
) -> dict[str, Any]:
    """Return a record as its form takes it, with values laid over it.

    Fields that this collection does not know are passed through where they are numbers, as the limits
    of newer panels are (virtualizor 2.5).

    :param raw: the record as a list shows it, where ``""`` and ``"0"`` are told apart (virtualizor 2.4).
    :param values: typed values by the names of the request.
    :param own: keys of the record that are no fields of the form, or that the caller fills in.
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
    """Send changed values, and insist where a list is to be empty.

    An empty list is sent by leaving it out. A panel that keeps what is left out still shows the
    list; then one blank element is sent instead, which such a panel may take for an empty list (virtualizor 2.5).

    :param submit: sends the record with these values laid over it.
    :param look: reads the record again.
    """

    def insist() -> None:
        emptied = [name for name, value in changed.items() if value == []]
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
            f"this panel does not show {', '.join(unseen)}, so whether it takes a value cannot be told",
            action=action,
            hint="its version may be too old: leave the option out, or update the panel",
        )


def check_together(comparison: Comparison, before: View) -> None:
    """Check values that only make sense together, as they will be. :raises PanelError: ``validation``."""
    desired = {change.field.name: change.desired for change in comparison.changes}
    _check_space({**before, **desired})


def concluded(
    converged: Converged, conclude: Callable[[Converged], dict[str, Any]]
) -> dict[str, Any]:
    """Return the result keys of a record with limits, ``warnings`` among them where there are some.

    :param conclude: what fails the task on refused values.
    :raises PanelError: from there; it says what helps where a list could not be emptied.
    """
    message = _remarks(converged)
    warnings = {"warnings": message} if message else {}
    try:
        return {**conclude(converged), **warnings}
    except PanelError as error:
        error.result.update(warnings)
        refused = converged.comparison.with_outcome(FieldOutcome.REFUSED)
        if any(change.desired == [] for change in refused):
            error.add_hint("this panel takes no empty list: empty it in the panel itself")
        raise


def _remarks(converged: Converged) -> list[str]:
    """What the operator should know: a change with consequences, and a value that moved unasked."""
    before, after, comparison = converged.before, converged.after, converged.comparison
    changed = {change.field.name: change.after for change in comparison.changes if change.moved}
    asked = {change.field.name for change in comparison.changes}
    message = []
    if changed.get("priority") == ADMIN:
        message.append("priority=1 makes administrators")
    if changed.get("sgs") == []:
        message.append("without a server group (sgs) users cannot create any VPS")
    kept = [name for name in _PLACES if name in before and name in after and name not in asked]
    return message + [
        f"the panel has also changed {name} from {before[name]} to {after[name]}"
        for name in kept
        if before[name] != after[name]
    ]


def _check_space(values: Mapping[str, Any]) -> None:
    """The panel refuses it too, in its own language (virtualizor 2.8)."""
    whole, each = values.get("space"), values.get("space_per_vm")
    if whole and each and each > whole:
        raise invalid(f"space_per_vm must not exceed space: {each} GB is more than {whole} GB")
