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
from .building import Building
from .ci_journal import CiJournal
from .ci_panel import CiSight, key_identity
from .creation import Creation, Wanted
from .key_pair import make_key_pair, public_key_of
from .known_hosts import HostKey, known_hosts, parse_keys
from .names import Mark, lease_end, shown_time
from .output_formats import CiFacts
from .outputs import write_outputs
from .owned import Owned, read_owned
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
        wanted: Wanted,
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
        self._wanted = wanted
        self._access = access
        self._owner = owner
        self._outputs = outputs
        self._host_names = host_names
        self._folder = Path(output_dir).absolute()
        self._timeout_s = timeout_s
        self._key_file = Path(access.private_key_file or self._folder / KEY_FILE).absolute()

    def preview(self) -> dict[str, Any]:
        """Return what would be done. Nothing is written, neither on the panel nor on the controller."""
        check_ssh_client()
        owner_id = self._panel.owner_id()
        owned = read_owned(self._panel, owner_id, self._run.names)
        present = owned.of(self._wanted.code)
        missing = [number for number in self._wanted.numbers if number not in present]
        warnings = []
        if missing:
            self._panel.check_order()
            most = self._wanted.most
            over = most is not None and owned.count + len(missing) > most
            reason = (
                f"max_servers allows {most} servers" if over else self._panel.no_room(len(missing))
            )
            if reason:
                warnings.append(f"there is no room now: {reason}")
        names = {row.id: row.name for row in present.values()}
        return {
            "changed": bool(missing),
            "pipeline": self._wanted.pipeline,
            "servers": [self._row(server_id, None, name) for server_id, name in names.items()],
            "warnings": warnings,
            "msg": f"{len(missing)} servers would be created, {len(present)} exist already",
        }

    def execute(self) -> dict[str, Any]:
        """Provide the servers, and return the result.

        :raises PanelError: with the servers that are there in its result.
        """
        check_ssh_client()
        run, wanted = self._run, self._wanted
        what = f"provision pipeline {wanted.pipeline}"
        lock = f"{run.names.prefix}.{wanted.code}"
        with run.locked(
            lock, what, run.clock.monotonic() + self._timeout_s + wanted.wait_for_room_s
        ):
            owner_id = self._panel.owner_id()
            owned = read_owned(self._panel, owner_id, run.names)
            if len(owned.of(wanted.code)) < wanted.count:
                self._panel.check_order()
            public_key = self._checked_key()
            with closing(CiJournal(run.path(f"{lock}.journal"))) as journal:
                self._make_folder()
                journal.uses_key(public_key)
                return self._provide(Creation(run, wanted, owner_id, journal), journal, public_key)

    def _checked_key(self) -> str:
        """Return the public key, and refuse one that an earlier try has not used.

        :raises PanelError: ``refused``.
        """
        name = self._run.names.key_name(self._wanted.code)
        there = [key.public_key for key in self._panel.ssh_keys() if key.name == name]
        if self._access.private_key_file:
            public_key = public_key_of(self._key_file)
        elif there and not self._key_file.exists():
            raise self._other_key("its private key is not there")
        else:
            self._make_folder()
            public_key = make_key_pair(self._key_file, name)
        if there and key_identity(public_key) not in map(key_identity, there):
            raise self._other_key("it has another key")
        return public_key

    def _other_key(self, message: str) -> PanelError:
        return PanelError(
            Code.REFUSED,
            f"an earlier try has put an SSH key into its servers, and {message}",
            action=f"log in with {self._key_file}",
            hint="use the output_dir or the private_key_file of that try, or tear the pipeline down first",
        )

    def _make_folder(self) -> None:
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise invalid(
                f"output_dir: {self._folder} cannot be created: {error.strerror or error}"
            ) from error

    def _provide(self, creation: Creation, journal: CiJournal, public_key: str) -> dict[str, Any]:
        run, wanted = self._run, self._wanted
        owned = creation.complete()
        deadline = run.clock.monotonic() + self._timeout_s
        ids = {
            row.id: number
            for number, row in sorted(owned.of(wanted.code).items())
            if number in wanted.numbers
        }
        made = creation.created | creation.taken_over
        names, renewed = self._leased(owned, made)
        run.progress.say(f"{len(made)} servers created, {len(ids) - len(made)} were there")
        building = Building(run, self._key_id(public_key), deadline)
        result = {
            "changed": bool(made or renewed),
            "pipeline": wanted.pipeline,
            "prefix": run.names.prefix,
            "owner_id": owned.owner_id,
            "key_file": str(self._key_file),
            "teardown_command": teardown_command(
                run.panel.role, run.names.prefix, wanted.pipeline, self._owner
            ),
            "servers": [self._row(server_id, None, names[server_id]) for server_id in ids],
        }
        try:
            sights = building.see_through({server_id: names[server_id] for server_id in ids})
            result["changed"] = result["changed"] or bool(building.built)
            rows = [
                {
                    **self._row(server_id, sights[server_id], names[server_id]),
                    "created_now": server_id in creation.created,
                }
                for server_id in ids
            ]
            result.update(servers=rows, lease_end=min(row["lease_end"] for row in rows))
            run.progress.say(f"{len(rows)} servers are built")
            host_keys = self._reached(rows, journal, deadline, building.built)
            if creation.created:
                creation.check_alone()
            result["known_hosts"] = known_hosts(host_keys).splitlines()
            result["outputs"] = self._written(host_keys, names, result)
        except PanelError as error:
            error.result = {**result, **error.result}
            error.partial = error.partial or bool(result["changed"])
            error.add_hint(f"to delete its servers: {result['teardown_command']}")
            raise
        return {
            **result,
            "msg": f"{len(rows)} servers are ready until {result['lease_end']}",
        }

    def _leased(self, owned: Owned, made: set[int]) -> tuple[dict[int, str], bool]:
        """Give the servers of an earlier try the lease that is asked for. Return the names by ID."""
        run, wanted = self._run, self._wanted
        names: dict[int, str] = {}
        old: list[tuple[Any, Mark]] = []
        for number, row in owned.of(wanted.code).items():
            mark = run.names.mark(row.name)
            if mark is None or number not in wanted.numbers:
                continue
            names[row.id] = row.name
            if row.id not in made:
                old.append((row, mark))
        end = lease_end(run.panel.time.at_most(), wanted.lease_s)
        renewed = each(lambda pair: renew_one(run, *pair, end), old, WORKERS)
        for (row, mark), moved in zip(old, renewed, strict=True):
            if moved:
                names[row.id] = run.names.name(mark.code, mark.number, end)
        return names, any(renewed)

    def _key_id(self, public_key: str) -> int:
        """Return the ID of the pipeline's key on the panel, after adding it if it is missing."""
        name = self._run.names.key_name(self._wanted.code)
        desired = key_identity(public_key)
        for again in (False, True):
            for key in self._panel.ssh_keys():
                if key.name == name and key_identity(key.public_key) == desired:
                    return key.id
            if not again:
                try:
                    self._panel.add_key(name, public_key)
                except PanelError as error:
                    if not error.uncertain:
                        raise
        raise PanelError(
            Code.PROTOCOL, "the panel does not show the SSH key", action=f"add SSH key {name}"
        )

    def _row(self, server_id: int, sight: CiSight | None, name: str) -> dict[str, Any]:
        mark = self._run.names.mark(name)
        addresses = list(sight.addresses) if sight else []
        return {
            "id": server_id,
            "name": name,
            "n": mark.number if mark else None,
            "host_name": self._host_name(mark.number) if mark else None,
            "lease_end": shown_time(mark.lease_end) if mark else None,
            "address": addresses[0] if addresses else None,
            "addresses": addresses,
            "port": self._access.port,
            "user": self._access.user,
            "created_now": False,
        }

    def _reached(
        self, rows: list[dict[str, Any]], journal: CiJournal, deadline: float, built: set[int]
    ) -> dict[CiServer, frozenset[HostKey]]:
        """Wait until all servers answer on SSH, and return their host keys.

        :param built: servers that this execution has built. They have other host keys than before.
        """
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
        if not self._access.wait:
            return {server: frozenset() for server in servers}
        known = {
            server_id: parse_keys("\n".join(lines))
            for server_id, lines in journal.host_keys.items()
            if server_id not in built
        }
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
        return f"{self._wanted.code}-{number}"

    def _written(
        self,
        host_keys: Mapping[CiServer, frozenset[HostKey]],
        names: Mapping[int, str],
        result: Mapping[str, Any],
    ) -> dict[str, str]:
        """Write the outputs, and return their paths."""
        facts = CiFacts(
            panel=self._panel.address,
            prefix=self._run.names.prefix,
            pipeline=self._wanted.pipeline,
            lease_end=str(result["lease_end"]),
            teardown_command=str(result["teardown_command"]),
            private_key=self._key_file,
            folder=self._folder,
            servers=host_keys,
            names=names,
        )
        return write_outputs(facts, self._outputs, os.environ)
