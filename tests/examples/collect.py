# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Find the YAML examples: EXAMPLES of plugins, code blocks of guides and README files."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

#: What is searched, below the root of the collection.
SOURCES = ("plugins/**/*.py", "docs/**/*.rst", "docs/**/*.md", "roles/*/README.md", "*.md")
RST_BLOCK = re.compile(r"^( *)\.\. (?:code-block|sourcecode):: *ya?ml(?:\+jinja)? *$")
MD_BLOCK = re.compile(r"^( *)```ya?ml *$")


@dataclass(frozen=True)
class Document:
    """One YAML document of a source.

    :param source: path below the root of the collection.
    :param line: line of the source at which the document begins.
    :param text: the YAML.
    """

    source: str
    line: int
    text: str

    @property
    def begins(self) -> str:
        """The first line that is neither blank nor a comment."""
        lines = (line.strip() for line in self.text.splitlines())
        return next(line for line in lines if line and not line.startswith("#"))


def documents(root: Path, only: list[str] | None = None) -> list[Document]:
    """Return the documents of all sources, or of those whose path contains one of some words."""
    found = []
    for pattern in SOURCES:
        for path in sorted(root.glob(pattern)):
            source = path.relative_to(root).as_posix()
            if not only or any(word in source for word in only):
                text = path.read_text(encoding="utf-8")
                blocks = _plugin(text) if path.suffix == ".py" else _marked_up(text, path.suffix)
                found += [
                    document for line, block in blocks for document in _split(source, line, block)
                ]
    return found


def _plugin(text: str) -> Iterator[tuple[int, str]]:
    for node in ast.parse(text).body:
        if (
            isinstance(node, ast.Assign)
            and isinstance(node.targets[0], ast.Name)
            and node.targets[0].id == "EXAMPLES"
            and isinstance(node.value, ast.Constant)
        ):
            yield node.value.lineno, str(node.value.value)


def _marked_up(text: str, suffix: str) -> Iterator[tuple[int, str]]:
    """Yield the code blocks with their first line. A block ends where the indentation does, or at the fence."""
    lines = text.splitlines()
    start = RST_BLOCK if suffix == ".rst" else MD_BLOCK
    number = 0
    while number < len(lines):
        found = start.match(lines[number])
        number += 1
        if not found:
            continue
        first, margin = number, len(found[1])
        while number < len(lines) and not _ends(lines[number], margin, suffix):
            number += 1
        block = lines[first:number]
        indent = min((len(line) - len(line.lstrip()) for line in block if line.strip()), default=0)
        yield first + 1, "\n".join(line[indent:] for line in block) + "\n"


def _ends(line: str, margin: int, suffix: str) -> bool:
    if suffix == ".md":
        return line.strip() == "```"
    return bool(line.strip()) and len(line) - len(line.lstrip()) <= margin


def _split(source: str, line: int, block: str) -> Iterator[Document]:
    """Yield the documents of a block, which `---` separates."""
    part: list[str] = []
    begun = 0
    lines = [*block.splitlines(), "---"]
    for number, text in enumerate(lines):
        if text.rstrip() == "---":
            body = "\n".join(part) + "\n"
            if yaml.compose(body, Loader=yaml.SafeLoader) is not None:
                yield Document(source, line + begun, body)
            part, begun = [], number + 1
        else:
            part.append(text)
