# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the examples take for granted: see `fixture.yml`."""

from __future__ import annotations

import json
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import HTTPSHandler, ProxyHandler, Request, build_opener

import yaml

from .collect import Document


@dataclass(frozen=True)
class Remark:
    """A remark in `fixture.yml` about a document or a task: why it is not run, or how it must fail."""

    source: str
    begins: str
    reason: str

    def fits(self, document: Document) -> bool:
        """Whether this is about a document."""
        return (self.source, self.begins) == (document.source, document.begins)


@dataclass(frozen=True)
class Fixture:
    """The content of `fixture.yml`, whose comments explain each part."""

    servers: int
    replace: Mapping[str, str]
    environment: Mapping[str, str]
    variables: Mapping[str, Any]
    source_variables: Mapping[str, Mapping[str, Any]]
    before: Mapping[str, list[dict[str, Any]]]
    inventories: Mapping[str, str]
    records: Mapping[str, Mapping[str, Mapping[str, Any]]]
    switches: Mapping[str, Any]
    files: Mapping[str, str]
    samples: list[Remark] = field(default_factory=list)
    not_run: list[Remark] = field(default_factory=list)
    fails: list[Remark] = field(default_factory=list)

    @classmethod
    def read(cls) -> Fixture:
        """Return the content of the file beside this module."""
        content = yaml.safe_load(Path(__file__).with_name("fixture.yml").read_text())
        for name in ("samples", "not_run", "fails"):
            content[name] = [Remark(**row) for row in content[name] or ()]
        return cls(**content)


def load(
    control_url: str, fixture: Fixture, *, servers: int | None = None, authority: str = ""
) -> None:
    """Reset a simulator and give its records the names and values of the examples.

    Records that a smaller simulator does not have are left out.

    :param authority: file with the certificate to trust.
    """
    context = ssl.create_default_context(cafile=authority or None)
    opener = build_opener(ProxyHandler({}), HTTPSHandler(context=context))
    servers = fixture.servers if servers is None else servers

    def call(method: str, path: str, body: Any) -> None:
        request = Request(f"{control_url}/{path}", json.dumps(body).encode(), method=method)
        try:
            with opener.open(request):
                pass
        except HTTPError as error:
            if error.code != 404 or servers >= fixture.servers:
                raise

    call("POST", "reset", {"servers": servers})
    call("PUT", "switches", fixture.switches)
    for collection, records in fixture.records.items():
        for key, values in records.items():
            call("PATCH", f"state/{collection}/{key}", values)
