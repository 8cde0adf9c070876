# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Starts an operator's command on the controller."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping, Sequence
from typing import IO


def start_process(
    words: Sequence[str],
    environment: Mapping[str, str],
    stdin: IO[bytes],
    stdout: IO[bytes],
    stderr: IO[bytes],
) -> subprocess.Popen[bytes]:
    """Start a command without a shell, in a group of its own, so that it can be ended with all that it starts.

    :raises OSError: it cannot be started.
    """
    return subprocess.Popen(  # noqa: S603 - the operator's own words, and no shell
        words,
        stdin=stdin,
        stdout=stdout,
        stderr=stderr,
        env=environment,
        start_new_session=True,
    )
