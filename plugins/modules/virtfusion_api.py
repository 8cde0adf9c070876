#!/usr/bin/python
# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: virtfusion_api
short_description: Send any call to a VirtFusion panel
version_added: 0.1.0
author: vpsfleet.panels contributors (@vpsfleet)
description:
  - Sends one call that no other module of this collection makes, through the same session - with its
    certificates, its retries, its limits and its errors.
  - What may be sent again, and what is sent in check mode, follows from O(effect), which only you can know.
  - The answer is returned as it comes, with all that the panel puts there, such as passwords. Set
    C(no_log) on the task where it may hold secrets.
options:
  method:
    description:
      - HTTP method.
    type: str
    choices: [GET, POST, PUT, PATCH, DELETE]
    default: GET
  path:
    description:
      - Path below the API, such as V(/servers/17). C(/api/v1) must not be repeated.
      - Pass values through the C(urlencode) filter. A path that could lead elsewhere is refused.
    type: str
    required: true
  query:
    description:
      - Parameters of the query. Yes and no are sent as V(true) and V(false), a list as the
        parameter repeated.
    type: dict
  body:
    description:
      - Body of the request, sent as JSON.
    type: dict
  effect:
    description:
      - What the call does to the panel. It is V(read) if left out for the method V(GET), and
        V(action) for all others.
      - V(read) changes nothing. It is sent in check mode too, repeated after any fault that may
        pass, and never reported as a change.
      - V(set) sets a value that is the same however often it is sent. V(destroy) removes something.
      - V(create) makes something new each time. V(action) does something each time.
      - All but V(read) are repeated only where it is certain that the panel did nothing, such as
        after C(423) or C(429). After a lost answer the task fails with C(failure.state) V(unknown).
    type: str
    choices: [read, set, create, action, destroy]
extends_documentation_fragment:
  - vpsfleet.panels.connection
  - vpsfleet.panels.virtfusion
  - vpsfleet.panels.attributes
  - vpsfleet.panels.attributes.virtfusion_group
attributes:
  check_mode:
    support: partial
    details: Calls that only read are sent. All others are not, and are predicted to change something.
  diff_mode:
    support: none
  idempotent:
    support: none
    details: The call is sent at every run, and every call but one that only reads is reported as a change.
seealso:
  - module: vpsfleet.panels.virtfusion_connection_info
"""

EXAMPLES = r"""
- name: Read what the hypervisors of a group have left
  vpsfleet.panels.virtfusion_api:
    api_url: https://panel.example.com
    api_token: "{{ vault_virtfusion_token }}"
    path: /compute/hypervisors/groups/1/resources
    query:
      results: 200
  register: resources

- name: Change something that no module changes
  vpsfleet.panels.virtfusion_api:
    method: PUT
    path: "/servers/{{ server_id | urlencode }}/modify/name"
    body:
      name: web01
    effect: set
"""

RETURN = r"""
status:
  description: HTTP status of the answer.
  returned: success, in check mode only for a call that reads
  type: int
  sample: 200
json:
  description: The answer as it came, null if it was empty.
  returned: success, in check mode only for a call that reads
  type: raw
  sample:
    data: []
api_calls:
  description: What the task cost - requests that read, that write, that were repeats, and seconds waited.
  returned: always, but for a mistake in the options
  type: dict
  contains:
    read: {description: Number of requests that read., type: int, returned: always}
    write: {description: Number of requests that write., type: int, returned: always}
    retried: {description: Number of requests that were repeated., type: int, returned: always}
    waited_s: {description: Seconds spent waiting between requests., type: float, returned: always}
  sample:
    read: 1
    write: 0
    retried: 0
    waited_s: 0.0
failure:
  description: What went wrong, for workflows. The guide on failures lists the codes.
  returned: failure
  type: dict
  contains:
    code:
      description: What kind of failure it is. The guide on failures lists the codes.
      type: str
      returned: always
    http_status: {description: 'HTTP status of the response, null if there was none.', type: int, returned: always}
    operation:
      description: Operation of the panel that failed, null if no request was sent.
      type: str
      returned: always
    message: {description: 'The error message, without the secrets in it.', type: str, returned: always}
    retryable:
      description: Whether the same task can succeed later without a change of its options.
      type: bool
      returned: always
    partial: {description: Whether the task had changed something before it failed., type: bool, returned: always}
    state:
      description: V(unknown) if a write may have been executed although it failed, V(known) otherwise.
      type: str
      returned: always
  sample:
    code: not_found
    http_status: 404
    operation: call
    message: server not found
    retryable: false
    partial: false
    state: known
"""

from ..module_utils._core.ansible_module import run_module
from ..module_utils._core.panel_module import PanelModule
from ..module_utils._virtfusion.argspec import CONNECTION
from ..module_utils._virtfusion.one_call import ONE_CALL_OPTIONS, OneCall, one_call
from ..module_utils._virtfusion.panel import VIRTFUSION

ARGUMENTS = CONNECTION + ONE_CALL_OPTIONS

MODULE = PanelModule(one_call(VIRTFUSION), OneCall, ARGUMENTS)


def main() -> None:
    run_module(MODULE)


if __name__ == "__main__":
    main()
