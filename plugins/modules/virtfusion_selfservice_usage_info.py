#!/usr/bin/python
# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: virtfusion_selfservice_usage_info
short_description: Read the self-service usage of a VirtFusion user
version_added: 0.1.0
author: vpsfleet.panels contributors (@vpsfleet)
description:
  - Reads the usage of a user, and the statistics of the hourly self service.
  - A number that the panel shows as C(false) is null.
options:
  periods:
    description:
      - Days on which the periods begin, such as V(2025-01-01). Defaults to the current period.
    type: list
    elements: str
    aliases: [period]
  range:
    description:
      - Length of a period of RV(usage). V(d) is a day, V(w), V(2w) and V(3w) are weeks, V(m) is a
        month. The panel's default is a month. RV(hourly_stats) is always about months.
      - Requires V(usage) in O(include).
    type: str
    choices: [d, w, 2w, 3w, m]
  include:
    description:
      - What to read. V(usage) costs one request, V(hourly_stats) one for each period.
    type: list
    elements: str
    choices: [usage, hourly_stats]
    default: [usage, hourly_stats]
extends_documentation_fragment:
  - vpsfleet.panels.connection
  - vpsfleet.panels.virtfusion
  - vpsfleet.panels.virtfusion.user
  - vpsfleet.panels.attributes
  - vpsfleet.panels.attributes.info
  - vpsfleet.panels.attributes.virtfusion_group
seealso:
  - module: vpsfleet.panels.virtfusion_selfservice_report
  - module: vpsfleet.panels.virtfusion_selfservice_currency_info
"""

EXAMPLES = r"""
- name: Read the usage of two weeks in January
  vpsfleet.panels.virtfusion_selfservice_usage_info:
    api_url: https://panel.example.com
    api_token: "{{ vault_virtfusion_token }}"
    ext_relation_id: 1042
    periods: ["2025-01-06", "2025-01-13"]
    range: w
    include: [usage]

- name: Read the credit that is left
  vpsfleet.panels.virtfusion_selfservice_usage_info:
    ext_relation_id: 1042
    include: [hourly_stats]
  register: now

- name: Show it
  ansible.builtin.debug:
    msg: "{{ now.hourly_stats[0].credit }} tokens"
"""

RETURN = r"""
usage:
  description: Usage of the user.
  returned: with V(usage) in O(include)
  type: dict
  contains:
    user_id:
      description: The panel's own ID of the user.
      type: int
      returned: always
    currency:
      description: Currency of the user, null if none is set.
      type: str
      returned: always
    timezone:
      description: Time zone of the user.
      type: str
      returned: always
    servers_total:
      description:
        - All servers in all periods, in C(hours), C(tokens), and C(tokens_exact) before rounding.
        - Each is null if there is no number.
      type: dict
      returned: always
      contains:
        hours: {description: 'Hours, null if there is no number.', type: float, returned: always}
        tokens: {description: 'Tokens, null if there is no number.', type: float, returned: always}
        tokens_exact:
          description: Tokens before rounding, null if there is no number.
          type: float
          returned: always
    servers_billable:
      description: The billed part of C(servers_total).
      type: dict
      returned: always
      contains:
        hours: {description: 'Hours, null if there is no number.', type: float, returned: always}
        tokens: {description: 'Tokens, null if there is no number.', type: float, returned: always}
        tokens_exact:
          description: Tokens before rounding, null if there is no number.
          type: float
          returned: always
      sample:
        hours: 744.0
        tokens: 446.0
        tokens_exact: 446.75
    addons_total:
      description: All add-ons in all periods, with the keys of C(servers_total).
      type: dict
      returned: always
      contains:
        hours: {description: 'Hours, null if there is no number.', type: float, returned: always}
        tokens: {description: 'Tokens, null if there is no number.', type: float, returned: always}
        tokens_exact:
          description: Tokens before rounding, null if there is no number.
          type: float
          returned: always
      sample:
        hours: 744.0
        tokens: 446.0
        tokens_exact: 446.75
    addons_billable:
      description: The billed part of C(addons_total).
      type: dict
      returned: always
      contains:
        hours: {description: 'Hours, null if there is no number.', type: float, returned: always}
        tokens: {description: 'Tokens, null if there is no number.', type: float, returned: always}
        tokens_exact:
          description: Tokens before rounding, null if there is no number.
          type: float
          returned: always
      sample:
        hours: 744.0
        tokens: 446.0
        tokens_exact: 446.75
    periods:
      description:
        - One row for each period, with C(period), C(range), C(start), C(end), C(timezone),
          C(current), C(days), C(hours), C(hours_in_month), C(month_to_hour_rate), the four amounts
          as above, and the panel's rows for each server in C(servers).
      type: list
      elements: dict
      returned: always
      contains:
        period: {description: Name of the period., type: str, returned: always}
        range: {description: Range of the period., type: str, returned: always}
        start: {description: Start of the period., type: str, returned: always}
        end: {description: End of the period., type: str, returned: always}
        timezone: {description: Time zone of the period., type: str, returned: always}
        current: {description: Whether it is the current period., type: bool, returned: always}
        days: {description: Number of days., type: float, returned: always}
        hours: {description: Number of hours., type: float, returned: always}
        hours_in_month: {description: Number of hours in the month., type: float, returned: always}
        month_to_hour_rate: {description: Rate by which a month becomes hours., type: float, returned: always}
        servers_total:
          description: All servers.
          type: dict
          returned: always
          contains:
            hours: {description: 'Hours, null if there is no number.', type: float, returned: always}
            tokens: {description: 'Tokens, null if there is no number.', type: float, returned: always}
            tokens_exact:
              description: Tokens before rounding, null if there is no number.
              type: float
              returned: always
        servers_billable:
          description: Servers that are billed.
          type: dict
          returned: always
          contains:
            hours: {description: 'Hours, null if there is no number.', type: float, returned: always}
            tokens: {description: 'Tokens, null if there is no number.', type: float, returned: always}
            tokens_exact:
              description: Tokens before rounding, null if there is no number.
              type: float
              returned: always
        addons_total:
          description: All add-ons.
          type: dict
          returned: always
          contains:
            hours: {description: 'Hours, null if there is no number.', type: float, returned: always}
            tokens: {description: 'Tokens, null if there is no number.', type: float, returned: always}
            tokens_exact:
              description: Tokens before rounding, null if there is no number.
              type: float
              returned: always
        addons_billable:
          description: Add-ons that are billed.
          type: dict
          returned: always
          contains:
            hours: {description: 'Hours, null if there is no number.', type: float, returned: always}
            tokens: {description: 'Tokens, null if there is no number.', type: float, returned: always}
            tokens_exact:
              description: Tokens before rounding, null if there is no number.
              type: float
              returned: always
        servers: {description: The panel's rows for each server., type: list, elements: raw, returned: always}
      sample:
        - period: January 2025
          current: true
          days: 31.0
          servers_total: &id001
            hours: 744.0
            tokens: 446.0
            tokens_exact: 446.75
          servers_billable: *id001
          addons_total: *id001
          addons_billable: *id001
          servers: []
  sample:
    user_id: 3
    currency: USD
    servers_total:
      hours: 744.0
      tokens: 446.0
      tokens_exact: 446.75
hourly_stats:
  description: Statistics of each month in O(periods), in that order.
  returned: with V(hourly_stats) in O(include)
  type: list
  elements: dict
  contains:
    period:
      description: Name of the month.
      type: str
      returned: always
    previous_period:
      description: Name of the month before.
      type: str
      returned: always
    next_period:
      description: Name of the month after.
      type: str
      returned: always
    hours:
      description: Hours used, null if there is no number.
      type: float
      returned: always
    tokens:
      description: Tokens used, null if there is no number.
      type: float
      returned: always
    value:
      description: Money for them in the user's currency, null if there is no number.
      type: float
      returned: always
    servers:
      description: Number of servers.
      type: int
      returned: always
    credit:
      description: Credit that the panel shows, presumably in tokens; null if there is no number.
      type: float
      returned: always
    currency_code:
      description: Code of the currency, empty if none is set.
      type: str
      returned: always
    token_value:
      description: The price of one token.
      type: float
      returned: always
  sample:
    - period: January 2025
      hours: 744.0
      tokens: 446.75
      value: 4.47
      servers: 1
      credit: 500.0
      currency_code: USD
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
    read: 2
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
    operation: get_selfservice_usage
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
    SELFSERVICE_USAGE_INFO_OPTIONS,
    SelfserviceUsageInfo,
)

ARGUMENTS = CONNECTION + SELFSERVICE_USAGE_INFO_OPTIONS

MODULE = PanelModule(VIRTFUSION, SelfserviceUsageInfo, ARGUMENTS)


def main() -> None:
    run_module(MODULE)


if __name__ == "__main__":
    main()
