# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Clean the texts that a run shows, since a panel's names and messages can contain anything.

A customer chooses the name of a server. It can contain control characters for a terminal. A panel
can repeat the credentials of a request in any text.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ...module_utils._core.errors import PanelError
from ...module_utils._core.plain_text import plain

Redact = Callable[[str], str]

#: Keys of a result whose text is a path or a command of the operator, and is not altered.
_OPERATORS = ("run_dir", "next_command")


def cleaned(value: Any, redact: Redact) -> Any:
    """Return a result, or a part of one, with masked secrets and printable texts only.

    :param redact: masks the secrets of a text.
    """
    if isinstance(value, str):
        return plain(redact(value))
    if isinstance(value, Mapping):
        return {
            key: redact(each)
            if key in _OPERATORS and isinstance(each, str)
            else cleaned(each, redact)
            for key, each in value.items()
        }
    if isinstance(value, (list, tuple)):
        return [cleaned(each, redact) for each in value]
    return value


def clean_error(error: PanelError, redact: Redact) -> PanelError:
    """Clean the texts of an error and of its result, and return it."""
    error.message = cleaned(error.message, redact)
    error.action = cleaned(error.action, redact)
    error.hint = cleaned(error.hint, redact)
    error.result = cleaned(error.result, redact)
    return error


def clean_lines(show: Callable[[str], None] | None, redact: Redact) -> Callable[[str], None] | None:
    """Return a function that cleans a line and then shows it."""
    if show is None:
        return None
    return lambda line: show(plain(redact(line)))
