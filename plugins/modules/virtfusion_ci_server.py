#!/usr/bin/python
# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: virtfusion_ci_server
short_description: Provide servers for a CI pipeline
version_added: 0.1.0
author: vpsfleet.panels contributors (@vpsfleet)
description:
  - Provides servers that accept SSH logins with a known host key for a pipeline, and deletes them.
  - A retry with the same O(pipeline) gets the same servers. Before a create is sent, a journal in
    O(state_dir) records it. So a killed provision continues when it runs again, and creates nothing twice.
  - A retry that asks for another template, size or hypervisor group than a built server has is refused. Tear the
    pipeline down first.
  - The panel has no labels. A server is marked twice. Its owner is a user of the panel that only CI uses, and
    its name is C(<prefix>.<pipeline>.<number>.<end of the lease>). Whatever happens to the pipeline,
    M(vpsfleet.panels.virtfusion_ci_janitor) deletes a server after its lease has ended.
  - The lease is on the panel's clock, which is the C(Date) header of its responses. The clock of the controller
    does not matter.
  - >-
    Everything that can be checked is checked before anything is created: the options, the owner, the prefix,
    the package, the template, the quota, and the room.
  - C(SIGHUP), C(SIGINT), C(SIGTERM) and the death of C(ansible-playbook) stop the task between two requests.
  - The task runs on the controller, once for all hosts of the play. The connection and C(become) have no
    effect. C(async) is not supported. It needs the OpenSSH client there.
options:
  state:
    description:
      - V(present) provides the servers, V(absent) deletes them and proves that they are gone.
      - With V(absent), a warning lists servers of the owner that have no name yet, if no journal in O(state_dir)
        shows their pipeline.
      - A server of the pipeline that was renamed, or given to another user, stays. Then the task fails, if the
        journal or O(file) names the server.
    type: str
    choices: [present, absent]
    default: present
  pipeline:
    description:
      - ID of the pipeline. The same ID always means the same servers.
      - Any text. An ID that is long, or has other characters than lower-case letters, digits and single dashes,
        such as the name of a branch, is shortened, and a hash of the whole ID follows.
      - Required if O(state=present). With O(state=absent), exactly one of O(pipeline) and O(file) must be set.
    type: str
  file:
    description:
      - The JSON output of a provision. Its pipeline is torn down, and each of its servers must be gone. The
        private key that it names is removed if the pipeline has made it.
      - Only with O(state=absent).
    type: path
  keep:
    description:
      - Delete nothing. The result and the screen show how many servers are kept, when their first lease ends, and
        the command that deletes them.
      - Only with O(state=absent).
    type: bool
    default: false
  prefix:
    description:
      - >-
        What the names of the servers begin with. 2 to 16 characters: lower-case letters, digits and dashes.
      - The task is refused if a server of another user has a name that begins with it and a dot.
    type: str
    default: ci
  ext_relation_id:
    description:
      - External relation ID of the user who owns the servers. Exactly one of O(ext_relation_id) and
        O(relation_string) must be set.
      - The user must own CI servers of this O(prefix) only. The task is refused if the user owns anything else,
        or is an administrator.
    type: int
  relation_string:
    description:
      - External relation string of the user who owns the servers.
    type: str
  package_id:
    description:
      - ID of the package of the servers. Exactly one of O(package_id) and O(package_name) must be set if
        O(state=present).
    type: int
  package_name:
    description:
      - Exact, case-sensitive name of the package of the servers.
    type: str
  template_id:
    description:
      - ID of the template of the operating system. Exactly one of O(template_id) and O(template_name) must be set
        if O(state=present).
    type: int
  template_name:
    description:
      - >-
        Name of the template: name and version, and the variant if several templates share them.
    type: str
  hypervisor_group_id:
    description:
      - ID of the hypervisor group in which to create the servers. Required if O(state=present).
    type: int
  network:
    description:
      - Which addresses a server gets. With V(both), it is ready when it has an IPv4 and an IPv6 address, and
        SSH uses IPv4.
    type: str
    choices: [ipv4, ipv6, both]
    default: ipv4
  count:
    description:
      - Number of servers, 1 to 100. All are created and built at the same time.
      - If an earlier try had more, the others stay until their lease ends.
    type: int
    default: 1
  lease:
    description:
      - Seconds for which the servers are leased, from 60 to 2592000, from now on the panel's clock. The janitor deletes
        a server whose lease has ended.
      - It is never shorter than this. A retry renews the leases of the servers that are there.
      - A lease that has ended when the servers are ready is renewed. If the janitor has deleted a server before, the
        task fails.
      - It must be at least O(deadline).
    type: int
    default: 3600
  deadline:
    description:
      - Seconds from the time that there is room until all servers answer on SSH. With O(state=absent), seconds
        until all servers must be gone.
    type: int
    default: 900
  wait_for_room:
    description:
      - Seconds to wait for room if the quota, the hypervisor group or the panel allows no more servers.
      - With V(0), the task fails at once.
    type: int
    default: 0
  max_servers:
    description:
      - >-
        Quota: the number of servers that the owner may have, of all pipelines together. By default, there is
        none.
    type: int
  private_key_file:
    description:
      - Private key for the login, without a passphrase. Its public key is built into the servers. The file is
        never removed.
      - By default, a key pair is made for the pipeline, in the file C(id_ed25519) in O(output_dir), with mode
        0600. It is an error if that file is there and the journal in O(state_dir) does not show that the
        pipeline has made it. O(state=absent) removes only a file that the pipeline has made.
    type: path
  ssh_user:
    description:
      - >-
        User for the login: letters, digits, dots, dashes, underscores, plus signs and at signs.
    type: str
    default: root
  ssh_port:
    description:
      - Port of the SSH servers.
    type: int
    default: 22
  wait_for_ssh:
    description:
      - Whether to wait until each server answers on SSH, and to pin its host keys.
      - If V(false), the task ends when the servers are built and have their addresses. The outputs then have no
        host keys except those that an earlier try has pinned.
    type: bool
    default: true
  outputs:
    description:
      - Files to write into O(output_dir). C(known_hosts), C(ssh_config), C(inventory.yml) and C(ci_server.json)
        are always written, since others name them.
      - V(dotenv) is C(ci_server.env) for GitLab, V(shell) is C(ci_server.sh) for a shell, V(molecule) is
        C(instance_config.yml), or the file in E(MOLECULE_INSTANCE_CONFIG).
      - V(github) appends to the files in E(GITHUB_OUTPUT) and E(GITHUB_ENV).
      - By default, all files are written, and V(github) if the task runs in a step of GitHub Actions.
    type: list
    elements: str
    choices: [known_hosts, ssh_config, inventory, json, dotenv, shell, molecule, github]
  host_names:
    description:
      - Names of the servers in the outputs, one for each. By default, they are named for the pipeline, such as
        V(4711-1).
      - Not V(all), V(ungrouped), V(localhost) and V(ci), which have another meaning in an inventory.
    type: list
    elements: str
  output_dir:
    description:
      - Folder for the outputs and the private key. It is created with mode 0700 if it does not exist. Give each
        pipeline a folder of its own.
    type: path
    default: ci_server
  state_dir:
    description:
      - Folder for the locks and the journals of the pipelines.
      - Two tasks with the same pipeline take turns if they share this folder. Give all controllers on one
        machine the same one.
      - A pipeline that is torn down leaves nothing in it. M(vpsfleet.panels.virtfusion_ci_janitor) removes the
        files of the others.
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
      - A second run creates and builds nothing. It moves the ends of the leases, which is a change.
notes:
  - A relative path of a file or folder starts at the folder in which Ansible was started, except for O(ca_path).
seealso:
  - module: vpsfleet.panels.virtfusion_ci_renew
  - module: vpsfleet.panels.virtfusion_ci_janitor
"""

EXAMPLES = r"""
- name: Provide two servers for this pipeline
  vpsfleet.panels.virtfusion_ci_server:
    api_url: https://panel.example.com
    api_token: "{{ vault_virtfusion_token }}"
    relation_string: ci
    pipeline: "4711"
    package_name: Cloud 1
    template_name: Debian 12 (Bookworm) Minimal
    hypervisor_group_id: 1
    count: 2
  register: ci

- name: Delete them
  vpsfleet.panels.virtfusion_ci_server:
    relation_string: ci
    pipeline: "4711"
    state: absent

- name: Keep them for a look, and show the command that deletes them
  vpsfleet.panels.virtfusion_ci_server:
    relation_string: ci
    pipeline: "4711"
    state: absent
    keep: true
"""

RETURN = r"""
servers:
  description:
    - The servers of the pipeline. With O(state=absent), the deleted servers.
    - After a failure, the servers that the task has found or created. A server that was created and not named yet
      has an empty name.
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
        - Number of the server in its pipeline, from 1, null if it has no name yet.
      type: int
      returned: when O(state=present)
    host_name:
      description:
        - Name of the server in the outputs.
      type: str
      returned: when O(state=present)
    lease_end:
      description:
        - End of the lease, in UTC, on the panel's clock.
      type: str
      returned: when O(state=present)
    address:
      description:
        - Address for SSH, null as long as there is none.
      type: str
      returned: when O(state=present)
    addresses:
      description:
        - All addresses.
      type: list
      elements: str
      returned: when O(state=present)
    port:
      description:
        - Port for SSH.
      type: int
      returned: when O(state=present)
    user:
      description:
        - User for SSH.
      type: str
      returned: when O(state=present)
    created_now:
      description:
        - Whether this task created it.
      type: bool
      returned: when O(state=present)
  sample:
    - id: 61
      name: ci.4711.1.1769853600
      number: 1
      host_name: 4711-1
      lease_end: "2026-01-31T10:00:00Z"
      address: 192.0.2.61
      addresses: [192.0.2.61]
      port: 22
      user: root
      created_now: true
pipeline:
  description: ID of the pipeline.
  returned: success
  type: str
  sample: "4711"
prefix:
  description: What the names of the servers begin with.
  returned: when O(state=present)
  type: str
  sample: ci
owner_id:
  description: The panel's own ID of the owner.
  returned: when O(state=present)
  type: int
  sample: 7
lease_end:
  description: When the first of the leases ends, in UTC, on the panel's clock.
  returned: when O(state=present)
  type: str
  sample: "2026-01-31T10:00:00Z"
key_file:
  description: Path of the private key.
  returned: when O(state=present)
  type: str
  sample: /builds/shop/ci_server/id_ed25519
known_hosts:
  description: Lines for a file of known hosts.
  returned: when O(state=present)
  type: list
  elements: str
  sample: ["192.0.2.61 ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIExample"]
outputs:
  description: Paths of the files that were written, by the name of the output.
  returned: when O(state=present)
  type: raw
  sample:
    ssh_config: /builds/shop/ci_server/ssh_config
teardown_command:
  description:
    - The command that deletes the servers of the pipeline, with the folders of the private key and the journal.
    - After a failure, it is there if servers are.
  returned: when O(state=present) or O(keep=true)
  type: str
  sample: >-
    ansible-playbook vpsfleet.panels.ci_teardown -e '{"virtfusion_ci_server_pipeline": "4711",
    "virtfusion_ci_server_output_dir": "/builds/shop/ci_server"}'
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
    code: wait_timeout
    http_status: null
    operation: null
    message: it is still being built at the end of the deadline
    retryable: true
    partial: true
    state: known
"""
