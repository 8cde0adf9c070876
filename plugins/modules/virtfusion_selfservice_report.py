#!/usr/bin/python
# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: virtfusion_selfservice_report
short_description: Read the self-service reports of a VirtFusion user
version_added: 0.1.0
author: vpsfleet.panels contributors (@vpsfleet)
description:
  - Reads the usage of a user in a self-service period, in hours, tokens and money.
  - A number that the panel shows as C(false) is null.
  - The module only reads. C(virtfusion_selfservice_report_info) is another name for it.
options:
  ext_relation_id:
    description:
      - External relation ID of the user. Exactly one of O(ext_relation_id) and O(relation_string)
        must be set.
    type: int
  relation_string:
    description:
      - External relation string of the user.
    type: str
  period:
    description:
      - The period, or several of them. V(0) is the current one, V(1) the one before, and so on to V(24).
    type: list
    elements: int
    default: [0]
  currency:
    description:
      - Currency of the amounts in the report, as a code of three letters. Defaults to the user's own
        currency.
    type: str
  include_raw:
    description:
      - Whether each report also contains the panel's unchanged response.
    type: bool
    default: false
extends_documentation_fragment:
  - vpsfleet.panels.connection
  - vpsfleet.panels.virtfusion
  - vpsfleet.panels.attributes
  - vpsfleet.panels.attributes.info
  - vpsfleet.panels.attributes.virtfusion_group
"""

EXAMPLES = r"""
- name: Read the current period of a user
  vpsfleet.panels.virtfusion_selfservice_report:
    api_url: https://panel.example.com
    api_token: "{{ vault_virtfusion_token }}"
    ext_relation_id: 1042
  register: usage

- name: Show the tokens used
  ansible.builtin.debug:
    msg: "{{ usage.reports[0].term }}: {{ usage.reports[0].monthly_total.tokens | default('nothing', true) }}"

- name: Read the last three periods in dollars, by relation string
  vpsfleet.panels.virtfusion_selfservice_report:
    relation_string: customer-1042
    period: [1, 2, 3]
    currency: USD
"""

RETURN = r"""
reports:
  description: One report for each period, in the order of O(period).
  returned: success
  type: list
  elements: dict
  contains:
    period:
      description: The period, as in O(period).
      type: int
      returned: always
    has_data:
      description: Whether the panel has anything to report.
      type: bool
      returned: always
    term:
      description: Name of the period.
      type: str
      returned: always
    previous_term:
      description: Name of the period before.
      type: str
      returned: always
    next_term:
      description: Name of the period after.
      type: str
      returned: always
    start:
      description: Start of the period.
      type: str
      returned: always
    end:
      description: End of the period.
      type: str
      returned: always
    servers:
      description: The panel's rows for each server.
      type: list
      elements: raw
      returned: always
    servers_total:
      description: C(hours), C(tokens), and C(value) in the currency, of all servers; each null if the
        panel shows no number.
      type: dict
      returned: always
      contains:
        hours: {description: 'Hours, null if there is no number.', type: float, returned: always}
        tokens: {description: 'Tokens, null if there is no number.', type: float, returned: always}
        value: {description: 'Amount in the currency, null if there is no number.', type: float, returned: always}
      sample:
        hours: 744.0
        tokens: 372.0
        value: 3.72
    addons_total:
      description: The same amounts for all add-ons.
      type: dict
      returned: always
      contains:
        hours: {description: 'Hours, null if there is no number.', type: float, returned: always}
        tokens: {description: 'Tokens, null if there is no number.', type: float, returned: always}
        value: {description: 'Amount in the currency, null if there is no number.', type: float, returned: always}
      sample:
        hours: 744.0
        tokens: 372.0
        value: 3.72
    monthly_total:
      description: The same amounts for servers and add-ons together.
      type: dict
      returned: always
      contains:
        hours: {description: 'Hours, null if there is no number.', type: float, returned: always}
        tokens: {description: 'Tokens, null if there is no number.', type: float, returned: always}
        value: {description: 'Amount in the currency, null if there is no number.', type: float, returned: always}
    hour_conversion_rate:
      description: Rate by which hours become tokens, null if none.
      type: float
      returned: always
    tax_status:
      description: The panel's code for taxes.
      type: int
      returned: always
    currency:
      description: C(code), C(prefix) and C(suffix) of the currency, and C(token_value), the price of one token.
      type: dict
      returned: always
      contains:
        code: {description: Code of the currency., type: str, returned: always}
        prefix: {description: Text before an amount., type: str, returned: always}
        suffix: {description: Text after an amount., type: str, returned: always}
        token_value: {description: 'Price of one token, null if none.', type: float, returned: always}
    packs:
      description: The panel's rows for the user's resource packs.
      type: list
      elements: raw
      returned: always
    raw:
      description: The panel's unchanged response.
      type: raw
      returned: with O(include_raw)
  sample:
    - period: 0
      has_data: true
      term: January 2025
      monthly_total:
        hours: 744.0
        tokens: 372.0
        value: 3.72
      currency:
        code: USD
        prefix: $
        suffix: ''
        token_value: 0.01
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
    operation: get_selfservice_report
    message: ext_relation_id not found
    retryable: false
    partial: false
    state: known
"""

from ..module_utils._core.ansible_module import run_module
from ..module_utils._core.runner import PanelModule
from ..module_utils._virtfusion.argspec import CONNECTION
from ..module_utils._virtfusion.panel import VIRTFUSION
from ..module_utils._virtfusion.resources.selfservice_usage import (
    SELFSERVICE_REPORT_OPTIONS,
    SelfserviceReport,
)

ARGUMENTS = CONNECTION + SELFSERVICE_REPORT_OPTIONS

MODULE = PanelModule(VIRTFUSION, SelfserviceReport, ARGUMENTS)


def main() -> None:
    run_module(MODULE)


if __name__ == "__main__":
    main()
