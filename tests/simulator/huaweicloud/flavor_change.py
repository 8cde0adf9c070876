# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Change the flavor of a server: the most important operation, which costs money (huaweicloud_cph 2).

    accepted ── is_auto_pay, or nothing to pay ──→ processing ── delay ──→ completed: both names change at once
        └────── otherwise ──→ unpaid ── paid ──→ processing           └── cancelled: nothing changes

Only the two flavors and the order show the progress; there is no job and no status for it. The refusals of the
service are not documented: each is a switch.
"""

from __future__ import annotations

from ..exchange import Reply
from .call import GONE, Call, new_routes
from .records import FlavorChange, Order, PhoneModel, Server
from .refusals import SENTENCES, CpsError
from .state import NEVER, State, stamp

routes = new_routes()

CHANGE = 3
PROCESSING, CANCELLED, COMPLETED, UNPAID = 3, 4, 5, 6
NORMAL, FROZEN = 5, 8
YEARLY_MONTHLY = 0
LONGEST_ID, LONGEST_MODEL = 32, 64
PAYMENT_S = 24 * 3600
MONTHS_LEFT = 6
ANY_NUMBER = 10**9
"""More reads than any client makes."""

PRODUCT_ID = "00301-25217-0--0"


@routes.add("POST", "/v1/{project_id}/cloud-phone/servers/change-server-model")
def change_server_model(call: Call) -> Reply:
    """Order another flavor for one server."""
    server_id = call.body.get("server_id")
    target_names = _names(call)
    auto_pay = _auto_pay(call)
    if not isinstance(server_id, str) or not 0 < len(server_id) <= LONGEST_ID:
        raise CpsError("CPS.0016")
    server = call.find_server(server_id)
    if server is None or server["status"] == GONE:
        raise CpsError("CPS.0015")
    call.refuse_if_restricted()
    if call.fault is not None and call.fault.kind == "inner_failure":
        return _refused_inside("CPS.0042")
    try:
        target = _checked_target(call, server, *target_names)
    except CpsError as error:
        if call.switches.is_set("flavor_change_refusals", "ok_body"):
            return Reply(200, error.reply.value, refused=True)
        raise
    if target is None:
        return _refused_inside("CPS.0062")
    if auto_pay and not _is_payable(call, server, target):
        raise CpsError("CPS.0062")
    order = _place_order(call, server, target, auto_pay)
    return Reply(
        int(call.switches.word("flavor_change_http_status")),
        {"order_id": order["order_id"], "product_id": order["product_id"]},
    )


def _refused_inside(code: str) -> Reply:
    """Return a refusal in an answer of status 200."""
    return Reply(200, {"error_code": code, "error_msg": SENTENCES[code]}, refused=True)


def count_read(state: State, server_id: str) -> None:
    """Count a detail read of a server or its order. Enough reads complete the change."""
    for change in state.running_changes(server_id):
        if change["reads_left"] <= 0:
            _complete(state, change)
        else:
            change["reads_left"] -= 1


def advance_changes(state: State) -> None:
    """Complete the changes that are due, and cancel those that were not paid in time (INFERRED)."""
    now = state.now()
    for change in list(state.flavor_changes.values()):
        order = state.orders[change["order_id"]]
        moment = change["due"] or order["pending_payment_end_time"] or NEVER
        if order["status"] == CANCELLED:  # by the control path
            cancel(state, order)
        elif moment > now:
            state.wake_at(moment)
        elif change["due"] is None:
            cancel(state, order)
        else:
            _complete(state, change)


def start(state: State, order: Order) -> None:
    """Start the change of an order that is paid or needs no payment."""
    state.pay(order["amount"])
    change = state.flavor_changes[order["order_id"]]
    order["status"] = PROCESSING
    order["payment_time"] = state.now()
    order["pending_payment_end_time"] = None
    delay_s = change["delay_s"]
    due = NEVER if delay_s is None else stamp(state.clock, delay_s)
    change["due"] = due
    state.wake_at(due)


def cancel(state: State, order: Order) -> None:
    """Cancel an order and its change."""
    order["status"] = CANCELLED
    order["pending_payment_end_time"] = None
    state.end_change(state.flavor_changes[order["order_id"]])


def _names(call: Call) -> tuple[str, str]:
    """Return both flavors of the body. Each has a code for missing and one for invalid (huaweicloud_cph 2.8)."""
    server_model = call.body.get("server_model_name")
    phone_model = call.body.get("phone_model_name")
    if server_model in (None, ""):
        raise CpsError("CPS.0088")
    if not isinstance(server_model, str) or len(server_model.encode()) > LONGEST_MODEL:
        raise CpsError("CPS.0089")
    if phone_model in (None, ""):
        raise CpsError("CPS.0027")
    if not isinstance(phone_model, str):
        raise CpsError("CPS.0028")
    return server_model, phone_model


def _auto_pay(call: Call) -> bool:
    """Return `is_auto_pay`. Without it the order is not paid automatically (DOCUMENTED)."""
    extra = call.body.get("extend_param")
    if extra is None:
        return False
    if not isinstance(extra, dict):
        raise CpsError("CPS.0055")
    value = extra.get("is_auto_pay", 0)
    if isinstance(value, bool) or value not in (0, 1):
        raise CpsError("CPS.0060")
    return bool(value)


def _checked_target(
    call: Call, server: Server, server_model: str, phone_model: str
) -> PhoneModel | None:
    """Return the target row, or None for a refusal in an answer of status 200. The order of checks is INFERRED."""
    state, switches = call.state, call.switches
    if server["status"] != NORMAL:
        frozen = server["status"] == FROZEN
        raise CpsError("CPS.1028" if frozen else switches.word("flavor_not_ready"))
    if state.open_changes(server["server_id"]) and not switches.is_set("flavor_pending", "accept"):
        raise CpsError("CPS.0062")
    if (server_model, phone_model) == (server["server_model_name"], server["phone_model_name"]):
        if switches.is_set("flavor_same", "ok_body"):
            return None
        raise CpsError("CPS.0062")
    if server_model not in state.server_models:
        raise CpsError("CPS.0089")
    if all(row["phone_model_name"] != phone_model for row in state.phone_models.values()):
        raise CpsError("CPS.0028")
    target = state.pair_of(server_model, phone_model)
    if target is None:
        raise CpsError(switches.word("flavor_pair"))
    _check_rules(call, server, target)
    return target


def _check_rules(call: Call, server: Server, target: PhoneModel) -> None:
    """Refuse another generation or number of phones: the rules of all versions of the page (huaweicloud_cph 2.3)."""
    switches, models = call.switches, call.state.server_models
    current, wanted = models.get(server["server_model_name"]), models[target["server_model_name"]]
    other = current is not None and current["generation"] != wanted["generation"]
    plain = "special" not in wanted["server_model_name"]
    if other or (plain and switches.is_set("flavor_target", "special")):
        raise CpsError(switches.word("flavor_generation"))
    if target["phone_capacity"] != _capacity(call, server):
        raise CpsError(switches.word("flavor_count"))
    withdrawn = target["status"] == 0
    if withdrawn and not switches.is_set("flavor_withdrawn", "accept"):
        raise CpsError(switches.word("flavor_withdrawn"))


def _capacity(call: Call, server: Server) -> int:
    row = call.state.pair_of(server["server_model_name"], server["phone_model_name"])
    return row["phone_capacity"] if row else len(call.state.phones_of(server["server_id"]))


def _place_order(call: Call, server: Server, target: PhoneModel, auto_pay: bool) -> Order:
    """Create an order and its change. On-demand servers have nothing to pay in advance (INFERRED)."""
    state, switches = call.state, call.switches
    order: Order = {
        "order_id": state.new_order_id(),
        "order_type": CHANGE,
        "status": UNPAID,
        "server_id": server["server_id"],
        "product_id": PRODUCT_ID,
        "amount": _amount(state, server, target),
        "create_time": state.now(),
        "payment_time": None,
        "pending_payment_end_time": stamp(state.clock, PAYMENT_S),
    }
    state.orders[order["order_id"]] = order
    reads, delay_s = _delay(call)
    change: FlavorChange = {
        "order_id": order["order_id"],
        "server_id": server["server_id"],
        "server_model_name": target["server_model_name"],
        "phone_model_name": target["phone_model_name"],
        "reads_left": reads,
        "due": None,
        "delay_s": delay_s,
        "fails": call.fault is not None and call.fault.kind == "fail_job",
        "final_status": int(switches.word("flavor_change_final_status")),
    }
    state.add_change(change)
    state.wake_at(stamp(state.clock, PAYMENT_S))
    if switches.is_set("flavor_change_metadata_order", "change"):
        server["metadata"]["order_id"] = order["order_id"]
    if order["amount"] <= 0 or (auto_pay and state.can_pay(order["amount"])):
        start(state, order)
    return order


def _delay(call: Call) -> tuple[int, float | None]:
    """Return the detail reads and the virtual seconds that still show the old flavor; None for no end."""
    fault, switches = call.fault, call.switches
    if fault is not None and fault.kind == "late_effect":
        reads = fault.params["reads"]
        return ANY_NUMBER if reads is None else reads, fault.params["seconds"]
    seconds = switches.number("flavor_change_delay_s")
    if fault is not None and fault.kind == "slow_apply":
        return fault.params["reads"], seconds
    return switches.number("flavor_change_reads"), seconds


def _amount(state: State, server: Server, target: PhoneModel) -> float:
    """Return the amount due for the rest of the term. It is negative for a refund."""
    current = state.pair_of(server["server_model_name"], server["phone_model_name"])
    more = target["monthly_price"] - (current["monthly_price"] if current else 0)
    prepaid = server["metadata"]["charging_mode"] == YEARLY_MONTHLY
    return round(more * MONTHS_LEFT, 2) if prepaid else 0.0


def _is_payable(call: Call, server: Server, target: PhoneModel) -> bool:
    """Return whether an order with automatic payment is accepted with the current balance."""
    if call.switches.is_set("unpaid_auto_pay", "pending"):
        return True
    return call.state.can_pay(_amount(call.state, server, target))


def _complete(state: State, change: FlavorChange) -> None:
    """Change both names and those of the phones in one step, and complete the order (huaweicloud_cph 2.5)."""
    if change["fails"]:
        cancel(state, state.orders[change["order_id"]])
        return
    now, server = state.now(), state.servers[change["server_id"]]
    server["server_model_name"] = change["server_model_name"]
    server["phone_model_name"] = change["phone_model_name"]
    server["update_time"] = now
    server["status"] = change["final_status"]
    for phone in state.phones_of(server["server_id"]):
        phone["phone_model_name"] = change["phone_model_name"]
        phone["update_time"] = now
    state.orders[change["order_id"]]["status"] = COMPLETED
    state.end_change(change)
