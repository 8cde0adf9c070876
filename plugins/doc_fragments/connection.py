# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Connection options that the modules of all panels share."""

from __future__ import annotations


class ModuleDocFragment:
    """Options of the connection, and its requirements."""

    DOCUMENTATION = r"""
options:
  validate_certs:
    description:
      - Whether to validate the TLS certificate of the panel.
    type: bool
    default: true
  ca_path:
    description:
      - File with the certificate authorities to trust, in PEM format.
      - Defaults to the file or folder in the environment variable E(REQUESTS_CA_BUNDLE),
        E(CURL_CA_BUNDLE), E(SSL_CERT_FILE) or E(SSL_CERT_DIR), in this order. If none is set, the
        default is the authorities of the operating system, or else of the Python package certifi.
    type: path
  total_timeout:
    description:
      - Maximum number of seconds for one request, from connecting to the last byte of its response.
      - If O(timeout) is longer, O(timeout) applies instead.
    type: int
    default: 300
  max_response_size:
    description:
      - Maximum size of a response, in MiB after decompression.
    type: int
    default: 64
  max_pages:
    description:
      - Maximum number of pages to read of one list.
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
      - Maximum number of seconds that the task waits before retries, in total.
      - If the panel asks for a longer wait with C(Retry-After), the task fails at once.
    type: int
    default: 120
  rate_limit:
    description:
      - Maximum number of requests per second; V(0) means no limit.
    type: float
    default: 0
requirements:
  - requests
"""
