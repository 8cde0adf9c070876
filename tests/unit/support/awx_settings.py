# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The data of the role awx_content, and settings for tests."""

from __future__ import annotations

from functools import cache
from typing import Any

import yaml

from ansible_collections.vpsfleet.panels.plugins.plugin_utils._awx.settings import (
    Settings,
    read_settings,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.collection import TOP

VARS = TOP / "roles/awx_content/vars/main"
SPECS = TOP / "roles/awx_content/meta/argument_specs.yml"


class _Unsafe(yaml.SafeLoader):
    """A loader that takes ``!unsafe`` as text."""


_Unsafe.add_constructor("!unsafe", lambda loader, node: loader.construct_scalar(node))


@cache
def definitions() -> dict[str, Any]:
    """Return the data as the role passes it on."""
    found: dict[str, Any] = {}
    for path in VARS.glob("*.yml"):
        if path.name != "main.yml":
            found.update(yaml.load(path.read_text(encoding="utf-8"), _Unsafe))
    return {name.removeprefix("awx_content__"): value for name, value in found.items()}


def options(**changes: Any) -> dict[str, Any]:
    """Return the variables of the role for three panels, one of each type."""
    specs = yaml.safe_load(SPECS.read_text(encoding="utf-8"))["argument_specs"]["main"]["options"]
    given = {
        name.removeprefix("awx_content_"): each["default"]
        for name, each in specs.items()
        if "default" in each
    }
    return {
        **given,
        "organization": "Hosting",
        "runs_dir": "/var/lib/fleet",
        "project_url": "https://git.example.com/fleet.git",
        "image": "registry.example.com/fleet:1",
        "notifications": [
            {
                "name": "chat",
                "type": "webhook",
                "configuration": {"url": "https://chat.example.com"},
            },
            {"name": "mail", "type": "email", "configuration": {"host": "mail.example.com"}},
        ],
        "panels": [
            {
                **berlin(),
                "shards": 4,
                "rate": 40,
                "shard_instance_groups": [["a"], ["b"], ["a"], ["b"]],
            },
            {
                "name": "oslo",
                "type": "virtualizor",
                "api_url": "https://oslo",
                "api_key": "k",
                "api_pass": "secret-pass",
            },
            {
                "name": "phones",
                "type": "huaweicloud",
                "region": "cn-north-4",
                "access_key": "a",
                "secret_key": "secret-key",
                "fleet": [{"name": "all", "target": {}, "servers": {"all": True}}],
            },
        ],
        **changes,
    }


def berlin(**changes: Any) -> dict[str, Any]:
    """Return a panel."""
    return {
        "name": "berlin",
        "type": "virtfusion",
        "api_url": "https://berlin",
        "api_token": "secret-token",
        **changes,
    }


def pipelines(**changes: Any) -> dict[str, Any]:
    """Return a panel with servers for pipelines and a store for its runs."""
    ci = {
        "template": "theirs",
        "virtfusion_ci_server_relation_string": "ci",
        "virtfusion_ci_server_package_name": "Cloud 1",
        "virtfusion_ci_server_template_name": "Debian 12",
        "virtfusion_ci_server_hypervisor_group_id": 1,
        "virtfusion_ci_server_lease": 1800,
    }
    store = {
        "run_store": "https://files.example.com/fleet?sig=secret-signature",
        "run_store_token": "secret-store",
    }
    return berlin(ci=ci, **store, **changes)


def everything(**changes: Any) -> Settings:
    """Return settings with every kind of template, workflow and credential."""
    first, *others = options()["panels"]
    return settings(**{"panels": [{**pipelines(), **first}, *others], **changes})


def settings(**changes: Any) -> Settings:
    """Return settings without a mistake."""
    found, problems = read_settings(options(**changes), definitions())
    assert problems == []
    return found


def problems(**changes: Any) -> list[str]:
    """Return what is wrong with settings."""
    return read_settings(options(**changes), definitions())[1]
