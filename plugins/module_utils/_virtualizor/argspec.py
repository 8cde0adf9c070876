# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options shared by all Virtualizor modules."""

from __future__ import annotations

from .._core.argspec import ArgumentSpec, connection, text_option

#: How a request is authenticated (virtualizor 1.2).
API_AUTH = ("pair", "hash", "both")

#: The panel is slow: a timeout of 15 seconds was too short for another client (virtualizor 4.5).
_TIMEOUT_S = 60

CONNECTION: ArgumentSpec = connection(
    "VIRTUALIZOR",
    {
        "api_url": text_option("VIRTUALIZOR_API_URL", required=True),
        "api_key": text_option("VIRTUALIZOR_API_KEY", secret=True),
        "api_pass": text_option("VIRTUALIZOR_API_PASS", required=True, secret=True),
        "api_auth": {
            **text_option("VIRTUALIZOR_API_AUTH"),
            "choices": list(API_AUTH),
            "default": API_AUTH[0],
        },
    },
    timeout_s=_TIMEOUT_S,
)

#: Values of ``allowed_virts`` (virtualizor 2.6).
VIRTUALIZATIONS = (
    *("openvz", "xen", "xenhvm", "kvm", "xcp", "xcphvm", "lxc"),
    *("proxo", "proxk", "proxl", "vzk", "vzo"),
)
