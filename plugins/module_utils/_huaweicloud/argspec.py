# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The connection options of all Huawei Cloud modules."""

from __future__ import annotations

from .._core.argspec import connection, text
from .credentials import VARIABLES

CONNECTION = connection(
    "HUAWEICLOUD",
    {
        "region": text("HW_REGION_NAME", "OS_REGION_NAME", required=True),
        "project_id": text(
            "HW_PROJECT_ID", "OS_PROJECT_ID", "OS_TENANT_ID", "HUAWEICLOUD_SDK_PROJECT_ID"
        ),
        "domain_id": text("HW_DOMAIN_ID", "OS_DOMAIN_ID", "HUAWEICLOUD_SDK_DOMAIN_ID"),
        "access_key": text(*VARIABLES["access_key"], secret=True, blank=True),
        "secret_key": text(*VARIABLES["secret_key"], secret=True, blank=True),
        "security_token": text(*VARIABLES["security_token"], secret=True, blank=True),
        "auth_token": text(*VARIABLES["auth_token"], secret=True, blank=True),
        "user_name": text(*VARIABLES["user_name"], blank=True),
        "password": text(*VARIABLES["password"], secret=True, blank=True),
        "domain_name": text(*VARIABLES["domain_name"], blank=True),
        "cph_endpoint": text("HUAWEICLOUD_CPH_ENDPOINT"),
        "iam_endpoint": text("HUAWEICLOUD_IAM_ENDPOINT", "HUAWEICLOUD_SDK_IAM_ENDPOINT"),
        "bss_endpoint": text("HUAWEICLOUD_BSS_ENDPOINT"),
    },
)
