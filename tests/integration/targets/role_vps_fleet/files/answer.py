# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs a command at a terminal of its own: answer.py QUESTION ANSWER COMMAND...

Answers the question once. If it comes again, the answer is `no`.
"""

from __future__ import annotations

import os
import pty
import sys
import time

question, answer, *command = sys.argv[1:]
pid, terminal = pty.fork()
if pid == 0:
    os.execvp(command[0], command)
seen = b""
while True:
    try:
        got = os.read(terminal, 65536)
    except OSError:  # the error on Linux after the other end was closed
        break
    if not got:
        break
    seen += got
    if question.encode() in seen:
        time.sleep(0.5)  # what is typed before the question stands is thrown away
        os.write(terminal, answer.encode() + b"\r")
        os.write(1, seen)
        seen = b""
        answer = "no"
os.write(1, seen)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
