# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The names of CI servers: whose they are, which pipeline uses them, and until when.

A panel has no labels and no token of the client. The name is the only mark that a create can leave on a server,
by a second request: ``<prefix>.<code>.<number>.<lease end>``. The code stands for the pipeline. The lease end is in
seconds since the epoch, on the panel's clock.
"""

from __future__ import annotations

import hashlib
import math
import re
from dataclasses import dataclass
from datetime import datetime, timezone

from ...module_utils._core.errors import invalid

#: The longest name that the panels accept for a server.
LONGEST_NAME = 63
LONGEST_PREFIX = 16
MOST_SERVERS = 100
#: What the prefix, the number, the lease end and three dots leave.
LONGEST_CODE = LONGEST_NAME - LONGEST_PREFIX - len("100") - len("12345678901") - len("...")

_PREFIX = re.compile(rf"[a-z][a-z0-9-]{{1,{LONGEST_PREFIX - 1}}}")
_PLAIN_CODE = re.compile(rf"(?=.{{1,{LONGEST_CODE}}}$)[a-z0-9]+(?:-[a-z0-9]+)*")
_DIGEST_LENGTH = 16
#: What a shortened or encoded pipeline ends with. A pipeline whose own name looks like this is encoded, too.
_ENCODED = re.compile(rf"(?:.*-)?x[0-9a-f]{{{_DIGEST_LENGTH}}}")
_REST = re.compile(r"([a-z0-9-]+)\.([1-9][0-9]{0,2})\.([1-9][0-9]{8,10})")


@dataclass(frozen=True)
class Mark:
    """The name of a CI server, read.

    :param code: stands for the pipeline.
    :param number: of the server in its pipeline, from 1.
    :param lease_end: seconds since the epoch.
    """

    code: str
    number: int
    lease_end: int

    @property
    def shown_end(self) -> str:
        """The lease end in ISO 8601."""
        return shown_time(self.lease_end)


class Names:
    """The names of the servers with one prefix.

    :raises PanelError: ``validation``, the prefix cannot be used.
    """

    def __init__(self, prefix: str) -> None:
        if not _PREFIX.fullmatch(prefix) or prefix.endswith("-"):
            raise invalid(
                f"prefix must be 2 to {LONGEST_PREFIX} letters a to z, digits and dashes, not {prefix!r}",
                "it begins with a letter, and a dot separates it from the rest of the name",
            )
        self.prefix = prefix

    @property
    def begin(self) -> str:
        """What each of the names begins with."""
        return f"{self.prefix}."

    def name(self, code: str, number: int, lease_end: int) -> str:
        """Return the name of a server."""
        return f"{self.prefix}.{code}.{number}.{lease_end}"

    def mark(self, name: str) -> Mark | None:
        """Read a name. Return None if it is none of these names."""
        found = _REST.fullmatch(name.removeprefix(self.begin))
        if not name.startswith(self.begin) or found is None:
            return None
        return Mark(found[1], int(found[2]), int(found[3]))

    def key_name(self, code: str) -> str:
        """Return the name of a pipeline's SSH key on the panel."""
        return f"{self.prefix}.{code}"

    def key_code(self, name: str | None) -> str | None:
        """Return the pipeline whose SSH key has this name, or None."""
        code = (name or "").removeprefix(self.begin)
        return code if name != code and re.fullmatch(r"[a-z0-9-]+", code) else None


def code_of(pipeline: str) -> str:
    """Return the code of a pipeline: its own name if that fits, else a shortened name and a hash.

    Equal pipelines have equal codes, and different ones different codes: the hash is of the whole name.

    :raises PanelError: ``validation``, the name is blank.
    """
    if not pipeline.strip():
        raise invalid("pipeline is blank", "set it to the ID of the pipeline, such as its number")
    if _PLAIN_CODE.fullmatch(pipeline) and not _ENCODED.fullmatch(pipeline):
        return pipeline
    digest = hashlib.sha256(pipeline.encode("utf-8", "surrogatepass")).hexdigest()
    room = LONGEST_CODE - _DIGEST_LENGTH - len("-x")
    slug = re.sub(r"[^a-z0-9]+", "-", pipeline.lower()).strip("-")[:room].strip("-")
    return "-".join(filter(None, [slug, f"x{digest[:_DIGEST_LENGTH]}"]))


def lease_end(now: float, seconds: float) -> int:
    """Return the end of a lease that is never shorter than asked for.

    :param now: the latest time that the panel's clock may show.
    """
    return math.ceil(now + seconds)


def shown_time(seconds: float) -> str:
    """Return a time in ISO 8601, in UTC."""
    return datetime.fromtimestamp(seconds, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
