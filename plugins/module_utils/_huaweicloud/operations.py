# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The operations of three services of Huawei Cloud.

``cph`` is Cloud Phone Host, ``iam`` has users and projects, ``bss`` has orders. A token is created
by POST and changes nothing, so that operation counts as a read.
"""

from __future__ import annotations

from .._core.dialect import Catalogue, acts, reads

CPH, IAM, BSS = "cph", "iam", "bss"

_PROJECT = "/v1/{project_id}"
_HOST = _PROJECT + "/cloud-phone"
_ORDERS = "/v2/orders/customer-orders"
_PAGE = "offset limit"
_CHAIN = "marker limit"
_SERVERS = f"server_name server_id network_version phone_model_name create_since create_until status {_PAGE}"
_OF_ORDERS = (
    f"status order_type order_id service_type_code create_time_begin create_time_end {_PAGE}"
)

# One operation a line, to read as a table.
# fmt: off
OPERATIONS = Catalogue(
    reads("create_token", "POST /v3/auth/tokens", "log in", query="nocatalog", body="auth", service=IAM),
    reads("list_projects", "GET /v3/projects", "list the projects", query="name", service=IAM),
    reads("list_servers", f"GET {_HOST}/servers", "list the cloud phone servers", query=_SERVERS, service=CPH),
    reads("show_server", f"GET {_HOST}/servers/{{server_id}}", "read cloud phone server {server_id}", service=CPH),
    # It places an order. Sent twice, it may place two (huaweicloud_cph 2.6).
    acts(
        "change_server_model",
        f"POST {_HOST}/servers/change-server-model",
        "change the flavor of a cloud phone server",
        body="server_id server_model_name phone_model_name extend_param",
        service=CPH,
    ),
    reads(
        "list_server_models", f"GET {_HOST}/server-models", "list the server flavors",
        query=f"product_type {_CHAIN}", service=CPH,
    ),
    reads(
        "list_phone_models", f"GET {_HOST}/phone-models", "list the phone flavors",
        query=f"status {_PAGE}", service=CPH,
    ),
    reads(
        "list_server_model_offerings", f"GET {_PROJECT}/server-model-offerings",
        "list where server flavors are sold", query=_CHAIN, service=CPH,
    ),
    reads(
        "list_phones", f"GET {_HOST}/phones", "list the cloud phones",
        query=f"phone_name server_id status type {_PAGE}", service=CPH,
    ),
    reads("show_phone", f"GET {_HOST}/phones/{{phone_id}}", "read cloud phone {phone_id}", service=CPH),
    reads(
        "list_jobs", f"GET {_HOST}/jobs", "list the jobs of a request",
        query=f"request_id request_ids {_PAGE}", service=CPH,
    ),
    reads("show_job", f"GET {_HOST}/jobs/{{job_id}}", "read job {job_id}", service=CPH),
    reads("list_orders", f"GET {_ORDERS}", "list the orders", query=_OF_ORDERS, service=BSS),
    reads("show_order", f"GET {_ORDERS}/details/{{order_id}}", "read order {order_id}", query=_PAGE, service=BSS),
)
# fmt: on
