# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The custom XML of a VirtFusion server, which is added to its virtual machine's definition."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from xml.parsers import expat

from ..._core.argspec import ArgumentSpec
from ..._core.changes import Comparison
from ..._core.converge import Converged, View, results
from ..._core.errors import invalid, unreadable
from ..._core.fields import Field, Schema, boolean
from ..argspec import FIND_SERVER
from ..client import VirtFusion
from .server_view import ServerPart

#: Name of each section in options and results, and in the panel's API.
SECTIONS: Mapping[str, str] = {
    "domain": "domain",
    "os": "os",
    "devices": "devices",
    "features": "features",
    "clock": "clock",
    "cpu_tune": "cpuTune",
}

#: Each option and its key in the request, which is flat; the response to the read is nested.
_KEYS: Mapping[str, str] = {
    **SECTIONS,
    **{f"{name}_enabled": f"{key}Enabled" for name, key in SECTIONS.items()},
}


def xml_text(value: Any) -> str:
    """Return XML without surrounding white space, which a panel may strip; null is empty."""
    if value is not None and not isinstance(value, str):
        raise TypeError(value)
    return (value or "").strip()


#: PHP sends ``[]`` for an empty section or an empty map of sections (virtfusion 1.4).
CUSTOM_XML = Schema(
    *(Field(name, f"{key}.xml", xml_text, absent="") for name, key in SECTIONS.items()),
    *(
        Field(f"{name}_enabled", f"{key}.enabled", boolean, absent=False)
        for name, key in SECTIONS.items()
    ),
)

SWITCHES = {f"{name}_enabled": {"type": "bool"} for name in SECTIONS}
TEXTS = {name: {"type": "str", "blank": True} for name in SECTIONS}

#: The options of virtfusion_server_custom_xml.
SERVER_CUSTOM_XML_OPTIONS = FIND_SERVER + ArgumentSpec(
    {**TEXTS, **SWITCHES}, required_one_of=[(*TEXTS, *SWITCHES)]
)


class ServerCustomXml(ServerPart):
    """A server with desired sections of custom XML.

    Every request sends all sections: whether the panel keeps an omitted one is unknown
    (virtfusion 10, operation 43). Results show only sections named in options: XML may hold secrets.
    """

    key = "custom_xml"
    shown = results(custom_xml=("server_id", *CUSTOM_XML), restart_required=None)
    schema = CUSTOM_XML

    def __init__(self, client: VirtFusion, params: Mapping[str, Any]) -> None:
        self._asked = {name: params[name] for name in _KEYS if params[name] is not None}
        for name in set(SECTIONS) & set(self._asked):
            self._asked[name] = _checked(name, self._asked[name])
        super().__init__(client, params)
        self._all: View = {}

    def read(self) -> View:
        raw = self._client.server(self._server_id)
        if "customXML" not in raw:
            raise unreadable(f"the panel does not show the custom XML of server {self._server_id}")
        self._all = CUSTOM_XML.project(raw["customXML"])
        named = (name for name in SECTIONS if {name, f"{name}_enabled"} & set(self._asked))
        shown = {key: self._all[key] for name in named for key in (name, f"{name}_enabled")}
        return {"server_id": self._server_id, **shown}

    def desired(self) -> Mapping[str, Any]:
        return self._asked

    def apply(self, comparison: Comparison) -> None:
        values = {**self._all, **self._asked}
        body = {key: values[name] for name, key in _KEYS.items()}
        self._send("set_server_custom_xml", body)

    def conclude(self, converged: Converged) -> dict[str, Any]:
        super().conclude(converged)
        return {"restart_required": converged.comparison.changed}

    def name(self, view: View) -> str:
        return f"custom XML of server {view['server_id']}"


def _checked(name: str, xml: str) -> str:
    """Return a section that is valid inside an element. :raises PanelError: ``validation``."""
    section = xml_text(xml)
    # Prefixes such as qemu: are declared outside the section, so namespaces are not checked.
    parser = expat.ParserCreate()
    try:
        parser.Parse(f"<section>\n{section}\n</section>", True)
    except expat.ExpatError as error:
        message, line = expat.ErrorString(error.code), error.lineno - 1
        raise invalid(f"{name} is not well-formed XML: {message}, in line {line}") from None
    return section
