# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A system that starts only so many threads."""

from __future__ import annotations

import threading

import pytest


def allow_threads(monkeypatch: pytest.MonkeyPatch, most: int) -> None:
    """Let so many threads be started from now on, and refuse each further one as Python does."""
    left = [most]
    real = threading.Thread.start

    def start(thread: threading.Thread) -> None:
        if left[0] == 0:
            raise RuntimeError("can't start new thread")
        left[0] -= 1
        real(thread)

    monkeypatch.setattr(threading.Thread, "start", start)
