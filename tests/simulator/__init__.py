# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A simulator of the panels that vpsfleet.panels manages.

One process, one port, state in memory, seeded deterministically. The frame in this package knows no
panel: requests, faults, log, switches and the control path `/_sim/` are the same for all of them.
Each panel has a package of its own (`virtfusion/`), which marks each behaviour with its provenance:

- DOCUMENTED: in the vendor's published API description or reference.
- OBSERVED: clients in production, or recorded answers, show it.
- INFERRED: a conclusion. Where two behaviours are possible, a switch chooses (`GET /_sim/switches`).

"virtfusion 2.2" in a comment names section 2.2 of docs/apis/virtfusion.md.
"""
