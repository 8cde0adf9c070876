# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Run flavor changes, from options to result."""

from __future__ import annotations

from typing import Any

from ansible_collections.vpsfleet.panels.plugins.module_utils._core.errors import PanelError
from ansible_collections.vpsfleet.panels.plugins.module_utils._huaweicloud.resources.server_flavor import (
    ServerFlavor,
)
from ansible_collections.vpsfleet.panels.plugins.modules.huaweicloud_cph_server_flavor import (
    ARGUMENTS,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.huaweicloud import (
    CHANGE,
    NEW,
    ORDERS,
    SERVER_ID,
    SERVERS,
    SHOW,
    fail_task,
    flavors,
    get,
    open_orders,
    order,
    post,
    run_task,
    server,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.scripted import Step, interrupted

OTHER_ID = "5e000000000000000000000000000008"
OTHER_SHOW = f"{SERVERS}/{OTHER_ID}"
WISH = {"server_model_name": NEW[0], "phone_model_name": NEW[1]}
PAID = {"auto_pay": True}
ORDERED = {"order_id": "CS1", "product_id": "p-9", "request_id": "r-1"}
READ_AND_CHECKED = (get(SHOW, server()), *flavors())
BODY = {"server_id": SERVER_ID, **WISH, "extend_param": {"is_auto_pay": 1}}
OLD_STILL, NEW_NOW = get(SHOW, server()), get(SHOW, server(flavor=NEW))
#: The requests before an order if open orders are ignored, and if they are read.
BLIND = (*READ_AND_CHECKED, OLD_STILL)
SEEN = (*READ_AND_CHECKED, *open_orders(), *open_orders(), OLD_STILL)
LOST = post(CHANGE, interrupted())


def move(*steps: Step, **changes: Any) -> dict[str, Any]:
    """Change the flavor of the server of the tests. Open orders are ignored if they cannot be read."""
    return run_task(ServerFlavor, ARGUMENTS, *steps, **_with_server(changes))


def fail_move(*steps: Step, **changes: Any) -> PanelError:
    """Run such a task, which must fail, and return the error."""
    return fail_task(ServerFlavor, ARGUMENTS, *steps, **_with_server(changes))


def order_read(status: int) -> Step:
    """Return a read of the placed order."""
    return get(f"{ORDERS}/details/CS1", {"order_info": order("CS1", status)})


def _with_server(changes: dict[str, Any]) -> dict[str, Any]:
    which = {} if "server_name" in changes else {"server_id": SERVER_ID}
    ignore = {"ignore_open_orders": "bss_endpoint" not in changes}
    return {**which, **ignore, **WISH, **changes}
