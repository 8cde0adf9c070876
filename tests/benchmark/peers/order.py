# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The order for both bare clients: change the package of every server of a panel."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

PAGE_SIZE = 200
TIMEOUT_S = 60

#: Apply all aspects of the package.
FLAGS = {
    "cpu": True,
    "memory": True,
    "primaryDiskSize": True,
    "primaryDiskReadIOPS": True,
    "primaryDiskWriteIOPS": True,
    "primaryDiskReadThroughput": True,
    "primaryDiskWriteThroughput": True,
    "primaryNetworkInboundSpeed": True,
    "primaryNetworkOutboundSpeed": True,
    "primaryNetworkTraffic": True,
    "backupPlan": True,
}


@dataclass(frozen=True)
class Order:
    """The panel, the desired package, and the number of concurrent calls."""

    url: str
    token: str
    package_id: int
    workers: int

    @classmethod
    def from_arguments(cls) -> Order:
        """Read the command line."""
        parser = argparse.ArgumentParser()
        parser.add_argument("url")
        parser.add_argument("token")
        parser.add_argument("package_id", type=int)
        parser.add_argument("workers", type=int)
        return cls(**vars(parser.parse_args()))

    def to_arguments(self) -> list[str]:
        """Return the arguments for :meth:`from_arguments`."""
        return [self.url, self.token, str(self.package_id), str(self.workers)]


def groups_of(servers: Iterable[dict[str, Any]]) -> list[int]:
    """Return the hypervisor groups of the servers."""
    return sorted({server["hypervisor"]["groupId"] for server in servers})


def has_changed(server: dict[str, Any], package: dict[str, Any]) -> bool:
    """Return whether a server shows the change."""
    return bool(server["settings"]["resources"]["memory"] == package["memory"])


def conclude(changed: Sequence[bool]) -> None:
    """Print the number of changed servers. Exit with 1 if a server is unchanged."""
    print(json.dumps({"servers": len(changed), "changed": sum(changed)}))
    sys.exit(0 if all(changed) else 1)
