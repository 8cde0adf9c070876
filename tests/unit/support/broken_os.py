# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A file system that fails only for the collection."""

from __future__ import annotations

import os
from typing import Any

import pytest

from ansible_collections.vpsfleet.panels.plugins.plugin_utils._fleet import durable_file


class BrokenOs:
    """A replacement for the module ``os`` in ``durable_file``.

    :param number: error number of each failing call.
    :param calls: names of the functions that fail while :attr:`broken` is set.
    """

    def __init__(self, monkeypatch: pytest.MonkeyPatch, number: int, *calls: str) -> None:
        self.broken = False
        self._number = number
        self._calls = calls
        monkeypatch.setattr(durable_file, "os", self)

    def __getattr__(self, name: str) -> Any:
        if name in self._calls and self.broken:
            return self._fail
        return getattr(os, name)

    def _fail(self, *dummy: object, **named: object) -> None:
        raise OSError(self._number, os.strerror(self._number))
