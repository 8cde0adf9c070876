# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module, from its arguments to its result."""

from __future__ import annotations

import pytest

from ansible_collections.vpsfleet.panels.tests.unit.support.huaweicloud import (
    get,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.huaweicloud_phones import (
    CONNECTION,
    JOB_ID,
    JOBS,
    REQUEST_ID,
    job,
    jobs_of,
)

NAME = "huaweicloud_cph_job_info"
STEPS = (jobs_of(REQUEST_ID, job()),)


@pytest.mark.parametrize("check_mode", [False, True])
@pytest.mark.parametrize("wait", [False, True])
def test_jobs_are_read(modules, check_mode, wait):
    result = modules.run(
        NAME, *STEPS, check_mode=check_mode, request_id=REQUEST_ID, wait=wait, **CONNECTION
    )
    assert result["changed"] is False
    assert [row["state"] for row in result["jobs"]] == ["success"]


def test_a_job_that_failed_fails_the_task(modules):
    step = get(f"{JOBS}/{JOB_ID}", job(status=-1, error_code="CPS.0099"))
    result = modules.run(NAME, step, job_id=JOB_ID, wait=True, **CONNECTION)
    assert result["failed"] is True
    assert result["failure"]["code"] == "job_failed"
    assert result["jobs"][0]["error_code"] == "CPS.0099"
