# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A limit on the number of threads that the system starts."""

from __future__ import annotations

import threading

import pytest


def allow_threads(monkeypatch: pytest.MonkeyPatch, most: int) -> None:
    """Allow a number of further threads, and refuse each later one with Python's error."""
    left = [most]
    real = threading.Thread.start

    def start(thread: threading.Thread) -> None:
        if left[0] == 0:
            raise RuntimeError("can't start new thread")
        left[0] -= 1
        real(thread)

    monkeypatch.setattr(threading.Thread, "start", start)
