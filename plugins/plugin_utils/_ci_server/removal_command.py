# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The command that deletes the servers of a pipeline, ready to be typed."""

from __future__ import annotations

import json
import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from .run import CiRun


def teardown_command(
    run: CiRun, pipeline: str, owner: Mapping[str, Any], output_dir: str | Path
) -> str:
    """Return the command. It finds the private key and the journal from any folder.

    :param owner: the option that selects the owner, with its value.
    """
    variables = {
        "pipeline": pipeline,
        "prefix": run.names.prefix,
        **owner,
        "output_dir": str(Path(output_dir).absolute()),
        "state_dir": str(Path(run.state_dir).absolute()),
    }
    # JSON keeps each value as it is; name=value would be split at spaces.
    given = json.dumps({f"{run.panel.role}_{name}": value for name, value in variables.items()})
    return shlex.join(["ansible-playbook", "vpsfleet.panels.ci_teardown", "-e", given])
