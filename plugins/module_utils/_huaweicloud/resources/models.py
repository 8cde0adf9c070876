# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Flavors: the pairs of a phone flavor on a server flavor, server flavors, and the zones that sell them."""

from __future__ import annotations

from typing import Any

from ..._core.argspec import ArgumentSpec
from ..._core.fields import Field, Schema, integer, text, text_identifier
from ..._core.runner import Query
from ..client import HuaweiCloud
from ..values import PRODUCTS, count, only, passes, product, properties


def for_sale(value: Any) -> bool | None:
    """Return whether the pair can be bought. 0 stands for a withdrawn pair."""
    status = integer(value)
    return None if status is None else status != 0


#: The names are no specification; the numbers are (huaweicloud_cph 2.4).
PHONE_MODEL = Schema(
    Field("server_model_name", "server_model_name", text_identifier, required=True),
    Field("phone_model_name", "phone_model_name", text_identifier, required=True),
    Field("phone_capacity", "phone_capacity", count),
    Field("for_sale", "status", for_sale),
    Field("cpu", "cpu", count),
    Field("memory", "memory", count, "MB"),
    Field("disk", "disk", count, "GB"),
    Field("resolution", "resolution", text),
    Field("dpi", "dpi", count),
    Field("fps", "fps", text),
    Field("render_fps", "render_fps", count),
    Field("stream_fps", "stream_fps", count),
    Field("image_label", "image_label", text),
    Field("product_type", "product_type", product),
    Field("phone_model_version", "phone_model_version", count),
    Field("volume_mode", "volume_mode", count),
    Field("spec_code", "spec_code", text),
    Field("extend_spec", "extend_spec", properties),
)


#: The options of huaweicloud_cph_phone_model_info.
PHONE_MODEL_INFO_OPTIONS = ArgumentSpec(
    {
        "server_model_names": {"type": "list", "elements": "str", "aliases": ["server_model_name"]},
        "phone_model_names": {"type": "list", "elements": "str", "aliases": ["phone_model_name"]},
        "phone_capacities": {"type": "list", "elements": "int", "aliases": ["phone_capacity"]},
        "product_type": {"type": "str", "choices": ["phone", "gaming"]},
        "for_sale": {"type": "bool"},
    }
)


class PhoneModelInfo(Query[HuaweiCloud]):
    """Read pairs of flavors."""

    def read(self) -> dict[str, Any]:
        desired = self._params["for_sale"]
        asked = {} if desired is None else {"status": int(desired)}
        rows = map(PHONE_MODEL.project, self._client.phone_models(asked))
        allowed = {
            "server_model_name": self._params["server_model_names"],
            "phone_model_name": self._params["phone_model_names"],
            "phone_capacity": self._params["phone_capacities"],
            "product_type": only(self._params["product_type"]),
            "for_sale": only(desired),
        }
        return {"phone_models": [row for row in rows if passes(row, allowed)]}


#: No field states the generation; the machine type is the closest one (huaweicloud_cph 2.4).
SERVER_MODEL = Schema(
    Field("server_model_name", "server_model_name", text_identifier, required=True),
    Field("server_type", "server_type", text),
    Field("product_type", "product_type", product),
    Field("cpu", "cpu", count),
    Field("memory", "memory", count, "GB"),
    Field("disk_max_num", "disk_max_num", count),
    Field("free_size", "free_size", count),
    Field("extend_spec", "extend_spec", properties),
)


def is_available(value: Any) -> bool:
    """Return whether a zone sells a flavor."""
    return bool(value == "available")


_ZONE = Schema(
    Field("availability_zone", "available_zone", text, absent=None),
    Field("available", "sell_status", is_available, absent=False),
)


#: The options of huaweicloud_cph_server_model_info.
SERVER_MODEL_INFO_OPTIONS = ArgumentSpec(
    {
        "server_model_names": {"type": "list", "elements": "str", "aliases": ["server_model_name"]},
        "product_type": {"type": "str", "choices": ["phone", "gaming"]},
        "server_type": {"type": "str"},
        "zones": {"type": "bool", "default": False},
    }
)


class ServerModelInfo(Query[HuaweiCloud]):
    """Read server flavors."""

    def read(self) -> dict[str, Any]:
        kind = self._params["product_type"]
        numbers = {word: number for number, word in PRODUCTS.items()}
        asked = {} if kind is None else {"product_type": numbers[kind]}
        rows = map(SERVER_MODEL.project, self._client.server_models(asked))
        allowed = {
            "server_model_name": self._params["server_model_names"],
            "server_type": only(self._params["server_type"]),
            "product_type": only(kind),
        }
        found = [row for row in rows if passes(row, allowed)]
        return {"server_models": self._with_zones(found) if self._params["zones"] else found}

    def _with_zones(self, models: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Return the flavors with the zones that sell them."""
        zones: dict[str, list[dict[str, Any]]] = {}
        for offer in self._client.server_model_offerings() if models else ():
            zones.setdefault(str(offer.get("model_name")), []).append(_ZONE.project(offer))
        return [{**model, "zones": zones.get(model["server_model_name"], [])} for model in models]
