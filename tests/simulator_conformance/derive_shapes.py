# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Derive `virtfusion_published.json` from the vendor's API description.

    python -m tests.simulator_conformance.derive_shapes PATH/TO/openapi.yaml

Run it by hand when the vendor publishes a new description. The committed file is what the tests use. It holds
facts only: operations, names and types of parameters, and keys and types of the example answers.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from .shapes import Shape, merged, shape_of

TARGET = Path(__file__).with_name("virtfusion_published.json")
METHODS = ("get", "post", "put", "delete", "patch")

FREE = {
    # Depends on the operating system template. It is [] before the first build.
    "GET /servers/{serverId}": ("data.settings.config",),
    "POST /servers": ("data.settings.config",),
    "POST /servers/{serverId}/build": ("data.settings.config",),
    # Each type of action has data of its own.
    "GET /queue/{queueId}": ("data.primaryActions.0.data",),
}
"""Parts of answers that are not compared."""

NULLABLE = {
    # Null in the example of the single read.
    "GET /servers/user/{userId}": ("data.0.hostname",),
}
"""Values that may be null although their example is not."""

FAMILIES = (
    ("GET /servers/{serverId}", "POST /servers", "POST /servers/{serverId}/build"),
    (
        "GET /users/{extRelationId}/byExtRelation",
        "POST /users",
    ),
    (
        "GET /media/templates/fromServerPackageSpec/{serverPackageId}",
        "GET /servers/{serverId}/templates",
    ),
    (
        "GET /connectivity/ipblocks",
        "GET /connectivity/ipblocks/{blockId}",
    ),
)
"""Operations that show the same object. A value that is null in one example may have a type in another."""


def derive(description: dict[str, Any]) -> dict[str, Any]:
    """Return all operations of an API description."""
    operations = {
        f"{method.upper()} {path}": _operation(f"{method.upper()} {path}", item[method])
        for path, item in description["paths"].items()
        for method in METHODS
        if method in item
    }
    for family in FAMILIES:
        if not operations.keys() >= set(family):
            continue
        shapes = [_payload(operations[name]["response"]) for name in family]
        types = merged(shapes)
        for name in family:
            response = operations[name]["response"]
            response["data"] = _typed_like(response["data"], _as_data(response["data"], types))
    return {
        "api": description["info"]["title"],
        "version": description["info"]["version"],
        "operations": operations,
    }


def _operation(name: str, operation: dict[str, Any]) -> dict[str, Any]:
    parameters = operation.get("parameters", [])
    status, answer = next(
        (code, answer) for code, answer in operation["responses"].items() if code.startswith("2")
    )
    return {
        "path": _types(parameters, "path"),
        "query": _types(parameters, "query"),
        "body": _body(operation.get("requestBody")),
        "status": int(status),
        "response": _response(name, answer),
    }


def _types(parameters: list[dict[str, Any]], place: str) -> dict[str, str]:
    return {item["name"]: item["schema"]["type"] for item in parameters if item["in"] == place}


def _body(request_body: dict[str, Any] | None) -> dict[str, Any] | None:
    if request_body is None:
        return None
    schema = next(iter(request_body["content"].values()))["schema"]
    properties = {name: _property(item) for name, item in schema["properties"].items()}
    return {"required": schema.get("required", []), "properties": properties}


def _property(schema: dict[str, Any]) -> str:
    if schema["type"] == "array":
        return f"array of {schema['items']['type']}"
    return str(schema["type"])


def _response(name: str, answer: dict[str, Any]) -> Shape:
    """Return the shape of the example, or None for an answer without a body."""
    content: dict[str, Any] = next(iter(answer.get("content", {}).values()), {})
    example = content.get("example")
    if isinstance(example, str) and example:
        example = json.loads(example)  # the firewall's example is JSON printed as a string
    if example is None or example == "":
        return None
    shape = shape_of(example)
    for path in FREE.get(name, ()):
        _replace(shape, path, "any")
    for path in NULLABLE.get(name, ()):
        _replace(shape, path, "null|string")
    return shape


def _replace(shape: Shape, path: str, new: Shape) -> None:
    *way, last = path.split(".")
    for part in way:
        shape = shape[int(part)] if isinstance(shape, list) else shape[part]
    shape[last] = new


def _payload(response: Shape) -> Shape:
    inner = response["data"]
    return inner[0] if isinstance(inner, list) else inner


def _as_data(data: Shape, types: Shape) -> Shape:
    return [types] if isinstance(data, list) else types


def _typed_like(shape: Shape, types: Shape) -> Shape:
    """Return one shape with the types from a family of shapes."""
    if isinstance(shape, dict) and isinstance(types, dict):
        known = {key.removesuffix("?"): item for key, item in types.items()}
        return {
            key: _typed_like(item, known.get(key.removesuffix("?"), item))
            for key, item in shape.items()
        }
    if isinstance(shape, list) and isinstance(types, list) and shape and types:
        return [_typed_like(shape[0], types[0])]
    return types


def render(facts: dict[str, Any]) -> str:
    """Return the file's text."""
    return json.dumps(facts, indent=1, ensure_ascii=True) + "\n"


def main() -> None:
    """Write the file from the API description given on the command line."""
    import yaml

    description = yaml.safe_load(Path(sys.argv[1]).read_text(encoding="utf-8"))
    TARGET.write_text(render(derive(description)), encoding="utf-8")


if __name__ == "__main__":
    main()
