# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The web application: the control path and the panels."""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.routing import Mount

from .control import Control
from .gateway import Gateway
from .simulation import Simulation


def build_app(simulation: Simulation) -> Starlette:
    """Build the application that serves everything on the one port."""
    return Starlette(
        routes=[
            Mount("/_sim", routes=Control(simulation).routes()),
            Mount("/", app=Gateway(simulation)),
        ]
    )
