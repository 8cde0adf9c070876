# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What both bare clients are asked to do: change the package of every server of a panel."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

PAGE_SIZE = 200
TIMEOUT_S = 60

#: All aspects follow the package.
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
    """Where the panel is, which package its servers are to have, and how many calls at a time."""

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
        """The command line that :meth:`from_arguments` reads."""
        return [self.url, self.token, str(self.package_id), str(self.workers)]


def groups_of(servers: Iterable[dict[str, Any]]) -> list[int]:
    """The hypervisor groups that the servers are in."""
    return sorted({server["hypervisor"]["groupId"] for server in servers})


def has_changed(server: dict[str, Any], package: dict[str, Any]) -> bool:
    """Whether a server that was read again shows the change."""
    return bool(server["settings"]["resources"]["memory"] == package["memory"])


def conclude(changed: Sequence[bool]) -> None:
    """Say how many servers were changed; fail where one was not."""
    print(json.dumps({"servers": len(changed), "changed": sum(changed)}))
    sys.exit(0 if all(changed) else 1)
