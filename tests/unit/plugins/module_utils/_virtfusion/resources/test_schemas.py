# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test the schemas of servers and packages: existing paths, no secrets."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.vpsfleet.panels.plugins.module_utils._core.fields import (
    NOT_SHOWN,
    Schema,
    pick,
)
from ansible_collections.vpsfleet.panels.plugins.module_utils._virtfusion.resources import (
    package,
    selfservice_usage,
    server_view,
)
from ansible_collections.vpsfleet.panels.plugins.module_utils._virtfusion.resources.package import (
    ASPECTS,
    PACKAGE_ASPECTS,
    SERVER_ASPECTS,
)
from ansible_collections.vpsfleet.panels.tests.unit.support import virtfusion as objects
from ansible_collections.vpsfleet.panels.tests.unit.support.published import (
    PUBLISHED,
    published_shape,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.rules import refuse

SERVER_SHAPES = [
    published_shape("GET /servers/{serverId}"),
    published_shape("GET /servers"),
    published_shape("GET /servers/user/{userId}"),
]
#: Paths that no published response fills: the live state, which is optional (virtfusion 3.4),
#: and the backup plan in a user's list, which is null in the only example.
UNPUBLISHED = {"remoteState.running", "remoteState.state", "backup_plan.id"}


def _places(field: Any) -> Iterator[str]:
    paths = (field.path,) if isinstance(field.path, str) else field.path
    # The published shapes hold types, not values. A list is represented by its first row.
    return (path.replace("[primary=true]", "[0]") for path in paths)


def _schemas() -> Iterator[tuple[str, Schema, list[Any]]]:
    yield "server", server_view.SERVER, SERVER_SHAPES
    yield "row", server_view.ROW, SERVER_SHAPES
    yield (
        "package",
        package.PACKAGE,
        [published_shape("GET /packages/{packageId}"), published_shape("GET /packages")],
    )
    report = [published_shape("GET /selfService/report/byUserExtRelationId/{extRelationId}")]
    yield "report", selfservice_usage.REPORT, report
    yield "currency", selfservice_usage._CURRENCY, report
    for name, totals in selfservice_usage._TOTALS.items():
        yield name, totals, report


#: Each path that a schema reads, with the shapes that can have it.
PLACES = [
    (f"{name}: {path}", path, shapes)
    for name, schema, shapes in _schemas()
    for field in schema.values()
    for path in _places(field)
    if path not in UNPUBLISHED
]


def test_each_path_is_in_a_published_response():
    missing = (
        name
        for name, path, shapes in PLACES
        if all(pick(shape, path) is NOT_SHOWN for shape in shapes)
    )
    refuse(missing, "No published response has these paths:")


# --- the eleven aspects ----------------------------------------------------------------------


def test_there_are_eleven_aspects_each_with_its_flag():
    assert {aspect.name: aspect.flag for aspect in ASPECTS} == dict(objects.FLAGS)
    assert len(ASPECTS) == 11
    flags = PUBLISHED["PUT /servers/{serverId}/package/{packageId}"]["body"]["properties"]
    assert {aspect.flag for aspect in ASPECTS} == set(flags)


@pytest.mark.parametrize("name", objects.ALL_ASPECTS)
def test_an_aspect_has_the_same_type_in_server_and_package(name):
    ours, theirs = SERVER_ASPECTS[name], PACKAGE_ASPECTS[name]
    assert (ours.kind, ours.unit, ours.compare) == (theirs.kind, theirs.unit, theirs.compare)


@pytest.mark.parametrize("name", objects.ALL_ASPECTS)
def test_an_aspect_is_read_from_its_path(name):
    raw, pack = objects.server(**{name: 77}), objects.package(**{name: 77})
    assert server_view.SERVER.project(raw)[name] == package.PACKAGE.project(pack)[name] == 77


def test_only_cpu_and_memory_need_a_restart():
    assert {"cpu", "memory"} == package.NEED_RESTART


def test_only_the_disk_cannot_shrink():
    names = [name for name, field in SERVER_ASPECTS.items() if field.compare.value == "at_least"]
    assert names == ["primary_disk_size"]
    assert SERVER_ASPECTS["primary_disk_size"].why_not


# --- secrets ---------------------------------------------------------------------------------

#: Keys that hold or may hold a secret, anywhere in a response (virtfusion 9).
SECRET_KEYS = {
    "encryptedPassword",
    "decryptedPassword",
    "expectedPassword",
    "password",
    "authentication",
    "endpoint_complete",
    "wss",
    "vnc",
    "encryptedToken",
    "primaryActions",
    "subActions",
    "exception",
    "trace",
    "screen",
    "qemuAgent",
    "config",
    "userConfig",
    "customXML",
    "public",
    "publicKey",
    "sshKeys",
    "email",
}


def test_no_path_leads_through_a_secret():
    found = (
        name
        for name, path, shapes in PLACES
        if {step.split("[")[0] for step in path.split(".")} & SECRET_KEYS
    )
    refuse(found, "Remove the fields that read a secret:")


def _planted(shape: Any, key: str = "") -> Any:
    """Return a published shape with a value at each path and "SECRET" for each possible secret."""
    if key in SECRET_KEYS:
        return "SECRET"
    if isinstance(shape, Mapping):
        return {name: _planted(value, name) for name, value in shape.items()}
    if isinstance(shape, list):
        return [_planted(value) for value in shape]
    return 1 if "integer" in shape or "number" in shape or "boolean" in shape else None


@pytest.mark.parametrize("shape", SERVER_SHAPES, ids=["one", "list", "user"])
def test_no_secret_of_a_server_is_shown(shape):
    raw = _planted(shape)
    raw["settings"] = {**raw.get("settings", {}), "decryptedPassword": "SECRET"}
    raw.update(id=1, name="web01", password="SECRET")
    assert "SECRET" in repr(raw)
    assert "SECRET" not in repr(server_view.SERVER.project(raw))


@given(
    st.dictionaries(st.text(min_size=1), st.text(min_size=1).map(lambda text: f"SECRET{text}")),
    st.sampled_from(["", "settings", "settings.resources", "storage.0", "network", "tasks"]),
)
def test_unknown_keys_of_a_server_are_not_shown(extra, place):
    raw, bare = objects.server(), objects.server()
    target: Any = raw
    for step in filter(None, place.split(".")):
        target = target[int(step)] if step.isdigit() else target[step]
    for name, value in extra.items():
        target.setdefault(name, value)
    assert server_view.SERVER.project(raw) == server_view.SERVER.project(bare)


def test_a_projection_does_not_modify_the_response():
    raw = objects.server()
    before = copy.deepcopy(raw)
    server_view.SERVER.project(raw)
    assert raw == before
