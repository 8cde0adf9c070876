# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A simulator of the panels that vpsfleet.panels manages.

One process, one port, state in memory, seeded deterministically. The frame in this package knows no
panel: requests, faults, log, switches and the control path `/_sim/` are the same for all of them.
Each panel lives in a package of its own (`virtfusion/`) and states, at each behaviour that its vendor does
not document, where that behaviour comes from:

- DOCUMENTED: the vendor's published API description or reference says so.
- OBSERVED: other people's clients show it.
- INFERRED: our deduction; where two answers are possible, a switch chooses (`GET /_sim/switches`).

"virtfusion 2.2" in a comment names section 2.2 of docs/apis/virtfusion.md.
"""
