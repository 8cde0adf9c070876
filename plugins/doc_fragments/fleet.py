# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What every bulk action documents alike: how its run goes."""

from __future__ import annotations


class ModuleDocFragment:
    """Options of a run over many servers, and what it promises."""

    DOCUMENTATION = r"""
options:
  workers:
    description:
      - How many servers are changed at a time, from 1 to 100.
    type: int
    default: 10
  batches:
    description:
      - In which steps the servers are changed. Each step is a number of servers or a percentage of all
        that are to change, and says how many are changed when it ends, those before it included. The
        last one must be V(100%).
      - V([1, 5%, 25%, 100%]) changes one server, goes on until 5 % are changed, then until 25 %, then
        changes the rest. A step begins when all of the one before has ended.
    type: list
    elements: str
    default: ["100%"]
  pause:
    description:
      - Seconds between two batches.
    type: int
    default: 0
  health_check:
    description:
      - Command to run on the controller between two batches, after O(pause), as a list of words; no shell
        is involved. If it does not exit with 0, no further server is begun and the task fails.
      - On its standard input it finds one line of JSON with C(batch), C(batches) and C(servers), the
        rows of RV(results) of the batch that has just ended.
      - It inherits the environment of the task, but for variables that hold the credentials of the panel.
    type: list
    elements: str
  health_check_timeout:
    description:
      - Seconds after which O(health_check) is killed, with every process that it has started, and counts
        as failed.
    type: int
    default: 60
  max_failures:
    description:
      - How many servers may fail, as a number, or as a percentage of those that were to be changed.
      - If more fail, no further server is begun and the task fails. If not, the task does not fail. If
        every server fails, the task fails, whatever the limit.
      - Servers of which it is known beforehand that they cannot be changed count too, and so do those
        that are V(in_doubt).
    type: str
    default: "0"
  max_batch_failures:
    description:
      - How many servers of one batch may fail, as a number, or as a percentage of the batch.
      - If more fail, no further server is begun and the task fails.
      - By default, no server of the first of several batches may fail, and O(max_failures) applies to
        each further batch as it does to the whole run. V(100%) judges the whole run only.
    type: str
  max_items:
    description:
      - Change nothing if more servers than this would change.
    type: int
  deadline:
    description:
      - Seconds from the start of the task after which no further server is begun, such as what is left
        of a maintenance window. The servers that are left are V(skipped), which is no failure.
    type: int
  plan_file:
    description:
      - In check mode, write the plan to this file, in JSON. Without check mode, apply the plan in this
        file.
      - A plan that was changed since, of another panel, or for another change is refused. So is one
        whose target gives something else by now.
      - A server that is no longer as it was when the plan was made, or is gone, becomes V(moved), and
        the rest goes on.
    type: path
  plan_sha256:
    description:
      - Apply the plan only if this is its hash, as RV(plan_sha256) returned it in check mode. This
        makes sure that what was approved is what is applied.
    type: str
  journal:
    description:
      - File in which the run keeps what it does, line by line in JSON. What is about to be sent is on the
        disk before it is sent.
      - Set the same file again to go on after a run that did not finish. After a run that did, the
        next one begins anew in the same file.
      - A journal of another panel or change is refused, and so is one that is damaged
        anywhere but in its last line. If it cannot be written, no further server is begun.
    type: path
  rollback:
    description:
      - Journal of the runs to undo. Give the servers back what they had before the change that it tells
        of; if it tells of several, one after the other, the last of them.
      - It says which servers and which values, so that no option that selects servers or says what they
        get may be set with it.
      - Only what those runs changed is given back, and only at a server that still is as they left it;
        any other becomes V(moved). What the panel cannot give back, such as a smaller disk, becomes
        V(refused), which check mode says beforehand.
      - O(journal) keeps what the rollback itself does, and must be another file. With it a rollback that
        was killed goes on, and can be rolled back in its turn.
    type: path
  results_file:
    description:
      - Write the whole result to this file, in JSON, also when the task fails.
    type: path
  max_results:
    description:
      - How many rows RV(results) has at most. Servers that failed come first, those that are as they
        should be last. O(results_file) has all.
    type: int
    default: 1000
  progress:
    description:
      - Whether to show a line at the start, one every five seconds, and one at the end.
    type: bool
    default: true
  check_capacity:
    description:
      - Whether to compare what the servers would grow by with what their hypervisors have left, and to
        warn where it does not fit. This costs one request for each hypervisor group.
    type: bool
    default: true
  state_dir:
    description:
      - Folder on the controller for the lock and for the rate. It is made if it does not exist.
      - Runs that share it keep O(rate_limit) together. Two runs of this action on one panel exclude each other.
    type: path
    default: ~/.ansible/vpsfleet_panels
  lock_ttl:
    description:
      - Seconds after which the lock of a run on another machine, that shares O(state_dir), counts as left
        behind. On the same machine a run that has died never keeps the lock.
    type: int
    default: 300
  force_unlock:
    description:
      - Whether to take the lock from a run that has it. That run then begins no further server.
    type: bool
    default: false
notes:
  - The task runs once for all hosts of the play. Set C(run_once) to V(true) on the task to register its result
    on all of them, or it is registered on the first host only.
  - If the C(timeout) of the task passes, the run stops. Servers that are being changed are finished, the task
    fails, and its result shows what has changed.
  - O(retries) and O(retry_budget) are for each server, not for the task.
  - Plan, journal and results hold names and sizes of servers, and no credentials. They can be read by
    their owner only.
"""
