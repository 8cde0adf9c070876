# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Give a pipeline its servers: create, name, build, wait for SSH."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ...module_utils._core.errors import Code, PanelError, invalid
from ...module_utils._core.threads import each
from .._fleet.wording import are, counted
from .building import TO_BUILD, Building
from .ci_journal import CiJournal, CiRecords, read_records
from .ci_panel import CiRow, CiSight
from .creation import Creation, Desired, nameless_of, read_owned
from .known_hosts import HostKey, known_hosts, parse_keys
from .names import Mark, lease_end, shown_time
from .output_formats import CiFacts
from .outputs import check_output_dir, write_outputs
from .owned import Owned
from .pipeline_key import PipelineKey
from .ready import not_ready, wait_until_ready
from .removal_command import teardown_command
from .renewal import renew_one
from .run import WORKERS, CiRun
from .server import CiServer
from .ssh_client import check_ssh_client

#: Name of the private key in the folder of the outputs, if the pipeline has none of its own.
KEY_FILE = "id_ed25519"


@dataclass(frozen=True)
class Access:
    """How the servers are reached over SSH.

    :param private_key_file: the operator's own key; ``None`` to make one for the pipeline.
    :param wait: whether to wait until SSH answers.
    """

    user: str
    port: int
    private_key_file: str | None
    wait: bool


class Provision:
    """The provision of one pipeline.

    :param owner: the options that select the owner, for the command that deletes.
    :param outputs: which files to write into ``output_dir``.
    :param host_names: of the servers in the outputs, in order; ``None`` for names from that of the pipeline.
    :param timeout_s: seconds from the time that there is room until all servers answer.
    """

    def __init__(
        self,
        run: CiRun,
        desired: Desired,
        access: Access,
        *,
        owner: Mapping[str, Any],
        outputs: Sequence[str],
        host_names: Sequence[str] | None,
        output_dir: str,
        timeout_s: int,
    ) -> None:
        self._run = run
        self._panel = run.panel
        self._desired = desired
        self._access = access
        self._owner = owner
        self._outputs = outputs
        self._host_names = host_names
        self._folder = Path(output_dir).absolute()
        self._timeout_s = timeout_s
        self._key_file = Path(access.private_key_file or self._folder / KEY_FILE).absolute()
        self._lock = f"{run.names.prefix}.{desired.code}"
        self._journal_name = f"{self._lock}.journal"
        #: The servers that are built, by ID, as the result shows them.
        self._rows: dict[int, dict[str, Any]] = {}

    def preview(self) -> dict[str, Any]:
        """Return what would be done. Nothing is written, neither on the panel nor on the controller.

        :raises PanelError: what :meth:`execute` would refuse.
        """
        key = self._checked_locally()
        records = read_records(self._run.place(self._journal_name))
        owned = read_owned(self._run, self._panel.owner_id(), records)
        known = key.check(records)
        there, sights = self._checked_servers(owned, records)
        missing = self._desired.count - len(there)
        warnings = []
        if missing:
            reason = self._no_room(owned, missing)
            warnings = [f"there is no room now: {reason}"] if reason else []
        builds = sum(sight.build in TO_BUILD for sight in sights)
        renewals = self._renewals(sights)
        return {
            "changed": bool(missing or builds or renewals or not known),
            "pipeline": self._desired.pipeline,
            "servers": [self._row(row.id, None, row.name) for row in there.values() if row.name],
            "warnings": warnings,
            "msg": _preview_sentence(missing, len(there), builds, renewals),
        }

    def _no_room(self, owned: Owned, missing: int) -> str | None:
        most = self._desired.most
        if most is not None and owned.count + missing > most:
            return f"max_servers allows {counted(most, 'server')}"
        return self._panel.no_room(missing)

    def _renewals(self, sights: Sequence[CiSight]) -> int:
        """Return how many of the servers that are there would get a later lease end."""
        end = lease_end(self._panel.time.at_most(), self._desired.lease_s)
        marks = [self._run.names.mark(sight.name) for sight in sights]
        return sum(mark is not None and mark.lease_end < end for mark in marks)

    def execute(self) -> dict[str, Any]:
        """Provide the servers, and return the result.

        :raises PanelError: with the servers that are there in its result.
        """
        key = self._checked_locally()
        run, desired = self._run, self._desired
        what = f"provision pipeline {desired.pipeline}"
        until = run.clock.monotonic() + self._timeout_s + desired.wait_for_room_s
        with run.locked(self._lock, what, until):
            owner_id = self._panel.owner_id()
            with closing(CiJournal(run.path(self._journal_name))) as journal:
                owned = read_owned(run, owner_id, journal)
                key.check(journal)
                self._checked_servers(owned, journal)
                self._make_folder()
                key.make(journal)
                creation = Creation(run, desired, owner_id, journal)
                run.known = lambda: self._known(creation, owner_id)
                return self._provide(creation, journal, key)

    def _checked_servers(
        self, owned: Owned, records: CiRecords
    ) -> tuple[dict[int, CiRow], list[CiSight]]:
        """Return the pipeline's servers by number, also those without a name, and what the panel shows of them.

        :raises PanelError: an earlier try has made a server that is not what the options ask for now; or what they ask
            for cannot be created or built.
        """
        desired = self._desired
        dummy, nameless = nameless_of(self._run, owned, records)
        all_of = {**(nameless or {}), **owned.of(desired.code)}
        there = {number: row for number, row in sorted(all_of.items()) if number in desired.numbers}
        ids = [row.id for row in there.values()]
        sights = [sight for sight in each(self._panel.server, ids, WORKERS) if sight is not None]
        for sight in sights:
            self._check_order(sight, owned.owner_id)
        if len(there) < desired.count or any(sight.build in TO_BUILD for sight in sights):
            self._panel.check_order()
        return there, sights

    def _check_order(self, sight: CiSight, owner_id: int) -> None:
        other = self._panel.other_order(sight)
        if other is None:
            return
        raise PanelError(
            Code.REFUSED,
            other,
            action=f"use server {sight.name or 'without a name'} (ID {sight.id}) for pipeline {self._desired.pipeline}",
            hint="tear the pipeline down first, or ask for what the server has",
            result={
                "pipeline": self._desired.pipeline,
                "servers": [self._row(sight.id, sight, sight.name)],
                **self._about(owner_id),
            },
        )

    def _checked_locally(self) -> PipelineKey:
        """Check what the controller must have. Nothing is sent."""
        check_ssh_client()
        check_output_dir(self._folder)
        return PipelineKey(
            self._run,
            self._desired.pipeline,
            self._desired.code,
            self._key_file,
            given=bool(self._access.private_key_file),
        )

    def _known(self, creation: Creation, owner_id: int) -> dict[str, Any]:
        """Return what is known of the pipeline's servers, for the result of a failure."""
        rows = [
            self._rows.get(server_id) or self._row(server_id, None, name)
            for server_id, name in creation.known.items()
        ]
        rows.sort(key=lambda row: (row["number"] or 0, row["id"]))
        return {"pipeline": self._desired.pipeline, "servers": rows} | (
            self._about(owner_id) if rows else {}
        )

    def _about(self, owner_id: int) -> dict[str, Any]:
        return {
            "prefix": self._run.names.prefix,
            "owner_id": owner_id,
            "key_file": str(self._key_file),
            "teardown_command": teardown_command(
                self._run, self._desired.pipeline, self._owner, self._folder
            ),
        }

    def _make_folder(self) -> None:
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise invalid(
                f"output_dir: {self._folder} cannot be created: {error.strerror or error}"
            ) from error

    def _provide(self, creation: Creation, journal: CiJournal, key: PipelineKey) -> dict[str, Any]:
        run, desired = self._run, self._desired
        owned = creation.complete(key.settle)
        deadline = run.clock.monotonic() + self._timeout_s
        ids = {
            row.id: number
            for number, row in sorted(owned.of(desired.code).items())
            if number in desired.numbers
        }
        # A long wait for room, or another pipeline with the same key, may have ended with the removal of the key.
        key_id = key.settle()
        made = creation.created | creation.taken_over
        names = self._leased(owned, made, creation.known)
        run.progress.say(
            f"{counted(len(made), 'server')} created, {len(ids) - len(made)} there before"
        )
        building = Building(run, desired.code, key_id, deadline, journal.builds)
        sights = building.see_through(
            {server_id: (number, names[server_id]) for server_id, number in ids.items()}
        )
        for server_id, number in ids.items():
            sight = sights[server_id]
            action = f"use server {server_id} for pipeline {desired.pipeline}"
            run.check_ours(sight, desired.code, number, action)
            if server_id not in building.built:
                self._check_order(sight, owned.owner_id)
            row = self._row(server_id, sight, sight.name)
            self._rows[server_id] = {**row, "created_now": server_id in creation.created}
        rows = list(self._rows.values())
        count = len(rows)
        run.progress.say(f"{counted(count, 'server')} {are(count)} built")
        result = {
            "pipeline": desired.pipeline,
            **self._about(owned.owner_id),
            "servers": rows,
        }
        host_keys = self._reached(rows, journal, deadline)
        if creation.created:
            creation.check_alone()
        self._renew_ended(owned.owner_id)
        result["lease_end"] = min(row["lease_end"] for row in rows)
        result["known_hosts"] = known_hosts(host_keys).splitlines()
        result["outputs"] = self._written(host_keys, result)
        state = "ready" if self._access.wait else "built, and leased"
        return {
            **result,
            "changed": run.wrote,
            "msg": f"{counted(count, 'server')} {are(count)} {state} until {result['lease_end']}",
        }

    def _leased(self, owned: Owned, made: set[int], names: dict[int, str]) -> dict[int, str]:
        """Give the servers of an earlier try the lease that is asked for. Return the names by ID."""
        desired = self._desired
        old = [
            row
            for number, row in owned.of(desired.code).items()
            if number in desired.numbers and row.id not in made
        ]
        return {**names, **self._renewed(old)}

    def _renewed(self, rows: Sequence[CiRow]) -> dict[int, str]:
        """Give servers the lease that is asked for. Return their names by ID."""
        run, desired = self._run, self._desired
        if not rows:
            return {}
        marks = [(row, mark) for row in rows if (mark := run.names.mark(row.name)) is not None]
        end = lease_end(run.panel.time.at_most(), desired.lease_s)

        def one(pair: tuple[CiRow, Mark]) -> str:
            row, mark = pair
            lease = renew_one(run, row, mark, end)
            return run.names.name(mark.code, mark.number, lease.end)

        with run.lease_lock(desired.code, f"renew the lease of pipeline {desired.pipeline}"):
            found = each(one, marks, WORKERS)
        return {row.id: name for (row, _mark), name in zip(marks, found, strict=True)}

    def _renew_ended(self, owner_id: int) -> None:
        """Renew the leases that have ended during the waits: the janitor may delete such a server at any time."""
        now = self._panel.time.at_most()
        ended = []
        for row in self._rows.values():
            mark = self._run.names.mark(row["name"])
            if mark is not None and mark.lease_end <= now:
                ended.append(CiRow(row["id"], row["name"], owner_id))
        for server_id, name in self._renewed(ended).items():
            mark = self._run.names.mark(name)
            if mark is not None:
                self._rows[server_id].update(name=name, lease_end=shown_time(mark.lease_end))

    def _row(self, server_id: int, sight: CiSight | None, name: str) -> dict[str, Any]:
        mark = self._run.names.mark(name)
        addresses = list(sight.addresses) if sight else []
        return {
            "id": server_id,
            "name": name,
            "number": mark.number if mark else None,
            "host_name": self._host_name(mark.number) if mark else None,
            "lease_end": shown_time(mark.lease_end) if mark else None,
            "address": addresses[0] if addresses else None,
            "addresses": addresses,
            "port": self._access.port,
            "user": self._access.user,
            "created_now": False,
        }

    def _reached(
        self, rows: list[dict[str, Any]], journal: CiJournal, deadline: float
    ) -> dict[CiServer, frozenset[HostKey]]:
        """Wait until all servers answer on SSH, and return their host keys."""
        servers = [
            CiServer(
                row["id"],
                row["host_name"],
                row["address"],
                row["port"],
                row["user"],
            )
            for row in rows
        ]
        known = {
            server.id: parse_keys("\n".join(journal.host_keys.get(server.id, ())))
            for server in servers
        }
        if not self._access.wait:
            return {server: known[server.id] for server in servers}
        results = wait_until_ready(
            servers,
            self._key_file,
            deadline,
            self._run.clock,
            known=known,
            on_pinned=lambda server, keys: journal.pinned(server.id, sorted(map(str, keys))),
            stopped=lambda: self._run.stopped,
        )
        error = not_ready(results)
        if error is not None:
            self._run.go_on()
            raise error
        return {result.server: result.host_keys for result in results}

    def _host_name(self, number: int) -> str:
        """Return the name of a server in the outputs. It stays when the lease is renewed."""
        if self._host_names is not None and number <= len(self._host_names):
            return self._host_names[number - 1]
        return f"{self._desired.code}-{number}"

    def _written(
        self,
        host_keys: Mapping[CiServer, frozenset[HostKey]],
        result: Mapping[str, Any],
    ) -> dict[str, str]:
        """Write the outputs, and return their paths."""
        facts = CiFacts(
            panel=self._panel.address,
            prefix=self._run.names.prefix,
            pipeline=self._desired.pipeline,
            lease_end=str(result["lease_end"]),
            teardown_command=str(result["teardown_command"]),
            private_key=self._key_file,
            folder=self._folder,
            servers=host_keys,
            names={row["id"]: row["name"] for row in result["servers"]},
        )
        return write_outputs(facts, self._outputs, os.environ)


def _preview_sentence(missing: int, there: int, builds: int, renewals: int) -> str:
    exist = "exists" if there == 1 else "exist"
    parts = [f"{counted(missing, 'server')} would be created", f"{there} {exist} already"]
    if builds:
        parts.append(f"{builds} of them would be built")
    if renewals:
        parts.append(f"{renewals} would get a later lease end")
    return ", ".join(parts)
