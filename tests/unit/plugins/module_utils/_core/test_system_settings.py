# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test that a forked process never reads the system's proxies, since macOS would kill it."""

from __future__ import annotations

import multiprocessing
import os
import sys
import urllib.request
from collections.abc import Callable
from typing import Any

import pytest
import requests

from ansible_collections.vpsfleet.panels.plugins.action.virtfusion_server_packages import (
    ActionModule,
)
from ansible_collections.vpsfleet.panels.plugins.module_utils._core import http, system_settings
from ansible_collections.vpsfleet.panels.plugins.plugin_utils import _direct_action
from ansible_collections.vpsfleet.panels.tests.unit.support.bulk import CONNECTION, BulkRunner
from ansible_collections.vpsfleet.panels.tests.unit.support.direct import action

PROXIES = {"https": "http://proxy.example.com:3128", "http": "http://proxy.example.com:3128"}
PANEL = "https://panel.example.com/api/v1"
INSIDE = "https://panel.internal.example.net/api/v1"
FORK = multiprocessing.get_context("fork")


class MacOS:
    """Python's proxy functions on macOS. A call kills any process except the creator."""

    def __init__(self) -> None:
        self._process = os.getpid()
        self.asked = 0

    def _ask(self) -> None:
        if os.getpid() != self._process:
            os._exit(11)
        self.asked += 1

    def settings(self) -> dict[str, Any]:
        self._ask()
        return {"exclude_simple": True, "exceptions": ["*.internal.example.net"]}

    def proxies(self) -> dict[str, str]:
        self._ask()
        return dict(PROXIES)

    def getproxies(self) -> dict[str, str]:
        return urllib.request.getproxies_environment() or self.proxies()

    def proxy_bypass(self, host: str) -> bool:
        proxies = urllib.request.getproxies_environment()
        if proxies:
            return bool(urllib.request.proxy_bypass_environment(host, proxies))
        rule: Any = urllib.request
        return bool(rule._proxy_bypass_macosx_sysconf(host, self.settings()))


@pytest.fixture
def macos(monkeypatch) -> MacOS:
    """Emulate macOS in this process, without proxies in its environment."""
    for name in list(os.environ):
        if name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)
    system = MacOS()
    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.setattr(urllib.request, "_get_proxy_settings", system.settings, raising=False)
    monkeypatch.setattr(urllib.request, "getproxies_macosx_sysconf", system.proxies, raising=False)
    for module in (urllib.request, requests.utils):
        monkeypatch.setattr(module, "getproxies", system.getproxies)
        monkeypatch.setattr(module, "proxy_bypass", system.proxy_bypass)
    return system


def in_fork(work: Callable[[], Any]) -> Any:
    """Return what a forked process returns; fail if it dies."""
    here, there = FORK.Pipe(duplex=False)
    process = FORK.Process(target=lambda: there.send(work()))
    process.start()
    there.close()
    try:
        return here.recv()
    except EOFError:
        process.join()
        pytest.fail(f"the forked process died with {process.exitcode}")
    finally:
        process.join()


def settings_of(url: str) -> Any:
    """Return the proxies of a request."""
    backend = http.RequestsBackend(
        limits=http.Limits(), verify=True, ca_path=None, user_agent="test"
    )
    return backend._settings_for(url)["proxies"]


def test_the_emulation_kills_a_fork_that_reads_proxies(macos):
    with pytest.raises(pytest.fail.Exception, match="died with 11"):
        in_fork(lambda: requests.utils.get_environ_proxies(PANEL))


@pytest.mark.parametrize(("url", "proxies"), [(PANEL, PROXIES), (INSIDE, {})])
def test_a_fork_uses_the_proxies_of_the_main_process(macos, monkeypatch, url, proxies):
    monkeypatch.setattr(system_settings, "SYSTEM", system_settings.read_system())
    assert requests.utils.get_environ_proxies(url) == proxies  # as requests would do
    asked = macos.asked
    assert in_fork(lambda: settings_of(url)) == proxies
    assert settings_of(url) == proxies
    assert macos.asked == asked


def test_a_fork_reads_no_proxies(macos, monkeypatch):
    assert in_fork(system_settings.read_system) is None
    monkeypatch.setattr(system_settings, "SYSTEM", None)
    assert not system_settings.known()
    with pytest.raises(RuntimeError, match="unknown in this process"):
        settings_of(PANEL)


@pytest.mark.parametrize(
    ("name", "value", "proxies"),
    [
        ("HTTPS_PROXY", "http://other.example.com:1", {"https": "http://other.example.com:1"}),
        ("no_proxy", "*", {}),
        ("no_proxy", "panel.example.com", {}),
    ],
)
def test_proxies_of_the_environment_have_precedence(macos, monkeypatch, name, value, proxies):
    monkeypatch.setattr(system_settings, "SYSTEM", None)
    monkeypatch.setenv(name, value)
    assert system_settings.known()
    assert dict(in_fork(lambda: settings_of(PANEL))) == proxies


def test_other_systems_have_no_such_setting(monkeypatch):
    for name in list(os.environ):
        if name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(system_settings, "SYSTEM", system_settings.read_system())
    assert system_settings.known()
    assert system_settings.proxies_for(PANEL, requests.utils.get_environ_proxies) == {}


def test_a_fork_without_known_proxies_runs_a_module_process(macos, monkeypatch):
    monkeypatch.setattr(system_settings, "SYSTEM", None)
    monkeypatch.setattr(
        _direct_action.DirectAction,
        "_execute_module",
        lambda _self, task_vars, wrap_async: {"as_a_module": True},
    )
    options = {"api_url": PANEL, "api_token": "the-token"}
    assert action("virtfusion_package_info", False, options).run(task_vars={})["as_a_module"]


def test_a_bulk_action_in_a_fork_without_known_proxies_sends_nothing(macos, monkeypatch, tmp_path):
    monkeypatch.setattr(system_settings, "SYSTEM", None)
    name = "vpsfleet.panels.virtfusion_server_packages"
    options = {**CONNECTION, "package_id": 3, "all": True}
    result = BulkRunner(ActionModule, name, tmp_path, monkeypatch).action(options).run(task_vars={})
    assert result["failed"] is True
    assert "the proxies of macOS cannot be read" in result["msg"]
