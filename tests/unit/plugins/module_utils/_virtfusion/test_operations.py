# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test that the declared operations match the published API."""

from __future__ import annotations

import re

import pytest

from ansible_collections.vpsfleet.panels.plugins.module_utils._core.dialect import Effect
from ansible_collections.vpsfleet.panels.plugins.module_utils._virtfusion.operations import (
    OPERATIONS,
)
from ansible_collections.vpsfleet.panels.tests.unit.support import published
from ansible_collections.vpsfleet.panels.tests.unit.support.rules import refuse


def _pattern(request: str) -> str:
    return re.sub(r"{\w+}", "{}", request)


PUBLISHED = {
    _pattern(request): (
        set(operation["query"]),
        set((operation["body"] or {}).get("properties", ())),
    )
    for request, operation in published.PUBLISHED.items()
}
#: Operations that share a published request with another effect (virtfusion 1.6).
VARIANTS = ("try_create_server",)
OURS = {
    _pattern(f"{operation.method} {operation.path}"): operation
    for operation in OPERATIONS.values()
    if operation.name not in VARIANTS
}

#: Leftover bodies in the description: a read and a removal have none (virtfusion 1.1).
LEFTOVER_BODIES = {
    "GET /servers/{}/traffic/blocks",
    "DELETE /servers/{}/traffic/blocks/{}",
}


def _query(names: set[str]) -> set[str]:
    """Return the published query parameters and those that the API notes add."""
    found = set(names)
    if "results" in found:  # every paged list takes page too (virtfusion 4)
        found.add("page")
    if "hypervisorId" in found:  # sent once for each id (virtfusion 4)
        found = found - {"hypervisorId"} | {"hypervisorId[]"}
    return found


def test_there_are_85_operations():
    assert len(PUBLISHED) == len(OURS) == len(OPERATIONS) - len(VARIANTS) == 85


def test_no_published_operation_is_missing():
    assert sorted(set(PUBLISHED) - set(OURS)) == []


def test_each_operation_is_published():
    assert sorted(set(OURS) - set(PUBLISHED)) == []


def test_each_operation_has_the_published_parameters():
    different = []
    for request, (query, body) in PUBLISHED.items():
        operation = OURS[request]
        place = (operation.method, operation.path)
        variants = [OPERATIONS[name] for name in VARIANTS]
        taken = [one.query for one in (operation, *variants) if (one.method, one.path) == place]
        expected = set() if request in LEFTOVER_BODIES else body
        for name in set().union(*taken) ^ _query(query):
            different.append(f"{operation.name}: query {name}")
        for name in set(operation.body) ^ expected:
            different.append(f"{operation.name}: body {name}")
    refuse(different, "Only the catalogue, or only the published description, has these:")


def test_exactly_the_reads_are_get_requests():
    # This holds for this panel. The core does not rely on it.
    found = (
        f"{operation.name}: {operation.method} that is declared as {operation.effect.value}"
        for operation in OPERATIONS.values()
        if operation.is_allowed_in_check_mode
        is not (operation.method == "GET" or operation.name in VARIANTS)
    )
    refuse(found, "Correct the effects of these operations:")


@pytest.mark.parametrize(
    ("name", "effect"),
    [
        ("change_server_package", Effect.SET),
        ("suspend_server", Effect.SET),
        ("create_server", Effect.CREATE),
        ("create_user", Effect.CREATE),
        ("add_selfservice_credit", Effect.CREATE),
        ("add_traffic_block", Effect.CREATE),
        ("add_server_ipv4_quantity", Effect.CREATE),
        ("add_ssh_key", Effect.CREATE),
        ("add_resource_pack", Effect.CREATE),
        ("restart_server", Effect.ACTION),
        ("build_server", Effect.ACTION),
        ("reset_server_password", Effect.ACTION),
        ("reset_user_password", Effect.ACTION),
        ("create_login_tokens", Effect.ACTION),
        ("create_server_login_tokens", Effect.ACTION),
        ("set_server_vnc", Effect.ACTION),
        ("delete_server", Effect.DESTROY),
        ("cancel_selfservice_credit", Effect.DESTROY),
    ],
)
def test_operations_that_must_not_be_repeated_are_declared_so(name, effect):
    assert OPERATIONS[name].effect is effect


def test_each_phrase_can_be_formatted():
    found = []
    for operation in OPERATIONS.values():
        parts = dict.fromkeys(operation.placeholders, "7")
        phrase = operation.describe(parts)
        if (
            "{" in phrase
            or phrase != phrase.strip()
            or not phrase[0].islower()
            or phrase[-1] == "."
        ):
            found.append(f"{operation.name}: {phrase!r}")
        if operation.url_path(parts) != re.sub(r"{\w+}", "7", operation.path):
            found.append(f"{operation.name}: {operation.url_path(parts)}")
    refuse(found, 'Write words that follow "Cannot", in lower case and without a full stop:')
