# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The panel's time from the dates of its responses."""

from __future__ import annotations

import os
import time

import pytest

from ansible_collections.vpsfleet.panels.plugins.module_utils._core.clock import PanelTime
from ansible_collections.vpsfleet.panels.plugins.module_utils._core.errors import PanelError
from ansible_collections.vpsfleet.panels.plugins.module_utils._core.retry import retry_after
from ansible_collections.vpsfleet.panels.tests.unit.support.clock import FakeClock

DATE = "Sat, 01 Feb 2025 12:00:00 GMT"
SHOWN = 1_738_411_200.0


def test_the_time_is_between_the_date_and_the_end_of_its_second_after_the_request():
    clock = FakeClock()
    shown = PanelTime(clock)
    sent = clock.monotonic()
    clock.now += 3  # the response takes three seconds
    shown.see(DATE, sent)
    assert shown.at_least() == SHOWN
    assert shown.at_most() == SHOWN + 1 + 3
    clock.now += 100
    assert shown.at_least() == SHOWN + 100


@pytest.mark.parametrize("date", ["Sat Feb  1 12:00:00 2025", "Sat, 01 Feb 2025 12:00:00 -0000"])
def test_a_date_without_a_zone_is_in_utc(date, monkeypatch):
    monkeypatch.setenv("TZ", "America/New_York")
    time.tzset()
    clock = FakeClock()
    shown = PanelTime(clock)
    shown.see(date, clock.monotonic())
    assert shown.at_least() == SHOWN
    assert retry_after(date, FakeClock(SHOWN - 30)) == 30


@pytest.fixture(autouse=True)
def zone_of_before():
    """Restore the zone of the process."""
    yield
    os.environ.pop("TZ", None)
    time.tzset()


def test_the_latest_date_counts():
    clock = FakeClock()
    shown = PanelTime(clock)
    shown.see("Sat, 01 Feb 2025 13:00:00 GMT", clock.monotonic())
    shown.see(DATE, clock.monotonic())  # the panel's clock was set back
    assert shown.at_least() == SHOWN


@pytest.mark.parametrize("date", [None, "", "soon", "Sat, 99 Feb 2025 12:00:00 GMT"])
def test_without_a_date_nobody_knows_the_time(date):
    clock = FakeClock()
    shown = PanelTime(clock)
    shown.see(date, clock.monotonic())
    for ask in (shown.at_least, shown.at_most):
        with pytest.raises(PanelError, match="have no Date header"):
            ask()
