# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Secrets among a task's options: declared ones, and those that stand inside other options."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

#: What Ansible itself puts in the place of a secret option.
HIDDEN = "VALUE_SPECIFIED_IN_NO_LOG_PARAMETER"

#: A secret found by its name only is masked in other texts too, if it is long enough not to be a common word.
_LONG = 8

_NAME = (
    r"(?:[\w.-]*[_.-])?"
    r"(?:api-?key|key|token|secret|pass|passwd|password|passphrase|pwd|auth|authorization|credentials?"
    r"|cookie|sig|signature|adminapi(?:key|pass))"
)
_SECRET_NAME = re.compile(_NAME, re.I)
_OPEN_NAME = re.compile(r"(?:.*[_.-])?(?:public|host)[_.-]key", re.I)
#: ``X-Token: abc`` up to the end of the text, and ``token=abc`` up to the next part of an address.
_HEADER = re.compile(rf"(?<![\w.-])({_NAME})(\s*:\s*)(?!//)(\S.*)", re.I)
_PARAMETER = re.compile(rf"(?<![\w.-])({_NAME})(=)([^\s&;\"']+)", re.I)
#: Options of commands whose next word is a secret.
_FLAG = re.compile(rf"-u|--user|--proxy-user|--oauth2-bearer|--?{_NAME}", re.I)


class OptionSecrets:
    """The secrets among the options of one task.

    :param rules: the options that there are.
    :param params: the options that are set.
    """

    def __init__(self, rules: Mapping[str, Mapping[str, Any]], params: Mapping[str, Any]) -> None:
        self._found: set[str] = set()
        #: All values that must not show anywhere.
        self.values: set[str] = {*_declared(rules, params), *address_passwords(params)}
        #: The options with a mask in the place of each secret. Hide :attr:`values` in it, too.
        self.shown: dict[str, Any] = {
            name: HIDDEN if rules.get(name, {}).get("no_log") and value else self._hide(value)
            for name, value in params.items()
        }
        self.values |= {text for text in self._found if len(text) >= _LONG}

    def _hide(self, value: Any) -> Any:
        """Return a value with a mask in the place of each secret inside it."""
        if isinstance(value, Mapping):
            return {
                name: self._hidden(each) if _is_secret(name) else self._hide(each)
                for name, each in value.items()
            }
        if isinstance(value, (list, tuple)):
            flags = ["", *value[:-1]]
            return [
                self._hidden(each)
                if isinstance(flag, str) and _FLAG.fullmatch(flag)
                else self._hide(each)
                for flag, each in zip(flags, value)  # noqa: B905 - of equal length
            ]
        if isinstance(value, str):
            for pattern in (_HEADER, _PARAMETER):
                value = pattern.sub(self._hidden_match, value)
        return value

    def _hidden(self, value: Any) -> Any:
        """Return a mask for a secret, and remember the secret."""
        texts = list(_texts(value))
        self._found.update(texts)
        return HIDDEN if texts else value

    def _hidden_match(self, match: re.Match[str]) -> str:
        # "Bearer abc": the token is a secret without its scheme, too.
        self._found.update((match[3], match[3].rpartition(" ")[2]))
        return f"{match[1]}{match[2]}{HIDDEN}"


def address_passwords(params: Mapping[str, Any]) -> set[str]:
    """Return the passwords in addresses, as they are written there."""
    return {password for value in params.values() for password in _passwords(value)}


def _declared(rules: Mapping[str, Mapping[str, Any]], params: Mapping[str, Any]) -> Iterator[str]:
    for name, value in params.items():
        rule = rules.get(name, {})
        if rule.get("no_log"):
            yield from _texts(value)
        for each in value if isinstance(value, list) else [value]:
            if rule.get("options") and isinstance(each, Mapping):
                yield from _declared(rule["options"], each)


def _texts(value: Any) -> Iterator[str]:
    """Yield all texts and numbers in a value."""
    if isinstance(value, Mapping):
        value = list(value.values())
    if isinstance(value, (list, tuple)):
        for each in value:
            yield from _texts(each)
    elif value is not None and not isinstance(value, bool) and str(value):
        yield str(value)


def _is_secret(name: Any) -> bool:
    return bool(_SECRET_NAME.fullmatch(str(name))) and not _OPEN_NAME.fullmatch(str(name))


def _passwords(value: Any) -> set[str]:
    try:
        password = urlsplit(value).password if isinstance(value, str) else None
    except ValueError:
        return set()
    return {password} if password else set()
