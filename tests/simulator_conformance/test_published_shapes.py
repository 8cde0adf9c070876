# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every published operation answers with exactly the published status, keys and types."""

from __future__ import annotations

import json
from typing import Any

import pytest

from .api import Api
from .derive_shapes import TARGET, derive, render
from .published_calls import CALLS
from .shapes import differences

PUBLISHED: dict[str, Any] = json.loads(TARGET.read_text(encoding="utf-8"))["operations"]


def test_there_are_calls_for_exactly_the_published_operations() -> None:
    assert set(CALLS) == set(PUBLISHED)
    assert len(PUBLISHED) == 85


@pytest.mark.parametrize("operation", PUBLISHED)
def test_answer_has_the_published_shape(panel: Api, operation: str) -> None:
    published, call = PUBLISHED[operation], CALLS[operation]
    assert set(call.path) == set(published["path"])
    for method, path, body in call.before:
        panel.ok(method, path, body)
    method, dummy, template = operation.partition(" ")
    response = panel.call(method, template.format(**call.path), call.body, **call.query)

    assert response.status_code == published["status"], response.text
    if published["response"] is None:
        assert response.content == b""
    else:
        assert response.headers["content-type"] == "application/json"
        assert differences(published["response"], response.json()) == []
    entry = panel.control.requests()[-1]
    assert entry["operation"] == operation
    assert entry["write"] is (method != "GET")
    assert entry["effect_applied"] is entry["write"]


@pytest.mark.parametrize("operation", [name for name in PUBLISHED if "{extRelationId}" in name])
def test_relation_strings_work_wherever_external_ids_do(panel: Api, operation: str) -> None:
    """`relStr=true` is published for all operations that name a user by external relation."""
    published, call = PUBLISHED[operation], CALLS[operation]
    assert published["query"]["relStr"] == "boolean"
    panel.control.patch("users", 2, {"relStr": "acme/str"})
    for method, path, body in call.before:
        panel.ok(method, path, body)
    if "byExtRelation" in operation and operation.startswith("DELETE /users"):
        panel.control.patch("users", 2, {"relStr": None})
        last = max(map(int, panel.control.state()["panels"]["virtfusion"]["users"]))
        panel.control.patch("users", last, {"relStr": "acme/str"})
    method, dummy, template = operation.partition(" ")
    path = template.format(**{**call.path, "extRelationId": "acme%2Fstr"})
    response = panel.call(method, path, call.body, **call.query, relStr="true")
    assert response.status_code == published["status"], response.text


DESCRIPTION: dict[str, Any] = {
    "info": {"title": "An API", "version": "2"},
    "paths": {
        "/items/{itemId}": {
            "get": {
                "parameters": [
                    {"in": "path", "name": "itemId", "schema": {"type": "integer"}},
                    {"in": "query", "name": "all", "schema": {"type": "boolean"}},
                ],
                "responses": {
                    "200": {
                        "content": {
                            "text/css": {"example": {"data": [{"id": 1}, {"id": 2, "name": None}]}}
                        }
                    }
                },
            },
            "put": {
                "requestBody": {
                    "content": {
                        "application/json": {
                            "schema": {
                                "required": ["ids"],
                                "properties": {
                                    "ids": {"type": "array", "items": {"type": "integer"}},
                                    "note": {"type": "string"},
                                },
                            }
                        }
                    }
                },
                "responses": {"401": {}, "204": {}},
            },
        }
    },
}
"""A minimal description."""


def test_a_description_is_read() -> None:
    facts = derive(DESCRIPTION)
    assert (facts["api"], facts["version"]) == ("An API", "2")
    assert facts["operations"] == {
        "GET /items/{itemId}": {
            "path": {"itemId": "integer"},
            "query": {"all": "boolean"},
            "body": None,
            "status": 200,
            "response": {"data": [{"id": "integer", "name?": "null"}]},
        },
        "PUT /items/{itemId}": {
            "path": {},
            "query": {},
            "body": {
                "required": ["ids"],
                "properties": {"ids": "array of integer", "note": "string"},
            },
            "status": 204,
            "response": None,
        },
    }
    assert json.loads(render(facts)) == facts


def test_the_committed_file_is_rendered_alike() -> None:
    text = TARGET.read_text(encoding="utf-8")
    assert render(json.loads(text)) == text
