# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Delete what a pipeline has: its servers, its SSH key, its files on the controller."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ...module_utils._core.errors import Code, PanelError, invalid
from ...module_utils._core.threads import each
from .._fleet.durable_file import read_file
from .._fleet.wording import are, counted
from .ci_journal import CiJournal, CiRecords, read_records
from .ci_panel import CiKey, CiRow, CiSight
from .creation import Creation, Desired, nameless_of, owned_by
from .names import code_of
from .owned import Owned
from .pipeline_key import has_key_files, remove_key_files
from .removal import check_unprotected, remove_server, shown_again
from .removal_command import teardown_command
from .run import WORKERS, CiRun


@dataclass(frozen=True)
class Leaving:
    """What is to be deleted.

    :param server_ids: servers that a file of the provision names.
    :param private_key: the file that it names. It is removed only if the pipeline has made it.
    """

    pipeline: str
    prefix: str
    server_ids: tuple[int, ...] = ()
    private_key: Path | None = None


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
            Path(str(found["private_key"])).absolute(),
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
    :param output_dir: of the provision.
    :param key_name: name of the private key in that folder.
    """

    def __init__(
        self,
        run: CiRun,
        leaving: Leaving,
        *,
        owner: Mapping[str, Any],
        output_dir: str,
        key_name: str,
        timeout_s: int,
    ) -> None:
        self._run = run
        self._panel = run.panel
        self._leaving = leaving
        self._code = code_of(leaving.pipeline)
        self._owner = owner
        self._output_dir = output_dir
        places = [Path(output_dir).absolute() / key_name, leaving.private_key]
        self._key_files = [place for place in places if place is not None]
        self._timeout_s = timeout_s
        self._key_name = run.names.key_name(self._code)
        self._lock = f"{run.names.prefix}.{self._code}"
        self._gone: dict[int, str] = {}
        #: The servers without a name that the journal assigns to the pipeline.
        self._nameless: set[int] = set()

    def keep(self) -> dict[str, Any]:
        """Return the command that deletes, and what is kept. Nothing is deleted."""
        run, pipeline = self._run, self._leaving.pipeline
        command = teardown_command(run, pipeline, self._owner, self._output_dir)
        known = {"pipeline": pipeline, "servers": [], "teardown_command": command}
        run.known = lambda: known
        records = read_records(run.place(f"{self._lock}.journal"))
        owner_id = self._panel.owner_id()
        owned = owned_by(run, owner_id, records)
        taken = self._taken(self._ids(owned, records), owner_id)
        ends = [mark.shown_end for _row, mark in owned.all_of(self._code)]
        named = " with its name" if taken else ""
        kept = f"nothing was deleted; pipeline {pipeline} has no server{named}"
        if ends:
            kept = f"{counted(len(ends), 'server')} {are(len(ends))} kept; the first lease end is {min(ends)}"
        elif owned.nameless:
            kept = f"nothing was deleted; {self._doubtful(len(owned.nameless))}"
        run.progress.note(f"{kept}; to delete all that it has: {command}")
        return {
            **known,
            "changed": False,
            "warnings": [*self._warnings(owned.nameless), *taken],
            "msg": kept,
        }

    def _taken(self, ids: Mapping[int, str], owner_id: int) -> list[str]:
        """Return a sentence for each server that another client has renamed, or given to another user."""
        sights = each(self._panel.server, [number for number in ids if not ids[number]], WORKERS)
        return [
            self._stay(sight.id, ids, why)
            for sight in sights
            if sight is not None and (why := self._stays(sight, owner_id))
        ]

    def execute(self, *, check_mode: bool) -> dict[str, Any]:
        """Delete the servers, then the keys on the panel, then the files. Return the result.

        :raises PanelError: with the servers that may still be there in its message, and those that are deleted in its
            result.
        """
        if check_mode:
            return self._preview(self._panel.owner_id())
        run = self._run
        run.known = self._known
        what = f"tear down pipeline {self._leaving.pipeline}"
        until = run.clock.monotonic() + self._timeout_s
        with run.locked(self._lock, what, until):
            owner_id = self._panel.owner_id()
            with closing(CiJournal(run.path(f"{self._lock}.journal"))) as journal:
                desired = Desired(self._leaving.pipeline, self._code, 0, 0, None, 0)
                owned = Creation(run, desired, owner_id, journal).recover()
                ids = self._ids(owned, journal)
                self._delete(ids, owner_id, until)
                nameless = self._left(owner_id, ids)
                for key in self._keys():
                    run.remove_key(key.id)
                # The files come last: what they are like must not keep anything on the panel.
                removed = remove_key_files(journal, self._key_files)
                journal.remove()
        left = f"pipeline {self._leaving.pipeline} has none left"
        if nameless:
            left = self._doubtful(len(nameless))
        return {
            **self._known(),
            "changed": run.wrote or removed,
            "warnings": self._warnings(nameless),
            "msg": f"{counted(len(self._gone), 'server')} deleted; {left}",
        }

    def _left(self, owner_id: int, gone: Collection[int]) -> list[CiRow]:
        """Return the servers without a name that are left: one may be of this pipeline, whose journal is elsewhere.

        :param gone: servers that the panel has stated not to exist. A list may still show them.
        :raises PanelError: ``conflict``, another client has created or named a server of this pipeline meanwhile;
            ``job_failed``, one of those is there after all.
        """
        owned = owned_by(self._run, owner_id)
        rows = [*(row for row, _mark in owned.all_of(self._code)), *owned.nameless]
        again = shown_again(self._run, [row.id for row in rows if row.id in gone])
        if again:
            for sight in again:
                self._gone.pop(sight.id, None)
            raise self._not_proved([_again(sight) for sight in again], len(gone))
        new = [row for row, _mark in owned.all_of(self._code) if row.id not in gone]
        if new:
            raise PanelError(
                Code.CONFLICT,
                f"it has server {new[0].name} (ID {new[0].id}) now, so another client provides it at the same time",
                action=f"tear down pipeline {self._leaving.pipeline}",
                hint="run the task again when that client has ended",
                retryable=True,
            )
        return [row for row in owned.nameless if row.id not in gone]

    def _doubtful(self, count: int) -> str:
        return (
            f"{counted(count, 'server')} without a name may be of pipeline {self._leaving.pipeline}"
        )

    def _warnings(self, nameless: Sequence[CiRow]) -> list[str]:
        """Return what is to be known about servers that no name and no journal assigns to a pipeline."""
        if not nameless:
            return []
        ids = ", ".join(str(row.id) for row in nameless)
        what = f"{self._doubtful(len(nameless))} (ID {ids})"
        return [
            f"{what}: no journal here names its pipeline, and the janitor deletes a server that stays without a name"
        ]

    def _preview(self, owner_id: int) -> dict[str, Any]:
        """Return what would be deleted. :raises PanelError: what :meth:`execute` would refuse."""
        records = read_records(self._run.place(f"{self._lock}.journal"))
        listed = owned_by(self._run, owner_id, records)
        owned, nameless = nameless_of(self._run, listed, records)
        ids = self._ids(owned, records, (nameless or {}).values())

        def one(server_id: int) -> str | None:
            sight = self._panel.server(server_id)
            if sight is None:
                return ""
            stays = self._stays(sight, owner_id)
            if stays:
                return self._stay(server_id, ids, stays)
            try:
                check_unprotected(sight)
            except PanelError as error:
                return error.msg
            return None

        self._each(ids, one)
        left = [row for row in owned.nameless if row.id not in self._nameless]
        count = len(self._gone)
        files = has_key_files(records, self._key_files)
        return {
            **self._known(),
            "changed": bool(count or self._keys() or files),
            "warnings": self._warnings(left),
            "msg": f"{counted(count, 'server')} of pipeline {self._leaving.pipeline} would be deleted",
        }

    def _known(self) -> dict[str, Any]:
        rows = [{"id": server_id, "name": name} for server_id, name in self._gone.items()]
        return {"pipeline": self._leaving.pipeline, "servers": rows}

    def _ids(
        self, owned: Owned, records: CiRecords, nameless: Iterable[CiRow] = ()
    ) -> dict[int, str]:
        """Return the names of the servers to delete by ID, an empty text where the list shows none.

        Besides those with a name of the pipeline, these are the servers that its journal or a file of the provision
        names. One that was renamed, or given to another user, is still there.
        """
        self._nameless = {*records.made.values(), *(row.id for row in nameless)}
        names = {row.id: row.name for row, _mark in owned.all_of(self._code)}
        others = sorted({*self._nameless, *self._leaving.server_ids} - set(names))
        return {**names, **dict.fromkeys(others, "")}

    def _stays(self, sight: CiSight, owner_id: int) -> str | None:
        """Return why a server must stay, or ``None``."""
        mark = self._run.names.mark(sight.name)
        if sight.owner_id != owner_id:
            return f"user {sight.owner_id} owns it now"
        if not sight.name and sight.id in self._nameless:
            return None
        if mark is None or mark.code != self._code:
            return f"its name is now {sight.name}"
        return None

    def _delete(self, ids: Mapping[int, str], owner_id: int, until: float) -> None:
        def one(server_id: int) -> str | None:
            seen: list[CiSight] = []

            def stays(sight: CiSight) -> str | None:
                seen.append(sight)
                return self._stays(sight, owner_id)

            try:
                why = remove_server(self._run, server_id, stays, until)
            except PanelError as error:
                return error.msg
            if why:
                return self._stay(server_id, ids, why)
            return None if seen else ""

        self._each(ids, one)

    def _stay(self, server_id: int, ids: Mapping[int, str], why: str) -> str:
        """Return the sentence about a server that stays."""
        what = ids[server_id] or f"of pipeline {self._leaving.pipeline}"
        return f"server {server_id} {what} stays: {why}"

    def _each(self, ids: Mapping[int, str], one: Callable[[int], str | None]) -> None:
        """Note the servers that are gone. A failure ends none of the others.

        :param one: returns ``None`` for a server that is gone now, an empty text for one that was not there, and else
            why it is still there.
        :raises PanelError: ``job_failed``, some are still there.
        """
        outcomes = dict(zip(ids, each(one, list(ids), WORKERS), strict=True))
        self._gone = {each_id: ids[each_id] for each_id, why in outcomes.items() if why is None}
        failed = [outcome for outcome in outcomes.values() if outcome]
        if failed:
            raise self._not_proved(failed, len(ids))

    def _not_proved(self, failed: Sequence[str], count: int) -> PanelError:
        """Return the error for servers that may still be there.

        :param failed: a sentence for each of them.
        :param count: the number of servers to delete.
        """
        return PanelError(
            Code.JOB_FAILED,
            "; ".join(failed),
            action=f"prove that {len(failed)} of {counted(count, 'server')} of pipeline"
            f" {self._leaving.pipeline} {are(len(failed))} deleted",
            hint="run the task again",
            retryable=True,
        )

    def _keys(self) -> list[CiKey]:
        return [key for key in self._panel.ssh_keys() if key.name == self._key_name]


def _again(sight: CiSight) -> str:
    return f"the panel stated that server {sight.id} does not exist, and shows it again as {sight.name}"
