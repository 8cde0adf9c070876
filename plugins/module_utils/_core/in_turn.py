# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Several writes that make one change."""

from __future__ import annotations

from collections.abc import Callable

from .errors import PanelError


def in_turn(*writes: Callable[[], object]) -> None:
    """Carry out writes one after another.

    :raises PanelError: of the first that fails; with ``partial`` set where an earlier one was done.
    """
    for number, write in enumerate(writes):
        try:
            write()
        except PanelError as error:
            error.partial = error.partial or number > 0
            raise
