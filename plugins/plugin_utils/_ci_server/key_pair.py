# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The key pair of a pipeline. The private key is never read into a result or a message."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from pathlib import Path

from ...module_utils._core.errors import PanelError, invalid
from .ssh_client import run_program

#: Seconds for ssh-keygen.
_LIMIT_S = 60


def make_key_pair(private_key: Path, comment: str, on_made: Callable[[str], None]) -> None:
    """Make an Ed25519 key pair. The private key appears complete, with mode 0600. No file is replaced.

    :param on_made: called with the digest of the private key's file before the file appears.
    :raises PanelError: ``validation``.
    """
    new = private_key.with_name(f".{secrets.token_hex(16)}.new")
    words = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", comment, "-f", str(new)]
    action = f"make the key pair {private_key}"
    try:
        ran = run_program(words, _LIMIT_S)
        if ran.status != 0:
            raise _cannot(action, ran.message)
        on_made(digest_of(new))
        private_key.hardlink_to(new)
    except OSError as error:
        raise _cannot(action, error.strerror or str(error)) from error
    finally:
        for path in (new, new.with_name(f"{new.name}.pub")):
            path.unlink(missing_ok=True)


def digest_of(private_key: Path) -> str:
    """Return a digest by which the file of a private key is recognised, whatever its mode. :raises OSError:"""
    return hashlib.sha256(private_key.read_bytes()).hexdigest()


def public_key_of(private_key: Path) -> str:
    """Return the public key that belongs to a private key file, without its comment.

    :raises PanelError: ``validation``; there is no such file, others can read it, or it has a passphrase.
    """
    action = f"use the private key {private_key}"
    try:
        mode = private_key.stat().st_mode
    except OSError as error:
        raise _cannot(action, error.strerror or str(error)) from error
    if mode & 0o077:
        raise _cannot(action, f"others can read it (mode {mode & 0o777:04o})", "chmod 0600")
    words = ["ssh-keygen", "-y", "-P", "", "-f", str(private_key)]
    ran = run_program(words, _LIMIT_S)
    if ran.status != 0:
        raise _cannot(action, ran.message, "it must be an OpenSSH private key without a passphrase")
    kind, blob = (*ran.stdout.split(), "", "")[:2]
    return f"{kind} {blob}"


def _cannot(action: str, message: str, hint: str = "") -> PanelError:
    failure = invalid(message, hint)
    failure.action = action
    return failure
