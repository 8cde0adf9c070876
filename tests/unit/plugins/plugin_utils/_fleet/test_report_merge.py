# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a merged report says of shards with nothing to change, and of a merge that is not accepted."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.vpsfleet.panels.plugins.module_utils._core.errors import PanelError
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._fleet.report_merge import (
    merge_reports,
)
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._fleet.run_store import (
    RunStore,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.toy_fleet import ToyPanel, failing
from ansible_collections.vpsfleet.panels.tests.unit.support.toy_folder import (
    ToyFolder,
    folder_store,
)


class Merge:
    """The runs of one panel, and their merged report.

    :param top: the folder of the test.
    """

    def __init__(self, top: Path) -> None:
        self.toys = ToyPanel([1, 1, 10, 1, 1, 1])
        self.top = top

    def run(self, name: str) -> ToyFolder:
        return ToyFolder(self.toys, self.top, name)

    def applied(self, shard: str, **options: Any) -> Path:
        run = self.run(shard.replace("/", "-of-"))
        run.applied(shard=shard, **options)
        return run.path

    def merged(
        self, *runs: Path, limit: str = "0", store: RunStore | None = None
    ) -> dict[str, Any]:
        params = {"reports": list(map(str, runs)), "max_failures": limit, "expected": None}
        return merge_reports({**params, "dest": str(self.top / "m")}, store, check_mode=False)

    def refusal(self, *runs: Path, limit: str = "0") -> PanelError:
        with pytest.raises(PanelError) as caught:
            self.merged(*runs, limit=limit)
        return caught.value

    @property
    def report(self) -> dict[str, Any]:
        return dict(json.loads((self.top / "m" / "report.json").read_text()))


@pytest.fixture
def merge(tmp_path) -> Merge:
    return Merge(tmp_path)


@pytest.mark.parametrize("elsewhere", [False, True])
def test_a_shard_whose_plan_has_nothing_to_change_is_not_missing(merge, tmp_path, elsewhere):
    merge.toys.sizes |= dict.fromkeys((2, 5), 10)
    store = folder_store(tmp_path / "store")
    idle = merge.run("idle")
    idle.store = store
    idle.planned(shard="2/3")
    if elsewhere:
        idle.path.rename(tmp_path / "lost")
    runs = (merge.applied("1/3"), idle.path, merge.applied("3/3"))
    result = merge.merged(*runs, store=store if elsewhere else None)
    assert result["msg"] == "3 reports: 3 changed, 3 unchanged"
    report = merge.report
    assert {row["id"] for row in report["servers"] if row["shard"] == "2/3"} == {2, 5}
    assert (report["dry_run"], report["failure"]) == (False, None)
    assert ("idle/plan.html" in json.dumps(report["links"])) is not elsewhere


def test_a_shard_whose_plan_would_change_servers_is_missing(merge):
    other = merge.run("other")
    other.planned(shard="2/3")
    message = merge.refusal(merge.applied("1/3"), other.path, merge.applied("3/3")).msg
    assert f"there is no report in {other.path}" in message
    assert "missing shards: 2/3" in message


def test_the_limit_says_whether_servers_are_in_doubt(merge):
    merge.toys.before = failing(1, uncertain=True)
    message = merge.refusal(merge.applied("1/1", max_failures="1")).msg
    assert "1 of 5 servers failed or are in doubt, and max_failures allows 0" in message


@pytest.mark.parametrize(("missing", "code"), [(True, "validation"), (False, "stopped")])
def test_a_merged_report_states_why_it_is_not_accepted(merge, tmp_path, missing, code):
    merge.toys.before = failing(1)
    runs = [merge.applied("1/2", max_failures="1"), merge.applied("2/2")]
    limit = "100%" if missing else "0"
    error = merge.refusal(*(runs[:1] if missing else runs), limit=limit)
    assert (error.code.value, merge.report["failure"]) == (code, error.failure())
    assert merge.report["failure"]["message"] == merge.report["msg"]
    assert ">Failed<" in (tmp_path / "m" / "report.html").read_text()
