# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What every inventory plugin documents alike."""

from __future__ import annotations


class ModuleDocFragment:
    """Options that are about hosts rather than about a panel, and how hosts get their names."""

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
