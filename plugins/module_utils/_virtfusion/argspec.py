# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options shared by all VirtFusion modules."""

from __future__ import annotations

from .._core.argspec import ArgumentSpec, connection, one_of, text_option

CONNECTION = connection(
    "VIRTFUSION",
    {
        "api_url": text_option("VIRTFUSION_API_URL", required=True),
        "api_token": text_option("VIRTFUSION_API_TOKEN", required=True, secret=True),
    },
)

#: One server, by any of its three keys.
FIND_SERVER = one_of("server_id", "server_uuid", "server_name", created="server_id") + ArgumentSpec(
    {
        "server_id": {"type": "int"},
        "server_uuid": {"type": "str"},
        "server_name": {"type": "str"},
    }
)

#: One user, by a key that the caller chose when creating the user (virtfusion 6).
FIND_USER = one_of("ext_relation_id", "relation_string") + ArgumentSpec(
    {"ext_relation_id": {"type": "int"}, "relation_string": {"type": "str"}}
)

#: One user, for requests that need the panel's own user ID.
FIND_USER_BY_ID = one_of(
    "user_id", "ext_relation_id", "relation_string", created="user_id"
) + ArgumentSpec({"user_id": {"type": "int"}, **FIND_USER.options})
