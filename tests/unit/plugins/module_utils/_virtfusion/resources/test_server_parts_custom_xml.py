# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test custom XML: all sections are sent, only the named ones are returned."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.vpsfleet.panels.plugins.module_utils._core.errors import PanelError
from ansible_collections.vpsfleet.panels.plugins.module_utils._virtfusion.panel import VIRTFUSION
from ansible_collections.vpsfleet.panels.plugins.module_utils._virtfusion.resources.server_parts import (
    SECTIONS,
    ServerCustomXml,
)
from ansible_collections.vpsfleet.panels.plugins.modules.virtfusion_server_custom_xml import (
    ARGUMENTS,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.scripted import (
    ScriptedBackend,
    Step,
    answer,
    get,
    interrupted,
    ok,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.task_runs import failure_of, play
from ansible_collections.vpsfleet.panels.tests.unit.support.virtfusion import options, server

XML = "<watchdog model='i6300esb'/>"


def _sections(**changes: Any) -> dict[str, Any]:
    return {**{key: {"xml": "", "enabled": False} for key in SECTIONS.values()}, **changes}


def _seen(**changes: Any) -> Step:
    return get("/servers/7", ok(server(customXML=_sections(**changes))))


def _set(reply: Any = None, **changes: Any) -> Step:
    body: dict[str, Any] = dict.fromkeys(SECTIONS.values(), "")
    body.update({f"{key}Enabled": False for key in SECTIONS.values()})
    return Step("POST", "/servers/7/customXML", reply or answer(200), body={**body, **changes})


def _run(*steps: Step, check_mode: bool = False, **changes: Any) -> dict[str, Any]:
    # Not run_task(): this module has an option "clock", like a parameter of run_task().
    params = options(ARGUMENTS, server_id=7, **changes)
    backend = ScriptedBackend(*steps)
    return play(VIRTFUSION, backend, ServerCustomXml, params, check_mode=check_mode)


def _fail(*steps: Step, **changes: Any) -> PanelError:
    return failure_of(_run, *steps, **changes)


@pytest.mark.parametrize("reply", [answer(200), answer(200, '""'), answer(204)])
def test_all_twelve_sections_are_sent_with_current_values(reply):
    there = {"os": {"xml": "<a/>", "enabled": True}}
    step = _set(reply, os="<a/>", osEnabled=True, cpuTune=XML, cpuTuneEnabled=True)
    after = _seen(**there, cpuTune={"xml": XML, "enabled": True})
    asked = {"cpu_tune": XML, "cpu_tune_enabled": True}
    predicted = _run(_seen(**there), check_mode=True, **asked)
    real = _run(_seen(**there), step, after, **asked)
    assert len(step.body) == 12
    for key in ("changed", "diff", "changes", "custom_xml", "restart_required"):
        assert predicted[key] == real[key]
    assert real["changed"] is real["restart_required"] is True
    again = _run(after, **asked)
    assert again["changed"] is again["restart_required"] is False


def test_a_change_in_part_waits_for_a_restart_too():
    after = [_seen(os={"xml": XML, "enabled": False})] * 6
    error = _fail(_seen(), _set(os=XML, osEnabled=True), *after, os=XML, os_enabled=True)
    assert (error.code.value, error.partial) == ("refused", True)
    assert error.to_result()["restart_required"] is True


@pytest.mark.parametrize("name", SECTIONS)
def test_each_section_has_its_place(name):
    key = SECTIONS[name]
    result = _run(
        _seen(), _set(**{key: XML}), _seen(**{key: {"xml": XML, "enabled": False}}), **{name: XML}
    )
    assert result["custom_xml"] == {"server_id": 7, name: XML, f"{name}_enabled": False}


@pytest.mark.parametrize("name", SECTIONS)
def test_each_section_has_its_switch(name):
    key = SECTIONS[name]
    there = {key: {"xml": XML, "enabled": False}}
    result = _run(
        _seen(**there),
        _set(**{key: XML, f"{key}Enabled": True}),
        _seen(**{key: {"xml": XML, "enabled": True}}),
        **{f"{name}_enabled": True},
    )
    assert result["custom_xml"] == {"server_id": 7, name: XML, f"{name}_enabled": True}
    assert result["diff"]["after"] == {f"{name}_enabled": True}


def test_sections_that_are_not_named_are_not_shown():
    secret = {"os": {"xml": "<secret/>", "enabled": True}}
    result = _run(_seen(**secret), check_mode=True, domain=XML)
    assert "secret" not in repr(result)


def test_surrounding_space_is_ignored():
    there = {"devices": {"xml": f"  {XML}", "enabled": True}}
    assert _run(_seen(**there), devices=f"{XML}\n")["changed"] is False


def test_a_section_can_be_emptied():
    there = {"clock": {"xml": XML, "enabled": True}}
    after = {"clock": {"xml": None, "enabled": True}}
    result = _run(_seen(**there), _set(clockEnabled=True), _seen(**after), clock="")
    assert result["diff"]["after"] == {"clock": ""}


@pytest.mark.parametrize("custom", [[], {}, {"os": []}, {"os": None}])
def test_an_empty_list_is_an_empty_section(custom):
    step = get("/servers/7", ok(server(customXML=custom)))
    assert _run(step, os="", os_enabled=False)["changed"] is False


def test_a_panel_that_does_not_show_the_sections_is_not_written_to():
    error = _fail(get("/servers/7", ok(server())), os=XML)
    assert error.code.value == "protocol"


@pytest.mark.parametrize("section", [{"xml": 5}, {"xml": ["<a/>"]}, {"enabled": "perhaps"}])
def test_an_invalid_section_is_a_protocol_error(section):
    error = _fail(_seen(os=section), os=XML)
    assert error.code.value == "protocol"


def test_a_write_with_a_lost_response_is_verified():
    after = _seen(os={"xml": XML, "enabled": False})
    result = _run(_seen(), _set(interrupted(), os=XML), after, after, os=XML)
    assert result["changed"] is True
    assert result["api_calls"]["write"] == 1


def test_an_ignored_section_is_a_refusal():
    error = _fail(_seen(), _set(os=XML), *[_seen()] * 6, os=XML)
    assert error.code.value == "refused"
    assert error.msg.startswith("Cannot change custom XML of server 7: os stays at")


@pytest.mark.parametrize(
    ("xml", "words"),
    [
        ("<a>", "devices is not well-formed XML: mismatched tag"),
        ("<a/>\n<b", "devices is not well-formed XML: not well-formed (invalid token), in line 3"),
        ("</section><section>", "devices is not well-formed XML"),
        ("<!DOCTYPE a><a/>", "devices is not well-formed XML"),
        ("&nothing;", "devices is not well-formed XML: undefined entity"),
    ],
)
def test_invalid_xml_sends_nothing(xml, words):
    error = _fail(devices=xml)
    assert error.code.value == "validation"
    assert words in error.msg


@pytest.mark.parametrize(
    "xml", ["<a/><b/>", "<qemu:commandline/>", "text", "<!-- nothing -->", "<a>&lt;</a>"]
)
def test_valid_xml_content_is_accepted(xml):
    assert _run(_seen(), check_mode=True, devices=xml)["changed"] is True
