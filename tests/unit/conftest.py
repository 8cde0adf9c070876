# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Fixtures for all unit tests."""

from __future__ import annotations

import os

import pytest
from hypothesis import settings

from ansible_collections.vpsfleet.panels.tests.unit.support.clock import FakeClock
from ansible_collections.vpsfleet.panels.tests.unit.support.collection import UTILS

# Every run has the same examples, whatever --hypothesis-seed says, so that a failure is reproducible. No
# database is kept between runs, and a slow machine does not fail a test.
settings.register_profile("panels", deadline=None, database=None, derandomize=True)
# A leg besides the main one can show a fault of its Python or its ansible-core, which needs fewer examples than
# a fault of the code. ci/unit.sh selects this profile by --hypothesis-profile.
settings.register_profile("leg", settings.get_profile("panels"), max_examples=20)
settings.load_profile("panels")

#: Prefixes of the environment variables that configure connections. Huawei Cloud's own tools use the last two.
PANELS = (
    *(f"{path.parent.name[1:].upper()}_" for path in UTILS.glob("_*/client.py")),
    "HW_",
    "OS_",
)


@pytest.fixture
def clock() -> FakeClock:
    """Return a clock that only ``sleep()`` advances."""
    return FakeClock()


@pytest.fixture(autouse=True)
def _own_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the caller's panel, proxies and certificate authorities out of the tests."""
    for name in list(os.environ):
        if name.startswith(PANELS) or name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE", "NETRC"):
        monkeypatch.delenv(name, raising=False)
