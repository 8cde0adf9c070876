# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Checks of numbers, before anything is sent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

from .errors import invalid

#: The lowest and the highest allowed number; ``None`` if there is no highest.
Range: TypeAlias = "tuple[int, int | None]"


def check_ranges(params: Mapping[str, Any], ranges: Mapping[str, Range]) -> None:
    """Refuse an option outside its range. An option that is not set is accepted.

    :raises PanelError: ``validation``, naming the option.
    """
    for option, (lowest, highest) in ranges.items():
        value = params[option]
        if value is None or (value >= lowest and (highest is None or value <= highest)):
            continue
        span = f"at least {lowest}" if highest is None else f"from {lowest} to {highest}"
        raise invalid(f"{option} must be {span}, not {value}")
