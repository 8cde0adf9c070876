# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Words for server names: the panel names a new server with two random words."""

_ADJECTIVES = (
    "amber brisk calm daring eager faint gentle hollow idle jolly keen lively mellow noble opal"
    " proud quiet rapid silver tidy upper vivid warm young zealous"
)
_NOUNS = (
    "anchor bridge canyon delta ember forest glacier harbor island jungle kettle lantern meadow"
    " needle orchard pillar quarry river summit tunnel valley willow yonder zephyr"
)

ADJECTIVES = _ADJECTIVES.split()
NOUNS = _NOUNS.split()
