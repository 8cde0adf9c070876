# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Refusals in the panel's shapes (virtfusion 1.3)."""

from __future__ import annotations

from typing import Any

from ..exchange import NO_BODY, Reply


class Refused(Exception):
    """A request that the panel refuses: a status with a body in one of its shapes."""

    def __init__(self, status: int, body: Any = NO_BODY) -> None:
        super().__init__(status, body)
        self.reply = Reply(status, body)


def message(status: int, text: str) -> Refused:
    """Return `{"msg": text}`, the shape of the older endpoints. DOCUMENTED for 7.1."""
    return Refused(status, {"msg": text})


def errors(status: int, *texts: str) -> Refused:
    """Return `{"errors": [text, ...]}`, the shape of the newer endpoints. DOCUMENTED."""
    return Refused(status, {"errors": list(texts)})


def not_found(what: str) -> Refused:
    """Return a 404 for a record. The text for servers is OBSERVED, the others are INFERRED from it."""
    return message(404, f"{what} not found")


def locked() -> Refused:
    """Return the 423 for a server with an active task. OBSERVED."""
    return message(423, "pending tasks in queue")
