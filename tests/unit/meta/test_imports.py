# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Imports go down only, and each library is imported in one place.

The laws are patterns of file names. A new file, package or panel needs no entry here.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator

import pytest

from ansible_collections.vpsfleet.panels.tests.unit.support.collection import (
    PLUGINS,
    ROOT,
    UTILS,
    Source,
    source_of,
    sources,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.rules import Rule, refuse, toothless

FILES = [source_of(path) for path in sources(PLUGINS)]
#: The packages of the panels, such as "_virtfusion"; plugins carry the name without "_".
PANELS = sorted(path.parent.name for path in UTILS.glob("_*/client.py"))
A_PANEL = "|".join(panel[1:] for panel in PANELS)

#: Which packages of the collection a file may import from: the first pattern that matches its name
#: counts. "{panel}" is the panel in the file's own name.
ALLOWED = [
    (r"plugins/module_utils/_core/", r"module_utils\._core\."),
    (
        rf"plugins/module_utils/_(?P<panel>{A_PANEL})/",
        r"module_utils\.(_core|_{panel})\.",
    ),
    (
        rf"plugins/plugin_utils/_(?P<panel>{A_PANEL})/",
        r"(module_utils\.(_core|_{panel})|plugin_utils\.(?!{others})_\w+)(\.|$)",
    ),
    (r"plugins/plugin_utils/", r"(module_utils\._core|plugin_utils\.(?!{others})_\w+)(\.|$)"),
    (rf"plugins/modules/(?P<panel>{A_PANEL})_", r"module_utils\.(_core|_{panel})\."),
    # An action names the module that it runs.
    (
        rf"plugins/(action|inventory)/(?P<panel>{A_PANEL})",
        r"(module_utils\.(_core|_{panel})|plugin_utils\.(?!{others})_\w+|modules\.{panel}_\w+)(\.|$)",
    ),
    (r"plugins/modules/", r"$^"),
    (r"plugins/doc_fragments/", r"$^"),
    (r"plugins/action/", r"(module_utils\._core|plugin_utils\.(?!{others})_\w+)(\.|$)"),
    # Filters serve roles, and a role may be about one panel.
    (r"plugins/filter/", r"(module_utils|plugin_utils|filter)\."),
    (r"plugins/", r"(module_utils|plugin_utils)\."),
]
#: Floors of the way from a module to the network. A file reaches no higher floor, directly or by
#: way of others.
FLOORS = [
    r"plugins/module_utils/_core/errors\.py",
    r"plugins/module_utils/_core/http\.py",
    r"plugins/module_utils/_core/session\.py",
    r"plugins/module_utils/_(?!core/)\w+/client\.py",
    r"plugins/module_utils/_core/converge\.py",
    r"plugins/module_utils/(_core/runner\.py|_\w+/resources/)",
    r"plugins/(module_utils/_core/ansible_module\.py|plugin_utils/)",
    r"plugins/(modules|action|inventory|filter|lookup)/",
]
#: The files that may import packages outside Python's library and this collection.
DOORS = {
    "requests": r"plugins/module_utils/_core/http\.py",
    "urllib3": r"plugins/module_utils/_core/http\.py",
    "jinja2": r"plugins/plugin_utils/_expressions\.py",
    "ansible": r"plugins/module_utils/_core/ansible_module\.py"
    r"|plugins/(modules|action|inventory|lookup|filter|plugin_utils)/",
}
IN_CORE = "plugins/module_utils/_core/planted.py"


def wrong_package(file: Source) -> Iterator[str]:
    for pattern, allowed in ALLOWED:
        if match := re.match(pattern, file.name):
            own = match.groupdict().get("panel") or "no-panel"
            others = "|".join(panel for panel in PANELS if panel != f"_{own}")
            allowed = allowed.replace("{panel}", own).replace("{others}", f"(?:{others})\\b")
            break
    for dotted in file.imports:
        outside = dotted.startswith(("tests.", "ansible_collections."))
        inside = dotted.startswith("plugins.")
        if outside or (inside and not re.match(allowed, dotted.removeprefix("plugins."))):
            yield f"imports {dotted}"


def wrong_library(file: Source) -> Iterator[str]:
    for dotted in file.imports:
        library = dotted.split(".")[0]
        if library in sys.stdlib_module_names or library in ("plugins", "tests"):
            continue
        if not re.match(DOORS.get(library, "$^"), file.name):
            yield f"imports {dotted}"


def controller_only(file: Source) -> Iterator[str]:
    for dotted in file.imports:
        if dotted.split(".")[0] == "ansible" and not dotted.startswith("ansible.module_utils."):
            yield f"imports {dotted}"


def own_clock(file: Source) -> Iterator[str]:
    if "time" in file.imports:
        yield "imports time"


def contents(file: Source) -> Iterator[str]:
    if file.text:
        yield f"has {len(file.text)} characters"


def names_a_panel(file: Source) -> Iterator[str]:
    text = file.text.lower()
    yield from (f"names {panel[1:]}" for panel in PANELS if panel[1:] in text)
    if "huawei" in text:
        yield "names huawei"


def public_package(file: Source) -> Iterator[str]:
    package = file.name.split("/")[2]
    if not package.startswith("_") and package != "__init__.py":
        yield f"{package} does not begin with an underscore"
    elif package.endswith(".py") and "module_utils" in file.name and package != "__init__.py":
        yield "is not in a package"


RULES = {
    "a file imports from the packages below it": Rule(
        wrong_package,
        "A panel's code imports that panel and the core; the core, plugin_utils/_fleet and the other"
        " shared code import no panel; module_utils imports module_utils only. Move these imports:",
        Source("plugins/module_utils/_core/planted.py", f"from ..{PANELS[0]} import client"),
    ),
    "each library is imported in one place": Rule(
        wrong_library,
        "Use the file that wraps the library (see DOORS in this test):",
        Source(IN_CORE, "import requests"),
    ),
    "code on a target host needs no controller": Rule(
        controller_only,
        "Only ansible.module_utils exists on a target host; remove these imports:",
        Source(IN_CORE, "from ansible.plugins.loader import x"),
        where=r"plugins/module_utils/",
    ),
    "time passes in one place": Rule(
        own_clock,
        "Use the Clock of _core/clock.py, so that tests need no real time:",
        Source(IN_CORE, "import time"),
        where=r"plugins/(?!module_utils/_core/clock\.py)",
    ),
    "an __init__.py is empty": Rule(
        contents,
        "Empty these files; importing one part must not load others:",
        Source("plugins/module_utils/_core/__init__.py", "x = 1"),
        where=r"plugins/.*__init__\.py",
    ),
    "shared code names no panel": Rule(
        names_a_panel,
        "Move what is about one panel into the panel's package:",
        Source("plugins/plugin_utils/_fleet/planted.py", "#: As virtfusion does."),
        where=rf"plugins/(module_utils/_core/|plugin_utils/(?!_({A_PANEL})/))",
    ),
    "packages are private": Rule(
        public_package,
        "Put shared code into packages that begin with an underscore; other collections must not"
        " import it:",
        Source("plugins/module_utils/planted.py", "x = 1"),
        where=r"plugins/(module_utils|plugin_utils)/",
    ),
}


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_import_rule(rule):
    rule.hold(FILES)


def test_each_rule_finds_its_planted_offender():
    refuse(toothless(RULES), "These rules cannot fail, or fail to read their own offender:")


#: Pairs of a file and an import that crosses a border.
ACROSS = [
    ("plugins/module_utils/_virtfusion/x.py", "plugins.module_utils._virtualizor.client"),
    ("plugins/module_utils/_virtfusion/x.py", "plugins.plugin_utils._fleet.engine"),
    ("plugins/module_utils/_core/x.py", "plugins.plugin_utils._fleet_report"),
    ("plugins/plugin_utils/_fleet/x.py", "plugins.plugin_utils._virtfusion.server_packages"),
    ("plugins/plugin_utils/_fleet/x.py", "plugins.module_utils._virtfusion.client"),
    ("plugins/plugin_utils/_virtfusion/x.py", "plugins.plugin_utils._virtualizor.vps_plans"),
    ("plugins/plugin_utils/_virtfusion/x.py", "plugins.module_utils._huaweicloud.client"),
    ("plugins/plugin_utils/_virtfusion/x.py", "plugins.action.direct"),
    ("plugins/modules/virtfusion_x.py", "plugins.plugin_utils._fleet_report"),
    ("plugins/modules/virtfusion_x.py", "plugins.module_utils._virtualizor.client"),
    ("plugins/action/virtfusion_x.py", "plugins.module_utils._virtualizor.client"),
    ("plugins/inventory/virtfusion.py", "plugins.plugin_utils._virtualizor.x"),
    ("plugins/filter/x.py", "plugins.action.direct"),
    ("plugins/action/virtfusion_x.py", "plugins.modules.virtualizor_x"),
    ("plugins/plugin_utils/_fleet/x.py", "plugins.modules.virtfusion_x"),
]
DOWN = [
    ("plugins/plugin_utils/_fleet/x.py", "plugins.module_utils._core.session"),
    ("plugins/plugin_utils/_virtfusion/x.py", "plugins.plugin_utils._fleet.engine"),
    ("plugins/plugin_utils/_virtfusion/x.py", "plugins.module_utils._virtfusion.client"),
    ("plugins/action/virtfusion_x.py", "plugins.plugin_utils._virtfusion.x"),
    ("plugins/action/virtfusion_x.py", "plugins.modules.virtfusion_x"),
]


def test_only_imports_that_go_down_are_allowed():
    def refused(name: str, imported: str) -> bool:
        return bool(list(wrong_package(Source(name, f"import {ROOT}{imported}"))))

    assert [pair for pair in ACROSS if not refused(*pair)] == []
    assert [pair for pair in DOWN if refused(*pair)] == []


# --- the whole graph -------------------------------------------------------------------------


def graph(files: list[Source]) -> dict[str, set[str]]:
    """Return which files each file imports."""
    names = {file.name for file in files}
    return {
        file.name: {f"{dotted.replace('.', '/')}.py" for dotted in file.imports} & names
        for file in files
    }


def reach(imports: dict[str, set[str]], start: str) -> set[str]:
    """Return the files that a file imports, directly or by way of others."""
    seen: set[str] = set()
    waiting = [start]
    while waiting:
        for name in imports[waiting.pop()] - seen:
            seen.add(name)
            waiting.append(name)
    return seen


def cycles(files: list[Source]) -> Iterator[str]:
    """Return the files that import themselves by way of others."""
    imports = graph(files)
    reached = {name: reach(imports, name) for name in imports}
    for name in imports:
        if name in reached[name]:
            round_trip = sorted(other for other in reached[name] if name in reached[other])
            yield f"{name}: in a cycle of {', '.join(round_trip)}"


def _floor(name: str) -> int | None:
    return next((rank for rank, floor in enumerate(FLOORS) if re.match(floor, name)), None)


def climbs(files: list[Source]) -> Iterator[str]:
    """Return the files that reach a higher floor."""
    imports = graph(files)
    for name in imports:
        own = _floor(name)
        for other in reach(imports, name) if own is not None else ():
            floor = _floor(other)
            if floor is not None and floor > own:
                yield f"{name}: reaches {other}"


PLANTED = [
    Source("plugins/module_utils/_core/session.py", "from .planted import x"),
    Source("plugins/module_utils/_core/planted.py", "from .runner import x"),
    Source("plugins/module_utils/_core/runner.py", "from .session import x"),
]


def test_imports_go_down_only():
    refuse(climbs(FILES), "Each floor (see FLOORS in this test) imports lower floors only:")
    assert any("session.py: reaches" in line for line in climbs(PLANTED))


def test_no_import_leads_back():
    refuse(cycles(FILES), "Move what both sides need into a file of its own:")
    assert cycles(PLANTED)


def test_each_floor_exists():
    missing = (floor for floor in FLOORS if not any(re.match(floor, file.name) for file in FILES))
    refuse(missing, "No file is on these floors; update FLOORS:")
