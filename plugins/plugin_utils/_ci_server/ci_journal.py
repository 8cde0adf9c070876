# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The journal of one pipeline: what it is about to create, and what it has created, on disk before it goes on.

A create cannot name its server. If the process dies between the two requests, the panel has a server that shows
nothing of its pipeline. The journal then identifies it. It also records which private key the pipeline has
made, since a file does not show whose it is.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .._fleet.durable_file import AppendFile, Held, cannot, read_file
from .._fleet.identity import canonical, parsed
from .ci_panel import CiRow

#: Seconds by which the creation of a server may be before the intent, and after it: the panel's clock has whole
#: seconds, and a request may wait in the panel.
_BEFORE_S = 60
_AFTER_S = 600


@dataclass(frozen=True)
class Intent:
    """A create that was about to be sent, and whose outcome is not known.

    :param number: of the server in its pipeline.
    :param highest: the highest ID that the panel had before.
    :param at: seconds since the epoch on the panel's clock.
    """

    number: int
    highest: int
    at: float

    def may_have_made(self, row: CiRow) -> bool:
        """Return whether a server may be the one that this create made."""
        if row.id <= self.highest:
            return False
        return row.created is None or -_BEFORE_S <= row.created - self.at <= _AFTER_S


class CiRecords:
    """The content of a journal."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        #: The ID of each server that this pipeline has created.
        self.made: dict[int, int] = {}
        #: Creates without an outcome, by number of the server.
        self.intents: dict[int, Intent] = {}
        #: Lines of host keys by ID of the server.
        self.host_keys: dict[int, list[str]] = {}
        #: The public key that the servers are built with, empty if none is known.
        self.public_key = ""
        #: Digests of the private keys that this pipeline has made, by path.
        self.key_files: dict[str, str] = {}

    def knows_any(self, rows: Iterable[CiRow]) -> bool:
        """Return whether one of the nameless servers may be this pipeline's."""
        ids = set(self.made.values())
        return bool(self.intents) or any(row.id in ids for row in rows)

    def open_for(self, rows: Iterable[CiRow]) -> dict[int, CiRow] | None:
        """Return the nameless servers that the open intents have made, by number.

        :param rows: all nameless servers of the owner.
        :returns: ``None`` if more servers are possible than creates are open.
        """
        found: dict[int, CiRow] = {}
        known = set(self.made.values())
        there = {row.id: row for row in rows}
        for number, server_id in self.made.items():
            if server_id in there:
                found[number] = there[server_id]
        intents = sorted(self.intents.values(), key=lambda intent: intent.number)
        possible = [
            row
            for row in sorted(there.values(), key=lambda row: row.id)
            if row.id not in known and any(intent.may_have_made(row) for intent in intents)
        ]
        if len(possible) > len(intents):
            return None
        for intent, row in zip(intents, possible, strict=False):
            found[intent.number] = row
        return found

    def take_lines(self, content: bytes, path: str) -> int:
        """Take the records of a file, and return the size of its complete lines.

        :raises PanelError: ``validation``, a line is damaged.
        """
        whole, newline, _partial = content.rpartition(b"\n")
        for line in whole.splitlines():
            try:
                self._take(parsed(line))
            except (ValueError, KeyError, TypeError, AttributeError) as error:
                problem = ValueError(f"it is damaged: {line[:60]!r}")
                raise cannot(f"read the journal {path}", "state_dir", problem) from error
        return len(whole + newline)

    def _take(self, record: Mapping[str, Any]) -> None:
        event = record["event"]
        if event == "intent":
            number = int(record["number"])
            self.intents[number] = Intent(number, int(record["highest"]), float(record["at"]))
        elif event == "created":
            self._take_created(int(record["number"]), int(record["id"]))
        elif event == "not_created":
            self.intents.pop(int(record["number"]), None)
        elif event == "gone":
            self._take_gone(int(record["id"]))
        elif event == "key":
            self.public_key = str(record["public_key"])
        elif event == "key_file":
            self.key_files[str(record["path"])] = str(record["digest"])
        elif event == "pinned":
            self.host_keys[int(record["id"])] = [str(key) for key in record["host_keys"]]

    def _take_created(self, number: int, server_id: int) -> None:
        with self._lock:
            self.intents.pop(number, None)
            self.made[number] = server_id

    def _take_gone(self, server_id: int) -> None:
        with self._lock:
            self.host_keys.pop(server_id, None)
            self.made = {number: each for number, each in self.made.items() if each != server_id}


def read_records(path: Path) -> CiRecords:
    """Return the records of a journal, none if there is no journal. Nothing is written.

    :raises PanelError: ``validation``, the file cannot be used.
    """
    records = CiRecords()
    if path.exists():
        records.take_lines(read_file(str(path), "journal", "state_dir"), str(path))
    return records


class CiJournal(CiRecords):
    """A journal that is open for writing. Threads may share it.

    :param path: of the file.
    :raises PanelError: ``validation``, the file cannot be used.
    """

    def __init__(self, path: str) -> None:
        super().__init__()
        self._path = path
        try:
            self._file = AppendFile(path)
        except (OSError, ValueError, Held) as error:
            problem = (
                OSError(None, "another process has it open") if isinstance(error, Held) else error
            )
            raise cannot(f"use the journal {path}", "state_dir", problem) from error
        try:
            # A line that a killed run left incomplete is cut off.
            self._file.cut(self.take_lines(self._file.content, path))
        except BaseException:
            self._file.close()
            raise

    def intend(self, number: int, highest: int, at: float) -> None:
        """Record that a create is sent next."""
        self._append(event="intent", number=number, highest=highest, at=at)
        self.intents[number] = Intent(number, highest, at)

    def created(self, number: int, server_id: int) -> None:
        """Record that a server exists."""
        self._append(event="created", number=number, id=server_id)
        self._take_created(number, server_id)

    def not_created(self, number: int) -> None:
        """Record that a create made nothing."""
        self._append(event="not_created", number=number)
        self.intents.pop(number, None)

    def gone(self, server_id: int) -> None:
        """Record that a server is deleted."""
        self._append(event="gone", id=server_id)
        self._take_gone(server_id)

    def pinned(self, server_id: int, host_keys: Iterable[str]) -> None:
        """Record the host keys that a server has."""
        keys = list(host_keys)
        self._append(event="pinned", id=server_id, host_keys=keys)
        self.host_keys[server_id] = keys

    def builds(self, server_id: int) -> None:
        """Record that a server is built next: it gets other host keys."""
        if self.host_keys.get(server_id):
            self.pinned(server_id, [])

    def uses_key(self, public_key: str) -> None:
        """Record the key that the servers are built with."""
        if public_key != self.public_key:
            self._append(event="key", public_key=public_key)
            self.public_key = public_key

    def makes_key_file(self, path: str, digest: str) -> None:
        """Record that a private key is put at a path next.

        :param digest: of the file's content, of :func:`digest_of`.
        """
        self._append(event="key_file", path=path, digest=digest)
        self.key_files[path] = digest

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def remove(self) -> None:
        """Remove the file, since nothing of the pipeline is left."""
        with contextlib.suppress(OSError):
            Path(self._path).unlink()

    def _append(self, **record: Any) -> None:
        try:
            self._file.append(canonical(record))
        except OSError as error:
            raise cannot(f"write the journal {self._path}", "state_dir", error) from error
