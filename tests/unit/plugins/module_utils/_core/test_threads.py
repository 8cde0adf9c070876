# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test concurrent work, also if the system refuses further threads."""

from __future__ import annotations

import threading

import pytest

from ansible_collections.vpsfleet.panels.plugins.module_utils._core.threads import each, started
from ansible_collections.vpsfleet.panels.tests.unit.support.threads import allow_threads


@pytest.mark.parametrize("allowed", [0, 1, 3, 100])
@pytest.mark.parametrize("workers", [1, 8])
def test_each_item_is_processed_once_with_any_number_of_threads(monkeypatch, allowed, workers):
    allow_threads(monkeypatch, allowed)
    seen: list[int] = []

    def work(item: int) -> int:
        seen.append(item)
        return item * 2

    assert each(work, range(50), workers) == [item * 2 for item in range(50)]
    assert sorted(seen) == list(range(50))


@pytest.mark.parametrize("allowed", [0, 2, 100])
def test_the_first_error_is_raised_and_no_further_item_starts(monkeypatch, allowed):
    allow_threads(monkeypatch, allowed)
    seen: list[int] = []

    def work(item: int) -> None:
        seen.append(item)
        raise KeyError(item)

    with pytest.raises(KeyError, match="0"):
        each(work, range(1000), 4)
    assert len(seen) < 1000


def test_no_items_give_no_results():
    assert each(lambda item: item, [], 4) == []


def test_as_many_threads_are_started_as_the_system_allows(monkeypatch):
    allow_threads(monkeypatch, 3)
    done = threading.Event()
    threads = started(lambda: done.wait(60) and None, 10, name="test")
    done.set()
    for thread in threads:
        thread.join()
    assert [thread.name for thread in threads] == ["test-0", "test-1", "test-2"]
