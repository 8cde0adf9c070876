# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Who runs a task: from options, from the job, or from the operating system."""

from __future__ import annotations

import pytest

from ansible_collections.vpsfleet.panels.plugins.plugin_utils._fleet import identity
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._fleet.identity import (
    KEYS,
    Attribution,
    attribution_of,
    login_name,
)

NOTHING = {"started_by": None, "approved_by": None, "ticket": None}


@pytest.mark.parametrize(
    ("variables", "environment", "user", "job"),
    [
        ({"awx_user_name": "alice", "awx_job_id": 7}, {}, "alice", "AWX 7"),
        ({"tower_user_name": "alice", "tower_job_id": 7}, {}, "alice", "Tower 7"),
        ({}, {"GITHUB_ACTOR": "bob", "GITHUB_RUN_ID": "99"}, "bob", "GitHub 99"),
        ({}, {"GITLAB_USER_LOGIN": "eve", "CI_JOB_ID": "5"}, "eve", "GitLab 5"),
        ({}, {"BUILD_USER_ID": "dan", "BUILD_TAG": "jenkins-x-3"}, "dan", "Jenkins jenkins-x-3"),
        ({"awx_user_name": ""}, {"GITHUB_ACTOR": ""}, login_name({}), None),
    ],
)
def test_a_job_states_its_user_and_itself(variables, environment, user, job):
    found = attribution_of(NOTHING, variables, environment)
    assert (found.started_by, found.job) == (user, job)


def test_options_replace_what_the_job_states():
    given = {"started_by": "carol", "approved_by": "bob", "ticket": "CHG1"}
    found = attribution_of(given, {"awx_user_name": "alice", "awx_job_id": 1}, {})
    assert (found.started_by, found.approved_by, found.ticket) == ("carol", "bob", "CHG1")
    assert found.job == "AWX 1"


@pytest.mark.parametrize(("uid", "name"), [(0, "alice"), (12345, "UID 12345")])
def test_the_user_behind_sudo_is_named_and_a_user_without_a_name_by_number(monkeypatch, uid, name):
    monkeypatch.setattr(identity.os, "getuid", lambda: uid)

    def unknown(number):
        raise KeyError(number)

    monkeypatch.setattr(identity.pwd, "getpwuid", unknown)
    assert login_name({"SUDO_USER": "alice"}) == name


@pytest.mark.parametrize(
    ("approved_by", "by_hash", "expected"),
    [
        (None, True, (None, "T")),
        (None, False, (None, None)),
        ("bob", False, ("bob", "T")),
        ("", True, (None, None)),  # vps_fleet_approval is none
    ],
)
def test_an_approval_has_a_time_only_where_there_is_one(approved_by, by_hash, expected):
    begun = Attribution(approved_by=approved_by)
    found = begun.of_execution("CHG1", "T", by_hash=by_hash).to_plain()
    assert found["ticket"] == "CHG1"
    assert begun.of_execution(None, None, by_hash=by_hash).approved_at is None
    assert (found["approved_by"], found["approved_at"]) == expected
    assert tuple(found) == KEYS


def test_texts_are_printable_short_and_without_secrets():
    given = Attribution(started_by="a\x1b[2J", ticket="x" * 300, job="AWX s3cr3t")
    found = given.cleaned(lambda text: text.replace("s3cr3t", "***"))
    assert (found.started_by, found.job) == ("a [2J", "AWX ***")
    assert found.ticket == "x" * 200
