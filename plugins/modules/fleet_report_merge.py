#!/usr/bin/python
# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: fleet_report_merge
short_description: Merge the reports of several fleet runs
version_added: 0.1.0
author: vpsfleet.panels contributors (@vpsfleet)
description:
  - Makes one report of the reports of several runs, such as the shards of one panel and the runs on several panels.
    Each row has its panel, its address and its shard.
  - Fails if the reports do not add up, if a run was stopped, failed or was rolled back, if changed servers showed
    other values at the end of a run, or if more servers failed in total than O(max_failures) allows. The merged report
    is written anyway.
  - Reports add up if they are of one kind, and if each panel has either one report of the whole panel, or one of
    each of its shards, all of the same number of shards and with the same target.
  - With O(summaries), adds up the summaries that runs pass to later jobs instead. It then reads and writes no file.
  - The task runs on the controller, once for all hosts of the play. No panel is contacted.
options:
  reports:
    description:
      - Folders of the runs, or paths of their files C(report.json).
      - If the journal of a run is in the same folder, the report must be of the latest execution of the run. An
        execution that was killed before its report is a problem, and its message has the command that writes the
        report. A journal that has lost records is a problem, too.
      - A plan that has nothing to change needs no run. Its servers are in the merged report as the plan found them.
      - Exactly one of O(reports) and O(summaries) must be set.
    type: list
    elements: str
  summaries:
    description:
      - Summaries of runs by name, as the role P(vpsfleet.panels.vps_fleet#role) passes them to later jobs.
      - Fails if a run has not tried all of its servers, because it was stopped, failed, did not end or was a dry
        run, or if changed servers showed other values at its end. Few failures of a run that was stopped prove
        nothing about the servers that it did not reach.
      - Mutually exclusive with O(dest).
    type: dict
  dest:
    description:
      - Folder for the merged C(report.json), C(report.csv) and C(report.html). It is created if it does not exist.
      - With O(run_store), the files are also copied to the store, under the name of this folder.
      - Required if O(reports) is set.
    type: path
  expected:
    description:
      - Expected number of reports or summaries, so that a missing one is detected. With V(0) and empty O(summaries),
        only O(max_failures) is checked.
    type: int
  max_failures:
    description:
      - Maximum number of servers that may have failed in total, as a number or as a percentage of the servers that
        were to be changed. Servers that are V(in_doubt) count.
    type: str
    default: "0"
  run_store:
    description:
      - The store of the runs, as the option of a bulk action. A report is read from the store if its folder does not
        exist here, or if the run was continued on another node.
    type: str
  run_store_token:
    description:
      - Bearer token for O(run_store).
    type: str
notes:
  - A relative path of a file or folder starts at the folder in which Ansible was started.
  - O(run_store) and O(run_store_token) can also be set in the environment of the controller, with
    C(VPSFLEET_RUN_STORE) and C(VPSFLEET_RUN_STORE_TOKEN).
extends_documentation_fragment:
  - vpsfleet.panels.attributes
attributes:
  check_mode:
    support: full
  diff_mode:
    support: none
  idempotent:
    support: none
    details:
      - The files are written each time.
seealso:
  - module: vpsfleet.panels.virtfusion_server_packages
  - module: vpsfleet.panels.virtualizor_vps_plans
  - module: vpsfleet.panels.huaweicloud_cph_server_flavors
"""

EXAMPLES = r"""
- name: Merge the reports of four shards
  vpsfleet.panels.fleet_report_merge:
    reports:
      - /var/lib/fleet/cloud-4-shard-1
      - /var/lib/fleet/cloud-4-shard-2
      - /var/lib/fleet/cloud-4-shard-3
      - /var/lib/fleet/cloud-4-shard-4
    dest: /var/lib/fleet/cloud-4-merged
    expected: 4
    max_failures: 1%

- name: Stop a workflow after a bad canary
  vpsfleet.panels.fleet_report_merge:
    summaries:
      vpsfleet_berlin_1_of_4:
        state: finished
        stopped: null
        failure: null
        totals: {selected: 455, changed: 454, unchanged: 1}
        msg: "454 changed, 1 unchanged"
    max_failures: 1%
"""

RETURN = r"""
dest:
  description: Absolute path of the folder with the merged report.
  returned: with O(reports), also on failure once the reports were read
  type: str
  sample: /var/lib/fleet/cloud-4-merged
totals:
  description: Number of servers for each outcome, as in the totals of a bulk action.
  returned: success, and on failure once the reports were read
  type: dict
  sample: {selected: 1820, changed: 1815, unchanged: 4, failed: 1, in_doubt: 0}
problems:
  description: The reasons why the reports do not add up, or why a run has not tried all of its servers.
  returned: success, and on failure once the reports were read
  type: list
  elements: str
  sample: ["virtfusion https://panel.example.com/api/v1: missing shards: 3/4"]
parts:
  description: The reports that were merged.
  returned: with O(reports), also on failure once the reports were read
  type: list
  elements: dict
  contains:
    source: {description: "The entry of O(reports).", type: str, returned: always}
    panel: {description: Name of the kind of panel., type: str, returned: always}
    address: {description: Address of the panel., type: str, returned: always}
    shard: {description: "The shard, such as V(2/4); null for the whole panel.", type: str, returned: always}
    kind: {description: "V(change), V(rollback) or V(drift).", type: str, returned: always}
    target: {description: The target of the servers in words., type: str, returned: always}
    totals: {description: Number of servers for each outcome., type: dict, returned: always}
    msg: {description: The result of the run in words., type: str, returned: always}
  sample:
    - source: /var/lib/fleet/cloud-4-shard-1
      panel: virtfusion
      address: https://panel.example.com/api/v1
      shard: 1/4
      kind: change
      target: package_name Cloud 4
      totals: {selected: 455, changed: 454, unchanged: 1}
      msg: "454 changed, 1 unchanged"
failure:
  description: The error, for workflows. The guide on failures lists the codes.
  returned: failure
  type: dict
  sample:
    code: validation
    http_status: null
    operation: null
    message: "virtfusion https://panel.example.com/api/v1: missing shards: 3/4"
    retryable: false
    partial: false
    state: known
"""
