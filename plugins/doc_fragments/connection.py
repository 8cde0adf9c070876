# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What every module documents alike, whatever its panel: how its requests travel."""

from __future__ import annotations


class ModuleDocFragment:
    """Options of the connection, and what they need."""

    DOCUMENTATION = r"""
options:
  validate_certs:
    description:
      - Whether the panel's TLS certificate must be trusted.
    type: bool
    default: true
  ca_path:
    description:
      - File with the certificate authorities to trust, in PEM format.
      - Without it, the first of these counts - the file or folder in the environment variable
        E(REQUESTS_CA_BUNDLE), E(CURL_CA_BUNDLE), E(SSL_CERT_FILE) or E(SSL_CERT_DIR), the authorities of
        the operating system, the authorities of the Python package certifi.
    type: path
  total_timeout:
    description:
      - Seconds that one request may take in all, from connecting to the last byte of its response.
      - If O(timeout) is longer, it counts.
    type: int
    default: 300
  max_response_size:
    description:
      - Largest response to read, in MiB after decompression.
    type: int
    default: 64
  max_pages:
    description:
      - Most pages to read of one list.
    type: int
    default: 10000
  retries:
    description:
      - How often one request may be sent again after a fault that may pass.
      - What may be sent again is decided by what the request does. A request that makes something
        new is never repeated once it may have reached the panel.
      - After a response "too many requests", all requests of the task wait together and one of them
        tries for all. A refused try counts for each of them. A panel that never accepts thus gets one
        request from each worker and one for each retry.
    type: int
    default: 5
  retry_budget:
    description:
      - Seconds that the task may spend waiting before repeated requests, all together.
      - A panel that asks for a longer wait with C(Retry-After) ends the task at once.
    type: int
    default: 120
  rate_limit:
    description:
      - Requests per second that the task sends at most; V(0) means no limit.
    type: float
    default: 0
requirements:
  - requests
"""
