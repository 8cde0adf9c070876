# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options that all Huawei Cloud modules share: the services and the credentials."""

from __future__ import annotations


class ModuleDocFragment:
    """Options of the connection."""

    DOCUMENTATION = r"""
options:
  region:
    description:
      - Name of the region, such as V(cn-north-4). Cloud Phone Host has one endpoint per region.
    type: str
    required: true
  project_id:
    description:
      - ID of the project, 32 hexadecimal digits.
      - Defaults to the project of the account that has the same name as the region. The task fails if
        there is no such project, or more than one.
    type: str
  domain_id:
    description:
      - ID of the account. Only used if O(bss_endpoint) is set and orders are read with O(access_key).
    type: str
  access_key:
    description:
      - Access key ID (AK). Each request is signed; the secret key is never sent.
      - Set exactly one kind of credentials - O(access_key) with O(secret_key), O(auth_token), or
        O(user_name) with O(password) and O(domain_name). Credentials of the task take precedence over
        another kind in the environment.
    type: str
  secret_key:
    description:
      - Secret access key (SK) of O(access_key).
    type: str
  security_token:
    description:
      - Security token of a temporary O(access_key).
      - A security token in the environment is ignored if the task sets another O(access_key). The token in
        C(HUAWEICLOUD_SDK_SECURITY_TOKEN) is only used for the key in C(HUAWEICLOUD_SDK_AK), and the one in
        C(HW_SECURITY_TOKEN) only for a key in C(HW_ACCESS_KEY) or C(OS_ACCESS_KEY).
    type: str
  auth_token:
    description:
      - Token from IAM, scoped to the project of the region.
      - The order service may refuse it, since orders belong to the account. Use O(access_key), or O(user_name)
        with O(password), to read orders.
    type: str
  user_name:
    description:
      - Name of an IAM user. The module gets a token with O(password), once per task.
      - Users with a second factor and HUAWEI IDs cannot get a token with a password. Use
        O(access_key) for them.
    type: str
  password:
    description:
      - Password of O(user_name).
    type: str
  domain_name:
    description:
      - Name of the account that O(user_name) belongs to.
    type: str
  cph_endpoint:
    description:
      - Endpoint of Cloud Phone Host. Defaults to the public endpoint of the region.
    type: str
  iam_endpoint:
    description:
      - Endpoint of IAM. Defaults to the public endpoint of the region.
    type: str
  bss_endpoint:
    description:
      - Endpoint of the order service, such as V(https://bss.myhuaweicloud.com) for accounts of the
        Chinese site and V(https://bss-intl.myhuaweicloud.com) for accounts of the international site.
      - Only M(vpsfleet.panels.huaweicloud_cph_server_flavor) and
        M(vpsfleet.panels.huaweicloud_cph_server_flavors) use it. Without it they cannot read orders, and
        order nothing unless C(ignore_open_orders) is set.
    type: str
  timeout:
    description:
      - Seconds to wait for the response to a request. Connecting takes at most 10 of them.
    type: int
    default: 30
notes:
  - Each connection option can also be set in the environment of the host that runs the module. If
    several variables are listed, the first that is set is used. The region is in C(HW_REGION_NAME) or
    C(OS_REGION_NAME), the project in C(HW_PROJECT_ID), C(OS_PROJECT_ID), C(OS_TENANT_ID) or
    C(HUAWEICLOUD_SDK_PROJECT_ID), the account's ID in C(HW_DOMAIN_ID), C(OS_DOMAIN_ID) or
    C(HUAWEICLOUD_SDK_DOMAIN_ID).
  - The keys are in C(HW_ACCESS_KEY), C(OS_ACCESS_KEY) or C(HUAWEICLOUD_SDK_AK), in C(HW_SECRET_KEY),
    C(OS_SECRET_KEY) or C(HUAWEICLOUD_SDK_SK), and in C(HW_SECURITY_TOKEN) or
    C(HUAWEICLOUD_SDK_SECURITY_TOKEN). A token is in C(HW_AUTH_TOKEN) or C(OS_AUTH_TOKEN).
  - A user is in C(HW_USER_NAME) or C(OS_USERNAME), in C(HW_USER_PASSWORD) or C(OS_PASSWORD), and in
    C(HW_DOMAIN_NAME), C(OS_USER_DOMAIN_NAME) or C(OS_DOMAIN_NAME).
  - The endpoints are in C(HUAWEICLOUD_CPH_ENDPOINT), in C(HUAWEICLOUD_IAM_ENDPOINT) or
    C(HUAWEICLOUD_SDK_IAM_ENDPOINT), and in C(HUAWEICLOUD_BSS_ENDPOINT). The other options are in
    C(HUAWEICLOUD_VALIDATE_CERTS), C(HUAWEICLOUD_CA_PATH), C(HUAWEICLOUD_TIMEOUT),
    C(HUAWEICLOUD_TOTAL_TIMEOUT), C(HUAWEICLOUD_MAX_RESPONSE_SIZE), C(HUAWEICLOUD_MAX_PAGES),
    C(HUAWEICLOUD_RETRIES), C(HUAWEICLOUD_RETRY_BUDGET) and C(HUAWEICLOUD_RATE_LIMIT).
  - The module reads no configuration file of another tool and gets no credentials from a metadata
    service.
  - The clock of the host that runs the module must be accurate to 15 minutes. After more than 5
    refused signatures in a row, an access key is locked for 5 minutes, so a refused request is never
    retried.
  - Set connection options once for all modules with C(module_defaults) and the action group
    C(vpsfleet.panels.huaweicloud).
"""
