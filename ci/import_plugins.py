# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Import every Python file below plugins/ of an installed collection as ansible-core does, and print their number.

Usage: ANSIBLE_COLLECTIONS_PATH=FOLDER import_plugins.py FOLDER/ansible_collections/NAMESPACE/NAME
"""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

from ansible.plugins.loader import init_plugin_loader

collection = Path(sys.argv[1]).resolve()
init_plugin_loader()
imported = 0
for path in sorted(collection.glob("plugins/**/*.py")):
    parts = path.relative_to(collection.parents[2]).with_suffix("").parts
    name = ".".join(parts).removesuffix(".__init__")
    module = importlib.import_module(name)
    # A copy of the collection in another place proves nothing about this one.
    if Path(str(module.__file__)).resolve() != path:
        sys.exit(f"{name} is {module.__file__}, not {path}")
    imported += 1
if not imported:
    sys.exit(f"no plugin is in {collection}")
print(f"{imported} files imported")
