# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The panel's ways to say no (virtfusion 1.3)."""

from __future__ import annotations

from typing import Any

from ..exchange import NO_BODY, Reply


class Refused(Exception):
    """A request that the panel refuses: a status with a body in one of its shapes."""

    def __init__(self, status: int, body: Any = NO_BODY) -> None:
        super().__init__(status, body)
        self.reply = Reply(status, body)


def message(status: int, text: str) -> Refused:
    """`{"msg": text}`, the shape of the older endpoints. DOCUMENTED for 7.1."""
    return Refused(status, {"msg": text})


def errors(status: int, *texts: str) -> Refused:
    """`{"errors": [text, ...]}`, the shape of the newer endpoints. DOCUMENTED."""
    return Refused(status, {"errors": list(texts)})


def not_found(what: str) -> Refused:
    """404 for a record. The text for servers is OBSERVED, for the others INFERRED from it."""
    return message(404, f"{what} not found")


def locked() -> Refused:
    """423 while a task is active. OBSERVED."""
    return message(423, "pending tasks in queue")
