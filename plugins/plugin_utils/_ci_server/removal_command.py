# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The command that deletes the servers of a pipeline, ready to be typed."""

from __future__ import annotations

import json
import shlex
from collections.abc import Mapping
from typing import Any


def teardown_command(role: str, prefix: str, pipeline: str, owner: Mapping[str, Any]) -> str:
    """Return the command.

    :param role: whose variables the playbook takes.
    :param owner: the option that selects the owner, with its value.
    """
    variables = {"pipeline": pipeline, "prefix": prefix, **owner}
    # JSON keeps each value as it is; name=value would be split at spaces.
    given = json.dumps({f"{role}_{name}": value for name, value in variables.items()})
    return shlex.join(["ansible-playbook", "vpsfleet.panels.ci_teardown", "-e", given])
