# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The connection options of all Huawei Cloud modules."""

from __future__ import annotations

from .._core.argspec import connection, text_option
from .credentials import VARIABLES

CONNECTION = connection(
    "HUAWEICLOUD",
    {
        "region": text_option("HW_REGION_NAME", "OS_REGION_NAME", required=True),
        "project_id": text_option(
            "HW_PROJECT_ID", "OS_PROJECT_ID", "OS_TENANT_ID", "HUAWEICLOUD_SDK_PROJECT_ID"
        ),
        "domain_id": text_option("HW_DOMAIN_ID", "OS_DOMAIN_ID", "HUAWEICLOUD_SDK_DOMAIN_ID"),
        "access_key": text_option(*VARIABLES["access_key"], secret=True, blank=True),
        "secret_key": text_option(*VARIABLES["secret_key"], secret=True, blank=True),
        "security_token": text_option(*VARIABLES["security_token"], secret=True, blank=True),
        "auth_token": text_option(*VARIABLES["auth_token"], secret=True, blank=True),
        "user_name": text_option(*VARIABLES["user_name"], blank=True),
        "password": text_option(*VARIABLES["password"], secret=True, blank=True),
        "domain_name": text_option(*VARIABLES["domain_name"], blank=True),
        "cph_endpoint": text_option("HUAWEICLOUD_CPH_ENDPOINT"),
        "iam_endpoint": text_option("HUAWEICLOUD_IAM_ENDPOINT", "HUAWEICLOUD_SDK_IAM_ENDPOINT"),
        "bss_endpoint": text_option("HUAWEICLOUD_BSS_ENDPOINT"),
    },
)
