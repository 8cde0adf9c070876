# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test the plan of a VPS: label, values and refusals."""

from __future__ import annotations

import pytest

from ansible_collections.vpsfleet.panels.plugins.module_utils._core.errors import Code
from ansible_collections.vpsfleet.panels.tests.unit.support.scripted import answer, interrupted
from ansible_collections.vpsfleet.panels.tests.unit.support.tasks import outcomes
from ansible_collections.vpsfleet.panels.tests.unit.support.virtualizor import read
from ansible_collections.vpsfleet.panels.tests.unit.support.virtualizor_vps import (
    DONE,
    SECRETS,
    change,
    fail_move,
    form,
    move,
    plan,
    plans,
    servers,
    states,
    vps,
)

BIGGER = {"ram": "4096", "cores": "4"}


def moved(record):
    """Return the outcomes other than ``unchanged``."""
    return {name: what for name, what in outcomes(record).items() if what != "unchanged"}


def test_label_and_values_are_changed_and_verified():
    result = move(
        form(vps()),
        plans(plan(**BIGGER)),
        change(DONE),
        form(vps(plid="3", **BIGGER)),
        states(v17=1),
    )
    assert result["changed"] is True
    assert moved(result) == {"plan_id": "changed", "ram": "changed", "cores": "changed"}
    assert result["diff"]["before"] == {"plan_id": 2, "ram": 2048, "cores": 2}
    assert result["diff"]["after"] == {"plan_id": 3, "ram": 4096, "cores": 4}
    assert result["restart_required"] is True
    assert result["plan"]["plan_name"] == "KVM 4G"
    assert not any(secret in str(result) for secret in SECRETS)


@pytest.mark.parametrize(
    "done",
    [{"done": True}, {"done": 1}, {"done": "1"}, {"done": {"done": True}}, {"done_msg": "Saved"}],
)
def test_every_form_of_done_is_accepted(done):
    result = move(form(vps()), plans(plan()), change(done), form(vps(plid="3")))
    assert moved(result) == {"plan_id": "changed"}


def test_nothing_is_sent_without_a_difference():
    result = move(form(vps(plid="3")), plans(plan()))
    assert result["changed"] is False
    assert result["restart_required"] is False
    assert result["api_calls"]["write"] == 0


def test_the_right_label_with_other_values_is_a_difference():
    result = move(
        form(vps(plid="3", ram="3072")),
        plans(plan()),
        change(DONE),
        form(vps(plid="3")),
        states(v17=0),
    )
    assert moved(result) == {"ram": "changed"}
    assert result["restart_required"] is False


def test_the_label_alone():
    result = move(
        form(vps()),
        plans(plan(**BIGGER)),
        change(DONE, apply_plan=False),
        form(vps(plid="3")),
        apply_plan=False,
    )
    assert outcomes(result) == {"plan_id": "changed"}
    assert result["restart_required"] is False
    assert result["warnings"] == []


def test_values_changed_with_the_label_are_a_warning():
    result = move(
        form(vps()),
        plans(plan(**BIGGER)),
        change(DONE, apply_plan=False),
        form(vps(plid="3", **BIGGER)),
        states(v17=1),
        apply_plan=False,
    )
    assert result["restart_required"] is True
    name = "VPS 17 (web17.example.com)"
    assert result["warnings"] == [
        f"{name}: the panel has also changed ram from 2048 to 4096",
        f"{name}: the panel has also changed cores from 2 to 4",
    ]
    assert moved(result) == {"plan_id": "changed", "ram": "changed", "cores": "changed"}
    assert result["diff"]["before"] == {"plan_id": 2, "ram": 2048, "cores": 2}


def test_check_mode_predicts_and_does_not_write():
    steps = (form(vps()), plans(plan(**BIGGER)), states(v17=1))
    result = move(*steps, check_mode=True)
    assert result["changed"] is True
    assert result["vps"]["ram"] == 4096
    assert result["restart_required"] is True
    assert result["api_calls"]["write"] == 0


def test_a_vps_of_a_silent_node_counts_as_running():
    steps = (
        form(vps()),
        plans(plan(**BIGGER)),
        read("vs&vs_status=17", {"error": ["The node is down"]}),
    )
    assert move(*steps, check_mode=True)["restart_required"] is True


def test_an_ignored_value_is_refused_by_field():
    error = fail_move(
        form(vps()),
        plans(plan(**BIGGER)),
        change(DONE),
        form(vps(plid="3", ram="4096")),
        states(v17=1),
    )
    assert error.code is Code.REFUSED
    assert error.partial is True
    assert (
        "cores stays at 2 instead of 4: the panel accepted the change but does not show it"
        in error.msg
    )
    assert [row["field"] for row in error.result["refused"]] == ["cores"]
    assert error.result["changed"] is True
    assert error.result["restart_required"] is True


def test_an_ignored_label_is_refused():
    error = fail_move(form(vps()), plans(plan()), change(DONE), form(vps()))
    assert "plan_id stays at 2 instead of 3" in error.msg
    assert error.partial is False


@pytest.mark.parametrize("check_mode", [True, False])
def test_a_smaller_disk_fails_and_sends_nothing(check_mode):
    error = fail_move(form(vps(space="80")), plans(plan(**BIGGER)), check_mode=check_mode)
    assert error.code is Code.REFUSED
    assert (
        "space stays at 80 GB instead of 40 GB: the panel never makes a disk smaller" in error.msg
    )


def test_a_smaller_disk_can_be_a_warning():
    result = move(
        form(vps(space="80")),
        plans(plan(**BIGGER)),
        change(DONE),
        form(vps(space="80", plid="3", **BIGGER)),
        states(v17=1),
        on_refused="warn",
    )
    assert moved(result) == {
        "plan_id": "changed",
        "space": "refused",
        "ram": "changed",
        "cores": "changed",
    }
    (warning,) = result["warnings"]
    assert warning.startswith("VPS 17 (web17.example.com): space stays at 80 GB")


def test_a_panel_can_refuse_the_whole_change_because_of_the_disk():
    error = fail_move(
        form(vps(space="80")),
        plans(plan(**BIGGER)),
        change({"error": {"err_space": "Speicher kann nicht verkleinert werden"}}),
        form(vps(space="80")),
        on_refused="ignore",
    )
    assert error.code is Code.REFUSED
    assert error.msg == (
        "Cannot change the plan of VPS 17: Speicher kann nicht verkleinert werden "
        "(perhaps because the disk would have to shrink)"
    )


def test_a_larger_disk_of_the_plan_is_a_change():
    result = move(
        form(vps()),
        plans(plan(space="80")),
        change(DONE),
        form(vps(plid="3", space="80")),
        states(v17=2),
    )
    assert moved(result) == {"plan_id": "changed", "space": "changed"}
    assert result["restart_required"] is False


def test_a_value_of_one_side_alone_is_not_compared():
    record = {key: value for key, value in vps(plid="3").items() if key != "upload_speed"}
    result = move(form(record), plans(plan(upload_speed="9")))
    assert not {"upload_speed", "total_iops_sec"} & set(outcomes(result))


@pytest.mark.parametrize("key", ["ram", "cores", "bandwidth", "space"])
def test_a_hidden_required_value_is_a_protocol_error(key):
    record = {name: value for name, value in vps().items() if name != key}
    error = fail_move(form(record))
    assert error.code is Code.PROTOCOL
    assert error.msg == f"Cannot read VPS 17: the panel does not show its {key}"


@pytest.mark.parametrize("empty", [None, ""])
@pytest.mark.parametrize("key", ["ram", "cores", "bandwidth", "space"])
def test_an_empty_amount_is_unknown_and_not_zero(key, empty):
    error = fail_move(form({**vps(), key: empty}))
    assert error.msg == f"Cannot read VPS 17: the panel does not show its {key}"


@pytest.mark.parametrize("empty", [None, ""])
def test_an_empty_limit_is_no_limit(empty):
    result = move(form(vps(plid="3", network_speed=empty)), plans(plan(network_speed="0")))
    assert outcomes(result)["network_speed"] == "unchanged"


@pytest.mark.parametrize("empty", [None, ""])
def test_an_empty_swap_is_not_compared(empty):
    result = move(form(vps(plid="3", swap=empty)), plans(plan(swap="512")))
    assert "swap" not in outcomes(result)


@pytest.mark.parametrize(
    ("virt", "compared"), [("kvm", "swap"), ("lxc", "swap"), ("openvz", "burst")]
)
def test_burst_is_for_containers_that_burst_and_swap_for_all_others(virt, compared):
    other = {"burst": "512", "swap": "2048"}
    record = vps(virt=virt, plid="3")
    result = move(form(record), plans(plan(virt=virt, **other)), states(v17=1), check_mode=True)
    assert moved(result) == {compared: "changed"}


@pytest.mark.parametrize(("own", "given"), [("-1", "12800"), ("12800", "-1")])
def test_an_upload_speed_has_two_notations(own, given):
    result = move(form(vps(plid="3", upload_speed=own)), plans(plan(upload_speed=given)))
    assert result["changed"] is False


def test_a_resolved_upload_speed_is_not_a_refusal():
    result = move(
        form(vps(upload_speed="100")),
        plans(plan()),
        change(DONE),
        form(vps(plid="3", upload_speed="12800")),
        states(v17=1),
    )
    assert moved(result) == {"plan_id": "changed", "upload_speed": "changed"}


def test_no_limit_is_not_the_same_as_the_other_speed():
    result = move(
        form(vps(plid="3", upload_speed="0")), plans(plan()), states(v17=1), check_mode=True
    )
    assert moved(result) == {"upload_speed": "changed"}


@pytest.mark.parametrize("check_mode", [True, False])
@pytest.mark.parametrize(
    ("record", "target", "code", "message"),
    [
        (vps(locked="1"), plan(), Code.LOCKED, "the VPS is locked"),
        (vps(), plan(virt="lxc"), Code.REFUSED, "the plan is for lxc, and the VPS is kvm"),
        (vps(), plan(is_enabled="0"), Code.REFUSED, "the plan is disabled"),
    ],
)
def test_an_impossible_change_is_refused_and_sends_nothing(
    record, target, code, message, check_mode
):
    error = fail_move(form(record), plans(target), check_mode=check_mode)
    assert error.code is code
    assert error.message == message
    assert error.msg.startswith("Cannot change VPS 17 (web17.example.com) to plan 3 (KVM 4G): ")


def test_a_locked_vps_is_retryable():
    assert fail_move(form(vps(locked="1")), plans(plan())).retryable is True


def test_a_disabled_plan_is_kept_and_set_only_if_allowed():
    move(
        form(vps()),
        plans(plan(is_enabled="0")),
        change(DONE),
        form(vps(plid="3")),
        allow_disabled=True,
    )
    move(form(vps(plid="3")), plans(plan(is_enabled="0")))


@pytest.mark.parametrize(
    ("own", "given"), [("xen", "xenhvm"), ("xenhvm", "xen"), ("xcp", "xcphvm")]
)
def test_variants_of_one_virtualization_are_sent(own, given):
    move(form(vps(virt=own)), plans(plan(virt=given)), change(DONE), form(vps(plid="3", virt=own)))


def test_a_change_with_a_lost_response_is_verified_and_not_repeated():
    result = move(
        form(vps()),
        plans(plan(**BIGGER)),
        change(interrupted()),
        form(vps(plid="3", **BIGGER)),
        form(vps(plid="3", **BIGGER)),
        states(v17=1),
    )
    assert result["changed"] is True
    assert result["api_calls"]["write"] == 1


def test_a_lost_change_is_sent_again():
    result = move(
        form(vps()),
        plans(plan()),
        change(interrupted()),
        form(vps()),
        change(DONE),
        form(vps(plid="3")),
    )
    assert result["api_calls"]["write"] == 2


def test_an_ignored_submission_is_not_a_success():
    error = fail_move(form(vps()), plans(plan()), change({"vps": {}}))
    assert error.code is Code.PROTOCOL
    assert "the panel ignored the submission" in error.msg
    assert error.uncertain is True


# -- selection ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("option", "value", "query"),
    [
        ("vps_name", "v1017", {"search": 1, "vpsname": "v1017", "reslen": 200}),
        (
            "hostname",
            "web17.example.com",
            {"search": 1, "vpshostname": "web17.example.com", "reslen": 200},
        ),
        ("vps_uuid", "00000000-0000-4000-8000-000000000017", {"reslen": 200}),
    ],
)
def test_a_vps_is_found_by_its_names(option, value, query):
    others = vps(1), vps(170, hostname="web17.example.com.test", vps_name="v10170")
    result = move(
        servers(*others, vps(), query=query), form(vps(plid="3")), plans(plan()), **{option: value}
    )
    assert result["vps"]["id"] == 17


def test_an_empty_search_is_followed_by_a_read_of_the_list():
    error = fail_move(
        servers(), servers(vps(), query={"reslen": 200}), hostname="web18.example.com"
    )
    assert error.code is Code.NOT_FOUND
    assert "did you mean 'web17.example.com'?" in error.msg


def test_a_duplicate_name_requires_an_id():
    twins = vps(), vps(18, hostname="web17.example.com")
    error = fail_move(servers(*twins), hostname="web17.example.com")
    assert error.code is Code.AMBIGUOUS
    assert error.msg == (
        "Cannot find the VPS with the hostname 'web17.example.com': "
        "2 have that hostname, with the IDs 17, 18 (set vps_id)"
    )


@pytest.mark.parametrize("record", [None, vps(18)])
def test_a_missing_vps(record):
    error = fail_move(form(record))
    assert error.code is Code.NOT_FOUND
    assert error.msg == "Cannot read VPS 17: there is no such VPS"


def test_a_plan_name_must_match_exactly():
    result = move(
        form(vps(plid="3")),
        plans(plan(8, "KVM 4G SSD"), plan(), query={"planname": "KVM 4G", "reslen": 200}),
        plan_name="KVM 4G",
    )
    assert result["plan"]["id"] == 3


def test_a_missing_plan():
    error = fail_move(form(vps()), plans(plan(4)))
    assert error.msg == "Cannot read VPS plan 3: there is no such VPS plan"
    error = fail_move(form(vps()), plans(), plans(plan()), plan_name="KVM 4")
    assert "did you mean 'KVM 4G'?" in error.msg


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"vps_id": 0}, "vps_id must be a positive number, not 0"),
        ({"vps_name": " "}, "vps_name is empty"),
        ({"plan_id": -3}, "plan_id must be a positive number, not -3"),
        ({"plan_name": ""}, "plan_name is empty"),
        ({"wait_timeout": -1}, "wait_timeout must be at least 0, not -1"),
        ({"compare": []}, "compare must name at least one value"),
        ({"compare": ["ram"], "apply_plan": False}, "compare is only used with apply_plan=true"),
    ],
)
def test_an_invalid_option_sends_nothing(options, message):
    error = fail_move(**options)
    assert error.code is Code.VALIDATION
    assert error.message == message


def test_another_page_instead_of_the_response_is_an_error():
    error = fail_move(read("editvs&vpsid=17", {"title": "Admin Panel"}))
    assert error.code is Code.PROTOCOL
    assert "Admin Panel" in error.msg


def test_a_redirect_is_an_authentication_failure():
    error = fail_move(read("editvs&vpsid=17", answer(302, None, location="/login")))
    assert error.code is Code.AUTH
