# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The end of a process at any step, such as by kill -9: what it does afterwards has no effect."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.vpsfleet.panels.plugins.plugin_utils._fleet import durable_file


class Killed(BaseException):
    """The process has ended. No handler of the engine may catch it."""


class PowerCut:
    """Ends a run at one step. Before and after each write to a file or to the panel there is a step.

    :param folder: holds all files of the run, and gets the content it had at that step.
    :param step: the number of the step, ``None`` for never.
    :param half: whether a write to a file is then half-done.
    """

    def __init__(self, folder: Path, step: int | None, *, half: bool = False) -> None:
        self._folder = folder
        self._left = step
        self._half = half
        self._kept = folder.parent / f"{folder.name}.kept"

    def step(self, *dummy: object) -> None:
        """Count one step, and end the process at the last one."""
        if self._left is None or self._kept.exists():
            return
        self._left -= 1
        if self._left <= 0:
            shutil.copytree(self._folder, self._kept)
            raise Killed

    @contextmanager
    def armed(self) -> Iterator[None]:
        """Count the steps of writes to files."""
        write, replace = durable_file._write_all, Path.replace

        def write_all(descriptor: int, content: bytes, offset: int = 0) -> None:
            if self._half and self._left == 1:
                write(descriptor, content[: len(content) // 2], offset)
            self.step()
            write(descriptor, content, offset)
            self.step()

        def replaced(path: Path, target: Any) -> Path:
            self.step()
            found = replace(path, target)
            self.step()
            return found

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(durable_file, "_write_all", write_all)
            patch.setattr(Path, "replace", replaced)
            try:
                yield
            except Killed:
                shutil.rmtree(self._folder)
                replace(self._kept, self._folder)
                raise
