# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The panel's time from the dates of its responses."""

from __future__ import annotations

import pytest

from ansible_collections.vpsfleet.panels.plugins.module_utils._core.errors import PanelError
from ansible_collections.vpsfleet.panels.plugins.module_utils._core.panel_time import PanelTime
from ansible_collections.vpsfleet.panels.tests.unit.support.clock import FakeClock

DATE = "Sat, 01 Feb 2025 12:00:00 GMT"
SHOWN = 1_738_411_200.0


def test_the_time_is_between_the_date_and_the_end_of_its_second_after_the_request():
    clock = FakeClock()
    time = PanelTime(clock)
    sent = clock.monotonic()
    clock.now += 3  # the response takes three seconds
    time.see(DATE, sent)
    assert time.at_least() == SHOWN
    assert time.at_most() == SHOWN + 1 + 3
    clock.now += 100
    assert time.at_least() == SHOWN + 100


def test_the_latest_date_counts():
    clock = FakeClock()
    time = PanelTime(clock)
    time.see("Sat, 01 Feb 2025 13:00:00 GMT", clock.monotonic())
    time.see(DATE, clock.monotonic())  # the panel's clock was set back
    assert time.at_least() == SHOWN


@pytest.mark.parametrize("date", [None, "", "soon", "Sat, 99 Feb 2025 12:00:00 GMT"])
def test_without_a_date_nobody_knows_the_time(date):
    clock = FakeClock()
    time = PanelTime(clock)
    time.see(date, clock.monotonic())
    for ask in (time.at_least, time.at_most):
        with pytest.raises(PanelError, match="have no Date header"):
            ask()
