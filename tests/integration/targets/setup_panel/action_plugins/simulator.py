# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Control the simulated panel and read its request log.

This is an action plugin instead of tasks with ``uri``, since a target makes a hundred such calls and
each module start takes half a second.

Options, applied in this order:

- ``reset: true``: reset the panel. Every target does so at its start.
- ``forget: true``: clear the request log and the faults.
- ``switches``: behaviours by name. They stay until they are set again.
- ``faults``: a list of faults ``{kind, match, params, times, skip}``.
- ``clock``: ``{advance_s, skew_s}`` of the panel's clocks.
- ``digest: true``: return a hash of the panel's state, which takes longer than all else.

Returns ``requests``, the log since the last ``forget``; ``writes``, the requests of the log that write;
``faults``, each with the number of times that it has ``fired``; and ``digest``.
"""

from __future__ import annotations

import json
import ssl
from collections.abc import Mapping
from http.client import HTTPConnection, HTTPSConnection
from typing import Any
from urllib.parse import urlsplit

from ansible.errors import AnsibleError
from ansible.plugins.action import ActionBase

SERVERS = 51  # three pages of twenty


class ActionModule(ActionBase):
    _supports_check_mode = True
    _requires_connection = False

    def run(self, tmp: Any = None, task_vars: Mapping[str, Any] | None = None) -> dict[str, Any]:
        result = super().run(tmp, task_vars)
        args = self._task.args
        control = Control(task_vars["vpsfleet_control_url"], task_vars["vpsfleet_ca_path"])
        if args.get("reset"):
            control.call("POST", "reset", {"servers": SERVERS, "seed": 1})
        if args.get("forget"):
            control.call("DELETE", "log")
            control.call("DELETE", "faults")
        if args.get("switches"):
            control.call("PUT", "switches", args["switches"])
        for fault in args.get("faults") or ():
            control.call("POST", "faults", fault)
        if args.get("clock"):
            control.call("POST", "clock", args["clock"])
        requests = control.call("GET", "log")
        result.update(
            changed=False,
            requests=requests,
            writes=[request for request in requests if request["write"]],
            faults=control.call("GET", "faults")["faults"],
            # The log is long, and a fault may contain the token.
            _ansible_no_log=True,
        )
        if args.get("digest"):
            result.update(control.call("GET", "state?digest_only=1"))
        return result


class Control:
    """The control path of the simulator, through one connection and no proxy."""

    def __init__(self, url: str, ca_path: str) -> None:
        parts = urlsplit(url)
        self._path = parts.path
        self._connection = HTTPConnection(parts.netloc, timeout=600)
        if parts.scheme == "https":
            context = ssl.create_default_context(cafile=ca_path or None)
            self._connection = HTTPSConnection(parts.netloc, timeout=600, context=context)

    def call(self, method: str, path: str, body: Any = None) -> Any:
        """Send one request and return the decoded response."""
        data = None if body is None else json.dumps(body)
        self._connection.request(method, f"{self._path}/{path}", data)
        response = self._connection.getresponse()
        text = response.read().decode()
        if response.status >= 400:
            raise AnsibleError(f"the simulator refuses {method} {path} {body}: {text}")
        return json.loads(text)
