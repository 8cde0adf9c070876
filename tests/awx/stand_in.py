# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A small stand-in for AWX's API, for the requests that the modules of awx.awx make.

The shapes of requests and responses are those of the published modules and of AWX 24.6.1. It is no AWX: no job runs.
"""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from .database import ASSOCIATIONS, ENCRYPTED, TABLES, UNIFIED, Database, Refused, check_survey

ROOT = "/api/v2/"
ADMIN, PLAIN = "token-of-admin", "token-of-jane"
USERS = {
    ADMIN: {"id": 1, "username": "admin", "is_superuser": True, "is_system_auditor": False},
    PLAIN: {"id": 2, "username": "jane", "is_superuser": False, "is_system_auditor": False},
}
#: What the stand-in calls differently: an approval is read under the address that AWX uses.
PATHS = {"approval_templates": "workflow_approval_templates"}


class StandIn:
    """The API with its database.

    :ivar writes: the requests that changed something, as (method, path).
    :ivar administered: the organizations that the plain user administers.
    """

    def __init__(self) -> None:
        self.data = Database()
        self.writes: list[tuple[str, str]] = []
        self.show_paths: list[str] = []
        self.administered: set[str] = set()
        self._lock = threading.Lock()
        handler = type("Handler", (_Handler,), {"stand_in": self})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    def __enter__(self) -> StandIn:
        self._thread.start()
        return self

    def __exit__(self, *dummy: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def names(self, table: str) -> list[str]:
        """Return the names of the rows of a table."""
        return sorted(
            str(row.get("name") or row.get("identifier")) for row in self.data.rows[table].values()
        )

    def row(self, table: str, name: str) -> dict[str, Any]:
        """Return a row by its name."""
        return next(row for row in self.data.rows[table].values() if row.get("name") == name)

    def answer(self, method: str, url: str, token: str, body: Any) -> tuple[int, Any]:
        """Return the status and the body of a response."""
        path, query = urlsplit(url).path, dict(parse_qsl(urlsplit(url).query))
        user = USERS.get(token)
        if user is None:
            return 401, {"detail": "Authentication credentials were not provided."}
        if not path.startswith(ROOT):
            return 404, {"detail": "Not found."}
        with self._lock:
            try:
                status, answer = self._route(
                    method, path.removeprefix(ROOT).strip("/").split("/"), query, body, user
                )
            except Refused as refused:
                return refused.status, refused.body
            if method != "GET":
                self.writes.append((method, path))
            return status, answer

    def _route(
        self, method: str, words: list[str], query: dict[str, str], body: Any, user: Any
    ) -> tuple[int, Any]:
        if words == ["me"]:
            return 200, _page([user])
        if words == ["settings", "jobs"]:
            if not user["is_superuser"]:
                raise Refused(403, {"detail": "You do not have permission to perform this action."})
            return 200, {"AWX_ISOLATION_SHOW_PATHS": self.show_paths}
        if words[0] == "project_updates":
            return 200, self._update(int(words[1]))
        if words[0] == "roles":
            return self._role(method, int(words[1]), body)
        table = {path: name for name, path in PATHS.items()}.get(words[0], words[0])
        if table not in TABLES and table != "unified_job_templates":
            raise Refused(404, {"detail": "Not found."})
        if len(words) == 1:
            return self._list(method, table, query, body, user)
        number = int(words[1])
        self.data.get(table, number)
        if len(words) == 2:
            return self._object(method, table, number, body, user)
        return self._part(method, table, number, words[2], body)

    def _list(
        self, method: str, table: str, query: dict[str, str], body: Any, user: Any
    ) -> tuple[int, Any]:
        if method == "POST":
            self._allow(user, table, body)
            shown = self._shown(self.data.add(table, body), user)
            if table == "projects" and shown["scm_type"]:
                shown["summary_fields"]["current_update"] = {"id": shown["id"]}
            return 201, shown
        rows = [row for row in self.data.listed(table) if _matches(row, query)]
        return 200, _page([self._shown(row, user) for row in rows])

    def _object(
        self, method: str, table: str, number: int, body: Any, user: Any
    ) -> tuple[int, Any]:
        if method == "GET":
            return 200, self._shown(self.data.get(table, number), user)
        self._allow(user, table, self.data.get(table, number))
        if method == "PATCH":
            return 200, self._shown(self.data.change(table, number, body), user)
        if table == "labels":
            raise Refused(405, {"detail": 'Method "DELETE" not allowed.'})
        self.data.remove(table, number)
        return 204, None

    def _part(self, method: str, table: str, number: int, name: str, body: Any) -> tuple[int, Any]:
        row = self.data.get(table, number)
        if name == "survey_spec":
            if method == "POST":
                check_survey(body)
                self.data.surveys[number] = body
                return 200, {}
            return 200, self.data.surveys.get(number, {})
        if (table, name) == ("teams", "roles"):
            return 200, _page(self._roles_of(number))
        if (table, name) == ("organizations", "applications"):
            rows = self.data.rows["applications"].values()
            return 200, _page([each for each in rows if each["organization"] == number])
        if name == "playbooks":
            return 200, self.data.playbooks_of(row)
        if name == "update":
            self.data.synchronize(row)
            return 202, self._update(number)
        if name == "create_approval_template":
            approval = self.data.add("approval_templates", body)
            row["unified_job_template"] = approval["id"]
            return 201, self._shown(approval, USERS[ADMIN])
        if (table, name) not in ASSOCIATIONS:
            raise Refused(404, {"detail": "Not found."})
        if method == "POST":
            self.data.associate(
                table, number, name, body["id"], leave=bool(body.get("disassociate"))
            )
            return 204, None
        members = self.data.members.get((table, number, name), [])
        other = ASSOCIATIONS[table, name]
        return 200, _page(
            [self._shown(self.data.get(other, each), USERS[ADMIN]) for each in members]
        )

    def _role(self, method: str, number: int, body: Any) -> tuple[int, Any]:
        teams = self.data.teams_of.setdefault(number, [])
        if method == "POST":
            if body.get("disassociate"):
                teams.remove(body["id"])
            else:
                teams.append(body["id"])
            return 204, None
        return 200, _page([{"id": each} for each in teams])

    def _roles_of(self, team: int) -> list[dict[str, Any]]:
        """Return the roles that a team has, as AWX shows them."""
        found = []
        for number, teams in self.data.teams_of.items():
            if team in teams:
                owner, name = self.data.roles[number]
                table = self.data.table_of(owner)
                summary = {
                    "resource_name": self.data.get(table, owner)["name"],
                    "resource_type": TABLES[table].type,
                }
                words = name.removesuffix("_role").capitalize()
                found.append({"id": number, "name": words, "summary_fields": summary})
        return found

    def _update(self, project: int) -> dict[str, Any]:
        row = self.data.rows["projects"][project]
        done = row["scm_revision"] != "" or row.get("scm_type") == ""
        return {
            "id": project,
            "url": f"{ROOT}project_updates/{project}/",
            "status": "successful" if done else "failed",
            "failed": not done,
            "finished": "2026-01-01T00:00:00Z",
            "event_processing_finished": True,
            "scm_revision": row["scm_revision"],
        }

    def _allow(self, user: Any, table: str, row: dict[str, Any]) -> None:
        organization = self.data.rows["organizations"].get(row.get("organization") or 0, {})
        if user["is_superuser"] or organization.get("name") in self.administered:
            return
        if table in ("hosts", "inventory_sources", "workflow_job_template_nodes", "schedules"):
            return
        raise Refused(403, {"detail": "You do not have permission to perform this action."})

    def _shown(self, row: dict[str, Any], user: Any) -> dict[str, Any]:
        """Return a row as AWX shows it."""
        table, number = self.data.table_of(row["id"]), row["id"]
        address = f"{ROOT}{PATHS.get(table, table)}/{number}/"
        shown = {**row, "type": TABLES[table].type, "url": address, "related": {}}
        shown["summary_fields"] = self._summary(table, row, user)
        for owner, name in ASSOCIATIONS:
            if owner == table == "workflow_job_template_nodes":
                shown[name] = list(self.data.members.get((table, number, name), []))
        if table in ("job_templates", "workflow_job_templates"):
            names = ("survey_spec", *(name for owner, name in ASSOCIATIONS if owner == table))
            shown["related"].update({name: f"{address}{name}/" for name in names})
        if table == "projects":
            shown["related"]["update"] = f"{address}update/"
        if table == "organizations":
            shown["related"]["applications"] = f"{address}applications/"
        unified = row.get("unified_job_template")
        if unified is not None:
            other = self.data.table_of(unified)
            shown["related"]["unified_job_template"] = f"{ROOT}{PATHS.get(other, other)}/{unified}/"
        return self._without_secrets(table, shown)

    def _summary(self, table: str, row: dict[str, Any], user: Any) -> dict[str, Any]:
        number = row["id"]
        summary: dict[str, Any] = {
            "user_capabilities": {
                "edit": user["is_superuser"] or row.get("name") in self.administered
            }
        }
        for name, other in TABLES[table].refers.items():
            if row.get(name) is not None:
                parent = self.data.get(other, row[name])
                summary[name] = {
                    "id": parent["id"],
                    "name": parent.get("name"),
                    "description": parent["description"],
                }
                if parent["id"] in self.data.rows["approval_templates"]:
                    summary[name]["timeout"] = parent["timeout"]
                if other == "unified_job_templates":
                    # No organization: AWX shows the one of a template only in the template's own row.
                    summary[name]["unified_job_type"] = UNIFIED[self.data.table_of(parent["id"])]
                if other == "inventories":
                    summary[name]["organization_id"] = parent["organization"]
        roles = {
            name: {"id": role} for role, (each, name) in self.data.roles.items() if each == number
        }
        if roles:
            summary["object_roles"] = roles
        for name in ("labels", "credentials"):
            if (table, name) in ASSOCIATIONS:
                rows = [
                    self.data.get(name, each)
                    for each in self.data.members.get((table, number, name), [])
                ]
                short = [{"id": each["id"], "name": each["name"]} for each in rows]
                summary[name] = (
                    {"count": len(short), "results": short} if name == "labels" else short
                )
        return summary

    def _without_secrets(self, table: str, shown: dict[str, Any]) -> dict[str, Any]:
        if table == "credentials":
            fields = self.data.rows["credential_types"][shown["credential_type"]]["inputs"][
                "fields"
            ]
            secret = {each["id"] for each in fields if each.get("secret")}
            inputs = shown["inputs"].items()
            shown["inputs"] = {key: ENCRYPTED if key in secret else value for key, value in inputs}
        if table == "notification_templates" and shown["notification_configuration"].get(
            "password"
        ):
            shown["notification_configuration"] = {
                **shown["notification_configuration"],
                "password": ENCRYPTED,
            }
        return shown


def _page(rows: list[Any]) -> dict[str, Any]:
    return {"count": len(rows), "next": None, "previous": None, "results": rows}


def _matches(row: dict[str, Any], query: dict[str, str]) -> bool:
    given = {
        name: value
        for name, value in query.items()
        if name not in ("page_size", "page", "order_by")
    }
    either = {
        name.removeprefix("or__"): value for name, value in given.items() if name.startswith("or__")
    }
    every = {name: value for name, value in given.items() if not name.startswith("or__")}
    if either and not any(str(row.get(name)) == value for name, value in either.items()):
        return False
    return all(str(row.get(name)) == value for name, value in every.items())


class _Handler(BaseHTTPRequestHandler):
    stand_in: StandIn
    protocol_version = "HTTP/1.1"

    def _do(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        body = json.loads(self.rfile.read(length) or b"null") if length else {}
        token = (self.headers.get("Authorization") or "").removeprefix("Bearer ")
        status, answer = self.stand_in.answer(self.command, self.path, token, body)
        data = b"" if answer is None else json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.send_header("X-API-Product-Name", "AWX")
        self.send_header("X-API-Product-Version", "24.6.1")
        self.end_headers()
        self.wfile.write(data)

    do_GET = do_POST = do_PATCH = do_DELETE = _do

    def log_message(self, *dummy: object) -> None:
        """Print nothing."""


__all__ = ["ADMIN", "PLAIN", "UNIFIED", "StandIn"]
