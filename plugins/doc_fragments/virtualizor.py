# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What every Virtualizor module documents alike: how to reach the panel, and the limits of users."""

from __future__ import annotations


class ModuleDocFragment:
    """Options of the connection, and what they need."""

    DOCUMENTATION = r"""
options:
  api_url:
    description:
      - Address of the admin panel of the master, such as V(https://panel.example.com:4085).
      - An address without a port gets the panel's own, 4085 for https and 4084 for http. Behind a
        proxy on the standard port, say so, as in V(https://panel.example.com:443).
      - The credentials travel in the query of each request, so anything but https shows them to the
        network. Slaves refuse user plans and VPS plans.
    type: str
    required: true
  api_key:
    description:
      - Key of a pair of API credentials, made in the admin panel under API Credentials.
      - Required, but for O(api_auth=hash).
    type: str
  api_pass:
    description:
      - Pass of the pair.
    type: str
    required: true
  api_auth:
    description:
      - How the credentials are sent. V(pair) sends key and pass. V(hash) sends only a salted hash of
        the pass, which names no key and works for the master's own pass on older panels. V(both)
        sends all three, as the vendor's newer clients do.
      - A hash is no protection. Whoever reads it can send it again.
    type: str
    choices: [pair, hash, both]
    default: pair
  timeout:
    description:
      - Seconds to wait for the answer to one request. Connecting takes at most 10 of them.
    type: int
    default: 60
notes:
  - Each option of the connection can also come from the environment of the host that runs the
    module, from C(VIRTUALIZOR_API_URL), C(VIRTUALIZOR_API_KEY), C(VIRTUALIZOR_API_PASS),
    C(VIRTUALIZOR_API_AUTH), C(VIRTUALIZOR_VALIDATE_CERTS), C(VIRTUALIZOR_CA_PATH),
    C(VIRTUALIZOR_TIMEOUT), C(VIRTUALIZOR_TOTAL_TIMEOUT), C(VIRTUALIZOR_MAX_RESPONSE_SIZE),
    C(VIRTUALIZOR_MAX_PAGES), C(VIRTUALIZOR_RETRIES), C(VIRTUALIZOR_RETRY_BUDGET) and
    C(VIRTUALIZOR_RATE_LIMIT).
  - The panel comes with a certificate that it has signed itself. Rather than to turn
    O(validate_certs) off, save that certificate and name it in O(ca_path).
  - The panel puts credentials into the address of each request, so they may be in the logs of a
    proxy and of the panel. No address is shown by this collection, and no redirect followed.
  - Set them once for all modules with C(module_defaults) and the action group
    C(vpsfleet.panels.virtualizor).
"""

    LIMITS = r"""
options:
  priority:
    description:
      - Kind of user that it is for. V(0) is a normal user, V(1) an administrator, V(2) a cloud user.
    type: int
    choices: [0, 1, 2]
  dnsplan_id:
    description:
      - Id of the DNS plan; V(0) for none.
    type: int
  acl_id:
    description:
      - Id of the administrator ACL; V(0) for none. It matters to O(priority=1) only.
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
      - Whether the panel itself counts what is used and writes invoices.
    type: bool
  max_cost:
    description:
      - What one VPS may cost in a month, in the panel's currency. The vendor's form has it, the
        vendor's API documentation does not.
    type: float
  space:
    description:
      - Disk space in GB, of all VPSs together.
    type: int
  space_per_vm:
    description:
      - Disk space in GB of one VPS; not more than O(space). Newer panels only.
    type: int
  ram:
    description:
      - Memory in MB, of all VPSs together.
    type: int
  burst:
    description:
      - Burst memory in MB for OpenVZ, swap for the others.
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
      - CPU cores of one VPS at most.
    type: int
  cpu_percent:
    description:
      - Share in % of each core that a VPS may use.
    type: float
  num_cores:
    description:
      - CPU cores of all VPSs together; V(0) is unlimited.
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
      - Download speed in KB/s; V(0) is no limit.
    type: int
  upload_speed:
    description:
      - Upload speed in KB/s; V(0) is no limit, V(-1) is the value of O(network_speed).
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
      - Whether all VPSs of a cloud user are suspended when O(bandwidth) is used up.
    type: bool
  service_period:
    description:
      - Day of the month, from 0 to 31, on which the count of traffic begins.
    type: int
  allowed_virts:
    description:
      - All virtualizations that the user may choose, in any order; V([]) for none.
    type: list
    elements: str
    choices: [openvz, xen, xenhvm, kvm, xcp, xcphvm, lxc, proxo, proxk, proxl, vzk, vzo]
  sgs:
    description:
      - Ids of all server groups that the user may choose, in any order. V(0) is the default group.
      - With V([]) the user can create no VPS at all. That is not the same as V([0]).
    type: list
    elements: int
  mgs:
    description:
      - Ids of all media groups that the user may choose, in any order; V([]) allows all media.
    type: list
    elements: int
"""
