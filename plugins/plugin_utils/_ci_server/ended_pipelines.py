# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Remove what pipelines without a server leave on the controller: journals, locks, and the private keys they made.

A pipeline that is torn down leaves nothing. One that is killed, and whose servers the janitor deletes, leaves them all.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from contextlib import closing
from pathlib import Path

from ...module_utils._core.errors import Code, PanelError
from .ci_journal import CiJournal, CiRecords, read_records
from .creation import owned_by
from .owned import Owned
from .pipeline_key import has_key_files, remove_key_files
from .run import CiRun

#: The files of a pipeline, after its code.
_SUFFIXES = (".journal", ".lock", ".guard", ".lease.lock", ".lease.guard")


class EndedPipelines:
    """The files of pipelines in ``state_dir`` that nobody needs any more.

    :param grace_s: seconds for which a file without a server may be there.
    """

    def __init__(self, run: CiRun, owner_id: int, grace_s: int) -> None:
        self._run = run
        self._owner_id = owner_id
        self._grace_s = grace_s
        #: Why something could not be removed.
        self.warnings: list[str] = []

    def predict(self, owned: Owned, gone: Collection[int]) -> list[str]:
        """Return the codes that :meth:`remove` would return. Nothing is written.

        :param owned: the servers of the owner.
        :param gone: the servers that would be deleted before.
        """
        alive = {mark.code for row, mark in owned.marked if row.id not in gone}
        return [code for code in self._found(alive) if self._would_be_removed(code, gone)]

    def _would_be_removed(self, code: str, gone: Collection[int]) -> bool:
        name = f"{self._run.names.prefix}.{code}"
        try:
            if self._run.is_locked(name) or self._run.is_locked(f"{name}.lease"):
                return False
            records = read_records(self._run.place(f"{name}.journal"))
            if self._has_servers(code, records, gone):
                return False
            has_key_files(records, ())
        except PanelError as error:
            self.warnings.append(error.msg)
            return False
        return True

    def _has_servers(self, code: str, records: CiRecords, gone: Collection[int]) -> bool:
        """Return whether a pipeline has, or may have, a server. One that a list lacks is read by its ID.

        :param gone: servers that would be deleted before.
        """
        owned = owned_by(self._run, self._owner_id, records)
        nameless = [row for row in owned.nameless if row.id not in gone]
        named = any(row.id not in gone for row, _mark in owned.all_of(code))
        return named or bool(nameless and records.knows_any(nameless))

    def _found(self, alive: Collection[str]) -> list[str]:
        """Return the codes of the pipelines that have old files and no server.

        :param alive: the codes of the pipelines that have servers.
        """
        begin = self._run.place(self._run.names.begin).name
        ends = "|".join(map(re.escape, _SUFFIXES))
        pattern = re.compile(rf"{re.escape(begin)}([a-z0-9-]+)(?:{ends})")
        newest: dict[str, float] = {}
        folder = Path(self._run.state_dir)
        for path in folder.iterdir() if folder.is_dir() else ():
            match = pattern.fullmatch(path.name)
            if match:
                newest[match[1]] = max(newest.get(match[1], 0.0), path.stat().st_mtime)
        until = self._run.clock.time() - self._grace_s
        return sorted(code for code in newest if newest[code] <= until and code not in alive)

    def remove(self, alive: Collection[str]) -> list[str]:
        """Remove the files of pipelines. Return the codes of those that have left nothing.

        :param alive: the codes of the pipelines that have servers.
        """
        return [
            code for code in self._found(alive) if not self._run.stopped and self._removed(code)
        ]

    def _removed(self, code: str) -> bool:
        """Remove the files of a pipeline, unless it is in use. Return whether they are gone."""
        name = f"{self._run.names.prefix}.{code}"
        what = f"remove the files of pipeline {code}"
        now = self._run.clock.monotonic()
        try:
            # Whoever holds the lock may be about to create a server, so the list is read under the lock.
            with self._run.locked(name, what, now), self._run.locked(f"{name}.lease", what, now):
                path = self._run.path(f"{name}.journal")
                if not Path(path).exists():
                    return True
                with closing(CiJournal(path)) as journal:
                    if self._has_servers(code, journal, ()):
                        return False
                    remove_key_files(journal, ())
                    journal.remove()
        except PanelError as error:
            if error.code is not Code.LOCKED:
                self.warnings.append(error.msg)
            return False
        return True
