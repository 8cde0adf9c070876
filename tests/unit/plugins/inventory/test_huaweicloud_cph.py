# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Cloud phone servers as hosts: variables, groups, filters, connections, cache."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from ansible_collections.vpsfleet.panels.plugins.inventory import huaweicloud_cph
from ansible_collections.vpsfleet.panels.plugins.module_utils._huaweicloud.argspec import CONNECTION
from ansible_collections.vpsfleet.panels.plugins.module_utils._huaweicloud.resources.server import (
    STATES,
)
from ansible_collections.vpsfleet.panels.plugins.module_utils._huaweicloud.values import words_of
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._addresses import UNREACHABLE
from ansible_collections.vpsfleet.panels.tests.unit.plugins.inventory.cloud import (
    Cloud,
    CloudSources,
    FakeRegion,
)
from ansible_collections.vpsfleet.panels.tests.unit.plugins.inventory.sources import (
    FakeNetwork,
    Sources,
    marked_unsafe,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.huaweicloud import (
    NEW,
    OLD,
    PROJECT,
    REGION,
    SERVER_ID,
    TOKEN,
    server,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.huaweicloud_phones import named
from ansible_collections.vpsfleet.panels.tests.unit.support.scripted import answer, interrupted

OTHER = "0123456789abcdef0123456789abcd01"
DOCS = yaml.safe_load(huaweicloud_cph.DOCUMENTATION)["options"]
NASTY = "{{ lookup('ansible.builtin.pipe', 'echo harm') }}"
CACHE = "cache: true\ncache_plugin: jsonfile\ncache_connection: {folder}\n"


@pytest.fixture
def kinds() -> tuple[type[FakeNetwork], type[Sources]]:
    """The network and the source files of Huawei Cloud."""
    return Cloud, CloudSources


@pytest.fixture
def cloud(network: Cloud) -> Cloud:
    """The regions that there are."""
    return network


# -- hosts -----------------------------------------------------------------------------------------


def test_a_server_becomes_a_host(sources):
    assert sources.parse().hosts == {
        "phones-07": {
            "ansible_host": "198.51.100.7",
            "huaweicloud_cph_availability_zone": "cn-north-4a",
            "huaweicloud_cph_charging_mode": "yearly_monthly",
            "huaweicloud_cph_id": SERVER_ID,
            "huaweicloud_cph_name": "phones-07",
            "huaweicloud_cph_phone_model_name": OLD[1],
            "huaweicloud_cph_project_id": PROJECT,
            "huaweicloud_cph_public_ips": ["198.51.100.7"],
            "huaweicloud_cph_region": REGION,
            "huaweicloud_cph_server_ips": ["192.0.2.7"],
            "huaweicloud_cph_server_model_name": OLD[0],
            "huaweicloud_cph_state": "normal",
        }
    }


def test_a_host_has_all_variables_on_request(sources, cloud):
    full = sources.parse("full: true\ndetails: true").hosts["phones-07"]
    assert full["huaweicloud_cph_status"] == 5
    assert full["huaweicloud_cph_volumes"] == []
    assert [path for path, _query in cloud.requests] == ["servers", f"servers/{SERVER_ID}"]


def test_hosts_come_the_oldest_first(sources, cloud):
    cloud.region.servers = [
        named("new", 2, create_time="2026-01-02T00:00:00Z"),
        named("old", 1, create_time="2026-01-01T00:00:00Z"),
    ]
    assert list(sources.parse().hosts) == ["old", "new"]


def test_servers_with_the_same_name_get_distinct_names(sources, cloud):
    cloud.region.servers = [named("twin", 1), named("twin", 2)]
    parsed = sources.parse()
    assert list(parsed.hosts) == [f"twin_5e{number:030}" for number in (1, 2)]
    assert parsed.warnings


@pytest.mark.parametrize(
    ("wish", "address"),
    [("public_ips", "198.51.100.7"), ("server_ips", "192.0.2.7"), ("none", UNREACHABLE)],
)
def test_the_address_follows_the_options(sources, wish, address):
    host = sources.parse(f"connect_with: {wish}\nhostnames: [id]").hosts[SERVER_ID]
    assert host["ansible_host"] == address


def test_a_server_without_an_address_in_the_list_cannot_be_reached(sources, cloud):
    cloud.region.servers = [named("own", network_version="v2", addresses=[])]
    assert sources.parse().hosts["own"]["ansible_host"] == UNREACHABLE


def test_all_text_of_the_service_is_unsafe(sources, cloud):
    cloud.region.servers = [named(NASTY, availability_zone=NASTY)]
    parsed = sources.parse(
        "full: true\ngroup_by: [availability_zone]\ncompose: {label: huaweicloud_cph_name}"
    )
    (host,) = parsed.hosts.values()
    assert host["label"] == host["huaweicloud_cph_name"] == NASTY
    assert all(marked_unsafe(value) for key, value in host.items() if key != "label")


# -- groups and filters ----------------------------------------------------------------------------

FLEET = [
    named("a", 1, enterprise_project_id="0"),
    named("b", 2, flavor=NEW, status=10, enterprise_project_id="e1", metadata={"charging_mode": 1}),
    named("c", 3, status=6),
]


def test_ready_made_groups(sources, cloud):
    cloud.region.servers = FLEET
    wishes = DOCS["group_by"]["choices"]
    assert sources.parse(f"group_by: {wishes}\ngroup_prefix: p_").groups == {
        "p_availability_zone_cn_north_4a": ["a", "b"],
        "p_charging_mode_on_demand": ["b"],
        "p_charging_mode_yearly_monthly": ["a"],
        "p_enterprise_project_0": ["a"],
        "p_enterprise_project_e1": ["b"],
        "p_phone_model_rx1_c60": ["a"],
        "p_phone_model_rx1_sp_c60": ["b"],
        "p_region_cn_north_4": ["a", "b"],
        "p_server_model_physical_rx1_xlarge": ["a"],
        "p_server_model_physical_rx1_xlarge_special": ["b"],
        "p_state_normal": ["a"],
        "p_state_stopped": ["b"],
    }


def test_what_a_server_does_not_tell_makes_no_group(sources, cloud):
    cloud.region.servers = [named("a", availability_zone=None, metadata={})]
    assert (
        sources.parse("group_by: [availability_zone, charging_mode, enterprise_project]").groups
        == {}
    )


@pytest.mark.parametrize(
    ("text", "names", "sent"),
    [
        ("", "ab", {}),
        ("states: [gone]", "c", {"status": 6}),
        ("states: [stopped]", "b", {"status": 10}),
        ("server_model_names: [physical.rx1.xlarge.special]", "b", {}),
        ("phone_model_names: [rx1.c60]", "a", {"phone_model_name": "rx1.c60"}),
        ("availability_zones: [x]", "", {}),
        ("enterprise_project_ids: ['0']", "a", {}),
        ("charging_mode: on_demand", "b", {}),
        ("network_version: v2", "", {"network_version": "v2"}),
        ("names: ['[ac]']", "a", {}),
        ("exclude_names: [a]", "b", {}),
    ],
)
def test_filters(sources, cloud, text, names, sent):
    cloud.region.servers = FLEET
    assert "".join(sources.parse(text).hosts) == names
    ((dummy, query),) = cloud.requests
    assert query == {"offset": 0, "limit": 100, **sent}


@pytest.mark.parametrize(
    ("text", "missed"),
    [
        ("server_model_names: [physical.rx1.xlarge.special, x]", "server_model_names: 'x'"),
        ("phone_model_names: [rx1.c60, x]", "phone_model_names: 'x'"),
        ("availability_zones: [x]", "availability_zones: 'x'"),
        ("enterprise_project_ids: ['0', x]", "enterprise_project_ids: 'x'"),
        ("names: [a, x]", "names: 'x'"),
        ("exclude_names: [x]", "exclude_names: 'x'"),
    ],
)
def test_a_filter_that_names_nothing_is_warned_about(sources, cloud, text, missed):
    cloud.region.servers = [{"metadata": {}, **raw} for raw in FLEET]
    (warning,) = sources.parse(text).warnings
    assert warning.endswith(f": {missed}")


@pytest.mark.parametrize(("name", "lists", "warnings"), [("a", 1, 0), ("b", 2, 0), ("x", 2, 1)])
def test_a_server_that_the_service_leaves_out_is_a_match(sources, cloud, name, lists, warnings):
    cloud.region.servers = [{"metadata": {}, **raw} for raw in FLEET]
    parsed = sources.parse(f"phone_model_names: [rx1.c60]\nexclude_names: [{name}]")
    assert len(parsed.warnings) == warnings
    assert [path for path, _query in cloud.requests] == ["servers"] * lists


# -- connections -----------------------------------------------------------------------------------


def test_several_regions_and_accounts(sources, cloud):
    cloud.regions["ap-southeast-3"] = FakeRegion(named("a", 1, enterprise_project_id="0"))
    cloud.region.servers = [named("a", 1, enterprise_project_id="0")]
    parsed = sources.parse(
        "timeout: 7\n"
        "group_by: [panel, enterprise_project, region]\n"
        "panels:\n"
        f"  - {{name: north, region: {REGION}, auth_token: token-a, project_id: {PROJECT}}}\n"
        f"  - {{name: sg, region: ap-southeast-3, auth_token: token-b, project_id: {OTHER}, timeout: 9}}\n",
        connection=False,
    )
    assert sorted(parsed.hosts) == [f"a_5e{1:030}_north", f"a_5e{1:030}_sg"]
    assert parsed.hosts[f"a_5e{1:030}_sg"]["huaweicloud_cph_project_id"] == OTHER
    assert sorted(parsed.groups) == [
        "huaweicloud_cph_enterprise_project_north_0",
        "huaweicloud_cph_enterprise_project_sg_0",
        "huaweicloud_cph_panel_north",
        "huaweicloud_cph_panel_sg",
        "huaweicloud_cph_region_ap_southeast_3",
        "huaweicloud_cph_region_cn_north_4",
    ]
    assert cloud.regions["ap-southeast-3"].tokens == {"token-b"}
    assert [settings["limits"].timeout_s for settings in cloud.settings] == [7, 9]


def test_other_projects_and_other_accounts_are_other_panels(sources):
    one = f"&a {{name: a, region: {REGION}, auth_token: {TOKEN}, project_id: {PROJECT}}}"
    others = [f"{{<<: *a, name: b, project_id: {OTHER}}}", "{<<: *a, name: c, auth_token: other}"]
    lines = "".join(f"- {entry}\n" for entry in (one, *others))
    parsed = sources.parse(f"panels:\n{lines}", connection=False)
    assert len(parsed.hosts) == 3
    assert [warning.partition(" in panels have")[0] for warning in parsed.warnings[:2]] == [
        "'a' and 'b'",
        "'a' and 'c'",
    ]


def test_an_entry_takes_no_credentials_from_beside_it(sources, monkeypatch):
    monkeypatch.setenv("HW_AUTH_TOKEN", TOKEN)
    message = sources.refused(f"panels: [{{name: a, region: {REGION}}}]", connection=False)
    assert message.startswith("Panel a: there are no credentials")


def test_the_connection_comes_from_the_environment(sources, cloud, monkeypatch):
    for name, value in {
        "HW_REGION_NAME": REGION,
        "OS_REGION_NAME": "nowhere-1",
        "HW_AUTH_TOKEN": TOKEN,
        "OS_AUTH_TOKEN": "of-somebody-else",
        "HUAWEICLOUD_TIMEOUT": "8",
    }.items():
        monkeypatch.setenv(name, value)
    assert list(sources.parse(connection=False).hosts) == ["phones-07"]
    assert cloud.region.tokens == {TOKEN}
    assert cloud.region.projects == {PROJECT}  # looked up
    assert cloud.settings[0]["limits"].timeout_s == 8


@pytest.mark.parametrize("option", [name for name in DOCS if "env" in DOCS[name]])
def test_variables_are_those_of_the_modules(option):
    # Here the last one counts, there the first.
    message = [variable["name"] for variable in DOCS[option]["env"]]
    assert message[::-1] == CONNECTION.options[option]["env"]


def test_the_options_of_a_connection_are_those_of_the_modules():
    own = set(huaweicloud_cph.InventoryModule.own)
    assert own == set(CONNECTION.options) & set(DOCS) - {
        "validate_certs", "ca_path", "timeout", "total_timeout", "max_response_size", "max_pages",
        "retries", "retry_budget", "rate_limit",
    }  # fmt: skip
    assert set(CONNECTION.options) - set(DOCS) == {"domain_id", "bss_endpoint"}
    assert own < set(DOCS["panels"]["suboptions"])


def test_states_are_those_of_the_modules():
    assert DOCS["states"]["choices"] == words_of(STATES)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (f"auth_token: {TOKEN}", "region is not set (set it, or panels)"),
        (f"region: {REGION}", "there are no credentials"),
        (f"region: {REGION}\naccess_key: a", "secret_key must be set with access_key"),
        (f"region: {REGION}\nauth_token: {TOKEN}\naccess_key: a", "more than one kind"),
        (f"region: China\nauth_token: {TOKEN}", "region must be the name of a region, not 'China'"),
        (f"region: {REGION}\nauth_token: {TOKEN}\nproject_id: mine", "project_id is not the ID"),
        (f"region: {REGION}\npanels: [{{name: a, region: {REGION}}}]", "region must be in panels"),
        ("panels: [{name: a}]", "region"),
        (
            f"panels: [&a {{name: a, region: {REGION}, auth_token: {TOKEN}}}, {{<<: *a, name: b}}]",
            "'a' and 'b' in panels are the same panel",
        ),
        (f"region: {REGION}\nauth_token: {TOKEN}\nstates: [broken]", "states"),
        (f"region: {REGION}\nauth_token: {TOKEN}\nserver_ids: [a]", "server_ids"),
        (f"region: {REGION}\nauth_token: {TOKEN}\ncph_endpoint: nowhere", "cph_endpoint is not the address"),
    ],
)  # fmt: skip
def test_a_mistake_is_refused_before_anything_is_sent(sources, text, words):
    assert words in sources.refused(text, connection=False)


def test_a_refusal_by_the_service_is_reported(sources, cloud):
    cloud.region.fault = answer(401, {"error_code": "APIGW.0301", "error_msg": f"bad {TOKEN}"})
    message = sources.fail()
    assert "Cannot list the cloud phone servers: " in message
    assert "check the credentials" in message
    assert len(cloud.requests) == 1


# -- cache -----------------------------------------------------------------------------------------


def _cached(sources: CloudSources, text: str = "", **options: Any) -> list[str]:
    folder = sources.folder / "cache"
    return list(sources.parse(CACHE.format(folder=folder) + text, **options).hosts)


def test_a_second_run_asks_nothing(sources, cloud):
    first = _cached(sources)
    assert _cached(sources) == first
    assert len(cloud.requests) == 1
    kept = "".join(path.read_text() for path in (sources.folder / "cache").iterdir())
    assert SERVER_ID in kept
    assert TOKEN not in kept


@pytest.mark.parametrize(
    "connection",
    [
        {"project_id": OTHER},
        {"auth_token": "another"},
        {"cph_endpoint": "https://cph.cn-north-4.myhuaweicloud.com/x"},
    ],
    ids=str,
)
def test_another_connection_is_another_entry(sources, cloud, connection):
    _cached(sources)
    own = {"region": REGION, "project_id": PROJECT, "auth_token": TOKEN, **connection}
    text = "".join(f"{name}: {value}\n" for name, value in own.items())
    if "cph_endpoint" in connection:
        cloud.region.fault = answer(200, {"servers": []})
    _cached(sources, text, connection=False)
    assert len(cloud.requests) == 2


@pytest.mark.parametrize("text", ["details: true", "states: [normal]", "names: ['*']"])
def test_another_question_is_another_entry(sources, cloud, text):
    _cached(sources)
    before = len(cloud.requests)
    _cached(sources, text)
    assert len(cloud.requests) > before


def test_old_servers_serve_where_the_service_is_down(sources, cloud, clock):
    first = _cached(sources)
    clock.now += 7200
    cloud.region.fault = interrupted()
    cloud.region.servers = [server()]
    text = "cache_timeout: 60\nstale_on_error: true\nretries: 0\n"
    assert _cached(sources, text) == first
