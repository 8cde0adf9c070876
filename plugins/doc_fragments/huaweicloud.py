# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What every Huawei Cloud module documents alike: how to reach the services, and who asks."""

from __future__ import annotations


class ModuleDocFragment:
    """Options of the connection, and what they need."""

    DOCUMENTATION = r"""
options:
  region:
    description:
      - Name of the region, such as V(cn-north-4). Cloud Phone Host has one address per region.
    type: str
    required: true
  project_id:
    description:
      - Id of the project, 32 hexadecimal digits.
      - Left out, it is the project of the credentials' account that is named as the region. The task
        fails if there is none, or more than one.
    type: str
  domain_id:
    description:
      - Id of the account itself. It is only of use where O(bss_endpoint) is set and orders are read
        with O(access_key).
    type: str
  access_key:
    description:
      - Access key id (AK). Each request is signed; the secret key never travels.
      - Set exactly one kind of credentials - O(access_key) with O(secret_key), O(auth_token), or
        O(user_name) with O(password) and O(domain_name). A kind that the task sets goes before one
        that the environment holds.
    type: str
  secret_key:
    description:
      - Secret access key (SK) of O(access_key).
    type: str
  security_token:
    description:
      - Security token of a temporary O(access_key).
      - One in the environment is not used with an O(access_key) that the task sets.
    type: str
  auth_token:
    description:
      - Token from IAM, scoped to the project of the region.
    type: str
  user_name:
    description:
      - Name of an IAM user. A token is fetched with O(password), once per task.
      - Users that need a second factor, and HUAWEI IDs, cannot get a token by password. Use
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
      - Address of Cloud Phone Host, if it is not the region's public one.
    type: str
  iam_endpoint:
    description:
      - Address of IAM, if it is not the region's public one.
    type: str
  bss_endpoint:
    description:
      - Address of the order service, such as V(https://bss.myhuaweicloud.com) for accounts of the
        Chinese site and V(https://bss-intl.myhuaweicloud.com) for those of the international one.
      - Left out, orders are not read. Only M(vpsfleet.panels.huaweicloud_cph_server_flavor) and
        M(vpsfleet.panels.huaweicloud_cph_server_flavors) make use of it.
    type: str
  timeout:
    description:
      - Seconds to wait for the answer to one request. Connecting takes at most 10 of them.
    type: int
    default: 30
notes:
  - Each option of the connection can also come from the environment of the host that runs the
    module. Of several variables the first that is set counts. The region is in C(HW_REGION_NAME) or
    C(OS_REGION_NAME), the project in C(HW_PROJECT_ID), C(OS_PROJECT_ID), C(OS_TENANT_ID) or
    C(HUAWEICLOUD_SDK_PROJECT_ID), the account's id in C(HW_DOMAIN_ID), C(OS_DOMAIN_ID) or
    C(HUAWEICLOUD_SDK_DOMAIN_ID).
  - The keys are in C(HW_ACCESS_KEY), C(OS_ACCESS_KEY) or C(HUAWEICLOUD_SDK_AK), in C(HW_SECRET_KEY),
    C(OS_SECRET_KEY) or C(HUAWEICLOUD_SDK_SK), and in C(HW_SECURITY_TOKEN) or
    C(HUAWEICLOUD_SDK_SECURITY_TOKEN). A token is in C(HW_AUTH_TOKEN) or C(OS_AUTH_TOKEN).
  - A user is in C(HW_USER_NAME) or C(OS_USERNAME), in C(HW_USER_PASSWORD) or C(OS_PASSWORD), and in
    C(HW_DOMAIN_NAME), C(OS_USER_DOMAIN_NAME) or C(OS_DOMAIN_NAME).
  - The addresses are in C(HUAWEICLOUD_CPH_ENDPOINT), in C(HUAWEICLOUD_IAM_ENDPOINT) or
    C(HUAWEICLOUD_SDK_IAM_ENDPOINT), and in C(HUAWEICLOUD_BSS_ENDPOINT). The other options are in
    C(HUAWEICLOUD_VALIDATE_CERTS), C(HUAWEICLOUD_CA_PATH), C(HUAWEICLOUD_TIMEOUT),
    C(HUAWEICLOUD_TOTAL_TIMEOUT), C(HUAWEICLOUD_MAX_RESPONSE_SIZE), C(HUAWEICLOUD_MAX_PAGES),
    C(HUAWEICLOUD_RETRIES), C(HUAWEICLOUD_RETRY_BUDGET) and C(HUAWEICLOUD_RATE_LIMIT).
  - No configuration file of another tool is read, and no metadata service is asked for credentials.
  - The clock of the host that runs the module must be right to 15 minutes. More than 5 refused
    signatures in a row lock an access key for 5 minutes, so a refusal is never repeated.
  - Set them once for all modules with C(module_defaults) and the action group
    C(vpsfleet.panels.huaweicloud).
"""
