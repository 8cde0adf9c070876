# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A server of a pipeline, as the SSH code and the outputs see it."""

from __future__ import annotations

from dataclasses import dataclass

SSH_PORT = 22


@dataclass(frozen=True)
class CiServer:
    """A server with the address of its SSH server.

    :param name: the name in the outputs. It has no lease end, so it survives a renewal of the lease.
    """

    id: int
    name: str
    address: str
    port: int = SSH_PORT
    user: str = "root"

    def __str__(self) -> str:
        return f"server {self.name} (ID {self.id})"

    @property
    def place(self) -> str:
        """The address and the port, for messages."""
        return f"{self.address} port {self.port}"
