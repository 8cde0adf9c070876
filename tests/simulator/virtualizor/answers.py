# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The envelope of every answer, and the ways to say no (virtualizor 4)."""

from __future__ import annotations

from typing import Any

from .php_output import NOTICE, PhpReply

HTML = "text/html; charset=UTF-8"

TEXTS = {
    "ath_fail": "Authentication failed, api call stopped",
    "ip_fail": "Unauthorized IP detected, api call stopped",
    "denied": "You are not permitted to perform this action",
    "slave_cant": "This operation cannot be performed on a slave server",
    "no_plan_name": "The user plan name was not specified",
    "nousertype": "The user type was not specified",
    "invalid_date": "The service date is not valid",
    "space_per_vm_err": "The disk space per VPS cannot be more than the disk space",
    "plannameexist": "Plan Name already exists",
    "no_name": "The plan name was not specified",
    "no_type": "The virtualization type was not specified",
    "no_disk_space": "The disk space was not specified",
    "no_ram": "The RAM was not specified",
    "no_swap": "The swap was not specified",
    "no_burst": "The burst RAM was not specified",
    "no_bandwidth": "The bandwidth was not specified",
    "no_cpu_units": "The CPU units were not specified",
    "no_cpu_cores": "The CPU cores were not specified",
    "no_percent_cpu": "The CPU percentage was not specified",
    "vps_use_error": "The plan is used by some VPS, please edit them first",
    "no_vps": "The VPS does not exist",
    "no_plan": "The plan does not exist",
    "err_space": "The disk space cannot be reduced",
    "less_ram": "The server does not have sufficient RAM",
    "less_space": "The server does not have sufficient disk space",
    "err_locked_vps": "The VPS is locked",
    "err_rescue": "The VPS is in rescue mode",
    "err_suspended": "The VPS is suspended",
    "no_user_type": "The user type was not specified",
    "no_email": "The email address was not specified",
    "inv_email": "The email address is not valid",
    "email_exists": "The Email Address already exists",
    "no_pass": "The password was not specified",
    "invalid_user_plan": "The user plan is not valid",
    "invalid_dnsplan_id": "The DNS plan is not valid",
    "user_has_vps": "The user has some VPS, please delete them first",
}
"""Texts by the panel's name for them. Real panels are translated: nobody may rely on the wording."""


class Refused(Exception):
    """A request that the panel refuses, by the names of the texts that say why."""

    def __init__(self, *names: str) -> None:
        super().__init__(*names)
        self.names = names


def errors(names: tuple[str, ...], shape: str) -> dict[str, Any]:
    """What an answer holds when something is wrong, in the shape that the switch says."""
    texts = [TEXTS[name] for name in names]
    if shape == "object":
        return {"error": dict(zip(names, texts, strict=True))}
    if shape == "string":
        return {"error": ", ".join(texts)}
    if shape == "fatal":
        return fatal(", ".join(texts))
    return {"error": texts}


def fatal(text: str) -> dict[str, Any]:
    """The other carrier of an error."""
    return {"fatal_error_heading": "Fatal Error", "fatal_error_text": text}


def encoded(value: dict[str, Any], api: object, *, notice: bool, as_html: bool) -> PhpReply:
    """An answer in the encoding that `api` asks for; without any, XML."""
    encoding = str(api) if api in ("json", "serialize") else "xml"
    if encoding == "xml":
        content_type = "text/xml; charset=UTF-8"
    else:
        content_type = HTML if as_html or encoding == "serialize" else "application/json"
    before = NOTICE if notice else ""
    return PhpReply(200, value, content_type=content_type, encoding=encoding, before=before)


def page(title: str, body: str = "") -> PhpReply:
    """A page for people, with status 200."""
    text = (
        f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><title>{title}</title></head>'
        f"<body><h1>{title}</h1>{body}</body></html>\n"
    )
    return PhpReply(200, text=text, content_type=HTML)


def login_page() -> PhpReply:
    """What a browser without a session sees, and a client that follows the redirect."""
    form = '<form method="post" action="index.php?act=login"><input name="username"></form>'
    return page("Login - Virtualizor", form)


def redirect(location: str) -> PhpReply:
    """302 without a body."""
    return PhpReply(302, headers={"location": location})
