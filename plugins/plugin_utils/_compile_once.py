# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Compile an expression once, in versions of ansible-core that allow it (before 2.19)."""

from __future__ import annotations

from typing import Any

from ansible.template import Templar

from ._expressions import examine

try:
    from ansible.template import AnsibleEnvironment
except ImportError:  # since 2.19 the environment is internal to ansible-core

    def compiling_once(templar: Templar) -> Templar:
        """Return the templar as it is."""
        return templar

else:
    #: More templates than a source file has expressions.
    _MOST = 1000

    class _CompilingOnce(AnsibleEnvironment):
        """A cache for the compiled code of pure expressions.

        The code of others cannot be reused: Jinja evaluates constant parts, even ``100 | random``, when
        it compiles them.
        """

        def compile(self, source: Any, *args: Any, **kwargs: Any) -> Any:
            # An overlay has other settings, so the same text may have another meaning.
            if args or kwargs or self.overlayed or not isinstance(source, str):
                return super().compile(source, *args, **kwargs)
            codes = self.__dict__.setdefault("_codes", {})
            if source in codes:
                return codes[source]
            code = super().compile(source)
            inner = source.removeprefix("{{").removesuffix("}}")
            if len(codes) < _MOST and examine(inner).names is not None:
                codes[source] = code
            return code

    def compiling_once(templar: Templar) -> Templar:
        """Return a faster templar with the same results."""
        if templar.jinja2_native:
            return templar
        return templar.copy_with_new_env(environment_class=_CompilingOnce)
