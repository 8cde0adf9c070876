# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Several requests at a time, the first alone."""

from __future__ import annotations

import threading

import pytest

from ansible_collections.vpsfleet.panels.plugins.module_utils._huaweicloud.client import together
from ansible_collections.vpsfleet.panels.tests.unit.support.clock import WATCHDOG_S


@pytest.mark.parametrize("count", [0, 1, 2, 9])
def test_results_are_in_the_order_of_the_items(count):
    items = (str(number) for number in range(count))
    assert together(lambda item: item * 2, items) == [str(number) * 2 for number in range(count)]


def test_others_wait_for_the_first():
    done: list[int] = []
    meeting = threading.Barrier(2, timeout=WATCHDOG_S)

    def work(item: int) -> int:
        if item:
            assert done[0] == 0
            meeting.wait()  # the others do not wait for each other
        done.append(item)
        return item

    assert together(work, [0, 1, 2], workers=2) == [0, 1, 2]


def test_nothing_follows_a_first_that_fails():
    seen: list[int] = []

    def work(item: int) -> None:
        seen.append(item)
        raise LookupError(item)

    with pytest.raises(LookupError):
        together(work, range(20))
    assert seen == [0]
