# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Imports the content twice and removes it, with the modules of awx.awx, in the venv that has them.

The modules run in this process, and their requests reach the stand-in without a socket: some hundred processes,
each with several connections, would take minutes.
"""

from __future__ import annotations

import copy
import importlib
import io
import json
import re
import urllib.error
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import Message
from typing import Any
from unittest import mock

from ansible_collections.vpsfleet.panels.plugins.plugin_utils._awx.apply import (
    Changes,
    Importer,
    NotApplied,
    remove,
)
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._awx.content import content, playbooks
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._awx.judge import problems
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._awx.preview import (
    Judgment,
    preview,
    removed_by,
)
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._awx.removal import removal
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._awx.settings import Settings
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._awx.state import State, read_state
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._awx.workflows import workflows
from ansible_collections.vpsfleet.panels.tests.unit.support.awx_settings import (
    berlin,
    everything,
    pipelines,
    settings,
)
from tests.awx.stand_in import ADMIN, StandIn

REPOSITORY = "https://git.example.com/fleet.git"
CHAT = {
    "name": "chat",
    "type": "webhook",
    "configuration": {
        "url": "https://chat.example.com",
        "username": "bot",
        "password": "hook-secret",
    },
}


def asked(**changes: Any) -> dict[str, Any]:
    """Return settings for one panel with two shards."""
    fleet = [{"name": "all", "target": {"package_id": 3}, "servers": {"all": True}}]
    panel = pipelines(shards=2, rate=40, fleet=fleet)
    given = {
        "organization": "Hosting",
        "project_url": REPOSITORY,
        "image": "registry.example.com/fleet:1",
        "runs_dir": "/var/lib/fleet",
        "panels": [panel],
        "notifications": [CHAT],
    }
    return {**given, **changes}


@contextmanager
def prepared() -> Iterator[StandIn]:
    """Yield an AWX with a repository, a mount, and objects of others in the same organization."""
    with StandIn() as awx:
        awx.show_paths = ["/var/lib/fleet:/var/lib/fleet:rw"]
        data = awx.data
        data.playbooks[REPOSITORY] = [*playbooks(everything()), "theirs.yml"]
        organization = data.add("organizations", {"name": "Hosting", "description": "Everything"})
        own = {"organization": organization["id"]}
        data.add("teams", {"name": "vpsfleet", **own})
        kind = {"name": "vpsfleet", "kind": "cloud", "inputs": {"fields": []}}
        number = data.add("credential_types", kind)["id"]
        data.add("credentials", {"name": "theirs", "credential_type": number, **own})
        project = {"name": "their project", "scm_type": "git", "scm_url": REPOSITORY, **own}
        template = {
            "name": "theirs",
            "inventory": data.add("inventories", {"name": "theirs", **own})["id"],
            "project": data.add("projects", project)["id"],
            "playbook": "theirs.yml",
        }
        data.add("job_templates", {**template, **own})
        yield awx


class Ended(BaseException):
    """The end of a module, with its result."""

    def __init__(self, result: dict[str, Any]) -> None:
        super().__init__()
        self.result = result


class Response(io.BytesIO):
    """A response of the stand-in, as the modules read it."""

    def __init__(self, status: int, answer: Any) -> None:
        super().__init__(b"" if answer is None else json.dumps(answer).encode())
        self.status = status

    def getheader(self, name: str, default: str | None = None) -> str | None:
        headers = {"X-API-Product-Name": "AWX", "X-API-Product-Version": "24.6.1"}
        return headers.get(name, default)


def run_module(awx: StandIn, name: str, arguments: dict[str, Any]) -> dict[str, Any]:
    """Run a module of awx.awx in this process, and return its result."""
    from ansible.module_utils.basic import AnsibleModule
    from ansible.module_utils.testing import patch_module_args

    def exit_json(self: Any, **result: Any) -> None:
        raise Ended({"changed": False, **result})

    def fail_json(self: Any, msg: str, **result: Any) -> None:
        raise Ended({"failed": True, "msg": msg, **result})

    def send(self: Any, method: str, url: str, data: str | None = None, **options: Any) -> Response:
        status, answer = awx.answer(method, url, ADMIN, json.loads(data) if data else {})
        if status >= 400:
            body = io.BytesIO(json.dumps(answer).encode())
            raise urllib.error.HTTPError(url, status, "refused", Message(), body)
        return Response(status, answer)

    module = importlib.import_module(f"ansible_collections.awx.awx.plugins.modules.{name}")
    given = {**arguments, "controller_host": awx.url, "controller_oauthtoken": ADMIN}
    ends = mock.patch.multiple(AnsibleModule, exit_json=exit_json, fail_json=fail_json)
    sends = mock.patch("ansible.module_utils.urls.Request.open", send)
    with patch_module_args(given), ends, sends, mock.patch("time.sleep"):
        try:
            module.main()
        except Ended as ended:
            return ended.result
    raise AssertionError(f"{name} returned")


class Run:
    """One run of the role's action against the stand-in."""

    def __init__(self, awx: StandIn, found: Settings, *, update_secrets: bool = False) -> None:
        self.awx, self.settings, self.desired = awx, found, content(found)
        names = [each.template.name for each in workflows(found)]
        self.state: State = read_state(self.read, found.organization, names)
        assert problems(found, self.desired, self.state, adopt=False) == []
        self.judgment = Judgment(found, self.state, self.related, self.read, update_secrets)

    def read(self, endpoint: str, **query: Any) -> Any:
        words = "&".join(f"{name}={value}" for name, value in query.items()).replace(" ", "%20")
        path = endpoint if endpoint.startswith("/") else f"/api/v2/{endpoint}/"
        status, answer = self.awx.answer("GET", f"{path}?{words}", ADMIN, None)
        assert status == 200, (path, answer)
        return answer["results"] if isinstance(answer, dict) and "results" in answer else answer

    def related(self, row: Any, name: str) -> Any:
        return self.read(row["related"][name])

    def preview(self, *, prune: bool = False) -> dict[str, list[str]]:
        removed = removed_by(self.judgment, self.desired, prune=prune)
        return preview(self.judgment, self.desired, removed)

    def run(self, *, prune: bool = False) -> dict[str, Any]:
        removed = removed_by(self.judgment, self.desired, prune=prune)
        importer = Importer(self.judgment, lambda name, given: run_module(self.awx, name, given))
        importer.run(self.desired, removed)
        return importer.changes.result()


def snapshot(awx: StandIn) -> dict[str, Any]:
    """Return a copy of all that an AWX contains."""
    data = awx.data
    parts = {"rows": data.rows, "members": data.members, "surveys": data.surveys}
    return copy.deepcopy({**parts, "teams": data.teams_of})


def removed_from(awx: StandIn, found: Settings) -> list[str]:
    """Remove the content, and return what was removed."""
    done = removal(Run(awx, found).state, found.label)
    assert done.kept == []
    changes = Changes()
    remove(done.rows, found.organization, lambda name, given: run_module(awx, name, given), changes)
    return changes.removed


def check_the_modules_agree(awx: StandIn, found: Settings) -> None:
    """Run every module again, although nothing differs: none of them must report a change."""
    for each in content(found):
        if each.kind in ("organization", "notification_template"):
            continue  # foreign; and with a secret, this module reports a change in each run
        arguments = dict(each.arguments)
        if each.kind == "credential":
            arguments["update_secrets"] = False
        result = run_module(awx, each.kind, arguments)
        assert not result.get("failed"), (each.words, result)
        assert not result["changed"], each.words


def check_repairs(awx: StandIn, found: Settings) -> None:
    """Change the content by hand: a foreign node goes, and a moved link and a changed option come back."""
    data = awx.data
    workflow = awx.row("workflow_job_templates", "vpsfleet berlin change")["id"]
    table = "workflow_job_template_nodes"
    given = {"identifier": "apply-again", "workflow_job_template": workflow}
    row = data.add(table, given)
    apply = next(each for each in data.rows[table].values() if each["identifier"] == "apply")
    data.members[table, apply["id"], "always_nodes"] = [row["id"]]
    narrowed = {"limit": "web", "job_tags": "x", "skip_tags": "y", "start_at_task": "z"}
    awx.row("job_templates", "vpsfleet berlin plan").update(job_slice_count=4, **narrowed)
    awx.row("workflow_job_templates", "vpsfleet berlin change")["extra_vars"] = '{"survey_all": 1}'
    seen = Run(awx, found).preview()
    assert seen["updated"] == [
        f"job template vpsfleet berlin plan: job_slice_count, {', '.join(narrowed)}",
        "workflow vpsfleet berlin change: extra_vars",
        "node apply of the workflow vpsfleet berlin change: always_nodes",
    ]
    result = Run(awx, found).run()
    assert result["removed"] == seen["removed"]
    assert result["removed"] == ["node apply-again of the workflow vpsfleet berlin change"]
    assert len(result["updated"]) == 3
    plan = awx.row("job_templates", "vpsfleet berlin plan")
    assert {plan[name] for name in narrowed} == {""}
    assert Run(awx, found).run()["changed"] is False


def check_decisions_of_the_operator(awx: StandIn, found: Settings) -> None:
    """Enable one schedule and disable the other, as documented: an import does not undo that."""
    drift = awx.row("schedules", "vpsfleet berlin drift")
    janitor = awx.row("schedules", "vpsfleet berlin ci janitor")
    assert (drift["enabled"], janitor["enabled"]) == (False, True)
    drift.update(enabled=True, rrule="by hand")
    janitor["enabled"] = False
    assert Run(awx, found).run()["updated"] == ["schedule vpsfleet berlin drift"]
    assert (drift["enabled"], janitor["enabled"]) == (True, False)
    assert drift["rrule"] == found.drift_rrule


def check_rights(awx: StandIn, found: Settings) -> None:
    """Give operators a role by hand: it is revoked, and those of others stay."""
    data = awx.data
    template = awx.row("job_templates", "vpsfleet berlin apply")["id"]
    (role,) = (number for number, each in data.roles.items() if each == (template, "execute_role"))
    (theirs,) = (row["id"] for row in data.rows["teams"].values() if row["name"] == "vpsfleet")
    operators = awx.row("teams", "vpsfleet operators")["id"]
    data.teams_of.setdefault(role, []).extend([operators, theirs])
    words = "execute of vpsfleet operators on the job template vpsfleet berlin apply"
    assert Run(awx, found).preview()["removed"] == [f"permission {words}"]
    assert Run(awx, found).run()["removed"] == [f"permission {words}"]
    assert data.teams_of[role] == [theirs]
    assert Run(awx, found).run()["changed"] is False
    data.teams_of[role] = []


def check_secrets(awx: StandIn, found: Settings) -> None:
    """Send the secrets again: the preview lists the objects that the import reports."""
    seen = Run(awx, found, update_secrets=True).preview()["updated"]
    assert "credential vpsfleet berlin: secrets" in seen
    assert "notification template vpsfleet berlin plan to chat: secrets" in seen
    updated = Run(awx, found, update_secrets=True).run()["updated"]
    assert sorted(updated) == sorted(each.removesuffix(": secrets") for each in seen)
    assert awx.row("credentials", "vpsfleet berlin")["inputs"]["api_token"] == "secret-token"
    assert Run(awx, found).preview()["updated"] == []


def check_branch(awx: StandIn, found: Settings) -> None:
    """Name a branch, and take it away again."""
    project = awx.row("projects", "vpsfleet playbooks")
    for given, expected in ((settings(**asked(project_branch="next")), "next"), (found, "")):
        assert Run(awx, given).run()["updated"] == ["project vpsfleet playbooks"]
        assert project["scm_branch"] == expected


def check_fewer_shards(awx: StandIn) -> None:
    """Take the shards away: their nodes go with their workflow, and their templates if asked."""
    whole = settings(**asked(panels=[berlin(rate=40)]))
    seen = Run(awx, whole).preview()
    old = seen["left_over"]
    assert "job template vpsfleet berlin plan 2 of 2" in old
    assert "workflow vpsfleet all panels change" in old
    # Nobody can start what is left any more.
    assert (
        "permission execute of vpsfleet operators on the workflow vpsfleet berlin ci"
        in seen["removed"]
    )
    assert sorted(Run(awx, whole).run()["removed"]) == sorted(seen["removed"])
    assert Run(awx, whole).preview()["removed"] == []
    assert sorted(Run(awx, whole).run(prune=True)["removed"]) == sorted(old)
    assert "vpsfleet berlin plan 2 of 2" not in awx.names("job_templates")


def check_first_import(awx: StandIn, found: Settings) -> None:
    """Import into an AWX without the content."""
    seen = Run(awx, found).preview()
    assert awx.writes == []
    first = Run(awx, found).run()
    assert sorted(first["created"]) == sorted(seen["created"])
    assert (first["updated"], first["removed"]) == ([], [])
    assert awx.row("credentials", "vpsfleet berlin")["inputs"]["api_token"] == "secret-token"
    rows = awx.data.rows["workflow_job_template_nodes"].values()
    nodes = {row["identifier"] for row in rows if "-berlin-" in row["identifier"]}
    parts = [("plan", 1), ("plan", 2), ("canary", 1), ("rest", 2)]
    assert nodes == {f"{step}-berlin-{shard}-of-2" for step, shard in parts}


def check_interrupted_imports(found: Settings) -> None:
    """End an import before the first write of each kind: the next one continues, and the one after has nothing to do.

    A module creates a template with one request, and adds its credentials and labels with others.
    """
    with prepared() as awx:
        Run(awx, found).run()
        kinds = [re.sub(r"/\d+/", "/ID/", f"{method} {path}") for method, path in awx.writes]
    assert "POST /api/v2/job_templates/ID/labels/" in kinds
    for number in map(kinds.index, dict.fromkeys(kinds)):
        with prepared() as awx:
            interrupt(awx, found, number)
            assert Run(awx, found).run()["changed"] is True, kinds[number]
            assert Run(awx, found).run()["changed"] is False, kinds[number]


def interrupt(awx: StandIn, found: Settings, number: int) -> None:
    """Run an import in which AWX executes this number of writes."""
    execute = awx.answer

    def answer(method: str, url: str, token: str, body: Any) -> tuple[int, Any]:
        if method != "GET" and len(awx.writes) >= number:
            return 500, {"detail": "Server error."}
        return execute(method, url, token, body)

    with mock.patch.object(awx, "answer", answer):
        try:
            Run(awx, found).run()
        except NotApplied:
            return
    raise AssertionError("the import has not ended early")


def main() -> None:
    found = settings(**asked())
    check_interrupted_imports(found)
    with prepared() as awx:
        before = snapshot(awx)
        check_first_import(awx, found)
        after = snapshot(awx)
        awx.writes.clear()
        assert Run(awx, found).run()["changed"] is False
        assert awx.writes == []
        check_the_modules_agree(awx, found)
        assert snapshot(awx) == after
        check_repairs(awx, found)
        check_decisions_of_the_operator(awx, found)
        check_rights(awx, found)
        check_secrets(awx, found)
        check_branch(awx, found)
        check_fewer_shards(awx)
        assert removed_from(awx, found) != []
        assert snapshot(awx)["rows"] == before["rows"]
        assert awx.data.crippled == []
        assert removed_from(awx, found) == []
    print("done")


if __name__ == "__main__":
    main()
