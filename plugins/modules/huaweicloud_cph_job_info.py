#!/usr/bin/python
# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: huaweicloud_cph_job_info
short_description: Read jobs of Huawei Cloud Phone Host, or wait for their end
version_added: 0.1.0
author: vpsfleet.panels contributors (@vpsfleet)
description:
  - Reads the jobs of requests, or jobs by ID.
  - Optionally waits until all of them have ended, and fails if one failed.
  - A change of flavor has no jobs. M(vpsfleet.panels.huaweicloud_cph_server_flavor) waits for its end.
options:
  request_ids:
    description:
      - IDs of the requests whose jobs are read, as in the responses of the service. Each costs a request.
        The task fails if a request has no jobs.
      - Exactly one of O(request_ids) and O(job_ids) must be set.
    type: list
    elements: str
    aliases: [request_id]
  job_ids:
    description:
      - IDs of the jobs to read. Each costs a request. The task fails if one does not exist.
    type: list
    elements: str
    aliases: [job_id]
  wait:
    description:
      - Whether to wait until all jobs have ended. The task then fails if a job failed or still runs after
        O(wait_timeout). Up to three reads in a row may fail for a temporary reason.
    type: bool
    default: false
  wait_timeout:
    description:
      - Maximum time in seconds to wait for all jobs together.
    type: int
    default: 600
  wait_interval:
    description:
      - Seconds between two reads of the running jobs, at least 1.
    type: int
    default: 5
extends_documentation_fragment:
  - vpsfleet.panels.connection
  - vpsfleet.panels.huaweicloud
  - vpsfleet.panels.attributes
  - vpsfleet.panels.attributes.info
  - vpsfleet.panels.attributes.huaweicloud_group
"""

EXAMPLES = r"""
- name: Wait for the jobs of an earlier request
  vpsfleet.panels.huaweicloud_cph_job_info:
    region: cn-north-4
    access_key: "{{ vault_huaweicloud_access_key }}"
    secret_key: "{{ vault_huaweicloud_secret_key }}"
    request_ids: [6837531fd3f54550927b930180a706bf]
    wait: true

- name: Read two jobs
  vpsfleet.panels.huaweicloud_cph_job_info:
    region: cn-north-4
    job_ids:
      - 1564567b8bab40f34711234cb80d0123
      - 1678567b8bab40f93711234cb80d5678
"""

RETURN = r"""
jobs:
  description: The jobs, in the order of the option that names them.
  returned: success, and on failure after a wait
  type: list
  elements: dict
  contains:
    id:
      description: The ID of the job.
      type: str
      returned: always
    request_id:
      description: The ID of the request that started it.
      type: str
      returned: with O(request_ids)
    server_id:
      description: The ID of the server.
      type: str
      returned: for a job of a server
    phone_id:
      description: The ID of the phone.
      type: str
      returned: for a job of a phone
    encode_server_id:
      description: The ID of the encode server.
      type: str
      returned: for a job of an encode server
    status:
      description: The vendor's number of the status.
      type: int
      returned: always
    state:
      description: The status as a word - V(running), V(success), V(failed) or V(unknown).
      type: str
      returned: always
    begin_time:
      description: The time of its start, in UTC. Null if the service does not send it.
      type: str
      returned: always
    end_time:
      description: The time of its end, in UTC. Null while it runs.
      type: str
      returned: always
    error_code:
      description: The vendor's error code, or null.
      type: str
      returned: always
    error_msg:
      description: The vendor's error message, or null.
      type: str
      returned: always
    execute_msg:
      description: The output of a command on a phone, at most 1024 bytes, or null.
      type: str
      returned: always
  sample:
    - id: 1564567b8bab40f34711234cb80d0123
      request_id: 6837531fd3f54550927b930180a706bf
      server_id: a176d8625981453bbafbc0a321d8d6a1
      status: 2
      state: success
      begin_time: "2026-01-15T15:00:26Z"
      end_time: "2026-01-15T15:01:49Z"
      error_code: null
      error_msg: null
      execute_msg: null
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
    code: job_failed
    http_status: null
    operation: null
    message: 1 of 2 jobs failed
    retryable: false
    partial: false
    state: known
"""

from ..module_utils._core.ansible_module import run_module
from ..module_utils._core.runner import PanelModule
from ..module_utils._huaweicloud.argspec import CONNECTION
from ..module_utils._huaweicloud.panel import HUAWEICLOUD
from ..module_utils._huaweicloud.resources.job import JOB_INFO_OPTIONS, JobInfo

ARGUMENTS = CONNECTION + JOB_INFO_OPTIONS

MODULE = PanelModule(HUAWEICLOUD, JobInfo, ARGUMENTS)


def main() -> None:
    run_module(MODULE)


if __name__ == "__main__":
    main()
