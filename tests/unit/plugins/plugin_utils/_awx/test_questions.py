# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The questions of the surveys: written from the role's documentation, and empty answers are not set."""

from __future__ import annotations

import importlib.util

import pytest
import yaml
from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar

from ansible_collections.vpsfleet.panels.plugins.plugin_utils._awx.surveys import MAPPINGS
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._role_variables import is_set
from ansible_collections.vpsfleet.panels.tests.unit.support.awx_settings import VARS, definitions
from ansible_collections.vpsfleet.panels.tests.unit.support.collection import TOP
from ansible_collections.vpsfleet.panels.tests.unit.support.templates import trust_as_template


def _script():
    spec = importlib.util.spec_from_file_location("awx_surveys", TOP / "ci/awx_surveys.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_file_is_what_the_script_writes():
    """Run `python ci/awx_surveys.py --write` after a change of the role or of a bulk action."""
    assert (VARS / "questions.yml").read_text(encoding="utf-8") == _script().text()


def test_each_variable_of_the_role_is_asked_for_or_has_a_reason():
    script = _script()
    specs = yaml.safe_load(script.SPECS.read_text(encoding="utf-8"))["argument_specs"]
    there = {
        name.removeprefix("vps_fleet_") for entry in specs.values() for name in entry["options"]
    }
    known = set(script.ASKED) | set(script.NOT_ASKED)
    assert there - known == set(), "add these to ASKED or NOT_ASKED of ci/awx_surveys.py"
    assert set(script.ASKED) & set(script.NOT_ASKED) == set()


def test_each_question_sets_a_variable_of_the_role_or_of_its_playbook():
    script = _script()
    specs = yaml.safe_load(script.SPECS.read_text(encoding="utf-8"))["argument_specs"]
    role = {name for entry in specs.values() for name in entry["options"]}
    for group, rows in definitions()["questions"].items():
        known = set(role)
        if group != "fleet":
            path = TOP / f"playbooks/{script.PANELS[group][1]}.yml"
            (play,) = yaml.safe_load(path.read_text(encoding="utf-8"))
            known = set(play["vars"]["vps_fleet__playbook_variables"])
        for row in rows.values():
            assert row.get("sets") is None or row["sets"] in known, row


def test_the_role_passes_all_of_its_data_on():
    text = (VARS / "main.yml").read_text(encoding="utf-8")
    passed = yaml.safe_load(text)["awx_content__definitions"]
    assert passed == {name: f"{{{{ awx_content__{name} }}}}" for name in definitions()}


def test_each_variable_of_the_pipelines_role_is_known():
    script = _script()
    specs = yaml.safe_load(script.CI_SPECS.read_text(encoding="utf-8"))["argument_specs"]
    known = definitions()["ci_variables"]
    for entry in script.CI_ENTRY_POINTS:
        assert set(specs[entry]["options"]) <= set(known)
    fixed = {f"virtfusion_ci_server_{name}" for name in script.CI_FIXED}
    assert {name for name, reason in known.items() if reason} == fixed


def _answered(kind, **answers):
    template = trust_as_template(MAPPINGS[kind].format(variable="survey_x"))
    return Templar(loader=DataLoader(), variables=answers).template(template)


@pytest.mark.parametrize("kind", MAPPINGS)
@pytest.mark.parametrize("answers", [{}, {"survey_x": ""}])
def test_no_answer_is_not_set(kind, answers):
    assert not is_set(_answered(kind, **answers))


def test_answers_become_values():
    assert int(_answered("plain", survey_x=3)) == 3
    assert _answered("plain", survey_x="Cloud 4") == "Cloud 4"
    assert not is_set(_answered("choice", survey_x="default"))
    assert _answered("choice", survey_x="true") in ("true", True)
    assert _answered("lines", survey_x="db 01\n\n db,02 \n") == ["db 01", "db,02"]
    assert [int(each) for each in _answered("numbers", survey_x="6, 7\n8")] == [6, 7, 8]
    assert not is_set(_answered("numbers", survey_x=" \n"))
