# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options that Virtualizor modules share: the connection, and the limits of users."""

from __future__ import annotations


class ModuleDocFragment:
    """Options of the connection, and the limits of users."""

    DOCUMENTATION = r"""
options:
  api_url:
    description:
      - Address of the admin panel of the master, such as V(https://panel.example.com:4085).
      - If the address has no port, port 4085 is used for https and port 4084 for http. If a proxy
        listens on the standard port, add that port, as in V(https://panel.example.com:443).
      - Use https. The panel requires the credentials in the query of each request, and http sends
        them unencrypted.
      - Slaves refuse user plans and VPS plans.
    type: str
    required: true
  api_key:
    description:
      - Key of a pair of API credentials. Create it in the admin panel under API Credentials.
      - Required unless O(api_auth=hash).
    type: str
  api_pass:
    description:
      - Pass of the pair of API credentials.
    type: str
    required: true
  api_auth:
    description:
      - How to send the credentials.
      - V(pair) sends key and pass.
      - V(hash) sends only a salted hash of the pass. Use it for the master's own pass on older panels,
        which has no key.
      - V(both) sends all three, as the vendor's newer clients do.
      - A hash does not protect the pass. An attacker who reads the hash can send it again.
    type: str
    choices: [pair, hash, both]
    default: pair
  timeout:
    description:
      - Seconds to wait for the response to a request. Connecting takes at most 10 of them.
    type: int
    default: 60
notes:
  - Each connection option can also be set in the environment of the host that runs the module, with
    C(VIRTUALIZOR_API_URL), C(VIRTUALIZOR_API_KEY), C(VIRTUALIZOR_API_PASS),
    C(VIRTUALIZOR_API_AUTH), C(VIRTUALIZOR_VALIDATE_CERTS), C(VIRTUALIZOR_CA_PATH),
    C(VIRTUALIZOR_TIMEOUT), C(VIRTUALIZOR_TOTAL_TIMEOUT), C(VIRTUALIZOR_MAX_RESPONSE_SIZE),
    C(VIRTUALIZOR_MAX_PAGES), C(VIRTUALIZOR_RETRIES), C(VIRTUALIZOR_RETRY_BUDGET) and
    C(VIRTUALIZOR_RATE_LIMIT).
  - The panel is installed with a self-signed certificate. Save that certificate and set O(ca_path) to
    it, instead of disabling O(validate_certs).
  - The URL of each request contains the credentials, so logs of the panel and of a proxy may contain
    them. This collection never shows these URLs and follows no redirect.
  - Set connection options once for all modules with C(module_defaults) and the action group
    C(vpsfleet.panels.virtualizor).
"""

    LIMITS = r"""
options:
  priority:
    description:
      - Type of the user. V(0) is a normal user, V(1) an administrator, V(2) a cloud user.
    type: int
    choices: [0, 1, 2]
  dnsplan_id:
    description:
      - ID of the DNS plan; V(0) for none.
    type: int
  acl_id:
    description:
      - ID of the administrator ACL; V(0) for none. Only relevant if O(priority=1).
    type: int
  num_vs:
    description:
      - Number of VPSs that the user can create; V(0) is unlimited.
    type: int
  num_users:
    description:
      - Number of users that the user can create; V(0) is unlimited.
    type: int
  inhouse_billing:
    description:
      - Whether the panel meters usage and creates invoices.
    type: bool
  max_cost:
    description:
      - Maximum monthly cost of one VPS, in the panel's currency. The panel's form has this field, but
        the vendor's API documentation does not.
    type: float
  space:
    description:
      - Disk space of all VPSs in total, in GB.
    type: int
  space_per_vm:
    description:
      - Disk space of one VPS, in GB; not more than O(space). Newer panels only.
    type: int
  ram:
    description:
      - Memory of all VPSs in total, in MB.
    type: int
  burst:
    description:
      - Burst memory for OpenVZ, swap for other virtualizations, in MB.
    type: int
  bandwidth:
    description:
      - Traffic in GB per month; V(0) is unlimited. The vendor does not document the unit.
    type: int
  cpu:
    description:
      - Default CPU weight.
    type: int
  cores:
    description:
      - Maximum number of CPU cores of one VPS.
    type: int
  cpu_percent:
    description:
      - Percentage of each core that a VPS may use.
    type: float
  num_cores:
    description:
      - Number of CPU cores of all VPSs in total; V(0) is unlimited.
    type: int
  num_ipv4:
    description:
      - Number of IPv4 addresses.
    type: int
  num_ipv6:
    description:
      - Number of IPv6 addresses.
    type: int
  num_ipv6_subnet:
    description:
      - Number of IPv6 subnets.
    type: int
  num_ip_int:
    description:
      - Number of internal addresses. Newer panels only.
    type: int
  network_speed:
    description:
      - Download speed in KB/s; V(0) is unlimited.
    type: int
  upload_speed:
    description:
      - Upload speed in KB/s; V(0) is unlimited, V(-1) is the value of O(network_speed).
    type: int
  total_iops_sec:
    description:
      - Disk operations per second. Newer panels only.
    type: int
  read_bytes_sec:
    description:
      - Disk reads in MB/s. Newer panels only.
    type: int
  write_bytes_sec:
    description:
      - Disk writes in MB/s. Newer panels only.
    type: int
  band_suspend:
    description:
      - Whether to suspend all VPSs of a cloud user when O(bandwidth) is used up.
    type: bool
  service_period:
    description:
      - Day of the month, from 0 to 31, on which the traffic counter restarts.
    type: int
  allowed_virts:
    description:
      - All virtualizations that the user may choose, in any order; V([]) for none.
    type: list
    elements: str
    choices: [openvz, xen, xenhvm, kvm, xcp, xcphvm, lxc, proxo, proxk, proxl, vzk, vzo]
  sgs:
    description:
      - IDs of all server groups that the user may choose, in any order. V(0) is the default group.
      - With V([]), the user cannot create a VPS. This is not the same as V([0]).
    type: list
    elements: int
  mgs:
    description:
      - IDs of all media groups that the user may choose, in any order; V([]) allows all media.
    type: list
    elements: int
"""
