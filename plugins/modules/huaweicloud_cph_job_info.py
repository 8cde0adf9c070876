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
  - Reads the jobs that some requests have started, or some jobs by id.
  - On request, waits until all of them have ended, and fails where one did not end well.
  - A change of flavor has no jobs. M(vpsfleet.panels.huaweicloud_cph_server_flavor) waits for it by itself.
options:
  request_ids:
    description:
      - Ids of the requests whose jobs are read, as the service has answered them. Each costs a
        request. The task fails if one has no jobs. Exactly one of O(request_ids) and O(job_ids) must
        be set.
    type: list
    elements: str
    aliases: [request_id]
  job_ids:
    description:
      - Ids of the jobs to read. Each costs a request. The task fails if one does not exist.
    type: list
    elements: str
    aliases: [job_id]
  wait:
    description:
      - Whether to wait until all jobs have ended. The task then fails where a job failed, or still
        runs after O(wait_timeout). Three reads in a row that fail for a reason that may pass do not
        end the wait.
    type: bool
    default: false
  wait_timeout:
    description:
      - Seconds to wait at most, for all jobs together.
    type: int
    default: 600
  wait_interval:
    description:
      - Seconds between two looks at the jobs that have not ended.
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
- name: Wait for the jobs of a request that was made earlier
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
  description: The jobs, in the order asked for.
  returned: success, and on failure where they were waited for
  type: list
  elements: dict
  contains:
    id:
      description: Id of the job.
      type: str
      returned: always
    request_id:
      description: Id of the request that started it.
      type: str
      returned: with O(request_ids)
    server_id:
      description: Id of the server that it is about.
      type: str
      returned: where it is about a server
    phone_id:
      description: Id of the phone that it is about.
      type: str
      returned: where it is about a phone
    encode_server_id:
      description: Id of the encode server that it is about.
      type: str
      returned: where it is about an encode server
    status:
      description: Its status as the vendor numbers it.
      type: int
      returned: always
    state:
      description: The status in a word - V(running), V(success), V(failed) or V(unknown).
      type: str
      returned: always
    begin_time:
      description: When it began, in UTC; null where that is not told.
      type: str
      returned: always
    end_time:
      description: When it ended, in UTC; null while it runs.
      type: str
      returned: always
    error_code:
      description: The vendor's code of its error, null if none.
      type: str
      returned: always
    error_msg:
      description: The vendor's words about its error, null if none.
      type: str
      returned: always
    execute_msg:
      description: What a command on a phone has printed, at most 1024 bytes; null if nothing.
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
    code: job_failed
    http_status: null
    operation: null
    message: 1 of 2 jobs failed
    retryable: false
    partial: false
    state: known
"""

from ..module_utils._core.ansible_module import run_module
from ..module_utils._core.panel_module import PanelModule
from ..module_utils._huaweicloud.argspec import CONNECTION
from ..module_utils._huaweicloud.panel import HUAWEICLOUD
from ..module_utils._huaweicloud.resources.job import JOB_INFO_OPTIONS, JobInfo

ARGUMENTS = CONNECTION + JOB_INFO_OPTIONS

MODULE = PanelModule(HUAWEICLOUD, JobInfo, ARGUMENTS)


def main() -> None:
    run_module(MODULE)


if __name__ == "__main__":
    main()
