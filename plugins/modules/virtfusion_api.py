#!/usr/bin/python
# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: virtfusion_api
short_description: Send any request to a VirtFusion panel
version_added: 0.1.0
author: vpsfleet.panels contributors (@vpsfleet)
description:
  - Sends one request that no other module of this collection sends, with the same certificates, retries,
    limits and errors.
  - O(effect) determines whether the request is retried, and whether it is sent in check mode. The module
    cannot derive the effect from the request.
  - The response is returned unchanged, and may contain passwords. Set C(no_log) on the task if it may
    contain secrets.
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
      - Parameters of the query. Booleans are sent as V(true) and V(false), and a list as a repeated
        parameter.
    type: dict
  body:
    description:
      - Body of the request, sent as JSON.
    type: dict
  effect:
    description:
      - The effect of the request on the panel. Defaults to V(read) for the method V(GET), and to
        V(action) for all others.
      - V(read) changes nothing. It is also sent in check mode, retried after any temporary failure, and
        never reported as a change.
      - V(set) sets a value, with the same result each time. V(destroy) deletes an object.
      - V(create) creates a new object each time. V(action) has another effect each time.
      - All effects but V(read) are retried only if it is certain that the panel did nothing, such as
        after C(423) or C(429). After a lost response, the task fails with C(failure.state) V(unknown).
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
    details: Requests that only read are sent. All others are not sent, and are predicted to change
      something.
  diff_mode:
    support: none
  idempotent:
    support: none
    details: The request is sent in every run, and reported as a change unless it only reads.
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
  description: HTTP status of the response.
  returned: success, in check mode only for a request that reads
  type: int
  sample: 200
json:
  description: The unchanged response, null if it was empty.
  returned: success, in check mode only for a request that reads
  type: raw
  sample:
    data: []
api_calls:
  description: Requests that the task sent - reads, writes and retries - and the seconds it waited.
  returned: always, except for a mistake in the options
  type: dict
  contains:
    read: {description: Number of requests that read., type: int, returned: always}
    write: {description: Number of requests that write., type: int, returned: always}
    retried: {description: Number of retried requests., type: int, returned: always}
    waited_s: {description: Seconds spent waiting between requests., type: float, returned: always}
  sample:
    read: 1
    write: 0
    retried: 0
    waited_s: 0.0
failure:
  description: The error, for workflows. The guide on failures lists the codes.
  returned: failure
  type: dict
  contains:
    code:
      description: The kind of failure. The guide on failures lists the codes.
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
from ..module_utils._core.runner import PanelModule
from ..module_utils._virtfusion.argspec import CONNECTION
from ..module_utils._virtfusion.one_call import ONE_CALL_OPTIONS, OneCall, one_call
from ..module_utils._virtfusion.panel import VIRTFUSION

ARGUMENTS = CONNECTION + ONE_CALL_OPTIONS

MODULE = PanelModule(one_call(VIRTFUSION), OneCall, ARGUMENTS)


def main() -> None:
    run_module(MODULE)


if __name__ == "__main__":
    main()
