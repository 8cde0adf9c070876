#!/usr/bin/python
# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: virtfusion_selfservice_credit
short_description: Add self-service credit to a VirtFusion user, or cancel it
version_added: 0.1.0
author: vpsfleet.panels contributors (@vpsfleet)
description:
  - Adds a credit entry to a user, or cancels one.
  - The panel keeps a ledger that cannot be read. Neither the entries nor the balance can be
    compared, so B(every run with O(state=added) adds credit), and nothing guards against a second
    one. Keep RV(credit.id), and run the task only when there is something to add.
  - After a lost response, the task fails with the message that the credit may have been added. It is
    never sent twice. Check the balance with C(virtfusion_selfservice_usage_info).
options:
  state:
    description:
      - V(added) adds an entry, V(cancelled) cancels the entry with O(credit_id).
    type: str
    choices: [added, cancelled]
    default: added
  ext_relation_id:
    description:
      - External relation ID of the user. Exactly one of O(ext_relation_id) and O(relation_string)
        must be set if O(state=added).
    type: int
  relation_string:
    description:
      - External relation string of the user.
    type: str
  tokens:
    description:
      - The credit in tokens, not in money. Required if O(state=added).
      - A negative number subtracts credit. It requires panel 6.0 or newer.
    type: float
  reference_1:
    description:
      - Your own 64-bit number for finding the entry in the panel, such as the number of an invoice.
    type: int
  reference_2:
    description:
      - Your own text, with at most 1000 characters.
    type: str
  credit_id:
    description:
      - ID of the entry to cancel. Required if O(state=cancelled). Mutually exclusive with O(ext_relation_id),
        O(relation_string), O(tokens), O(reference_1) and O(reference_2).
      - An entry that does not exist counts as already cancelled.
    type: int
extends_documentation_fragment:
  - vpsfleet.panels.connection
  - vpsfleet.panels.virtfusion
  - vpsfleet.panels.attributes
  - vpsfleet.panels.attributes.virtfusion_group
attributes:
  check_mode:
    support: partial
    details:
      - When adding, reads the user and predicts a change.
      - When cancelling, predicts a change, since no entry can be read.
  diff_mode:
    support: none
  idempotent:
    support: partial
    details: Cancelling is idempotent. Adding is not, since the panel shows no entries.
seealso:
  - module: vpsfleet.panels.virtfusion_selfservice_usage_info
"""

EXAMPLES = r"""
- name: Add the credit of a paid invoice
  vpsfleet.panels.virtfusion_selfservice_credit:
    api_url: https://panel.example.com
    api_token: "{{ vault_virtfusion_token }}"
    ext_relation_id: 1042
    tokens: 500
    reference_1: 20250131
    reference_2: Invoice 2025-0131
  register: added
  when: invoice_is_paid

- name: Cancel it
  vpsfleet.panels.virtfusion_selfservice_credit:
    state: cancelled
    credit_id: "{{ added.credit.id }}"
"""

RETURN = r"""
credit:
  description: The entry.
  returned: success; the ID is null when added in check mode
  type: dict
  contains:
    id:
      description: ID of the entry, by which it can be cancelled.
      type: int
      returned: always
  sample:
    id: 2
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
    write: 1
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
    operation: get_user
    message: ext_relation_id not found
    retryable: false
    partial: false
    state: known
"""

from ..module_utils._core.ansible_module import run_module
from ..module_utils._core.runner import PanelModule
from ..module_utils._virtfusion.argspec import CONNECTION
from ..module_utils._virtfusion.panel import VIRTFUSION
from ..module_utils._virtfusion.resources.selfservice_user import (
    SELFSERVICE_CREDIT_OPTIONS,
    SelfserviceCredit,
)

ARGUMENTS = CONNECTION + SELFSERVICE_CREDIT_OPTIONS

MODULE = PanelModule(VIRTFUSION, SelfserviceCredit, ARGUMENTS)


def main() -> None:
    run_module(MODULE)


if __name__ == "__main__":
    main()
