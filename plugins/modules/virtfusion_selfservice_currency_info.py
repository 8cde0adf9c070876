#!/usr/bin/python
# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: virtfusion_selfservice_currency_info
short_description: Read the currencies of a VirtFusion panel
version_added: 0.1.0
author: vpsfleet.panels contributors (@vpsfleet)
description:
  - Reads the currencies of the self service, and the price of a token in each.
options: {}
extends_documentation_fragment:
  - vpsfleet.panels.connection
  - vpsfleet.panels.virtfusion
  - vpsfleet.panels.attributes
  - vpsfleet.panels.attributes.info
  - vpsfleet.panels.attributes.virtfusion_group
seealso:
  - module: vpsfleet.panels.virtfusion_selfservice_report
"""

EXAMPLES = r"""
- name: Read the currencies
  vpsfleet.panels.virtfusion_selfservice_currency_info:
    api_url: https://panel.example.com
    api_token: "{{ vault_virtfusion_token }}"
  register: money

- name: Show what 100 tokens cost
  ansible.builtin.debug:
    msg: "{{ item.prefix | default('', true) }}{{ item.token_value * 100 }}"
  loop: "{{ money.currencies | selectattr('default') }}"
"""

RETURN = r"""
currencies:
  description: The currencies, in the panel's order.
  returned: success
  type: list
  elements: dict
  contains:
    id:
      description: ID of the currency.
      type: int
      returned: always
    code:
      description: Code of three letters.
      type: str
      returned: always
    token_value:
      description: The price of one token.
      type: float
      returned: always
    prefix:
      description: Text before an amount; may be null.
      type: str
      returned: always
    suffix:
      description: Text after an amount; may be null.
      type: str
      returned: always
    default:
      description: Whether it is the panel's own.
      type: bool
      returned: always
    enabled:
      description: Whether it can be used.
      type: bool
      returned: always
  sample:
    - id: 11
      code: USD
      token_value: 0.01
      prefix: $
      suffix: null
      default: true
      enabled: true
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
    code: forbidden
    http_status: 403
    operation: list_currencies
    message: the credentials lack the permission (HTTP 403)
    retryable: false
    partial: false
    state: known
"""

from ..module_utils._core.ansible_module import run_module
from ..module_utils._core.runner import PanelModule
from ..module_utils._virtfusion.argspec import CONNECTION
from ..module_utils._virtfusion.panel import VIRTFUSION
from ..module_utils._virtfusion.resources.selfservice_usage import SelfserviceCurrencyInfo

ARGUMENTS = CONNECTION

MODULE = PanelModule(VIRTFUSION, SelfserviceCurrencyInfo, ARGUMENTS)


def main() -> None:
    run_module(MODULE)


if __name__ == "__main__":
    main()
