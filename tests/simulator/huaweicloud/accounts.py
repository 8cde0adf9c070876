# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The simulated customer: identity and credentials, all obviously fake."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Account:
    """An account (a *domain* in IAM's terms) with one IAM user."""

    access_key: str = "EXAMPLEAK0000000000A"
    secret_key: str = "EXAMPLESK0000000000000000000000000000SK"
    temporary_access_key: str = "EXAMPLETEMPAK000000B"
    temporary_secret_key: str = "EXAMPLETEMPSK00000000000000000000000TSK"
    security_token: str = "sim-huaweicloud-security-token"
    """Required with the temporary pair."""
    user: str = "sim-user"
    user_id: str = "5afe000000000000000000000000usr1"
    password: str = "sim-huaweicloud-password"
    domain: str = "sim-domain"
    domain_id: str = "5afe000000000000000000000000dom1"
    agency: str = "sim-agency"
    """The user may assume it. It has the permissions of the user."""
    region: str = "cn-north-4"
    project_id: str = "0123456789abcdef0123456789abcdef"
    """The region's default project, named as the region; all seeded servers are in it."""
    subproject_id: str = "0123456789abcdef0123456789abcd01"
    """`<region>_empty`: a project of the same region without servers."""
    foreign_project_id: str = "0123456789abcdef0123456789abcd02"
    """The default project of another region. It is refused."""
    token: str = "sim-huaweicloud-token"
    """Scoped to the default project. It does not expire."""
    domain_token: str = "sim-huaweicloud-domain-token"
    """Scoped to the domain. It does not expire."""
