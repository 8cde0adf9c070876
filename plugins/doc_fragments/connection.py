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
      - File with the certificate authorities to trust, in PEM format. A relative path starts at the folder of the
        playbook, and on another host at the folder in which Ansible runs modules there.
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
      - Maximum number of retries of a request after a temporary failure.
      - The effect of a request decides whether it is retried. A request that creates something is
        never retried once it may have reached the panel.
      - After a response "too many requests", all requests of the task wait, and one of them is sent
        as a probe. A refused probe counts as a retry of each waiting request.
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
      - It applies to one task on one host. Tasks that run on several hosts at the same time send more in total, up to
        this number for each fork of Ansible. Bulk actions with the same C(state_dir) share it.
    type: float
    default: 0
requirements:
  - requests
notes:
  - Quote a name, or another text, that looks like a number. YAML reads C(0100) as 64, C(12:30) as 750 and C(1.10)
    as 1.1, so such an option does not accept a number. IDs can be numbers.
"""
