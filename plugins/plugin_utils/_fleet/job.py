# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Recognize a job of AWX or ansible-runner, whose own files are lost when it ends."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

#: Set by ansible-runner: the folder of the artifacts of a job.
_ARTIFACTS = "AWX_ISOLATED_DATA_DIR"
#: Set by AWX: the folder of a job, with its project, inventory and artifacts.
_PRIVATE = "AWX_PRIVATE_DATA_DIR"
#: Variables that AWX and its predecessor pass to each job.
_VARIABLES = ("awx_job_id", "tower_job_id")

#: Folders that a container has for itself, or that a system empties.
_SHORT_LIVED = (Path("/tmp"),)  # noqa: S108 - nothing is written there


@dataclass(frozen=True)
class Job:
    """The job in which a task runs.

    :param tree: the job's own folder, ``None`` if it is unknown.
    """

    tree: Path | None

    @classmethod
    def of(cls, environment: Mapping[str, str], variables: Mapping[str, Any]) -> Job | None:
        """Return the job, or ``None`` if the task does not run in one."""
        artifacts, private = environment.get(_ARTIFACTS), environment.get(_PRIVATE)
        if not artifacts and not any(variables.get(name) for name in _VARIABLES):
            return None
        if private:
            return cls(Path(private))
        if not artifacts:
            return cls(None)
        place = Path(artifacts)
        # ansible-runner has <folder of the job>/artifacts/<job>.
        return cls(place.parents[1] if place.parent.name == "artifacts" else place)

    def loses(self, path: str) -> str | None:
        """Return why a folder does not outlive the job, or ``None`` if it may.

        :param path: as the operator wrote it.
        """
        written = Path(path).expanduser()
        if not written.is_absolute():
            return "it is relative to the folder of the project, which the job has for itself"
        place = Path(os.path.realpath(written))
        if self.tree is not None and place.is_relative_to(os.path.realpath(self.tree)):
            return f"it is in {self.tree}, which the job has for itself"
        for folder in _SHORT_LIVED:
            if place.is_relative_to(os.path.realpath(folder)):
                return f"it is in {folder}, which is lost with the container of the job"
        return None
