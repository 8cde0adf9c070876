#!/usr/bin/python
# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: virtfusion_queue_info
short_description: Read a job in the queue of a VirtFusion panel, or wait for its end
version_added: 0.1.0
author: vpsfleet.panels contributors (@vpsfleet)
description:
  - Reads one job. The response to a request of M(vpsfleet.panels.virtfusion_api) can contain its ID, as C(queueId). A
    module that waits for a job returns it as C(job) if it failed or did not end in time.
  - Optionally waits until it has ended, and fails if the job failed.
  - The details of a job are never returned, since they contain passwords and command lines.
options:
  queue_id:
    description:
      - ID of the job. The task fails if it does not exist.
    type: int
    required: true
  wait:
    description:
      - Whether to wait until the job has ended. The task then fails if the job failed, or is still
        running after O(wait_timeout).
    type: bool
    default: false
  wait_timeout:
    description:
      - Maximum number of seconds to wait. Only used with O(wait=true).
    type: int
    default: 300
extends_documentation_fragment:
  - vpsfleet.panels.connection
  - vpsfleet.panels.virtfusion
  - vpsfleet.panels.attributes
  - vpsfleet.panels.attributes.info
  - vpsfleet.panels.attributes.virtfusion_group
"""

EXAMPLES = r"""
- name: Wait for the job that an earlier request started
  vpsfleet.panels.virtfusion_queue_info:
    api_url: https://panel.example.com
    api_token: "{{ vault_virtfusion_token }}"
    queue_id: "{{ restart.json.data.queueId }}"
    wait: true
    wait_timeout: 600
"""

RETURN = r"""
job:
  description: The job.
  returned: success, and on failure where it was waited for
  type: dict
  contains:
    id:
      description: ID of the job.
      type: int
      returned: always
    action:
      description: Its action, such as V(build_server).
      type: str
      returned: always
    server_id:
      description: ID of the server, null if none.
      type: int
      returned: always
    hypervisor_id:
      description: ID of the hypervisor, null if none.
      type: int
      returned: always
    started:
      description: When it began.
      type: str
      returned: always
    updated:
      description: When it last changed.
      type: str
      returned: always
    finished:
      description: When it ended, null while it runs.
      type: str
      returned: always
    failed:
      description: Whether it failed.
      type: bool
      returned: always
    progress:
      description: Its progress in %.
      type: int
      returned: always
    message:
      description: The panel's error message, null if none.
      type: str
      returned: always
  sample:
    id: 852
    action: build_server
    server_id: 17
    hypervisor_id: 1
    finished: "2025-01-15T15:00:49+00:00"
    failed: false
    progress: 100
    message: null
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
    operation: get_queue_item
    message: queue item not found
    retryable: false
    partial: false
    state: known
"""

from ..module_utils._core.ansible_module import run_module
from ..module_utils._core.runner import PanelModule
from ..module_utils._virtfusion.argspec import CONNECTION
from ..module_utils._virtfusion.panel import VIRTFUSION
from ..module_utils._virtfusion.resources.queue import QUEUE_INFO_OPTIONS, QueueInfo

ARGUMENTS = CONNECTION + QUEUE_INFO_OPTIONS

MODULE = PanelModule(VIRTFUSION, QueueInfo, ARGUMENTS)


def main() -> None:
    run_module(MODULE)


if __name__ == "__main__":
    main()
