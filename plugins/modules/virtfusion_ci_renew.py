#!/usr/bin/python
# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: virtfusion_ci_renew
short_description: Renew the lease of the servers of a CI pipeline
version_added: 0.1.0
author: vpsfleet.panels contributors (@vpsfleet)
description:
  - Moves the end of the lease of all servers of a pipeline to O(lease) seconds from now. A long job runs it
    from time to time.
  - The end is part of the name of a server, so the server is renamed. The task succeeds only if the panel shows
    the new end. An end that is already later is kept.
  - A lease that has ended can be renewed as long as the server exists. If the janitor deletes the server at the
    same moment, the task fails. So renew a lease before it ends.
  - The task runs on the controller, once for all hosts of the play.
options:
  pipeline:
    description:
      - ID of the pipeline, as in M(vpsfleet.panels.virtfusion_ci_server).
    type: str
    required: true
  lease:
    description:
      - Seconds for which the servers are leased, from 60 to 2592000, from now on the panel's clock.
    type: int
    default: 3600
  prefix:
    description:
      - What the names of the servers begin with.
    type: str
    default: ci
  ext_relation_id:
    description:
      - External relation ID of the user who owns the servers. Exactly one of O(ext_relation_id) and
        O(relation_string) must be set.
    type: int
  relation_string:
    description:
      - External relation string of the user who owns the servers.
    type: str
  state_dir:
    description:
      - Folder for the locks, as in M(vpsfleet.panels.virtfusion_ci_server). Tasks that move the end of the same
        lease take turns if they share it. Else a shorter renewal at the same moment can replace a longer one.
    type: path
    default: ~/.ansible/vpsfleet_panels
extends_documentation_fragment:
  - vpsfleet.panels.connection
  - vpsfleet.panels.virtfusion
  - vpsfleet.panels.attributes
  - vpsfleet.panels.attributes.virtfusion_group
attributes:
  check_mode:
    support: full
  diff_mode:
    support: none
  idempotent:
    support: partial
    details:
      - The end depends on the time.
seealso:
  - module: vpsfleet.panels.virtfusion_ci_server
  - module: vpsfleet.panels.virtfusion_ci_janitor
"""

EXAMPLES = r"""
- name: Keep the servers for another two hours
  vpsfleet.panels.virtfusion_ci_renew:
    api_url: https://panel.example.com
    api_token: "{{ vault_virtfusion_token }}"
    relation_string: ci
    pipeline: "4711"
    lease: 7200
"""

RETURN = r"""
servers:
  description: The servers of the pipeline. After a failure, those whose lease has been renewed or is long enough.
  returned: success, and on failure as far as they are known
  type: list
  elements: dict
  contains:
    id:
      description:
        - ID of the server.
      type: int
      returned: always
    name:
      description:
        - Name of the server, with the end of its lease.
      type: str
      returned: always
    number:
      description:
        - Number of the server in its pipeline.
      type: int
      returned: always
    lease_end:
      description:
        - End of the lease, in UTC, on the panel's clock.
      type: str
      returned: always
    renewed:
      description:
        - Whether the end was moved.
      type: bool
      returned: always
  sample:
    - id: 61
      name: ci.4711.1.1769860800
      number: 1
      lease_end: "2026-01-31T12:00:00Z"
      renewed: true
pipeline:
  description: ID of the pipeline.
  returned: success, and on failure as far as it is known
  type: str
  sample: "4711"
lease_end:
  description: When the first of the leases ends, in UTC, on the panel's clock.
  returned: success
  type: str
  sample: "2026-01-31T12:00:00Z"
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
    read: 14
    write: 5
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
    http_status: null
    operation: null
    message: user 7 owns no server of it
    retryable: false
    partial: false
    state: known
"""
