# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The operating system of a VirtFusion server: first build and rebuild."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from ..._core.argspec import ArgumentSpec, check_ranges, one_of, positive
from ..._core.changes import Comparison
from ..._core.clock import wait_until
from ..._core.converge import Converged, Resource, View, after_acceptance, results
from ..._core.errors import Code, PanelError, invalid, unreadable
from ..._core.fields import Field, Schema, boolean, text
from ..argspec import FIND_SERVER
from ..client import VirtFusion
from .server_view import SERVER, SERVER_KEYS, read_server, refuse_protected
from .template import TEMPLATE_KEYS, find_template, server_templates
from .user_access import SSH_KEY

#: When an existing build may be replaced. A rebuild wipes the server.
NEVER = "never"
IF_DIFFERENT = "if_different"
ALWAYS = "always"

#: Valid sizes in MB. The panel expects sizes from 1 GB on in GB (virtfusion 1.4).
SWAP_SIZES = [256, 512, 768, 1024, 1536, 2048, 3072, 4096, 5120, 6144, 8192]
_MB_PER_GB = 1024

#: The panel accepts a host name only if it has a domain (virtfusion 1.7).
_HOST_NAME = re.compile(
    r"(?=.{1,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])",
    re.I,
)

#: Values of ``commissionStatus``; 3 is complete (virtfusion 3.3).
_NONE, _IN_PROGRESS, _PAUSED = 0, 1, 2

#: Whether this task has built the server.
BUILT_NOW = Field("built_now", "built_now", boolean)
#: Only in the response to a build (virtfusion 1.4). A secret.
PASSWORD = Field("password", "settings.decryptedPassword", text, absent=None)


def has_failed(view: View) -> bool:
    """Return whether the last build failed.

    The panel sets only one of two signs. A rebuild shows ``buildFailed`` for a while: with a status of
    0 or 1 it is still running, even if no task is active (virtfusion 3.3).
    """
    unfinished = view.get("tasks_active") or view.get("commission_status") in (_NONE, _IN_PROGRESS)
    return view.get("state") == "failed" or bool(view.get("build_failed") and not unfinished)


def in_building(view: View) -> bool:
    """Return whether a build is pending, running or paused. A failed build may stay paused (virtfusion 3.3)."""
    status = view.get("commission_status")
    begun = (
        view.get("state") == "queued"
        or status in (_IN_PROGRESS, _PAUSED)
        or bool(status == _NONE and view.get("build_failed"))
    )
    return begun and not has_failed(view)


#: The options of virtfusion_server_build.
SERVER_BUILD_OPTIONS = (
    FIND_SERVER
    + one_of("template_id", "template_name")
    + ArgumentSpec(
        {
            "template_id": {"type": "int"},
            "template_name": {"type": "str"},
            "rebuild": {"type": "str", "choices": [NEVER, IF_DIFFERENT, ALWAYS], "default": NEVER},
            "hostname": {"type": "str"},
            "ssh_key_ids": {"type": "list", "elements": "int", "no_log": False},
            "swap": {"type": "int", "choices": SWAP_SIZES},
            "vnc": {"type": "bool"},
            "ipv6": {"type": "bool"},
            "send_mail": {"type": "bool"},
            "return_password": {"type": "bool", "default": False, "no_log": False},
            "allow_protected": {"type": "bool", "default": False},
            "wait": {"type": "bool", "default": True},
            "wait_timeout": {"type": "int", "default": 600},
        }
    )
)


class ServerBuild(Resource):
    """A server that must be built from a template."""

    key = "server"
    shown = results(server=(*SERVER_KEYS, BUILT_NOW.name), template=TEMPLATE_KEYS, password=None)
    schema = Schema(SERVER["os_template_id"], BUILT_NOW)

    def __init__(self, client: VirtFusion, params: Mapping[str, Any]) -> None:
        check_ranges(params, {"template_id": (1, None), "wait_timeout": (0, None)})
        hostname = params["hostname"]
        if hostname is not None and not _HOST_NAME.fullmatch(hostname):
            raise invalid(
                f"hostname must be a full domain name, not {hostname!r}",
                "such as web01.example.com",
            )
        self._client = client
        self._params = params
        self._key_ids = [positive("ssh_key_ids", key) for key in params["ssh_key_ids"] or ()]
        self._server: View = {}
        self._template: Mapping[str, Any] = {}
        self._not_offered: PanelError | None = None
        self._built_now = False
        self._password: str | None = None

    def read(self) -> View:
        self._server = self._look()
        if in_building(self._server) and not self._built_now and self._params["wait"]:
            # Another client's build: compare with its outcome.
            self._server = self._see_through(lambda view: not in_building(view))
        missing = sorted({"built", "os_template_id"} - set(self._server))
        if missing:
            raise unreadable(f"the panel does not show {', '.join(missing)} of {self._name()}")
        return {**self._server, "built_now": self._built_now}

    def _look(self) -> View:
        return read_server(self._client, self._params, self._server)

    def desired(self) -> Mapping[str, Any]:
        self._template = self._find_template()
        desired = {"os_template_id": self._template["id"]}
        differs = self._template["id"] != self._server["os_template_id"]
        always = self._params["rebuild"] == ALWAYS
        running = in_building(self._server)
        if running and (always or differs):
            raise PanelError(
                Code.LOCKED,
                "a build is running",
                action=f"build {self._name()}",
                hint="set wait, or retry after it has ended",
                retryable=True,
            )
        unusable = has_failed(self._server) or not self._was_built()
        if running or not (always or differs or unusable):
            return desired
        return {**desired, "built_now": True}

    def _was_built(self) -> bool:
        """Return whether a build would wipe a disk. Assume so if unknown."""
        return self._server["built"] is not None or self._server.get("commission_status") == 3

    def _find_template(self) -> Mapping[str, Any]:
        templates = server_templates(self._client, self._server["id"])
        if self._params["template_name"] is not None:
            return find_template(templates, self._params["template_name"])
        template_id = self._params["template_id"]
        for template in templates:
            if template["id"] == template_id:
                return template
        self._not_offered = PanelError(
            Code.NOT_FOUND,
            f"it is not one of the {len(templates)} templates for {self._name()}",
            action=f"find template {template_id}",
            hint="virtfusion_template_info lists them",
        )
        return {"id": template_id}

    def permit(self, comparison: Comparison) -> None:
        if self._not_offered:
            # A server that has the template already is fine, even if it is not offered any more.
            raise self._not_offered
        action = f"build {self._name()}"
        if self._was_built() and self._params["rebuild"] == NEVER:
            why = "its last build failed" if has_failed(self._server) else "it is already built"
            raise PanelError(
                Code.REFUSED,
                f"{why}, with template {self._server['os_template_id']}",
                action=action,
                hint=f"a rebuild wipes it; to allow that, set rebuild to {IF_DIFFERENT}",
            )
        if self._was_built():
            refuse_protected(self._server, self._params, action, ", and a rebuild wipes it")
        for key_id in self._key_ids:
            # The panel silently drops an unknown key and rejects a disabled one.
            key = SSH_KEY.project(self._client.one("get_ssh_key", path={"key_id": key_id}))
            if not key.get("enabled", True):
                raise PanelError(Code.REFUSED, f"SSH key {key_id} is disabled", action=action)

    def apply(self, comparison: Comparison) -> None:
        before = self._server["built"]
        path = {"server_id": self._server["id"]}
        answer = self._client.one("build_server", path=path, body=self._body())
        self._built_now = True
        self._password = PASSWORD.read(answer)
        if not self._params["wait"]:
            return

        def ended(view: View) -> bool:
            # The date of the last build is updated only when this one ends (virtfusion 3.3).
            quiet = not view.get("tasks_active") or view.get("built") != before
            begun = view.get("commission_status") != _NONE
            return quiet and begun and not in_building(view)

        try:
            with after_acceptance():
                if has_failed(self._see_through(ended)):
                    message = "the panel reports that the build failed"
                    raise PanelError(Code.JOB_FAILED, message, hint="check it in the panel")
        except PanelError as error:
            error.action = error.action or f"build {self._name()}"
            error.result.update(self._secret())
            raise

    def _body(self) -> dict[str, Any]:
        """Return the request body. Unset names are sent unchanged: the effect of omitting them is unknown."""
        params, server = self._params, self._server
        body = {
            "operatingSystemId": self._template["id"],
            "name": server["name"] or None,
            "hostname": params["hostname"] or server.get("hostname"),
            "sshKeys": self._key_ids or None,
            "vnc": params["vnc"],
            "ipv6": params["ipv6"],
            "email": params["send_mail"],
            "swap": _swap(params["swap"]),
        }
        return {key: value for key, value in body.items() if value is not None}

    def _see_through(self, ended: Callable[[View], bool]) -> View:
        """Wait until a build succeeds or fails and return the server. :raises PanelError: ``wait_timeout``."""
        timeout_s = self._params["wait_timeout"]
        view, over = wait_until(
            self._look, ended, timeout_s=timeout_s, clock=self._client.session.backoff.clock
        )
        if not over:
            raise PanelError(
                Code.WAIT_TIMEOUT,
                f"it is still {_stage(view)} after {timeout_s} s",
                action=f"wait for the build of {self._name()}",
                hint="it continues in the panel: run the task again to keep waiting, or raise wait_timeout",
                retryable=True,
            )
        return view

    def conclude(self, converged: Converged) -> dict[str, Any]:
        super().conclude(converged)
        return {"template": dict(self._template), **self._secret()}

    def _secret(self) -> dict[str, Any]:
        shown = self._params["return_password"] and self._built_now
        return {"password": self._password} if shown else {}

    def _name(self) -> str:
        return self.name(self._server)


def _stage(view: View) -> str:
    """Return the name of a build's stage."""
    if view.get("commission_status") == _PAUSED:
        return "paused"
    return str(view.get("state") or "in progress")


def _swap(size_mb: int | None) -> float | None:
    """Return the size for the panel: in MB below 1 GB, in GB from there on (virtfusion 1.4)."""
    if size_mb is None or size_mb < _MB_PER_GB:
        return size_mb
    size_gb = size_mb / _MB_PER_GB
    return int(size_gb) if size_gb.is_integer() else size_gb
