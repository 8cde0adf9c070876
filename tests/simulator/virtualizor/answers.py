# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The envelope of every answer, and refusals (virtualizor 4)."""

from __future__ import annotations

from typing import Any

from .php_output import NOTICE, PhpReply

HTML = "text/html; charset=UTF-8"

TEXTS = {
    "ath_fail": "Authentication failed, api call stopped",
    "ip_fail": "Unauthorized IP detected, api call stopped",
    "err_acl_no_op_allowed": "You are not permitted to perform this action",
    "slave_cant": "Not on a slave",
    "slave_cant_exp": "This operation cannot be performed on a slave server",
    "no_plan_name": "The user plan name was not specified",
    "nousertype": "The user type was not specified",
    "invalid_date": "The service date is not valid",
    "space_per_vm_err": "The disk space per VPS cannot be more than the disk space",
    "plannameexist": "Plan Name already exists",
    "no_name": "The plan name was not specified",
    "no_type": "The type was not specified",
    "no_disk_space": "The disk space was not specified",
    "no_ram": "The RAM was not specified",
    "no_swap_ram": "The swap was not specified",
    "no_burst_ram": "The burst RAM was not specified",
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
    "err_locked_vps": "The VPS is locked, no action is allowed",
    "err_vps_locked": "The VPS is locked, no operation is allowed on it",
    "vm_locked_enable_rescue": "Rescue mode of the VPS is being enabled, no operation is allowed on it",
    "vm_locked_disable_rescue": "Rescue mode of the VPS is being disabled, no operation is allowed on it",
    "vm_locked_install_script": "The VPS is being reinstalled, no operation is allowed on it",
    "rescue_edit_no_allowed": "The VPS is in rescue mode, editing is not allowed",
    "err_save_slave": "The VPS data could not be saved on the slave, please check that it is up",
    "start_failed": "The VPS could not be started",
    "no_email": "The email address was not specified",
    "invalid_email": "The email address is not valid",
    "emailexist": "The Email Address already exists",
    "email_exist": "The Email Address already exists",
    "no_new": "The new password was not specified",
    "invalid_user_plan": "The user plan is not valid",
    "invalid_dnsplan_id": "The DNS plan is not valid",
    "user_has_vps": "The user has some VPS, please delete them first",
}
"""Error texts by name. The names are those of the vendor's language files (OBSERVED, virtualizor 3.2, 3.5, 3.6).
The wording is the simulator's: real panels are translated, no client may rely on it.
"""

UNNAMED = ("no_vps", "no_plan", "user_has_vps")
"""Texts for which no vendor's name is known. An error object numbers them."""


class Refused(Exception):
    """A request that the panel refuses, with the names of its errors."""

    def __init__(self, *names: str) -> None:
        super().__init__(*names)
        self.names = names


def errors(names: tuple[str, ...], shape: str) -> dict[str, Any]:
    """Return the errors of an answer in the shape that the switch selects."""
    texts = [TEXTS[name] for name in names]
    if shape == "object":
        shown = [str(place) if name in UNNAMED else name for place, name in enumerate(names)]
        return {"error": dict(zip(shown, texts, strict=True))}
    if shape == "string":
        return {"error": ", ".join(texts)}
    if shape == "fatal":
        heading = TEXTS["slave_cant"] if names == ("slave_cant_exp",) else "Fatal Error"
        return fatal(", ".join(texts), heading)
    return {"error": texts}


def fatal(text: str, heading: str = "Fatal Error") -> dict[str, Any]:
    """Return an error in the shape of a fatal one."""
    return {"fatal_error_heading": heading, "fatal_error_text": text}


def encoded(value: dict[str, Any], api: object, *, notice: bool, as_html: bool) -> PhpReply:
    """Return an answer in the encoding that `api` selects, by default XML."""
    encoding = str(api) if api in ("json", "serialize") else "xml"
    if encoding == "xml":
        content_type = "text/xml; charset=UTF-8"
    else:
        content_type = HTML if as_html or encoding == "serialize" else "application/json"
    before = NOTICE if notice else ""
    return PhpReply(200, value, content_type=content_type, encoding=encoding, before=before)


def page(title: str, body: str = "") -> PhpReply:
    """Return an HTML page with status 200."""
    text = (
        f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><title>{title}</title></head>'
        f"<body><h1>{title}</h1>{body}</body></html>\n"
    )
    return PhpReply(200, text=text, content_type=HTML)


def login_page() -> PhpReply:
    """Return the login page, which a client that follows the redirect gets."""
    form = '<form method="post" action="index.php?act=login"><input name="username"></form>'
    return page("Login - Virtualizor", form)


def redirect(location: str) -> PhpReply:
    """Return a redirect without a body."""
    return PhpReply(302, headers={"location": location})
