# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options that all VirtFusion modules share: the connection, and how to select a server or user."""

from __future__ import annotations


class ModuleDocFragment:
    """Options of the connection, and how to select a server or a user."""

    DOCUMENTATION = r"""
options:
  api_url:
    description:
      - Address of the panel, such as V(https://panel.example.com).
      - If the address has no path, V(/api/v1) is added.
    type: str
    required: true
  api_token:
    description:
      - API token. Create it in the panel under Configuration, API.
    type: str
    required: true
  timeout:
    description:
      - Seconds to wait for the response to a request. Connecting takes at most 10 of them.
    type: int
    default: 30
notes:
  - Each connection option can also be set in the environment of the host that runs the module, with
    C(VIRTFUSION_API_URL), C(VIRTFUSION_API_TOKEN), C(VIRTFUSION_VALIDATE_CERTS),
    C(VIRTFUSION_CA_PATH), C(VIRTFUSION_TIMEOUT), C(VIRTFUSION_TOTAL_TIMEOUT),
    C(VIRTFUSION_MAX_RESPONSE_SIZE), C(VIRTFUSION_MAX_PAGES), C(VIRTFUSION_RETRIES),
    C(VIRTFUSION_RETRY_BUDGET) and C(VIRTFUSION_RATE_LIMIT).
  - Set connection options once for all modules with C(module_defaults) and the action group
    C(vpsfleet.panels.virtfusion).
"""

    SERVER = r"""
options:
  server_id:
    description:
      - ID of the server. Exactly one of O(server_id), O(server_uuid) and O(server_name) must be set.
    type: int
  server_uuid:
    description:
      - UUID of the server.
      - The module reads the list of all servers to find a UUID; O(server_id) is faster.
    type: str
  server_name:
    description:
      - Exact, case-sensitive name of the server. The task fails if several servers have this name.
      - The module reads the list of all servers to find a name; O(server_id) is faster.
    type: str
"""

    USER = r"""
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
"""

    USER_ID = r"""
options:
  user_id:
    description:
      - The panel's own ID of the user. Exactly one of O(user_id), O(ext_relation_id) and
        O(relation_string) must be set.
    type: int
  ext_relation_id:
    description:
      - External relation ID of the user.
    type: int
  relation_string:
    description:
      - External relation string of the user.
    type: str
"""
