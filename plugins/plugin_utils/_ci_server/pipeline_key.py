# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The key of a pipeline: its private key on the controller, and its public key on the panel.

Only a private key whose digest is in the journal was made by the pipeline. Any other one is an operator's. It is
never taken over, and never removed.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from pathlib import Path

from ...module_utils._core.errors import Code, PanelError, invalid
from .ci_journal import CiJournal, CiRecords
from .ci_panel import CiKey, key_identity
from .key_pair import digest_of, make_key_pair, public_key_of
from .run import CiRun

#: What a panel may refuse a key with that the owner has already.
_DUPLICATE = (Code.VALIDATION, Code.CONFLICT, Code.REFUSED)


class PipelineKey:
    """The key that the servers of a pipeline are built with.

    :param key_file: of the private key.
    :param given: whether the operator has chosen the file. Else the pipeline makes it.
    :raises PanelError: ``validation``, the file that the operator has chosen cannot be used.
    """

    def __init__(
        self, run: CiRun, pipeline: str, code: str, key_file: Path, *, given: bool
    ) -> None:
        self._run = run
        self._pipeline = pipeline
        self._file = key_file
        self._given = given
        self._name = run.names.key_name(code)
        self._public = public_key_of(key_file) if given else ""

    def check(self, records: CiRecords) -> bool:
        """Check that the key is, or can become, the one that the servers have. Return whether the panel has it.

        Nothing is written.

        :raises PanelError: ``validation`` or ``refused``.
        """
        there = [key.public_key for key in self._run.panel.ssh_keys() if key.name == self._name]
        if not self._given and not os.path.lexists(self._file):
            if there:
                raise self._other("its private key is not there")
            return False
        if not self._given:
            self._check_made(records)
            self._public = public_key_of(self._file)
        if there and self._is_missing_in(there):
            raise self._other("it has another key")
        return bool(there)

    def make(self, journal: CiJournal) -> None:
        """Make the private key unless it is there. Call :meth:`check` first."""
        if not self._public:
            make_key_pair(
                self._file,
                self._name,
                lambda digest: journal.makes_key_file(str(self._file), digest),
            )
            self._public = public_key_of(self._file)
        journal.uses_key(self._public)

    def settle(self) -> int:
        """Return the ID of the key on the panel, after adding it if it is missing.

        Of two controllers that add different keys for one pipeline, the later one gives way, before it has created
        or built anything.

        :raises PanelError: ``conflict``; or the key cannot be added.
        """
        mine = self._named(self._run.panel.ssh_keys())
        if not mine:
            try:
                self._run.add_key(self._name, self._public)
            except PanelError as error:
                return self._in_spite_of(error)
            mine = (
                self._run.until_shown(lambda: self._named(self._run.panel.ssh_keys()) or None) or []
            )
        if not mine:
            raise PanelError(
                Code.PROTOCOL,
                "the panel does not show the SSH key",
                action=f"add SSH key {self._name}",
            )
        return mine[0].id

    def _named(self, keys: Iterable[CiKey]) -> list[CiKey]:
        """Return the entries of this key under the name of the pipeline, the oldest first.

        :raises PanelError: ``conflict``, the oldest entry of that name is another key. This key is then removed.
        """
        named = sorted((key for key in keys if key.name == self._name), key=lambda key: key.id)
        mine = [key for key in named if key_identity(key.public_key) == key_identity(self._public)]
        if named and mine[:1] != named[:1]:
            for key in mine:
                self._run.remove_key(key.id)
            raise PanelError(
                Code.CONFLICT,
                "another controller, which has another private key, provides it at the same time",
                action=f"provision pipeline {self._pipeline}",
                hint="run the task again with the output_dir of the other one, or under another pipeline ID",
                retryable=True,
            )
        return mine

    def _in_spite_of(self, error: PanelError) -> int:
        """Return the ID of the key that the panel has in spite of a failed add. :raises PanelError: it has none."""
        if not error.uncertain and error.code not in _DUPLICATE:
            raise error
        with self._run.settling(doubt=error.uncertain):
            keys = self._run.panel.ssh_keys()
        mine = self._named(keys)
        if mine:
            self._run.wrote = self._run.wrote or error.uncertain
            return mine[0].id
        # A panel may refuse a key that the owner has under another name, such as that of another pipeline.
        same = [key for key in keys if key_identity(key.public_key) == key_identity(self._public)]
        if error.uncertain or not same:
            raise error
        return min(key.id for key in same)

    def _is_missing_in(self, public_keys: Iterable[str]) -> bool:
        return key_identity(self._public) not in map(key_identity, public_keys)

    def _check_made(self, records: CiRecords) -> None:
        """Refuse a private key that the pipeline has not made: it may be an operator's."""
        if self._file.is_file():
            try:
                if digest_of(self._file) in records.key_files.values():
                    return
            except OSError as error:
                raise self._not_made(error.strerror or str(error)) from error
        raise self._not_made(f"it is there, and pipeline {self._pipeline} has not made it")

    def _not_made(self, message: str) -> PanelError:
        failure = invalid(
            message,
            "if an earlier try has made it, set state_dir to that of the try; else choose another output_dir, or set"
            " private_key_file to it: then it is used and never removed",
        )
        failure.action = f"make the private key {self._file}"
        return failure

    def _other(self, message: str) -> PanelError:
        return PanelError(
            Code.REFUSED,
            f"an earlier try has put an SSH key into its servers, and {message}",
            action=f"log in with {self._file}",
            hint="use the output_dir or the private_key_file of that try, or tear the pipeline down first",
        )


def remove_key_files(records: CiRecords, places: Iterable[Path]) -> bool:
    """Remove the private keys that a pipeline has made. Return whether one was there.

    :param places: where to look besides the paths in the journal, such as where a file was copied to.
    :raises PanelError: ``validation``, one of them cannot be removed.
    """
    return _any_made(records, places, Path.unlink)


def has_key_files(records: CiRecords, places: Iterable[Path]) -> bool:
    """Return whether :func:`remove_key_files` would remove one. Nothing is written.

    :raises PanelError: ``validation``, one of them cannot be read.
    """
    return _any_made(records, places, lambda dummy: None)


def _any_made(records: CiRecords, places: Iterable[Path], act: Callable[[Path], object]) -> bool:
    """Act on each private key that a pipeline has made. Return whether one was there."""
    found = False
    for path in sorted({*map(Path, records.key_files), *places}):
        try:
            if path.is_file() and digest_of(path) in records.key_files.values():
                act(path)
                found = True
        except OSError as error:
            failure = invalid(error.strerror or str(error), "remove it by hand")
            failure.action = f"remove the private key {path}"
            raise failure from error
    return found
