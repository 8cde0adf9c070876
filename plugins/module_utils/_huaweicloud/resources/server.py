# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Cloud phone servers: their projection, and how they are found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..._core.argspec import named
from ..._core.errors import invalid
from ..._core.fields import Field, Schema, integer, rows_of, text, text_identifier
from ..._core.select import exactly_one
from ..client import WORKERS, HuaweiCloud
from ..values import word_of

#: The status of a normal server.
NORMAL = 5
#: The state of a server that was unsubscribed or deleted.
GONE = "gone"
#: The meaning of a server's status (huaweicloud_cph 2.7). 6 is not documented: servers that were
#: unsubscribed or deleted show it.
STATES: Mapping[int, str] = {
    **dict.fromkeys((0, 1, 3, 4), "creating"),
    2: "abnormal",
    NORMAL: "normal",
    6: GONE,
    8: "frozen",
    10: "stopped",
    11: "stopping",
    12: "stop_failed",
    13: "starting",
}
_CHARGING: Mapping[int, str] = {0: "yearly_monthly", 1: "on_demand"}


state = word_of("state", STATES)
charging = word_of("charging", _CHARGING)


#: Older services use other keys (huaweicloud_cph 3.1).
_ADDRESS = Schema(
    Field("server_ip", ("server_ip", "intranet_ip"), text, absent=None),
    Field("public_ip", ("public_ip", "access_ip"), text, absent=None),
)
#: Sizes in Mbit/s.
_BANDWIDTH = Schema(
    Field("id", "band_width_id", text, absent=None),
    Field("name", ("band_width_name", "name"), text, absent=None),
    Field("size", ("band_width_size", "size"), integer, absent=None),
)
#: Sizes in GB.
_VOLUME = Schema(
    Field("id", "volume_id", text, absent=None),
    Field("name", ("volume_name", "name"), text, absent=None),
    Field("type", ("volume_type", "type"), text, absent=None),
    Field("size", ("volume_size", "size"), integer, absent=None),
)


def texts(value: Any) -> list[str]:
    """Return a list of texts. :raises TypeError: it is no list of texts."""
    if value and not isinstance(value, list):
        raise TypeError(value)
    return [found for item in value or () if (found := text(item))]


#: One projection for the single read and the rows of the list. Rows lack the last five fields, and
#: the addresses of servers in a network of the customer (huaweicloud_cph 3.1).
SERVER = Schema(
    Field("id", "server_id", text_identifier, required=True),
    Field("name", "server_name", text, required=True),
    Field("server_model_name", "server_model_name", text, required=True),
    Field("phone_model_name", "phone_model_name", text, required=True),
    Field("status", "status", integer, required=True),
    Field("state", "status", state),
    Field("availability_zone", "availability_zone", text),
    Field("keypair_name", "keypair_name", text),
    Field("charging_mode", "metadata.charging_mode", charging),
    Field("order_id", "metadata.order_id", text),
    Field("product_id", "metadata.product_id", text),
    Field("network_version", "network_version", text),
    Field("vpc_id", "vpc_id", text),
    Field("vpc_cidr", ("vpc_cidr", "cidr"), text),
    Field("subnet_id", "subnet_id", text),
    Field("subnet_cidr", "subnet_cidr", text),
    Field("addresses", "addresses", rows_of("addresses", _ADDRESS)),
    Field("resource_project_id", "resource_project_id", text),
    Field("enterprise_project_id", "enterprise_project_id", text),
    Field("create_time", "create_time", text),
    Field("update_time", "update_time", text),
    Field("bandwidths", "band_widths", rows_of("bandwidths", _BANDWIDTH)),
    Field("volumes", "volumes", rows_of("volumes", _VOLUME)),
    Field("share_volume_type", "share_volume_info.volume_type", text),
    Field("share_volume_size", "share_volume_info.size", integer, "GB"),
    Field("security_groups", "security_groups", texts),
)


def may_be_id(value: str) -> bool:
    """Return whether a text can be an ID, and so a part of a request's path."""
    return value.isascii() and value.replace("-", "").isalnum()


def checked_id(option: str, value: str, hint: str = "the name has an option of its own") -> str:
    """Return an ID. :raises PanelError: ``validation`` if it cannot be an ID.

    The length is not checked: samples of the vendor have 31 instead of 32 digits (huaweicloud_cph 3.1b).
    """
    word = value.strip()
    if not may_be_id(word):
        raise invalid(f"{option} must be an ID, not {value!r}", hint)
    return word


def checked_ids(option: str, values: Sequence[str]) -> list[str]:
    """Return IDs, each once. :raises PanelError: as :func:`checked_id`."""
    return list(dict.fromkeys(checked_id(option, value) for value in values))


def find_server_id(client: HuaweiCloud, params: Mapping[str, Any]) -> str:
    """Return the ID of the server that ``server_id`` or ``server_name`` names."""
    if params["server_id"] is not None:
        return checked_id("server_id", params["server_id"])
    name = named("server_name", params["server_name"])
    (server,) = named_servers(client, [name], option="server_id")
    return str(server["id"])


def named_servers(
    client: HuaweiCloud, names: Sequence[str], *, option: str
) -> list[dict[str, Any]]:
    """Return the rows of the servers with these names, in that order, each once.

    Servers that were unsubscribed or deleted may still be listed and do not count.

    :param option: the option that takes an ID instead, for the hint.
    :raises PanelError: ``not_found`` or ``ambiguous`` if a name does not identify one server.
    """
    rows = rows_with_names(client, names)
    unique = dict.fromkeys(names)
    return [dict(exactly_one(rows, name, what="server", option=option)) for name in unique]


def rows_with_names(client: HuaweiCloud, names: Sequence[str]) -> list[dict[str, Any]]:
    """Return rows of servers, among them all that have one of these names.

    These are all servers of the project if one of several names is asked for, or if the name of one
    is unknown. Servers that were unsubscribed or deleted are left out.
    """
    if not names:
        return []
    # The filter of the service is fuzzy (huaweicloud_cph 3.1b).
    rows = _living(client, {"server_name": names[0]}) if len(names) == 1 else []
    if all(row["name"] != names[0] for row in rows):
        rows = _living(client, {})  # for similar names in the message
    return rows


def _living(client: HuaweiCloud, asked: Mapping[str, Any]) -> list[dict[str, Any]]:
    rows = map(SERVER.project, client.servers(asked, workers=WORKERS))
    return [row for row in rows if row["state"] != GONE]
