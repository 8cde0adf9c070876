# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Fixtures: the simulated cloud after a reset, and the vendor's SDK in a HOME of its own."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace

import pytest

from tests.simulator.process import Simulator

from ..plain_client import ResetClient
from .cloud import Cloud


@pytest.fixture
def cloud(simulator: Simulator) -> Iterator[Cloud]:
    """Yield a client of the simulator after a reset."""
    with ResetClient(simulator, Cloud) as client:
        yield client


@pytest.fixture(scope="session")
def sdk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SimpleNamespace]:
    """Yield the vendor's SDK. Its import writes an ID below HOME, and it reads proxies from the environment."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HOME", str(tmp_path_factory.mktemp("home")))
        patch.setenv("no_proxy", "127.0.0.1")
        from huaweicloudsdkcore.auth.credentials import BasicCredentials
        from huaweicloudsdkcore.exceptions import exceptions
        from huaweicloudsdkcore.sdk_request import SdkRequest
        from huaweicloudsdkcore.signer.signer import Signer
        from huaweicloudsdkcph import v1

        yield SimpleNamespace(
            BasicCredentials=BasicCredentials,
            SdkRequest=SdkRequest,
            Signer=Signer,
            errors=exceptions,
            v1=v1,
        )
