# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options that all inventory plugins share."""

from __future__ import annotations


class ModuleDocFragment:
    """How hosts are made and named, and how requests are sent.

    A plugin adds its environment variables to an option, or replaces its default or description.
    Ansible merges options key by key, but not inside ``suboptions``.
    """

    DOCUMENTATION = r"""
requirements:
  - requests
notes:
  - Every option may be a template, with lookups and vaulted values. O(compose), O(groups) and
    O(keyed_groups) are evaluated for each host, all others once, with no variables but those of
    the command line.
  - Quote a name, or another text, that looks like a number. YAML reads C(0100) as 64, C(12:30) as 750 and C(1.10)
    as 1.1, so such an option does not accept a number. IDs can be numbers.
  - In the name of a host, everything but letters, digits, V(_), V(.), V(-) and V(+) becomes an
    underscore, and a very long name is shortened. If several servers have the same name, none of
    them gets it; each name is followed by the ID of the server. The same applies to a server with
    the name of a group, of the controller, such as V(localhost), or of a host in another inventory
    source, and to a server that is named by an IP address of another machine. A warning shows the
    names that are changed.
  - If different objects of a panel would have the same group by O(group_by), such as packages V(EU-1) and
    V(EU 1), each has a group of its own, whose name ends with the ID of the object. A warning shows them.
    Names of groups by O(groups) and O(keyed_groups) are not changed.
  - Two entries of O(panels) with the same address and credentials are refused, since each server would be two hosts.
    If two other entries have servers in common, such as one panel with two addresses, a warning shows this.
options:
  validate_certs:
    description:
      - Whether to validate the TLS certificate of the panel.
    type: bool
    default: true
  ca_path:
    description:
      - File with the certificate authorities to trust, in PEM format. A relative path starts at the folder in which
        Ansible was started.
      - Defaults to the file or folder in the environment variable E(REQUESTS_CA_BUNDLE),
        E(CURL_CA_BUNDLE), E(SSL_CERT_FILE) or E(SSL_CERT_DIR), in this order. If none is set, the
        default is the authorities of the operating system, or else of the Python package certifi.
    type: path
  timeout:
    description:
      - Seconds to wait for the response to a request. Connecting takes at most 10 of them.
    type: int
    default: 30
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
    type: int
    default: 5
  retry_budget:
    description:
      - Maximum number of seconds to wait before retries, in total, for each panel.
    type: int
    default: 120
  rate_limit:
    description:
      - Maximum number of requests per second to a panel; V(0) means no limit.
    type: float
    default: 0
  hostvars_prefix:
    description:
      - Prefix of the names of the host variables.
    type: str
  group_prefix:
    description:
      - Prefix of the names of the ready-made groups.
    type: str
  no_address:
    description:
      - What to do with a server that lacks the address in O(connect_with), or if O(connect_with=none).
        Without C(ansible_host), Ansible would connect to the name of the host, which a customer may have
        chosen.
      - V(unreachable) sets C(ansible_host) to V(no-address.invalid.), which never resolves. Tasks that
        are delegated or use C(connection=local) run as usual. O(compose) can set another address.
      - V(skip) leaves the server out.
      - V(use_name) connects to the name of the host. Use it only if customers cannot choose the names.
    type: str
    choices: [unreachable, skip, use_name]
    default: unreachable
  on_name_conflict:
    description:
      - What to do if a host of another inventory source has the name of a server, whether Ansible
        reads that source before this one or after it.
      - V(rename) puts the ID of the server behind its name.
      - V(merge) makes one host of the two, with the variables of both. Use it if another source sets
        variables or groups of these hosts, and only if customers cannot choose the names.
    type: str
    choices: [rename, merge]
    default: rename
  on_unmatched_filter:
    description:
      - What to do if a filter names something that no server has, such as a hypervisor without
        servers or an excluded name that does not exist. This is often a typo.
      - If the panel itself filters the servers, and a value matches none of them, the list of all servers is read,
        too. With V(ignore) it is not.
      - An empty result alone is not reported. Filters by state or suspension are not checked.
    type: str
    choices: [warn, fail, ignore]
    default: warn
  on_error:
    description:
      - What to do if an option in the source file is wrong, or if a panel cannot be read and O(stale_on_error)
        does not help.
      - V(fail) ends the run with an error before any play starts.
      - V(warn) shows a warning and continues without the servers of this source, as Ansible does for other
        sources unless C(any_unparsed_is_failed) is set.
    type: str
    choices: [fail, warn]
    default: fail
  full:
    description:
      - Whether hosts have all variables of the server, not only those that most playbooks need.
    type: bool
    default: false
  workers:
    description:
      - Maximum number of requests at the same time, from 1 to 50.
    type: int
    default: 8
  stale_on_error:
    description:
      - Whether to use the servers of the last successful read, however old, if the panel does not
        respond or its response cannot be read. It is still an error if the panel refuses the
        credentials.
      - A warning shows the age of these servers. Each of their hosts has the variable C(stale), with the prefix
        O(hostvars_prefix), which is true.
      - Requires O(cache) with a cache plugin that stores its data.
    type: bool
    default: false
"""
