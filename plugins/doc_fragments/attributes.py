# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The attributes of modules, for the attributes section of their documentation."""

from __future__ import annotations


class ModuleDocFragment:
    """The attributes, and their values for a read-only module."""

    DOCUMENTATION = r"""
options: {}
attributes:
  check_mode:
    description: Can run in C(check_mode) and predict the result without modifying the panel.
  diff_mode:
    description: Returns what has changed, or in C(check_mode) what would change, when in diff mode.
  idempotent:
    description: A second run with the same arguments changes nothing.
"""

    INFO = r"""
options: {}
attributes:
  check_mode:
    support: full
    details: This module only reads.
  diff_mode:
    support: N/A
    details: This module only reads.
  idempotent:
    support: full
    details: This module only reads.
"""

    VIRTFUSION_GROUP = r"""
options: {}
attributes:
  action_group:
    description: Use C(group/vpsfleet.panels.virtfusion) in C(module_defaults) to set defaults for this module.
    support: full
    membership:
      - vpsfleet.panels.virtfusion
"""

    VIRTUALIZOR_GROUP = r"""
options: {}
attributes:
  action_group:
    description: Use C(group/vpsfleet.panels.virtualizor) in C(module_defaults) to set defaults for this module.
    support: full
    membership:
      - vpsfleet.panels.virtualizor
"""

    HUAWEICLOUD_GROUP = r"""
options: {}
attributes:
  action_group:
    description: Use C(group/vpsfleet.panels.huaweicloud) in C(module_defaults) to set defaults for this module.
    support: full
    membership:
      - vpsfleet.panels.huaweicloud
"""
