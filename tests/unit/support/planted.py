# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A module that breaks every rule, which proves that each rule can fail."""

from __future__ import annotations

from types import SimpleNamespace

from ansible_collections.vpsfleet.panels.tests.unit.support.collection import BULK, Source
from ansible_collections.vpsfleet.panels.tests.unit.support.documented import Documented


class Planted(Documented):
    """A module whose options are given here instead of imported."""

    plugin = SimpleNamespace(
        MODULE=None,
        ARGUMENTS=SimpleNamespace(
            options={"secret_word": {"choices": ["get"], "env": ["PLANTED"]}},
            mutually_exclusive=[("secret_word", "other_word")],
            required_together=[],
            required_if=[],
        ),
    )


PLANTED = Planted(
    "virtfusion_planted",
    Source(
        "plugins/modules/virtfusion_planted.py",
        '''
DOCUMENTATION = """
module: planted
short_description: Planted.
version_added: 0.0.0
extends_documentation_fragment: []
attributes:
  check_mode: {support: none}
  diff_mode: {support: wrong}
  idempotent: {support: none}
  action_group: {}
options:
  secret_word: {description: no list}
"""
EXAMPLES = """
- name: planted
  planted: {}
"""
RETURN = """
api_calls: {type: dict}
failure: {type: dict, sample: {}}
rows: {type: list, elements: dict, sample: 1}
changes: {type: list, elements: dict, contains: {old: {}}}
"""
from ..module_utils._core.argspec import ArgumentSpec
ARGUMENTS = ArgumentSpec({"secret_word": {"choices": ["get"], "env": ["PLANTED"]}})
MODULE = None
if MODULE:
    MODULE = 1
'''
        + "x = 1\n" * 60,
    ),
)


#: Patterns for rules that concern only some names.
MODULE_ONLY = rf"(?!({'|'.join(BULK)})$)"
BULK_ONLY = rf"({'|'.join(BULK)}|{PLANTED.name})$"
