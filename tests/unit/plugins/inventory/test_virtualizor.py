# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""VPSs of Virtualizor panels as hosts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from ansible_collections.vpsfleet.panels.plugins.module_utils._core.http import (
    Request,
    Response,
)
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._addresses import UNREACHABLE
from ansible_collections.vpsfleet.panels.tests.unit.plugins.inventory.sources import (
    HOST,
    FakeNetwork,
    Sources,
    marked_unsafe,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.scripted import (
    HTML,
    Reply,
    answer,
    never_sent,
    response_of,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.virtualizor import KEY, PASS
from ansible_collections.vpsfleet.panels.tests.unit.support.virtualizor_vps import (
    SECRETS,
    plan,
    vps,
)

NASTY = "{{ lookup('ansible.builtin.pipe', 'echo harm') }}"
LISTS = ["vs", "plans"]


class FakePanel:
    """A panel that only answers what an inventory asks."""

    def __init__(self, *servers: Mapping[str, Any]) -> None:
        self.servers = list(servers)
        self.plans = [plan(2, "KVM 2G"), plan(3, "KVM 4G", ram="4096")]
        #: Instead of any answer.
        self.fault: Reply | None = None
        self.requests: list[str] = []
        self.queries: list[dict[str, Any]] = []

    def answer(self, query: Mapping[str, Any]) -> Response:
        act = "states" if "vs_status" in query else query["act"]
        self.requests.append(act)
        self.queries.append(dict(query))
        if self.fault:
            return response_of(self.fault)
        if act == "states":
            ids = query["vs_status"].split(",")
            return answer(200, {"status": {number: {"status": 0} for number in ids}})
        key, by, rows = {
            "vs": ("vs", "vpsid", self.servers),
            "plans": ("plans", "plid", self.plans),
        }[act]
        if "vsstatus" in query:
            suspended = "1" if query["vsstatus"] == "s" else "0"
            rows = [row for row in rows if row.get("suspended", "0") == suspended]
        size, page = query["reslen"], max(1, query.get("page", 1))
        shown = rows[(page - 1) * size : page * size]
        return answer(200, {"title": "List", key: {row[by]: row for row in shown} or []})


class Network(FakeNetwork):
    """Virtualizor panels, by host and port."""

    def __init__(self) -> None:
        super().__init__(**{f"{HOST}:4085": FakePanel(vps())})

    def send(self, request: Request) -> Response:
        parts = urlsplit(request.url)
        asked = {**dict(parse_qsl(parts.query)), **request.query}
        answered: Response = self.panels[parts.netloc].answer(asked)
        return answered


class PanelSources(Sources):
    """Source files of Virtualizor panels."""

    name = "vpsfleet.panels.virtualizor"
    file = "virtualizor.yml"
    connection = (f"api_url: https://{HOST}", f"api_key: {KEY}", f"api_pass: {PASS}")
    secret = PASS


@pytest.fixture
def kinds() -> tuple[type[FakeNetwork], type[Sources]]:
    """The network and the source files of Virtualizor."""
    return Network, PanelSources


@pytest.fixture
def kept(tmp_path):
    """Lines that turn the cache on."""
    return (
        f"retries: 0\ncache: true\ncache_plugin: jsonfile\ncache_connection: {tmp_path / 'cache'}\n"
    )


# -- hosts, variables, groups ------------------------------------------------------------------


def test_a_vps_becomes_a_host(sources, network):
    assert sources.parse().hosts == {
        "web17.example.com": {
            "ansible_host": "192.0.2.17",
            "virtualizor_bandwidth": 2000,
            "virtualizor_cores": 2,
            "virtualizor_hostname": "web17.example.com",
            "virtualizor_id": 17,
            "virtualizor_ipv4_addresses": ["192.0.2.17"],
            "virtualizor_ipv6_addresses": ["2001:db8::17"],
            "virtualizor_off_plan": [],
            "virtualizor_os_name": "ubuntu-24.04-x86_64",
            "virtualizor_plan_id": 2,
            "virtualizor_plan_name": "KVM 2G",
            "virtualizor_ram": 2048,
            "virtualizor_server_id": 1,
            "virtualizor_server_name": "ams-1",
            "virtualizor_space": 40,
            "virtualizor_state": "on",
            "virtualizor_suspended": False,
            "virtualizor_user_id": 12,
            "virtualizor_uuid": "00000000-0000-4000-8000-000000000017",
            "virtualizor_virt": "kvm",
            "virtualizor_vps_name": "v1017",
        }
    }
    assert network.requests == LISTS


def test_a_host_has_all_variables_on_request_but_no_secret(sources):
    host = sources.parse("full: true").hosts["web17.example.com"]
    assert host["virtualizor_used_bandwidth"] == 12.5
    assert host["virtualizor_ipv6_addresses"] == ["2001:db8::17"]
    assert not any(secret in str(host) for secret in (*SECRETS, KEY, PASS))


@pytest.mark.parametrize(
    ("wish", "name"),
    [
        ("vps_name", "v1017"),
        ("uuid", vps()["uuid"]),
        ("id", "17"),
        ("ipv4_addresses", "192.0.2.17"),
    ],
)
def test_a_host_name_follows_the_options(sources, wish, name):
    assert list(sources.parse(f"hostnames: [{wish}]").hosts) == [name]


@pytest.mark.parametrize(
    ("wish", "address"),
    [
        ("ipv6_addresses", "2001:db8::17"),
        ("ipv6_subnets", UNREACHABLE),
        ("internal_addresses", UNREACHABLE),
        ("hostname", "web17.example.com"),
        ("none", UNREACHABLE),
    ],
)
def test_the_address_follows_the_options(sources, wish, address):
    (host,) = sources.parse(f"connect_with: {wish}").hosts.values()
    assert host["ansible_host"] == address


@pytest.mark.parametrize(
    ("wish", "address"),
    [
        ("ipv6_addresses", "2001:db8:6::1"),
        ("ipv6_subnets", "2001:db8:7::"),
        ("internal_addresses", "10.0.0.17"),
    ],
)
def test_addresses_of_other_kinds_are_shown_and_connected_to(sources, network, wish, address):
    network.panel.servers = [
        vps(
            ips={"1": "192.0.2.17"},
            ips6={"2": {"ip": "2001:db8:6::1"}},
            ips6_subnet={"3": "2001:db8:7::/64"},
            ips_int=["10.0.0.17"],
        )
    ]
    (host,) = sources.parse(f"connect_with: {wish}").hosts.values()
    assert host["ansible_host"] == address
    assert host["virtualizor_ipv6_addresses"] == ["2001:db8:6::1"]
    assert host["virtualizor_ipv6_subnets"] == ["2001:db8:7::/64"]
    assert host["virtualizor_internal_addresses"] == ["10.0.0.17"]


def test_ready_made_groups_need_no_template(sources, network):
    network.panel.servers = [
        vps(),
        vps(18, plid="3", suspended="1", machine_status="2", serid=0, server_name=""),
        vps(19, plid="0", osid="100", os_name=None, uid="13", virt="lxc", machine_status=""),
    ]
    groups = sources.parse(
        "group_by: [state, server, owner, virt, os, plan, off_plan, suspended]\nhostnames: [id]"
    ).groups
    assert groups == {
        "virtualizor_state_on": ["17"],
        "virtualizor_state_suspended": ["18"],
        "virtualizor_server_ams_1": ["17", "19"],
        "virtualizor_server_0": ["18"],
        "virtualizor_owner_12": ["17", "18"],
        "virtualizor_owner_13": ["19"],
        "virtualizor_virt_kvm": ["17", "18"],
        "virtualizor_virt_lxc": ["19"],
        "virtualizor_os_ubuntu_24_04_x86_64": ["17", "18"],
        "virtualizor_os_100": ["19"],
        "virtualizor_plan_KVM_2G": ["17"],
        "virtualizor_plan_KVM_4G": ["18"],
        "virtualizor_off_plan": ["18"],
        "virtualizor_suspended": ["18"],
    }


def test_expressions_see_the_variables(sources):
    parsed = sources.parse(
        "strict: true\ncompose: {gigabytes: virtualizor_ram / 1024}\n"
        "groups: {small: virtualizor_ram < 4096}\nkeyed_groups: [{key: virtualizor_virt}]"
    )
    assert float(parsed.hosts["web17.example.com"]["gigabytes"]) == 2
    assert parsed.groups == {"small": ["web17.example.com"], "_kvm": ["web17.example.com"]}


def test_all_text_of_the_panel_is_unsafe(sources, network):
    network.panel.servers = [vps(hostname=NASTY, os_name=NASTY, suspend_reason=NASTY)]
    network.panel.plans = [plan(2, NASTY)]
    parsed = sources.parse("full: true\ngroup_by: [plan, os]\ncompose: {x: virtualizor_plan_name}")
    (host,) = parsed.hosts.values()
    assert host["virtualizor_plan_name"] == NASTY
    assert host["x"] == NASTY
    assert marked_unsafe(host)
    assert not any("{" in name for name in [*parsed.hosts, *parsed.groups])


def test_the_nodes_are_queried_for_states_on_request(sources, network):
    (host,) = sources.parse("live_state: true").hosts.values()
    assert host["virtualizor_state"] == "off"
    assert network.requests == ["vs", "states", "plans"]


def test_a_large_panel_is_read_in_pages_at_the_same_time(sources, network):
    network.panel.servers = [vps(number) for number in range(1, 2101)]
    assert len(sources.parse("hostnames: [id]").hosts) == 2100
    assert network.requests.count("vs") <= 8


# -- filters -----------------------------------------------------------------------------------


def test_filters_are_sent_where_the_panel_has_them_and_applied_here(sources, network):
    network.panel.servers = [
        vps(),
        vps(18, plid="3"),
        vps(19, uid="13"),
        vps(20, suspended="1"),
        vps(21, hostname="db21"),
        vps(22, hostname="web-old"),
    ]
    parsed = sources.parse(
        "plan_ids: [2]\nuser_ids: [12]\nserver_ids: [1, 2]\nvirts: [kvm]\nsuspended: false\n"
        "names: [web*]\nexclude_names: ['*old']"
    )
    assert list(parsed.hosts) == ["web17.example.com"]
    sent = network.panel.queries[0]
    assert {key: sent[key] for key in ("plid", "vstype", "vsstatus")} == {
        "plid": 2,
        "vstype": "kvm",
        "vsstatus": "u",
    }
    assert "vserid" not in sent


@pytest.mark.parametrize(
    ("text", "missed"),
    [
        ("plan_ids: [2, 9]", "plan_ids: '9'"),
        ("plan_ids: [9]", "plan_ids: '9'"),
        ("user_ids: [12, 99]", "user_ids: '99'"),
        ("server_ids: [1, 7]", "server_ids: '7'"),
        ("names: ['*']\nexclude_names: [web18]", "exclude_names: 'web18'"),
    ],
)
def test_a_filter_that_names_nothing_is_warned_about(sources, text, missed):
    (warning,) = sources.parse(text).warnings
    assert warning.endswith(f": {missed}")


@pytest.mark.parametrize(("name", "warnings"), [("web17.example.com", 0), ("db01", 0), ("db02", 1)])
def test_a_vps_that_the_panel_leaves_out_is_a_match(sources, network, name, warnings):
    network.panel.servers = [vps(), vps(18, hostname="db01", suspended="1")]
    parsed = sources.parse(f"suspended: false\nexclude_names: [{name}]")
    assert len(parsed.warnings) == warnings
    assert network.panel.requests.count("vs") == (1 if name.startswith("web") else 2)


def test_a_filter_by_kind_is_not_judged(sources):
    assert sources.parse("virts: [kvm, lxc]\nsuspended: false").warnings == []


# -- options -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "desired"),
    [("virtualizor.yml", True), ("ams.virtualizor.yaml", True), ("virtfusion.yml", False)],
)
def test_a_file_is_taken_by_its_name(sources, tmp_path, path, desired):
    (tmp_path / path).write_text("plugin: x", encoding="utf-8")
    plugin, _warnings = sources.plugin()
    assert plugin.verify_file(str(tmp_path / path)) is desired


def test_the_connection_comes_from_the_environment(sources, network, monkeypatch):
    for name, value in {
        "API_URL": f"https://{HOST}",
        "API_PASS": PASS,
        "API_AUTH": "hash",
        "TIMEOUT": "90",
        "VALIDATE_CERTS": "no",
    }.items():
        monkeypatch.setenv(f"VIRTUALIZOR_{name}", value)
    sources.parse(connection=False)
    assert "adminapikey" not in network.panel.queries[0]
    assert len(network.panel.queries[0]["apikey"]) == 40
    (settings,) = network.settings
    assert (settings["verify"], settings["limits"].timeout_s) == (False, 90)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("plan_id: [1]", "plan_id"),
        ("plan_ids: [-1]", "plan_ids contains -1, which is not an ID"),
        ("user_ids: [0]", "user_ids contains 0, which is not an ID"),
        ("virts: [vmware]", "virts"),
        ("group_by: [package]", "group_by"),
        ("hostnames: [name]", "hostnames"),
        ("api_auth: both ways", "api_auth"),
        ("api_auth: hash", "api_key is not sent with api_auth=hash"),
        ("live_state: perhaps", "live_state"),
        ("timeout: 0", "timeout must be at least 1"),
        ("panels: []", "must be in panels, not beside it"),
    ],
)
def test_invalid_options_are_refused_before_anything_is_sent(sources, text, words):
    assert words in sources.refused(text)


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ("", "api_url is not set (set it, or panels)"),
        (f"api_url: https://{HOST}", "api_pass is not set (set it, or panels)"),
        (f"api_url: https://{HOST}\napi_pass: {PASS}", "api_key is empty"),
        (f"api_url: ftp://{HOST}\napi_key: k\napi_pass: {PASS}", "api_url is not the address"),
    ],
)
def test_a_connection_that_lacks_something_is_refused(sources, lines, words):
    assert words in sources.refused(lines, connection=False)


# -- several panels ----------------------------------------------------------------------------


def _panels(**fra):
    ams = {"name": "ams", "api_url": f"https://{HOST}", "api_key": KEY, "api_pass": PASS}
    return f"panels: {[ams, {'name': 'fra', 'api_url': 'https://fra.example.com', **fra}]}\n"


def test_one_panel_has_one_entry(sources):
    same = {"api_url": f"https://{HOST}:4085/", "api_key": KEY, "api_pass": PASS}
    message = sources.refused(_panels(**same), connection=False)
    assert "'ams' and 'fra' in panels are the same panel" in message


def test_several_panels_are_distinguished(sources, network):
    fra = network.panels["fra.example.com:4085"] = FakePanel(vps(), vps(18))
    parsed = sources.parse(
        _panels(api_pass="FRA-PASS", api_auth="hash") + "group_by: [panel, server, plan]",
        connection=False,
    )
    assert sorted(parsed.hosts) == [
        "web17.example.com_17_ams",
        "web17.example.com_17_fra",
        "web18.example.com",
    ]
    assert parsed.hosts["web18.example.com"]["virtualizor_panel"] == "fra"
    assert sorted(parsed.groups) == [
        "virtualizor_panel_ams",
        "virtualizor_panel_fra",
        "virtualizor_plan_KVM_2G",
        "virtualizor_server_ams_ams_1",
        "virtualizor_server_fra_ams_1",
    ]
    assert "adminapipass" in network.panel.queries[0]
    assert "adminapipass" not in fra.queries[0]


def test_what_an_entry_does_not_set_comes_from_the_file_but_no_credentials(sources, monkeypatch):
    monkeypatch.setenv("VIRTUALIZOR_API_KEY", KEY)
    message = sources.refused(_panels(api_pass="FRA-PASS"), connection=False)
    assert message.startswith("Panel fra: api_key is empty (set it in panels)")


# -- the cache ---------------------------------------------------------------------------------


def test_a_second_run_asks_nothing_and_gives_the_same(sources, network, kept):
    first = sources.parse(f"{kept}group_by: [plan]")
    second = sources.parse(f"{kept}group_by: [plan]")
    assert network.requests == LISTS
    assert (second.hosts, second.groups) == (first.hosts, first.groups)


@pytest.mark.parametrize(
    "change",
    [
        "plan_ids: [2]",
        "live_state: true",
        "api_key: other",
        "api_pass: other",
        f"api_url: https://{HOST}:443",
    ],
)
def test_another_panel_credential_or_filter_is_asked_for(sources, network, kept, change):
    network.panels[f"{HOST}:443"] = FakePanel(vps())
    lines = dict(line.split(": ", 1) for line in sources.connection)
    sources.parse(kept + _lines(lines), connection=False)
    name, value = change.split(": ", 1)
    sources.parse(kept + _lines({**lines, name: value}), connection=False)
    assert [act for act in network.requests if act != "states"] == LISTS * 2


@pytest.mark.parametrize("url", [f"https://{HOST}/", f"https://{HOST}:4085/index.php"])
def test_an_address_written_another_way_is_the_same(sources, network, kept, url):
    sources.parse(kept)
    sources.parse(f"{kept}api_url: {url}\napi_key: {KEY}\napi_pass: ' {PASS}'", connection=False)
    assert network.requests == LISTS


def test_the_cache_holds_no_credential(sources, kept, tmp_path):
    sources.parse(kept)
    (file,) = (tmp_path / "cache").iterdir()
    content = file.name + file.read_text(encoding="utf-8")
    assert not any(secret in content for secret in (*SECRETS, KEY, PASS))


@pytest.mark.parametrize("fault", [never_sent(), answer(500, "oops"), answer(200, {"vs": 5})])
def test_old_servers_will_do_while_the_panel_is_down(sources, network, kept, fault):
    sources.parse(kept)
    network.panel.fault = fault
    parsed = sources.parse(f"{kept}stale_on_error: true", cache=False)
    assert list(parsed.hosts) == ["web17.example.com"]
    (warning,) = parsed.warnings
    assert warning.startswith("Cannot list the VPSs: ")


@pytest.mark.parametrize(
    "fault",
    [
        answer(302, location="/login"),
        answer(200, f"<form><input type=password></form>{HTML}"),
        answer(200, {"error": ["No permission"]}),
    ],
)
def test_old_servers_do_not_hide_what_does_not_pass(sources, network, kept, fault):
    sources.parse(kept)
    network.panel.fault = fault
    message = sources.fail(f"{kept}stale_on_error: true", cache=False)
    assert message.startswith("Cannot list the VPSs: ")
    assert KEY not in message


def _lines(options):
    return "".join(f"{name}: {value}\n" for name, value in options.items())
