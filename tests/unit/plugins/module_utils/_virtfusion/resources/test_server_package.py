# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test the package of a server: changes, refusals and their evidence."""

from __future__ import annotations

import pytest

from ansible_collections.vpsfleet.panels.tests.unit.support.clock import FakeClock
from ansible_collections.vpsfleet.panels.tests.unit.support.scripted import answer, get, ok
from ansible_collections.vpsfleet.panels.tests.unit.support.tasks import (
    EMPTY,
    again,
    change,
    fail_move,
    info,
    move,
    outcomes,
    reads,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.virtfusion import (
    ALL_ASPECTS,
    FLAGS,
    package,
    page,
    put_at,
    row,
    server,
)

MEMORY_ONLY = {"aspects": ["memory"], "wait_timeout": 0}
MEMORY_MATCHES = "memory not updated. It matches the current value"
DISK_STAYS = "primary disk not updated. It either matches or is lower than the current value"

#: For each aspect a value that differs from the server's.
OTHER_VALUES = {
    "cpu": 8,
    "memory": 8192,
    "primary_disk_size": 80,
    "primary_disk_read_iops": 500,
    "primary_disk_write_iops": 400,
    "primary_disk_read_throughput": 100_000_000,
    "primary_disk_write_throughput": 90_000_000,
    "primary_network_inbound_speed": 12_500,
    "primary_network_outbound_speed": 6_250,
    "primary_network_traffic": 0,
    "backup_plan": 5,
}


@pytest.mark.parametrize(
    ("desired", "reply", "after", "outcome", "changed"),
    [
        pytest.param(4096, info(), 4096, "changed", True, id="differs, silent, shown"),
        pytest.param(4096, EMPTY, 4096, "changed", True, id="differs, 204, shown"),
        pytest.param(4096, info(), 2048, "refused", False, id="differs, silent, not shown"),
        pytest.param(4096, EMPTY, 2048, "refused", False, id="differs, 204, not shown"),
        pytest.param(
            4096, info(MEMORY_MATCHES), 2048, "refused", False, id="differs, 'not updated'"
        ),
        pytest.param(
            4096,
            info(MEMORY_MATCHES),
            4096,
            "unchanged",
            False,
            id="differs, 'not updated', but shown: changed by another client",
        ),
        pytest.param(
            4096, info("all is well"), 4096, "changed", True, id="differs, unknown line, shown"
        ),
    ],
)
def test_messages_and_the_second_read_decide_the_outcome(desired, reply, after, outcome, changed):
    result = move(
        *reads(server(), package(memory=desired)),
        change(reply),
        again(server(memory=after)),
        **MEMORY_ONLY,
    )
    assert outcomes(result) == {"memory": outcome}
    assert result["changed"] is changed
    assert result["changes"][0]["after"] == result["server"]["memory"] == after


@pytest.mark.parametrize("reply", [EMPTY, info(), info(MEMORY_MATCHES)])
def test_an_equal_aspect_stays_unchanged_despite_any_message(reply):
    result = move(
        *reads(server(), package(cpu=4)), change(reply), again(server(cpu=4)), wait_timeout=0
    )
    assert outcomes(result)["memory"] == "unchanged"
    assert outcomes(result)["cpu"] == "changed"


def test_nothing_is_sent_without_a_difference():
    result = move(*reads(server(), package()))
    assert result["changed"] is False
    assert set(outcomes(result).values()) == {"unchanged"}
    assert result["diff"]["before"] == result["diff"]["after"] == {}
    assert result["api_calls"] == {"read": 2, "write": 0, "retried": 0, "waited_s": 0.0}


@pytest.mark.parametrize("aspect", ALL_ASPECTS)
def test_each_aspect_alone_makes_a_change(aspect):
    value = OTHER_VALUES[aspect]
    result = move(
        *reads(server(), package(**{aspect: value})),
        change(info()),
        again(server(**{aspect: value})),
    )
    assert [name for name, outcome in outcomes(result).items() if outcome != "unchanged"] == [
        aspect
    ]
    shown = value or (0 if aspect == "primary_network_traffic" else None)
    assert result["diff"]["after"] == {aspect: shown}
    assert result["server"][aspect] == result["package"][aspect] == shown


@pytest.mark.parametrize("aspect", ALL_ASPECTS)
def test_check_mode_predicts_each_aspect_without_a_write(aspect):
    value = OTHER_VALUES[aspect]
    steps = reads(server(), package(**{aspect: value}))
    predicted = move(*steps, check_mode=True)
    real = move(*steps, change(info()), again(server(**{aspect: value})))
    for key in ("changed", "diff", "changes", "refused", "restart_required", "server", "package"):
        assert predicted[key] == real[key]
    assert predicted["api_calls"]["write"] == 0


@pytest.mark.parametrize(
    "chosen", [ALL_ASPECTS, ["memory"], ["cpu", "backup_plan"], ["memory", "primary_disk_size"]]
)
def test_all_eleven_flags_are_sent_and_true_only_for_the_chosen_aspects(chosen):
    desired = {name: OTHER_VALUES[name] for name in chosen}
    step = change(info())
    flags = {flag: aspect in chosen for aspect, flag in FLAGS.items()}
    assert len(flags) == 11
    move(
        *reads(server(), package(**OTHER_VALUES)),
        type(step)(step.method, step.path, step.reply, body=flags),
        again(server(**desired)),
        aspects=chosen,
    )


def test_an_aspect_that_was_not_chosen_is_neither_compared_nor_reported():
    result = move(*reads(server(), package(cpu=16)), aspects=["memory"])
    assert result["changed"] is False
    assert set(outcomes(result)) == {"memory"}


# --- what the panel refuses ------------------------------------------------------------------


@pytest.mark.parametrize("check_mode", [False, True])
def test_a_smaller_disk_is_refused_without_a_write(check_mode):
    result = move(
        *reads(server(primary_disk_size=100), package(primary_disk_size=40)), check_mode=check_mode
    )
    assert result["changed"] is False
    (refused,) = result["refused"]
    assert (refused["field"], refused["before"], refused["after"]) == (
        "primary_disk_size",
        100,
        100,
    )
    assert "never makes a disk smaller" in refused["message"]


@pytest.mark.parametrize("check_mode", [False, True])
@pytest.mark.parametrize(
    ("on_refused", "warnings"), [("warn", 1), ("ignore", 0)], ids=["warn", "ignore"]
)
def test_refusals_are_warnings_unless_ignored(on_refused, warnings, check_mode):
    result = move(
        *reads(server(primary_disk_size=100), package(primary_disk_size=40)),
        on_refused=on_refused,
        check_mode=check_mode,
    )
    assert len(result["warnings"]) == warnings
    assert len(result["refused"]) == 1
    for warning in result["warnings"]:
        assert "server 7 (web01)" in warning
        assert "primary_disk_size stays at 100 GB instead of 40 GB" in warning


@pytest.mark.parametrize("check_mode", [False, True])
def test_on_refused_fail_fails_in_check_mode_too(check_mode):
    error = fail_move(
        *reads(server(primary_disk_size=100), package(primary_disk_size=40)),
        on_refused="fail",
        check_mode=check_mode,
    )
    result = error.to_result()
    assert result["failure"]["code"] == "refused"
    assert result["failure"]["partial"] is False
    assert result["changed"] is False
    assert result["msg"].startswith("Cannot change server 7 to package 3 (Cloud 4): primary_disk")
    assert [refused["field"] for refused in result["refused"]] == ["primary_disk_size"]


def test_on_refused_fail_changes_nothing_if_the_refusal_is_predictable():
    error = fail_move(
        *reads(server(primary_disk_size=100), package(primary_disk_size=40, memory=4096)),
        on_refused="fail",
    )
    assert (error.code.value, error.partial) == ("refused", False)


def test_on_refused_fail_reports_changes_if_only_the_response_shows_the_refusal():
    error = fail_move(
        *reads(server(), package(cpu=4, memory=4096)),
        change(info("CPU cores not updated. It matches the current value")),
        again(server(memory=4096)),
        on_refused="fail",
    )
    result = error.to_result()
    assert result["failure"]["partial"] is True
    assert result["changed"] is True
    assert result["diff"]["after"] == {"memory": 4096}
    assert [refused["field"] for refused in result["refused"]] == ["cpu"]


def test_a_refused_aspect_has_the_panels_message():
    result = move(
        *reads(server(primary_disk_size=100), package(primary_disk_size=40, memory=4096)),
        change(info(DISK_STAYS)),
        again(server(primary_disk_size=100, memory=4096)),
    )
    assert result["refused"][0]["message"] == DISK_STAYS
    assert result["info"] == [DISK_STAYS]


def test_an_unknown_line_is_one_warning():
    line = "the moon is full"
    result = move(
        *reads(server(), package(memory=4096)),
        change(info(line, MEMORY_MATCHES.replace("memory", "traffic"))),
        again(server(memory=4096)),
        on_refused="ignore",
    )
    assert line in result["info"]
    assert [warning for warning in result["warnings"] if line in warning] == result["warnings"]
    assert len(result["warnings"]) == 1


# --- disabled packages -----------------------------------------------------------------------


@pytest.mark.parametrize("check_mode", [False, True])
def test_a_disabled_package_is_refused_before_anything_is_sent(check_mode):
    error = fail_move(*reads(server(), package(memory=4096, enabled=False)), check_mode=check_mode)
    assert error.code.value == "refused"
    assert "disabled" in error.msg
    assert "allow_disabled" in error.msg


def test_a_disabled_package_is_accepted_if_allowed():
    result = move(
        *reads(server(), package(memory=4096, enabled=False)),
        change(info()),
        again(server(memory=4096)),
        allow_disabled=True,
    )
    assert result["changed"] is True


def test_a_current_disabled_package_is_not_a_failure():
    assert move(*reads(server(), package(enabled=False)))["changed"] is False


# --- names -----------------------------------------------------------------------------------


def test_names_lead_to_ids():
    result = move(
        get("/servers", answer(200, page(row(7, "web01"), row(8, "web02")))),
        get("/servers/7", ok(server())),
        get("/packages", ok([package(), package(id=4, name="Cloud 8")])),
        server_name="web01",
        package_name="Cloud 4",
    )
    assert (result["server"]["id"], result["package"]["id"]) == (7, 3)


@pytest.mark.parametrize(
    ("rows", "code", "words"),
    [
        ([row(8, "web02")], "not_found", "did you mean 'web02'?"),
        ([row(8, "mail")], "not_found", "names are case-sensitive"),
        ([row(7, "web01"), row(9, "web01")], "ambiguous", "IDs 7, 9"),
    ],
    ids=["near", "far", "twice"],
)
def test_a_server_name_must_mean_one_server(rows, code, words):
    error = fail_move(get("/servers", answer(200, page(*rows))), server_name="web01")
    assert error.code.value == code
    assert words in error.msg
    assert error.msg.startswith("Cannot find the server named 'web01'")


@pytest.mark.parametrize(
    ("names", "code"), [(["Cloud 8"], "not_found"), (["Cloud 4", "Cloud 4"], "ambiguous")]
)
def test_a_package_name_must_mean_one_package(names, code):
    rows = [package(id=number, name=name) for number, name in enumerate(names, 1)]
    error = fail_move(
        get("/servers/7", ok(server())), get("/packages", ok(rows)), package_name="Cloud 4"
    )
    assert error.code.value == code


@pytest.mark.parametrize("ids", [{"server_id": 0}, {"server_id": -7}])
def test_a_server_id_must_be_positive(ids):
    error = fail_move(**ids)
    assert error.code.value == "validation"


@pytest.mark.parametrize(
    "wrong",
    [{"aspects": []}, {"package_id": 0}, {"wait_timeout": -1}, {"retries": -1}, {"timeout": 0}],
)
def test_an_option_out_of_range_sends_nothing(wrong):
    assert fail_move(**wrong).code.value == "validation"


# --- shapes ----------------------------------------------------------------------------------


def test_numbers_may_come_as_text():
    result = move(
        *reads(
            server(cpu="2", memory="2048", primary_disk_size="40", primary_network_traffic="1000"),
            package(cpu="2", memory="2048", primary_disk_size="40", primary_network_traffic=1000),
        )
    )
    assert result["changed"] is False
    assert result["server"]["memory"] == 2048


@pytest.mark.parametrize("none", [None, 0, "0"])
@pytest.mark.parametrize("no_limit", [None, 0, "0"])
def test_null_and_zero_both_mean_no_limit(none, no_limit):
    names = [name for name in ALL_ASPECTS if "iops" in name or "throughput" in name]
    names.append("backup_plan")
    result = move(
        *reads(server(**dict.fromkeys(names, none)), package(**dict.fromkeys(names, no_limit)))
    )
    assert result["changed"] is False
    assert {result["server"][name] for name in names} == {None}


@pytest.mark.parametrize(
    ("place", "missing"),
    [("settings", "memory"), ("network", "primary_network_inbound_speed"), ("storage", None)],
)
def test_an_empty_list_for_an_object_is_absent(place, missing):
    raw = server()
    put_at(raw, place, [])
    if missing is None:  # another path has it
        put_at(raw, "settings.resources.storage", 40)
        assert move(*reads(raw, package()))["changed"] is False
        return
    raw["settings"] = raw["settings"] or {"resources": {"storage": 40}}
    result = move(*reads(raw, package()))
    assert missing in {row["field"] for row in result["refused"]}


def test_a_missing_aspect_matters_only_if_selected():
    raw = server()
    put_at(raw, "network", [])
    result = move(*reads(raw, package()), aspects=["cpu", "memory"])
    assert result["changed"] is False
    assert "primary_network_inbound_speed" not in result["server"]


def test_a_package_without_a_value_is_a_protocol_error():
    raw = package()
    del raw["memory"]
    error = fail_move(*reads(server(), raw))
    assert error.code.value == "protocol"
    assert error.msg == "Cannot read package 3: the panel does not show its memory"


@pytest.mark.parametrize("where", ["server", "package"])
def test_a_value_of_the_wrong_type_is_a_protocol_failure(where):
    steps = (
        [get("/servers/7", ok(server(memory="plenty")))]
        if where == "server"
        else reads(server(), package(memory=[]))
    )
    error = fail_move(*steps)
    assert error.code.value == "protocol"
    assert "memory" in error.msg


# --- restart and settling --------------------------------------------------------------------


@pytest.mark.parametrize("aspect", ALL_ASPECTS)
def test_only_cpu_and_memory_wait_for_a_restart(aspect):
    result = move(*reads(server(), package(**{aspect: OTHER_VALUES[aspect]})), check_mode=True)
    assert result["restart_required"] is (aspect in {"cpu", "memory"})


def test_a_server_without_a_build_has_no_guest_to_restart():
    result = move(*reads(server(built=None), package(memory=4096)), check_mode=True)
    assert (result["changed"], result["restart_required"]) == (True, False)


@pytest.mark.parametrize(
    ("requires", "needed"),
    [(["boot", "restart", "shutdown"], True), (["boot"], False), ([], False)],
)
def test_a_pending_task_may_wait_for_a_restart(requires, needed):
    pending = [{"id": 1, "action": "Memory Update", "requires": requires}]
    raw = server(tasks={"active": False, "actions": {"pending": pending}})
    result = move(*reads(raw, package()))
    assert result["restart_required"] is needed
    assert result["server"]["pending_tasks"] == [{"action": "Memory Update", "requires": requires}]


def test_a_delayed_change_is_waited_for(clock: FakeClock):
    result = move(
        *reads(server(), package(memory=4096)),
        change(info()),
        again(server()),
        again(server()),
        again(server(memory=4096)),
        clock=clock,
    )
    assert outcomes(result)["memory"] == "changed"
    assert clock.sleeps == [0.5, 1.0]


def test_waiting_ends_at_wait_timeout(clock: FakeClock):
    result = move(
        *reads(server(), package(memory=4096)),
        change(info()),
        *[again(server())] * 3,
        wait_timeout=1,
        clock=clock,
    )
    assert outcomes(result)["memory"] == "refused"
    assert sum(clock.sleeps) == 1


def test_an_aspect_with_a_not_updated_message_is_not_waited_for(clock: FakeClock):
    move(
        *reads(server(), package(memory=4096)),
        change(info(MEMORY_MATCHES)),
        again(server()),
        clock=clock,
    )
    assert clock.sleeps == []


def test_the_diff_names_the_server():
    result = move(*reads(server(), package(memory=4096)), check_mode=True)
    assert result["diff"]["before_header"] == result["diff"]["after_header"] == "server 7 (web01)"
    assert result["diff"]["before"] == {"memory": 2048}
