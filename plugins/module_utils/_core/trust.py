# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Find the certificate authorities to trust.

requests trusts only the list of its dependency certifi, without the authorities that an
administrator has added to the system. Here, the system's list takes precedence.
"""

from __future__ import annotations

import os
import ssl
from pathlib import Path

#: Files with the authorities of common systems. The OpenSSL of a Python from a wheel or a container
#: may have another path compiled in.
_SYSTEM_FILES = (
    "/etc/ssl/certs/ca-certificates.crt",  # Debian, Ubuntu, Arch, Alpine
    "/etc/pki/tls/certs/ca-bundle.crt",  # Fedora, RHEL
    "/etc/ssl/ca-bundle.pem",  # openSUSE
    "/etc/ssl/cert.pem",  # BSD, macOS
)


def system_authorities() -> str | None:
    """Return the file or folder with the system's authorities, or ``None`` if there is none.

    The environment variables ``SSL_CERT_FILE`` and ``SSL_CERT_DIR`` take precedence, as in OpenSSL.
    """
    for variable in ("SSL_CERT_FILE", "SSL_CERT_DIR"):
        if os.environ.get(variable):
            return os.environ[variable]
    default = ssl.get_default_verify_paths()
    for path in (default.cafile, *_SYSTEM_FILES):
        if path and Path(path).is_file():
            return path
    folder = default.capath
    return folder if folder and any(Path(folder).glob("*")) else None


def unusable(path: str) -> str | None:
    """Return why a file or folder of authorities cannot be used, or ``None``."""
    try:
        if Path(path).is_dir():
            return None
        ssl.create_default_context(cafile=path)
    except ssl.SSLError:
        return f"{path} holds no certificate in PEM format"
    except OSError as error:
        return f"{path} cannot be read: {error.strerror or error}"
    return None
