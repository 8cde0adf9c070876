# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The preview and the import decide alike what is sent."""

from __future__ import annotations

import pytest

from ansible_collections.vpsfleet.panels.plugins.plugin_utils._awx.apply import Importer
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._awx.objects import AwxObject
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._awx.preview import (
    Judgment,
    Removed,
    preview,
)
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._awx.state import State
from ansible_collections.vpsfleet.panels.tests.unit.support.awx_settings import settings

NOTHING = Removed([], [], {}, [], [])
FIELDS = {"credential": "inputs", "notification_template": "notification_configuration"}


@pytest.mark.parametrize("kind", FIELDS)
@pytest.mark.parametrize("update", [False, True])
@pytest.mark.parametrize("shown", ["$encrypted$", "sent"])
def test_secrets_are_sent_again_if_the_preview_lists_them(kind, update, shown):
    """A module reports no change of an object without a secret, so the preview does not list it."""
    name = FIELDS[kind]
    row = {"id": 2, "name": "ours", "organization": 1, name: {"password": shown}}
    state = State({"id": 1, "name": "Hosting"}, {kind: [row]}, {})
    arguments = {"name": "ours", "organization": "Hosting", name: {"password": "sent"}}
    desired = [AwxObject(kind, "ours", arguments)]
    judgment = Judgment(settings(), state, lambda *dummy: [], lambda *dummy, **more: [], update)
    sent = []

    def run_module(module, given):
        sent.append((module, given.get("update_secrets", True)))
        return {"changed": True}

    expected = update and shown == "$encrypted$"
    words = f"{kind.replace('_', ' ')} ours"
    listed = preview(judgment, desired, NOTHING)["updated"]
    assert listed == ([f"{words}: secrets"] if expected else [])
    importer = Importer(judgment, run_module)
    importer.run(desired, NOTHING)
    assert importer.changes.result()["updated"] == ([words] if expected else [])
    assert sent == ([(kind, True)] if expected else [])
