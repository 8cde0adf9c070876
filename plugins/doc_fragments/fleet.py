# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options that all bulk actions share."""

from __future__ import annotations


class ModuleDocFragment:
    """Options of a run over many servers."""

    DOCUMENTATION = r"""
options:
  workers:
    description:
      - Number of servers to change at the same time, from 1 to 100.
    type: int
    default: 10
  batches:
    description:
      - Sizes of the batches in which the servers are changed. Each entry is a number of servers or a
        percentage of all servers to change. Entries are cumulative and include the earlier batches.
        The last entry must be V(100%).
      - For example, V([1, 5%, 25%, 100%]) changes one server, then servers up to 5 %, then up to 25 %,
        then the rest. A batch begins when all servers of the batch before have ended.
    type: list
    elements: str
    default: ["100%"]
  pause:
    description:
      - Seconds to wait between two batches, at most 86400. Requires several O(batches).
    type: int
    default: 0
  health_check:
    description:
      - Command to run on the controller between two batches, after O(pause), as a list of arguments. No
        shell is used. If the exit status is not 0, the run changes no further server and the task fails.
      - Requires several O(batches). It is not run after the last batch.
      - Its standard input is one line of JSON with C(batch), C(batches) and C(servers). C(servers) are
        the rows of RV(results) of the batch that has just ended.
      - It inherits the environment of the task, except for variables with credentials of the panel.
    type: list
    elements: str
  health_check_timeout:
    description:
      - Seconds after which O(health_check) is killed, with all processes that it has started. It then
        counts as failed. From 1 to 86400.
    type: int
    default: 60
  max_failures:
    description:
      - Maximum number of servers that may fail, as a number or as a percentage of the servers to change.
      - If more servers fail, the run changes no further server and the task fails. Otherwise the task
        does not fail, unless all servers fail.
      - Servers that are V(in_doubt), and servers that are known to fail before anything is sent, count too.
    type: str
    default: "0"
  max_batch_failures:
    description:
      - Maximum number of servers in a batch that may fail, as a number or as a percentage of the batch.
      - If more servers fail, the run changes no further server and the task fails.
      - By default, no server of the first of several batches may fail, and O(max_failures) applies to
        each further batch as it does to the whole run. With V(100%), only the whole run is checked.
    type: str
  max_items:
    description:
      - Maximum number of servers to change. If more servers would change, the task fails and changes
        nothing.
    type: int
  deadline:
    description:
      - Seconds from the start of the task after which the run changes no further server, such as the
        rest of a maintenance window. The other servers are V(skipped), which is not a failure.
    type: int
  plan_file:
    description:
      - File of the plan, in JSON. In check mode, the plan is written to this file. Otherwise, the plan
        in this file is applied. In check mode with O(plan_sha256), the file is left alone, and the task predicts
        what applying it would do now.
      - The task refuses a plan file that was edited, and a plan of another panel or of another change.
        It also refuses a plan whose target, such as the package, has changed since.
      - A server that has changed since the plan was made, or that does not exist any more, becomes
        V(moved). The run continues with the other servers. The same applies to a server with
        another value in an option that selected it, such as a server that was suspended, renamed, or
        given to another owner. So does a server that the plan predicted to fail or to be refused, if it could
        be changed by now.
      - One series of runs can apply a plan, with the same O(journal). Without a journal, one run can. A later run
        with the plan is refused if it would write anything.
    type: path
  plan_sha256:
    description:
      - Hash of the plan, as returned in RV(plan_sha256) in check mode. The task fails if the plan in
        O(plan_file) has another hash. This makes sure that the approved plan is applied.
    type: str
  approval_ttl:
    description:
      - Seconds for which the approval of a plan is valid, counted from the time at which the plan was made. The task
        refuses to begin a run with an older plan. V(0) is no limit. A run that has begun can be resumed at any time.
      - Defaults to V(604800), which is 7 days, when a plan is made. The plan contains the limit, and its hash covers
        it. When the plan is applied, the lower of both limits counts, so that it cannot be raised.
      - The age is measured with the clock of the controller. A plan that was made more than 5 minutes in the future
        is refused, since a clock must be wrong.
    type: int
  journal:
    description:
      - File to which the run records its steps, as lines of JSON. A record is on the disk before its
        request is sent.
      - Set the same file again to resume a run that did not finish. After a run that finished, the next
        run starts from the beginning in the same file.
      - The task refuses a journal of another panel or change, and a journal that is damaged in any line
        but the last. If the journal cannot be written, the run changes no further server.
    type: path
  rollback:
    description:
      - Journal of the runs to undo. The servers get the values from before the change in this journal.
        If the journal contains several changes, only the last one is undone.
      - The journal determines the servers and the values. Mutually exclusive with O(shard), and with all options that
        select servers or set the target.
      - Only values that these runs changed are restored, and only if the server still has the values that
        the runs left. Any other server becomes V(moved). A value that the panel cannot restore, such as
        a smaller disk, becomes V(refused). Check mode predicts this.
      - O(journal) records the rollback itself, and must be another file. With it, an interrupted rollback
        can be resumed, and a rollback can itself be rolled back.
    type: path
  results_file:
    description:
      - File to which the whole result is written, in JSON, even if the task fails.
    type: path
  run_dir:
    description:
      - Folder on the controller that keeps one run from its plan to its end. Mutually exclusive with O(plan_file),
        O(journal) and O(results_file), since plan, journal and reports are files of the folder.
      - It is created with mode 0700 if it does not exist. A relative path starts at the folder in which
        Ansible was started. A folder that belongs to another user, or to which others may write, is
        refused.
      - In a job of AWX or ansible-runner, a change is refused if the folder would be lost with the job, unless
        O(run_store) is set. A plan is made with a warning. Check mode refuses and warns in the same way.
      - The plan is C(plan.json), with the report C(plan.html), C(plan.csv) and C(plan_report.json). An approval names
        its hash, which covers the servers, the target, the options that select servers, O(workers), O(batches),
        O(pause), O(health_check), O(health_check_timeout), O(max_failures), O(max_batch_failures), O(max_items) and
        O(deadline). A plan that is replaced by a newer one is kept in the folder C(plans).
      - The reports C(report.json), C(report.csv) and C(report.html) are written at the end of each run, also
        when it fails. They cover all runs of the folder. The pages of plan, run, rollbacks and comparisons link to each
        other.
      - At the end of a run, every changed server is read again. The task fails if one has other values
        than the run set.
    type: path
  run_step:
    description:
      - What to do in O(run_dir).
      - V(plan) reads the servers, and writes the plan and its report. It changes nothing on the panel,
        and the task is not V(changed). In check mode no file is written either.
      - V(apply) applies the plan with the hash O(plan_sha256). Options that are in the plan may be
        omitted; if they are set to another value, the task fails. An approval is for one run. If the
        folder has no plan, one is made and applied at once.
      - V(resume) continues a run that was killed or stopped. The options that set the pace, such as O(batches),
        may have new values. A run that is finished is left alone. If its report is missing, it is written, also after a
        rollback.
      - V(drift) compares the servers of the run in O(run_dir) with its target, or, if a target is set,
        the selected servers with that target. It writes its own report, and fails if a server could not
        be compared, such as one of the run that is gone.
    type: str
    choices: [plan, apply, resume, drift]
    default: apply
  run_store:
    description:
      - Keeps a copy of the run in O(run_dir), so that another machine can continue it. Requires O(run_dir).
      - Either an address with C(https://), below which a server stores files with HTTP PUT and returns them with GET,
        or the absolute path of an existing folder. The names there consist of the name of O(run_dir) and those of its
        files, such as C(cloud-4/journal), so the name of O(run_dir) must be unique in the store. A store folder that
        does not exist is refused and never created, since its disk may not be mounted.
      - The plan is copied when it is made, the journal before the first change, after each batch and at the end,
        and the reports at the end. A run does not begin unless its plan and its journal are stored. If a later
        copy fails, there is a warning.
      - If O(run_dir) does not exist, or if the copy is newer, the run is fetched first. If the run did not record
        its end, each planned server without an outcome may have been changed, so it is read before anything is
        written. Check mode does not fetch, since it writes no file.
      - A comparison (O(run_step=drift)) stores only its own reports. A folder that another run on this machine uses is
        not fetched.
      - The query of the address, such as a signature, is sent with each request and never shown. Certificates are
        always verified. A server must respond with status 404 for a file that does not exist. A copy of a plan or of
        a journal that is not complete is refused. The plan is checked by its hash, but any user who can write to the
        store can change the journal.
    type: str
  run_store_token:
    description:
      - Bearer token for O(run_store).
    type: str
  table_rows:
    description:
      - Show the plan as text on the screen. First the distinct changes, each with the number of servers,
        then at most this number of individual servers. Not shown if not set.
    type: int
  max_results:
    description:
      - Maximum number of rows in RV(results). Failed servers come first, unchanged servers last.
        O(results_file) contains all rows.
    type: int
    default: 1000
  progress:
    description:
      - Whether to show the progress - a line at the start, every five seconds, and at the end.
    type: bool
    default: true
  check_capacity:
    description:
      - Whether to compare the growth of the servers with the free resources of their hypervisors, and to
        warn if they are not sufficient. This costs one request for each hypervisor group.
    type: bool
    default: true
  started_by:
    description:
      - Who starts the run, for the journal and the reports. Defaults to the user who started the job, in AWX and
        Controller (C(awx_user_name), C(tower_user_name)), GitHub Actions (E(GITHUB_ACTOR)), GitLab
        (E(GITLAB_USER_LOGIN)) and Jenkins (E(BUILD_USER_ID)), and otherwise to the login name of the user who runs
        Ansible.
      - The job itself is recorded, too, if the variable C(awx_job_id) or C(tower_job_id), or the environment variable
        E(GITHUB_RUN_ID), E(CI_JOB_ID) or E(BUILD_TAG) is set.
    type: str
  approved_by:
    description:
      - Who approved the plan, for the journal and the reports. The time of the approval is the start of the run.
      - An empty text states that nobody approved it. If not set and O(plan_sha256) is set, the run is approved, and the
        name is unknown.
    type: str
  ticket:
    description:
      - Number or address of a ticket, for the journal and the reports. Defaults to the ticket of the plan that is
        applied.
    type: str
  on_unmatched:
    description:
      - What to do if a value of an option that selects or excludes servers matches no server, such as a mistyped
        name, or if no server is selected at all.
      - If V(fail), the task fails before anything is changed, and names the values with similar names.
      - If V(warn), there is a warning, and the servers that were found are changed. A name or an ID of a server that
        does not exist has a row of its own in RV(results), with the outcome V(moved).
      - V(ignore) does the same as V(warn), without the warning.
      - A value is compared with all servers of the panel, before any other option leaves servers out. An
        excluded server that exists and is not selected is not an error.
      - Not used if a plan is applied, or with O(rollback), since both name the servers. A run that
        continues with O(journal) may find no more servers.
    type: str
    choices: [fail, warn, ignore]
    default: fail
  shard:
    description:
      - The part of the selected servers to which the task is limited, as a number and the number of all parts, such as
        V(2/4). Use it to split a panel into several runs, for example on several nodes of a controller.
      - The ID of a server decides its shard, so V(1/4) to V(4/4) contain each selected server exactly once,
        whatever changes meanwhile. A server is in V(k/n) if its ID modulo C(n) equals C(k) modulo C(n). If IDs are
        texts, the number in the first eight hexadecimal digits of the SHA-256 of the ID is used.
      - A plan, a journal and an approval belong to one shard. Runs of different shards of the same number of shards
        can run at the same time. All other runs of this action on a panel exclude each other.
      - Failure limits, O(max_items) and O(rate_limit) on another machine apply to each shard by itself.
      - A shard can be empty, if other shards have selected servers.
    type: str
  state_dir:
    description:
      - Folder on the controller for the lock and the shared rate. It is created if it does not exist.
      - Runs with the same folder share O(rate_limit). Only one run of this action at a time can change
        a panel, or one for each O(shard).
      - In a job of AWX or ansible-runner, there is a warning if it is not set or is lost with the job.
    type: path
    default: ~/.ansible/vpsfleet_panels
  lock_ttl:
    description:
      - Seconds without a heartbeat after which the lock of a run on another machine expires, at least 30. The machines
        share O(state_dir). On the same machine, the lock of a killed run is released at once.
      - A run that could not renew its own lock for this time begins no further server.
    type: int
    default: 300
  force_unlock:
    description:
      - Whether to take the lock from another run. The other run then changes no further server.
    type: bool
    default: false
notes:
  - O(run_store) and O(run_store_token) can also be set in the environment of the controller, with
    C(VPSFLEET_RUN_STORE) and C(VPSFLEET_RUN_STORE_TOKEN).
  - A relative path of a file or folder starts at the folder in which Ansible was started, except for O(ca_path).
  - The task runs once for all hosts of the play. Set C(run_once) to V(true) on the task to register its result
    on all of them. Otherwise it is registered only on the first host. Ansible refuses it with the strategies
    C(free) and C(host_pinned).
  - If the C(timeout) of the task expires, the run finishes the servers in progress and stops. The task
    fails, and its result shows the changes.
  - O(retries) and O(retry_budget) apply to each server, not to the task.
  - Plan, journal and results contain names and sizes of servers, but no credentials. Only their owner
    can read them.
"""
