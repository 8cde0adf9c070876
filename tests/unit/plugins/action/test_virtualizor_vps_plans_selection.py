# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which VPSs a bulk action changes, what becomes of values that match none, and hostile names."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.vpsfleet.panels.tests.unit.support.task_runs import outcomes
from ansible_collections.vpsfleet.panels.tests.unit.support.virtualizor import KEY
from ansible_collections.vpsfleet.panels.tests.unit.support.virtualizor_bulk import (
    BIG,
    BIGGER,
    DOES,
    FOUND,
    PLAN,
    SMALL,
    VpsBulkRunner,
    form,
    moved,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.virtualizor_vps import (
    plan,
    plans,
    servers,
    states,
    vps,
)

LISTED = servers(SMALL, BIG)
KNOWN = plans(plan(2), plan(3, ram="4096", cores="4"))


@pytest.fixture
def bulk(tmp_path, monkeypatch) -> VpsBulkRunner:
    return VpsBulkRunner(tmp_path, monkeypatch)


@pytest.mark.parametrize(
    ("options", "steps", "message"),
    [
        ({"all": True, "exclude_ids": [99]}, (LISTED,), "no VPSs match exclude_ids 99"),
        (
            {"all": True, "exclude_hostnames": ["web17.example.con"]},
            (LISTED,),
            "exclude_hostnames 'web17.example.con' (did you mean 'web17.example.com'",
        ),
        (
            {"all": True, "exclude_hostnames": ["17"]},
            (LISTED,),
            "'17' (17 is the ID of 'web17.example.com')",
        ),
        ({"user_ids": [12, 99]}, (LISTED,), "no VPSs match user_ids 99"),
        ({"server_ids": [99]}, (LISTED,), "no VPSs match server_ids 99"),
        ({"virts": ["kvm", "lxc"]}, (LISTED,), "no VPSs match virts 'lxc'"),
        ({"from_plan_ids": [99]}, (LISTED, KNOWN), "no VPSs match from_plan_ids 99"),
        ({"vps_names": ["V1017"]}, (LISTED,), "did you mean 'v1017'? Names are case-sensitive"),
        ({"hostnames": ["web17.example.com", "x"]}, (LISTED,), "no VPSs match hostnames 'x'"),
        ({"vps_ids": [99]}, (form({}, 99),), "no VPSs match vps_ids 99"),
        ({"all": True, "suspended": True}, (LISTED,), "no VPSs are selected"),
    ],
)
def test_a_value_that_matches_nothing_is_refused_before_any_write(bulk, options, steps, message):
    result = bulk.run(PLAN, *steps, **options)
    assert (result["failed"], result["failure"]["code"]) == (True, "not_found")
    assert message in result["msg"]


def test_an_exclusion_outside_the_selection_is_accepted(bulk):
    everything = servers(SMALL, BIG, vps(19, serid=2))
    result = bulk.run(
        PLAN,
        LISTED,
        everything,
        form(SMALL),
        states(v17=1),
        check_mode=True,
        server_ids=[1],
        exclude_ids=[19],
    )
    assert outcomes(result) == {17: "changed", 18: "unchanged"}


def test_an_unknown_vps_does_not_void_the_others(bulk):
    names = ["web17.example.com", "web99.example.com"]
    steps = (PLAN, LISTED, form(SMALL), states(v17=1), *DOES)
    result = bulk.run(*steps, hostnames=names, on_unmatched="warn")
    assert outcomes(result) == {17: "changed", "web99.example.com": "moved"}
    assert len(result["warnings"]) == 1


def test_two_selections_are_both_named(bulk):
    result = bulk.run(PLAN, vps_ids=[17], user_ids=[1])
    assert "and vps_ids and user_ids are both set" in result["msg"]
    assert "mutually exclusive: vps_ids|hostnames" in bulk.run(vps_ids=[1], hostnames=["a"])["msg"]


# --- one odd row ------------------------------------------------------------------------------

ODD = vps(19, cores="0.5")


def test_a_value_that_cannot_be_read_is_the_error_of_its_vps(bulk):
    steps = (PLAN, servers(SMALL, BIG, ODD), form(SMALL), form(ODD), states(v17=1), *DOES)
    result = bulk.run(*steps, all=True, max_failures="1")
    assert outcomes(result) == {17: "changed", 18: "unchanged", 19: "failed"}
    odd = result["results"][2]
    assert odd["name"] == "web19.example.com"
    assert "sends '0.5' as cores" in odd["msg"]


@pytest.mark.parametrize(
    ("odd", "outcome"),
    [
        ({"ram": "2048.00"}, "changed"),
        ({"space": 39.5}, "changed"),
        ({"space": "39.5"}, "changed"),
        ({"cpu_percent": "0.5"}, "changed"),
        ({"ram": "plenty"}, "failed"),
        ({"ram": [1]}, "failed"),
        ({"ram": "1e999"}, "failed"),
        ({"serid": "nan"}, "failed"),
        ({"ips": 7}, "failed"),
    ],
)
def test_an_unreadable_row_is_read_again_or_is_an_error_of_that_row(bulk, odd, outcome):
    strange = {**vps(18), **odd}
    steps = (PLAN, servers(SMALL, strange), form(SMALL))
    # A row that cannot be read is read again from its form.
    live = (
        [states(v17=1, v18=1)]
        if outcome == "changed"
        else [form({**SMALL, **strange}), states(v17=1)]
    )
    result = bulk.run(*steps, *live, all=True, check_mode=True, max_failures="1")
    assert outcomes(result) == {17: "changed", 18: outcome}
    if outcome == "failed":
        (key,) = odd
        field = {"serid": "server_id", "ips": "ip"}.get(key, key)
        assert f"as {field}" in result["results"][1]["msg"]


@pytest.mark.parametrize("empty", ["", None])
def test_an_empty_amount_is_read_from_the_form_and_is_an_error_if_it_is_empty_there(bulk, empty):
    row = {**vps(18), "ram": empty}
    steps = (PLAN, servers(SMALL, row), form(SMALL), form({**SMALL, **row}), states(v17=1))
    result = bulk.run(*steps, all=True, check_mode=True, max_failures="1")
    assert outcomes(result) == {17: "changed", 18: "failed"}
    assert "the panel does not show its ram" in result["results"][1]["msg"]


def test_a_vps_whose_form_can_be_read_is_changed(bulk):
    steps = (PLAN, servers(BIG, ODD), form(BIG), form(vps(19)), states(v19=1))
    result = bulk.run(*steps, check_mode=True, all=True)
    assert outcomes(result) == {18: "unchanged", 19: "changed"}


def test_an_unreadable_vps_is_not_excluded_by_a_filter(bulk):
    odd = vps(19, uid="0.5")
    steps = (PLAN, servers(BIG, odd), form(BIG), form(odd))
    result = bulk.run(*steps, check_mode=True, user_ids=[12], max_failures="1")
    assert outcomes(result) == {18: "unchanged", 19: "failed"}


# --- what a plan selected ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "now"),
    [
        ({"all": True, "suspended": False}, {"suspended": "1"}),
        ({"server_ids": [1]}, {"serid": 2}),
        *(
            ({"all": True}, now)
            for now in ({"hostname": "db01"}, {"serid": 2}, {"uid": "13"}, {"suspended": "1"})
        ),
        ({"user_ids": [12]}, {"uid": "13"}),
        ({"hostnames": ["web17.example.com", "web18.example.com"]}, {"hostname": "db01"}),
        ({"all": True, "exclude_hostnames": ["web18.example.com"]}, {"hostname": "db01"}),
    ],
)
def test_a_vps_that_the_approval_does_not_cover_is_left_alone(bulk, options, now):
    file = str(bulk.folder / "plan.json")
    bulk.run(*FOUND, check_mode=True, plan_file=file, **options)
    steps = (PLAN, form(vps(17, **now)), states(v17=1))
    result = bulk.run(*steps, plan_file=file)
    assert outcomes(result) == {17: "moved"}
    assert "when the plan was made" in result["results"][0]["msg"]
    assert result["api_calls"]["write"] == 0


# --- growth and hostile names -----------------------------------------------------------------


def test_the_growth_of_each_node_is_summed_up(bulk):
    fleet = [vps(17), vps(18), vps(19, serid=2)]
    steps = (PLAN, servers(*fleet), form(fleet[0]), states(v17=1, v18=1, v19=1))
    result = bulk.run(*steps, check_mode=True, all=True)
    assert [
        (row["place"], row["field"], row["growth"], row["fits"]) for row in result["growth"]
    ] == [
        (1, "cores", 4, None),
        (1, "ram", 4096, None),
        (2, "cores", 2, None),
        (2, "ram", 2048, None),
    ]


def _texts(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [text for each in value.values() for text in _texts(each)]
    if isinstance(value, list):
        return [text for each in value for text in _texts(each)]
    return [value] if isinstance(value, str) else []


def test_the_name_of_a_vps_is_never_shown_raw(bulk):
    name = f"web17\x1b]52;c;x\x07\n\u202e\ud800 {KEY} {KEY[:14]}"
    record = vps(17, hostname=name)
    file = bulk.folder / "journal"
    steps = (PLAN, servers(record), form(record), states(v17=1), DOES[0], moved(hostname=name))
    result = bulk.run(*steps, all=True, journal=str(file), diff=True)
    assert outcomes(result) == {17: "changed"}
    for text in (*_texts(result), *bulk.lines, *file.read_text().splitlines()):
        assert text.isprintable()
        assert KEY[:14] not in text
    assert BIGGER["ram"] == "4096"
