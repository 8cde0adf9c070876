# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How many items may fail before a run stops."""

from __future__ import annotations

from .batches import share


class FailureLimit:
    """A number of items, or a percentage of those that were to be changed.

    As with Ansible's ``max_fail_percentage`` it must be exceeded: 0 stops at the first failure.

    :param text: as the operator wrote it.
    :raises PanelError: ``validation``.
    """

    def __init__(self, text: str) -> None:
        self._text = text.strip()
        self._share = share("max_failures", text)

    def exceeded(self, failures: int, total: int) -> bool:
        """Whether so many failures among so many items are too many."""
        allowed = self._share.number
        if self._share.percent:
            return failures * 100 > allowed * total
        return failures > allowed

    def sentence(self, failures: int, total: int, noun: str) -> str:
        """Say that it is exceeded."""
        return f"{failures} of {total} {noun} failed, and max_failures allows {self._text}"
