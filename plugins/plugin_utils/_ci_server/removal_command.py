# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The command that deletes the servers of a pipeline, ready to be typed."""

from __future__ import annotations

import json
import re
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
    pairs = [
        f"{json.dumps(f'{run.panel.role}_{name}')}: {_literal(value)}"
        for name, value in variables.items()
    ]
    given = f"{{{', '.join(pairs)}}}"
    return shlex.join(["ansible-playbook", "vpsfleet.panels.ci_teardown", "-e", given])


def _literal(value: Any) -> str:
    """Return a value as Ansible takes it from the command line. A text is never read as a template.

    Who opens a pull request chooses the name of its branch, and so a part of many pipelines. JSON has no mark for such
    a text, and YAML has. YAML has no pairs of surrogates, so characters beyond 16 bits stay as they are.
    """
    text = json.dumps(value, ensure_ascii=False)
    text = re.sub(r"[\u007f-\uffff]", lambda found: f"\\u{ord(found[0]):04x}", text)
    return f"!unsafe {text}" if "{" in text else text
