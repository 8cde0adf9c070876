# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Several requests at a time, without locking the key that signs them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

from .._core.threads import each

Item = TypeVar("Item")
Result = TypeVar("Result")

#: Requests at a time, within the rate that the operator allows; the HTTP library keeps ten connections open.
WORKERS = 8


def together(
    work: Callable[[Item], Result], items: Iterable[Item], workers: int = WORKERS
) -> list[Result]:
    """Return what ``work`` makes of each item, in their order, the first one before all others.

    More than 5 refused signatures in a row lock an access key for 5 minutes (huaweicloud_cph 1.3). Where the
    credentials are wrong, the first request tells, and the others are not sent.

    :raises Exception: the first one that an item's work raised; what had not begun is dropped.
    """
    waiting = list(items)
    return [*map(work, waiting[:1]), *each(work, waiting[1:], workers)]
