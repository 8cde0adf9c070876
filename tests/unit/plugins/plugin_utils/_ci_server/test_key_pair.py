# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The key pair of a pipeline: made once, private, and never without a reason that names the file."""

from __future__ import annotations

import subprocess

import pytest

from ansible_collections.vpsfleet.panels.plugins.module_utils._core.errors import Code, PanelError
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._ci_server import ssh_client
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._ci_server.key_pair import (
    digest_of,
    make_key_pair,
    public_key_of,
)


def test_a_new_pair_is_private_and_has_no_leftovers(tmp_path):
    private = tmp_path / "a folder" / "id_ed25519"
    private.parent.mkdir()
    digests = []
    make_key_pair(private, "pipeline 7", digests.append)
    assert public_key_of(private).startswith("ssh-ed25519 ")
    assert digests == [digest_of(private)]
    assert private.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in private.parent.iterdir()] == ["id_ed25519"]


def test_the_digest_is_known_before_the_file_appears(tmp_path):
    private, seen = tmp_path / "key", []
    make_key_pair(private, "x", lambda dummy: seen.append(private.exists()))
    assert seen == [False]


def test_an_existing_file_is_never_replaced(tmp_path):
    private = tmp_path / "key"
    private.write_text("an operator's")
    with pytest.raises(PanelError) as caught:
        make_key_pair(private, "x", lambda dummy: None)
    assert "File exists" in caught.value.msg
    assert private.read_text() == "an operator's"
    assert list(tmp_path.iterdir()) == [private]


def test_a_key_with_a_passphrase_is_refused(tmp_path):
    private = tmp_path / "key"
    words = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "a passphrase", "-f", str(private)]
    subprocess.run(words, check=True)
    with pytest.raises(PanelError) as caught:
        public_key_of(private)
    assert caught.value.code is Code.VALIDATION
    assert f"Cannot use the private key {private}" in caught.value.msg
    assert "without a passphrase" in caught.value.msg
    assert "a passphrase" not in caught.value.message


@pytest.mark.parametrize(
    ("content", "mode", "text"),
    [
        (None, 0o600, "No such file"),
        ("no key", 0o600, "must be an OpenSSH private key"),
        ("no key", 0o640, "others can read it (mode 0640)"),
    ],
)
def test_a_file_that_is_not_a_private_key_is_refused(tmp_path, content, mode, text):
    private = tmp_path / "key"
    if content is not None:
        private.write_text(content)
        private.chmod(mode)
    with pytest.raises(PanelError) as caught:
        public_key_of(private)
    assert text in caught.value.msg


def test_a_folder_that_is_missing_is_named(tmp_path):
    with pytest.raises(PanelError) as caught:
        make_key_pair(tmp_path / "no" / "key", "x", lambda dummy: None)
    assert f"Cannot make the key pair {tmp_path / 'no' / 'key'}" in caught.value.msg


def test_a_missing_client_is_one_sentence_before_anything_else(monkeypatch):
    monkeypatch.setattr(ssh_client.shutil, "which", lambda name: None)
    with pytest.raises(PanelError) as caught:
        ssh_client.check_ssh_client()
    assert caught.value.code is Code.VALIDATION
    assert "there is no command ssh and no ssh-keyscan and no ssh-keygen" in caught.value.msg


def test_the_client_of_this_machine_is_complete():
    ssh_client.check_ssh_client()


def test_a_program_is_killed_after_its_time():
    ran = ssh_client.run_program(["sleep", "1000"], 0.1)
    assert (ran.status, ran.message) == (None, "no response in time")


def test_a_program_sees_no_agent(monkeypatch):
    monkeypatch.setenv("SSH_AUTH_SOCK", "/tmp/agent")
    ran = ssh_client.run_program(["env"], 60)
    assert sorted(line.partition("=")[0] for line in ran.stdout.splitlines()) == ["LC_ALL", "PATH"]


def test_a_program_that_is_gone_is_named():
    assert "no-such-program" in ssh_client.run_program(["no-such-program"], 1).message
