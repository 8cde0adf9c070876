# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Delete what a pipeline has: its servers, its SSH key, its files on the controller."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ...module_utils._core.errors import Code, PanelError, invalid
from ...module_utils._core.threads import each
from .._fleet.durable_file import read_file
from .ci_journal import CiJournal
from .ci_panel import CiKey, CiSight, key_identity
from .creation import Creation, Wanted
from .key_pair import public_key_of
from .names import code_of
from .removal import remove_server
from .removal_command import teardown_command
from .run import WORKERS, CiRun


@dataclass(frozen=True)
class Leaving:
    """What is to be deleted.

    :param server_ids: servers that a file of the provision names.
    """

    pipeline: str
    prefix: str
    server_ids: tuple[int, ...] = ()


def leaving_of_file(path: str, address: str) -> Leaving:
    """Read the JSON output of a provision.

    :param address: of the panel.
    :raises PanelError: ``validation``, it is no such file, or belongs to another panel.
    """
    content = read_file(path, "file of the servers", "file")
    try:
        found = json.loads(content)
        leaving = Leaving(
            str(found["pipeline"]),
            str(found["prefix"]),
            tuple(int(server["id"]) for server in found["servers"]),
        )
        panel = str(found["panel"])
    except (ValueError, KeyError, TypeError) as error:
        raise invalid(
            f"file: {path} is not the JSON output of a provision",
            "set pipeline instead of file",
        ) from error
    if panel != address:
        raise invalid(f"file: the servers of {path} are on {panel}, and api_url is {address}")
    return leaving


class Teardown:
    """The deletion of one pipeline's servers.

    :param owner: the options that select the owner, for the command that deletes.
    :param key_file: where the provision made the private key.
    """

    def __init__(
        self,
        run: CiRun,
        leaving: Leaving,
        *,
        owner: Mapping[str, Any],
        key_file: Path,
        timeout_s: int,
    ) -> None:
        self._run = run
        self._panel = run.panel
        self._leaving = leaving
        self._code = code_of(leaving.pipeline)
        self._owner = owner
        self._key_file = key_file
        self._timeout_s = timeout_s
        self._key_name = run.names.key_name(self._code)

    def keep(self) -> dict[str, Any]:
        """Return the command that deletes. Nothing is deleted."""
        command = teardown_command(
            self._panel.role, self._run.names.prefix, self._leaving.pipeline, self._owner
        )
        self._run.progress.note(
            f"the servers are kept until their lease ends; to delete them: {command}"
        )
        return {
            "changed": False,
            "pipeline": self._leaving.pipeline,
            "servers": [],
            "teardown_command": command,
            "msg": "the servers are kept",
        }

    def execute(self, *, check_mode: bool) -> dict[str, Any]:
        """Delete the servers, then the key, then the files. Return the result.

        :raises PanelError: with the servers that may still be there in its message.
        """
        run = self._run
        what = f"tear down pipeline {self._leaving.pipeline}"
        lock = f"{run.names.prefix}.{self._code}"
        until = run.clock.monotonic() + self._timeout_s
        if check_mode:
            return self._preview(self._panel.owner_id())
        with run.locked(lock, what, until):
            owner_id = self._panel.owner_id()
            with closing(CiJournal(run.path(f"{lock}.journal"))) as journal:
                wanted = Wanted(self._leaving.pipeline, self._code, 0, 0, None, 0)
                owned = Creation(run, wanted, owner_id, journal).recover()
                ids = {row.id: row.name for row, _mark in owned.all_of(self._code)}
                for server_id in self._leaving.server_ids:
                    ids.setdefault(server_id, f"of pipeline {self._leaving.pipeline}")
                gone = self._delete(ids, owner_id, until)
                keys = self._keys()
                publics = {key_identity(key.public_key) for key in keys}
                removed = self._remove_key_file({*publics, key_identity(journal.public_key)})
                for key in keys:
                    remove_key(run, key.id)
                journal.remove()
        return self._result(gone, bool(keys or removed))

    def _preview(self, owner_id: int) -> dict[str, Any]:
        rows = self._panel.own_servers()
        marks = {row.id: self._run.names.mark(row.name) for row in rows if row.owner_id == owner_id}
        names = {row.id: row.name for row in rows}
        there = [
            {"id": each_id, "name": names[each_id]}
            for each_id, mark in marks.items()
            if mark and mark.code == self._code
        ]
        return self._result(there, bool(self._keys()))

    def _result(self, gone: list[dict[str, Any]], more: bool) -> dict[str, Any]:
        return {
            "changed": bool(gone or more),
            "pipeline": self._leaving.pipeline,
            "servers": gone,
            "msg": f"{len(gone)} servers deleted; pipeline {self._leaving.pipeline} has none left",
        }

    def _delete(self, ids: Mapping[int, str], owner_id: int, until: float) -> list[dict[str, Any]]:
        def may_go(sight: CiSight) -> str | None:
            mark = self._run.names.mark(sight.name)
            if sight.owner_id != owner_id:
                return f"user {sight.owner_id} owns it now"
            if mark is None or mark.code != self._code:
                return f"its name is now {sight.name}"
            return None

        def one(server_id: int) -> str | None:
            try:
                there = self._panel.server(server_id) is not None
                stays = remove_server(self._run, server_id, may_go, until)
            except PanelError as error:
                return error.msg
            if stays:
                return f"server {server_id} {ids[server_id]} stays: {stays}"
            return None if there else ""

        outcomes = dict(zip(ids, each(one, list(ids), WORKERS), strict=True))
        failed = [outcome for outcome in outcomes.values() if outcome]
        gone = [
            {"id": server_id, "name": ids[server_id]}
            for server_id, outcome in outcomes.items()
            if outcome is None
        ]
        if failed:
            raise PanelError(
                Code.JOB_FAILED,
                "; ".join(failed),
                action=f"prove that {len(failed)} of {len(ids)} servers of pipeline"
                f" {self._leaving.pipeline} are deleted",
                hint="run the task again",
                retryable=True,
                partial=bool(gone),
                result={"pipeline": self._leaving.pipeline, "servers": gone},
            )
        return gone

    def _keys(self) -> list[CiKey]:
        return [key for key in self._panel.ssh_keys() if key.name == self._key_name]

    def _remove_key_file(self, publics: set[str]) -> bool:
        """Remove the private key that the provision made. Return whether it was there.

        :param publics: the public keys of the pipeline. A key of another pipeline in the folder stays.
        """
        if not self._key_file.exists():
            return False
        # Artifacts of a CI system do not keep the mode of a file, and ssh-keygen reads no key that others can read.
        with contextlib.suppress(OSError):
            self._key_file.chmod(0o600)
        if key_identity(public_key_of(self._key_file)) not in publics:
            return False
        try:
            self._key_file.unlink()
        except OSError as error:
            raise invalid(
                f"{self._key_file} cannot be removed: {error.strerror or error}"
            ) from error
        return True


def remove_key(run: CiRun, key_id: int) -> None:
    """Remove an SSH key of the owner, and prove it where the response was lost."""
    try:
        run.panel.remove_key(key_id)
    except PanelError as error:
        if error.absent:
            return
        if not error.uncertain or any(key.id == key_id for key in run.panel.ssh_keys()):
            raise
