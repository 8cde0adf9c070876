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

Returns ``requests``, the log since the last ``forget``; ``writes``, the requests of the log that write;
``faults``, each with the number of times that it has ``fired``; and ``digest``, a hash of the panel's
state.
"""

from __future__ import annotations

import json
import ssl
from collections.abc import Mapping
from typing import Any
from urllib.error import HTTPError
from urllib.request import HTTPSHandler, OpenerDirector, ProxyHandler, Request, build_opener

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
            digest=control.call("GET", "state?digest_only=1")["digest"],
            # The log is long, and a fault may contain the token.
            _ansible_no_log=True,
        )
        return result


class Control:
    """The control path of the simulator, without any proxy."""

    def __init__(self, url: str, ca_path: str) -> None:
        context = ssl.create_default_context(cafile=ca_path or None)
        self._url = url
        self._opener: OpenerDirector = build_opener(ProxyHandler({}), HTTPSHandler(context=context))

    def call(self, method: str, path: str, body: Any = None) -> Any:
        """Send one request and return the decoded response."""
        data = None if body is None else json.dumps(body).encode()
        request = Request(f"{self._url}/{path}", data=data, method=method)
        try:
            with self._opener.open(request, timeout=600) as response:
                return json.loads(response.read())
        except HTTPError as error:
            message = error.read().decode()
            raise AnsibleError(
                f"the simulator refuses {method} {path} {body}: {message}"
            ) from error
