# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What every inventory plugin documents alike."""

from __future__ import annotations


class ModuleDocFragment:
    """How hosts are made and named, and how the requests of a read travel.

    A plugin adds to an option what is its own: where the environment has it, another default, other
    words. Ansible merges options key by key, but not what is inside of ``suboptions``.
    """

    DOCUMENTATION = r"""
requirements:
  - requests
notes:
  - Every option may be a template, with lookups and vaulted values. O(compose), O(groups) and
    O(keyed_groups) are evaluated for each host, all others once, with no variables but those of
    the command line.
  - Characters that mean something to Ansible in a pattern, a path or a template become underscores
    in the name of a host. Of servers that share a name none gets it, nor does a server get the name
    of a group; it has its id behind it. A warning tells which names are affected.
  - A server with the name of a host in another inventory source is taken for that host, with its
    address.
options:
  validate_certs:
    description:
      - Whether the panel's TLS certificate must be trusted.
    type: bool
    default: true
  ca_path:
    description:
      - File with the certificate authorities to trust instead of the system's, in PEM format.
    type: path
  timeout:
    description:
      - Seconds to wait for the answer to one request. Connecting takes at most 10 of them.
    type: int
    default: 30
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
    type: int
    default: 5
  retry_budget:
    description:
      - Seconds that may be spent waiting before repeated requests, all together, for each panel.
    type: int
    default: 120
  rate_limit:
    description:
      - Requests per second that are sent to a panel at most; V(0) means no limit.
    type: float
    default: 0
  hostvars_prefix:
    description:
      - What the names of the host variables begin with.
    type: str
  group_prefix:
    description:
      - What the names of the ready-made groups begin with.
    type: str
  full:
    description:
      - Whether hosts have all that is known of the server, rather than what most playbooks need.
    type: bool
    default: false
  workers:
    description:
      - How many requests are sent at a time, from 1 to 50.
    type: int
    default: 8
  stale_on_error:
    description:
      - Whether to go on with the servers of the last successful read, however old, when the panel
        does not answer, or not sensibly. Credentials that the panel refuses are an error all the same.
      - Needs O(cache), with a plugin that keeps its data.
    type: bool
    default: false
"""
