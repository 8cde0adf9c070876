# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Cloud phones: their projection, and how they are found."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..._core.argspec import ArgumentSpec
from ..._core.fields import Field, Schema, boolean, integer, rows_of, text, text_identifier
from ..._core.runner import Query
from ..._core.select import exactly_one
from ..client import HuaweiCloud, still_there, together
from ..values import count, passes, properties, single, status_of, word_of, words_of
from .server import checked_ids, named_servers

#: The meaning of a phone's status (huaweicloud_cph 2.7). 0 is in older documents only.
PHONE_STATES: Mapping[int, str] = {
    **dict.fromkeys((0, 1), "creating"),
    2: "running",
    3: "resetting",
    4: "restarting",
    6: "frozen",
    7: "stopping",
    8: "stopped",
    -5: "reset_failed",
    -6: "restart_failed",
    -7: "abnormal",
    -8: "create_failed",
    -9: "stop_failed",
}
#: One entry for each way of access.
_ACCESS = Schema(
    *(
        Field(name, name, text, absent=None)
        for name in ("type", "device_ip", "phone_ip", "server_ip")
    ),
    *(Field(name, name, count, absent=None) for name in ("listen_port", "access_port")),
    *(Field(name, name, text, absent=None) for name in ("public_ip", "access_ip", "intranet_ip")),
)


phone_state = word_of("phone_state", PHONE_STATES)


def data_volume(value: Any) -> dict[str, Any] | None:
    """Return the data volume of a phone, size in GB, or None."""
    if not value:
        return None
    return {"type": text(value.get("volume_type")), "size": integer(value.get("volume_size"))}


#: One projection for the single read and the rows of the list. Rows lack the last two fields.
PHONE = Schema(
    Field("id", "phone_id", text_identifier, required=True),
    Field("name", "phone_name", text, required=True),
    Field("server_id", "server_id", text),
    Field("phone_model_name", "phone_model_name", text),
    Field("status", "status", integer, required=True),
    Field("state", "status", phone_state),
    Field("type", "type", integer),
    Field("image_id", "image_id", text),
    Field("image_version", "image_version", text),
    Field("vnc_enabled", "vnc_enable", boolean),
    Field("traffic_type", "traffic_type", text),
    Field("volume_mode", "volume_mode", count),
    Field("encrypted", "has_encrypt", boolean),
    Field("availability_zone", "availability_zone", text),
    Field("order_id", "metadata.order_id", text),
    Field("product_id", "metadata.product_id", text),
    Field("create_time", "create_time", text),
    Field("update_time", "update_time", text),
    Field("access_infos", "access_infos", rows_of("access_infos", _ACCESS)),
    Field("data_volume", "phone_data_volume", data_volume),
)

#: With the fields that can identify the user of a phone (huaweicloud_cph 6), shown on request only.
#: The last one is in the single read only.
IDENTIFIED_PHONE = Schema(
    *PHONE.values(),
    Field("imei", "imei", text),
    Field("custom_property", "custom_property", properties),
    Field("properties", "property", properties),
)


#: The options of huaweicloud_cph_phone_info.
PHONE_INFO_OPTIONS = ArgumentSpec(
    {
        "phone_ids": {"type": "list", "elements": "str", "aliases": ["phone_id"]},
        "phone_names": {"type": "list", "elements": "str", "aliases": ["phone_name"]},
        "server_ids": {"type": "list", "elements": "str", "aliases": ["server_id"]},
        "server_names": {"type": "list", "elements": "str", "aliases": ["server_name"]},
        "states": {"type": "list", "elements": "str", "choices": words_of(PHONE_STATES)},
        "phone_model_names": {"type": "list", "elements": "str"},
        "details": {"type": "bool", "default": False},
        "include_identifiers": {"type": "bool", "default": False},
    },
    mutually_exclusive=[
        ("phone_ids", "phone_names"),
        ("phone_ids", "server_ids"),
        ("phone_ids", "server_names"),
        ("server_ids", "server_names"),
    ],
)


class PhoneInfo(Query[HuaweiCloud]):
    """Read cloud phones."""

    def __init__(self, client: HuaweiCloud, params: Mapping[str, Any]) -> None:
        super().__init__(client, params)
        self._schema = IDENTIFIED_PHONE if params["include_identifiers"] else PHONE

    def read(self) -> dict[str, Any]:
        params = self._params
        if params["phone_ids"] is not None:
            ids = checked_ids("phone_ids", params["phone_ids"])
            return {"phones": list(filter(self._wants, together(self._one, ids)))}
        found = self._listed() if params["phone_names"] is None else self._named()
        phones = list(filter(self._wants, found))
        if params["details"]:
            phones = still_there(self._one, (phone["id"] for phone in phones))
        return {"phones": phones}

    def _named(self) -> list[dict[str, Any]]:
        """Return the phones with the given names, in that order."""
        names = list(dict.fromkeys(self._params["phone_names"]))
        rows = self._listed(name=single(names))
        if len(names) == 1 and all(row["name"] != names[0] for row in rows):
            rows = self._listed()  # for similar names in the message
        return [dict(exactly_one(rows, name, what="phone", option="phone_ids")) for name in names]

    def _listed(self, name: str | None = None) -> list[dict[str, Any]]:
        """Return the rows of the list, of the given servers or of all.

        :param name: filter of the service; it is fuzzy.
        """
        asked: dict[str, Any] = {} if name is None else {"phone_name": name}
        status = status_of(PHONE_STATES, self._params["states"])
        if status is not None and self._params["phone_names"] is None:
            asked["status"] = status
        servers = self._server_ids()
        if servers is None:
            return self._project(self._client.phones(asked))
        queries = [{**asked, "server_id": server_id} for server_id in servers]
        rows = together(self._client.phones, queries)
        return self._project(row for of_server in rows for row in of_server)

    def _server_ids(self) -> list[str] | None:
        """Return the IDs of the given servers, or None for all."""
        ids, names = self._params["server_ids"], self._params["server_names"]
        if ids is not None:
            return checked_ids("server_ids", ids)
        if names is not None:
            return [row["id"] for row in named_servers(self._client, names, option="server_ids")]
        return None

    def _project(self, rows: Any) -> list[dict[str, Any]]:
        return [self._schema.project(raw) for raw in rows]

    def _one(self, phone_id: str) -> dict[str, Any]:
        return self._schema.project(self._client.phone(phone_id))

    def _wants(self, phone: Mapping[str, Any]) -> bool:
        params = self._params
        allowed = {"state": params["states"], "phone_model_name": params["phone_model_names"]}
        return passes(phone, allowed)
