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
- ``records``: changes of records, such as ``{servers/5: {protected: true}}``.
- ``digest: true``: return a hash of the panel's state, which takes longer than all else.
- ``request``: ``{method, url, headers, body}``, a request that somebody else sends to the panel, after
  everything else is read.

Returns ``requests``, the log since the last ``forget``; ``writes``, the requests of the log that write;
``faults``, each with the number of times that it has ``fired``; ``response``, the content of the response
to ``request``; and ``digest``.
"""

from __future__ import annotations

import json
import ssl
from collections.abc import Mapping
from http.client import HTTPConnection, HTTPSConnection
from typing import Any
from urllib.parse import urlsplit, urlunsplit

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
        for record, changes in (args.get("records") or {}).items():
            control.call("PATCH", f"state/{record}", changes)
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
        if args.get("request"):
            result["response"] = control.send(**args["request"])
        return result


class Control:
    """The simulator, through one connection and no proxy."""

    def __init__(self, url: str, ca_path: str) -> None:
        parts = urlsplit(url)
        self._url = url
        self._host = parts.netloc
        self._connection = HTTPConnection(self._host, timeout=600)
        if parts.scheme == "https":
            context = ssl.create_default_context(cafile=ca_path or None)
            self._connection = HTTPSConnection(self._host, timeout=600, context=context)

    def call(self, method: str, path: str, body: Any = None) -> Any:
        """Send one request to the control path and return the decoded response."""
        return self.send(method, f"{self._url}/{path}", body=body)

    def send(
        self, method: str, url: str, headers: Mapping[str, str] | None = None, body: Any = None
    ) -> Any:
        """Send one request and return the decoded response, ``None`` if it is empty."""
        parts = urlsplit(url)
        if parts.netloc != self._host:
            raise AnsibleError(f"{url} is not at the simulator")
        data = None if body is None else json.dumps(body)
        path = urlunsplit(("", "", parts.path, parts.query, ""))
        content = {} if data is None else {"Content-Type": "application/json"}
        self._connection.request(method, path, data, {**content, **(headers or {})})
        response = self._connection.getresponse()
        text = response.read().decode()
        if response.status >= 400:
            raise AnsibleError(f"the simulator refuses {method} {path} {body}: {text}")
        return json.loads(text) if text else None
