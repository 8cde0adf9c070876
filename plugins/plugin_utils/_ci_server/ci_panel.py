# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What CI servers need of a panel. The package of a panel implements it."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from ...module_utils._core.clock import PanelTime


class Build(enum.Enum):
    """How far the operating system of a server is."""

    NONE = "not built"
    RUNNING = "being built"
    DONE = "built"
    FAILED = "failed to build"


@dataclass(frozen=True)
class CiRow:
    """A server in a list.

    :param created: seconds since the epoch on the panel's clock; None if the list does not show it.
    """

    id: int
    name: str
    owner_id: int | None
    created: float | None = None


@dataclass(frozen=True)
class CiSight(CiRow):
    """A server, read by its ID.

    :param addresses: the address for SSH first.
    :param shown: what the panel shows of its package and its system, for :meth:`CiPanel.other_order`.
    """

    protected: bool = False
    build: Build = Build.NONE
    addresses: tuple[str, ...] = ()
    shown: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class CiKey:
    """An SSH key of the owner."""

    id: int
    name: str | None
    public_key: str
    created: float | None = None


class CiPanel(Protocol):
    """A panel. Threads may call it. Each method raises a PanelError."""

    #: Address of the API.
    address: str
    #: The role whose playbooks an operator uses.
    role: str

    @property
    def time(self) -> PanelTime:
        """The panel's clock."""

    def owner_id(self) -> int:
        """Return the ID of the user who owns all CI servers, and nothing else."""

    def servers(self) -> list[CiRow]:
        """Return all servers of the panel, whoever owns them."""

    def own_servers(self) -> list[CiRow]:
        """Return the servers of the owner, in one request."""

    def server(self, server_id: int) -> CiSight | None:
        """Return a server, or None if the panel responds that it does not exist."""

    def check_order(self) -> None:
        """Refuse a package or template that cannot be used, since waiting for room would not help."""

    def other_order(self, sight: CiSight) -> str | None:
        """Return why a server is not one that the options ask for, or None. One that is not built has no system yet."""

    def no_room(self, count: int) -> str | None:
        """Return why the panel would not create more servers now, or None."""

    def create(self) -> int:
        """Create a server of the owner, without a name, and return its ID."""

    def rename(self, server_id: int, name: str) -> None:
        """Rename a server. Nothing is sent twice."""

    def template(self, server_id: int) -> int:
        """Return the ID of the template that a server is to be built with."""

    def build(self, server_id: int, name: str, key_id: int, template: int) -> None:
        """Start the build of a server, with an SSH key, in one request. The server gets the name."""

    def delete(self, server_id: int) -> None:
        """Delete a server at once. Nothing is sent twice."""

    def ssh_keys(self) -> list[CiKey]:
        """Return the SSH keys of the owner."""

    def add_key(self, name: str, public_key: str) -> None:
        """Add an SSH key to the owner."""

    def remove_key(self, key_id: int) -> None:
        """Remove an SSH key."""

    def api_calls(self) -> dict[str, Any]:
        """Return the numbers of requests so far."""


def key_identity(public_key: str) -> str:
    """Return the type and blob of a public key. The panel may drop the comment."""
    return " ".join(public_key.split()[:2])
