# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes the virtual environments of the test stages under $WORK, from the Pythons that were found.

A *leg* is one ansible-core on one Python. Three roles are filled, as far as the Pythons allow, and a
leg may fill several: ``main`` (the newest ansible-core), ``own`` (the newest one that the machine's
``python3`` runs) and ``floor`` (the oldest that the collection supports). ``$WORK/legs`` lists them,
one tab-separated line each: roles, name, Python version, ansible-core version, venv.

A venv is remade when its Python, its requirement files or ci/constraints.txt change.
Needs only the standard library: it runs on the bare interpreter.
"""

from __future__ import annotations

import argparse
import dataclasses
import functools
import hashlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

TOP = Path(__file__).resolve().parent.parent
WORK = Path(os.environ["WORK"])

#: ansible-core release -> first and last minor version of Python 3 that its controller supports.
#: The last line is the newest release that `ansible-test sanity` passes on.
CORES = {
    "2.17": (10, 12),
    "2.18": (11, 13),
    "2.19": (11, 13),
    "2.20": (12, 14),
    "2.21": (12, 14),
}
FLOOR = next(iter(CORES))
#: The ansible-core of the package in ci/requirements-awx.txt.
AWX_CORE = "2.19"

#: Programs of the system that some tests need -> their packages on Debian and Ubuntu.
PROGRAMS = {"ssh": "openssh-client", "sshd": "openssh-server"}
#: The browser, and a font for it.
BROWSER = {"chromium": "chromium fonts-dejavu-core"}

CONSTRAINTS = TOP / "ci" / "constraints.txt"
PIP = WORK / "pip"
#: Their locked versions refuse ansible-core 2.17. Where it is the newest that there is, older
#: versions serve.
NOT_ON_FLOOR = ("ansible-compat==", "ansible-lint==", "molecule==")


@dataclasses.dataclass
class Leg:
    roles: list[str]
    python: str
    core: str

    @property
    def name(self) -> str:
        return f"core{self.core}-py{self.python}"

    @property
    def venv(self) -> Path:
        return WORK / "venvs" / self.name


def minor(python: str) -> int:
    return int(python.split(".")[1])


def newest_core(python: str) -> str | None:
    fitting = [core for core, (low, high) in CORES.items() if low <= minor(python) <= high]
    return fitting[-1] if fitting else None


def choose_legs(pythons: dict[str, str]) -> tuple[list[Leg], list[str]]:
    """Return the legs to run, main first, and a sentence for each leg that is left out."""
    usable = [python for python in pythons if newest_core(python)]
    left_out = [
        f"Python {python}: no ansible-core release known to ci/setup.py supports it"
        for python in pythons
        if python not in usable
    ]
    if not usable:
        sys.exit(f"None of the Pythons found ({', '.join(pythons)}) runs a known ansible-core.")
    order = list(CORES)
    main = max(usable, key=lambda python: (order.index(newest_core(python)), minor(python)))
    desired = [("main", main, newest_core(main))]
    if newest_core(main) != order[-1]:
        low, high = CORES[order[-1]]
        left_out.append(
            f"ansible-core {order[-1]} (the newest): needs Python 3.{low} to 3.{high}, none was found"
        )
    own = next(iter(pythons))  # ci/find_pythons.sh puts the machine's python3 first
    if own in usable:
        desired.append(("own", own, newest_core(own)))
    low, high = CORES[FLOOR]
    floor = [python for python in usable if low <= minor(python) <= high]
    if floor:
        desired.append(("floor", min(floor, key=minor), FLOOR))
    else:
        left_out.append(
            f"ansible-core {FLOOR} (the oldest): needs Python 3.{low} to 3.{high}, none was found"
        )
    legs: list[Leg] = []
    for role, python, core in desired:
        same = [leg for leg in legs if leg.core == core]
        if same:
            same[0].roles.append(role)
        else:
            legs.append(Leg([role], python, core))
    return legs, left_out


def missing_programs(programs: dict[str, str]) -> list[str]:
    """Install the programs that are not there, and return a sentence for each that stays away.

    Only root in a container gets them: on a machine with systemd, the package of a server would start it.
    """
    path = os.pathsep.join([os.environ.get("PATH", os.defpath), "/usr/sbin", "/usr/local/sbin"])
    absent = {
        name: package for name, package in programs.items() if not shutil.which(name, path=path)
    }
    can_install = os.geteuid() == 0 and shutil.which("apt-get")
    if absent and can_install and not Path("/run/systemd/system").exists():
        packages = sorted(set(" ".join(absent.values()).split()))
        print(f"--- installing {', '.join(packages)}", flush=True)
        env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        install = ["apt-get", "install", "--quiet=2", "--yes", "--no-install-recommends", *packages]
        for command in (["apt-get", "update", "--quiet=2"], install):
            subprocess.run(command, env=env, check=False, stdin=subprocess.DEVNULL)
    return [
        f"tests that need {name}: it is not there (package {package.split()[0]})"
        for name, package in absent.items()
        if not shutil.which(name, path=path)
    ]


def awx_leg(pythons: dict[str, str]) -> Leg | None:
    """Return the leg of the modules of awx.awx, None if no Python runs them."""
    low, high = CORES[AWX_CORE]
    fitting = [python for python in pythons if low <= minor(python) <= high]
    return Leg([], max(fitting, key=minor), AWX_CORE) if fitting else None


def run(*command: str | Path, env: dict[str, str] | None = None) -> None:
    subprocess.run([str(part) for part in command], check=True, env=env, stdin=subprocess.DEVNULL)


def bootstrap(pythons: dict[str, str]) -> Path:
    """Return a Python whose venv holds pip and uv; make that venv from the first Python that can."""
    venv = WORK / "venvs" / "boot"
    python = venv / "bin" / "python"
    if (venv / "made").exists() and subprocess.run(
        [python, "-m", "uv", "--version"], capture_output=True, check=False
    ).returncode == 0:
        return python
    for candidate in pythons.values():
        shutil.rmtree(venv, ignore_errors=True)
        made = subprocess.run(
            [candidate, "-m", "venv", str(venv)],
            capture_output=True,
            check=False,
            stdin=subprocess.DEVNULL,
        )
        if made.returncode == 0:
            run(python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "uv")
            (venv / "made").touch()
            return python
    sys.exit(
        "Python cannot make virtual environments here: install its venv package "
        "(on Debian and Ubuntu: apt install python3-venv)."
    )


def pip_settings(boot: Path) -> dict[str, str]:
    """What pip is configured with on this machine; the last word wins, as in pip."""
    listing = subprocess.run(
        [boot, "-m", "pip", "config", "list"], capture_output=True, text=True, check=True
    ).stdout
    settings = {}
    for line in listing.splitlines():
        key, found, value = line.partition("=")
        section, dot, option = key.rpartition(".")
        if found and dot and section in ("global", "install", ":env:"):
            settings[option] = value[1:-1].replace("\\n", " ")
    return settings


def uv_environment(settings: dict[str, str]) -> dict[str, str]:
    """Return pip's configuration as variables for uv, which does not read that configuration."""
    env = dict(os.environ)
    for name in ("VIRTUAL_ENV", "PYTHONPATH", "PYTHONHOME", "CONDA_PREFIX"):
        env.pop(name, None)

    def there(url: str) -> bool:
        return not url.startswith("file:") or Path(url.removeprefix("file://")).exists()

    extra = [url for url in settings.get("extra-index-url", "").split() if there(url)]
    if settings.get("index-url"):
        env.setdefault("UV_DEFAULT_INDEX", settings["index-url"])
    if extra:
        env.setdefault("UV_INDEX", " ".join(extra))
        env.setdefault("UV_INDEX_STRATEGY", "unsafe-best-match")
    if settings.get("cert"):
        env.setdefault("SSL_CERT_FILE", settings["cert"])
    env.setdefault("UV_CACHE_DIR", str(WORK / "cache" / "uv"))
    env.setdefault("UV_PYTHON_DOWNLOADS", "never")
    env.setdefault("UV_LINK_MODE", "hardlink")
    return env


class Maker:
    def __init__(self, pythons: dict[str, str]) -> None:
        self.pythons = pythons
        self.boot = bootstrap(pythons)
        self.settings = pip_settings(self.boot)
        self.env = uv_environment(self.settings)

    def venv(self, folder: Path, leg: Leg, files: list[Path], *, constrained: bool = True) -> None:
        """Create the venv with the leg's ansible-core, unless its stamp has the same content."""
        interpreter = self.pythons[leg.python]
        core = f"ansible-core=={leg.core}.*"
        constraints = CONSTRAINTS.read_text().splitlines() if constrained else []
        if leg.core == FLOOR:
            constraints = [line for line in constraints if not line.startswith(NOT_ON_FLOOR)]
        made_of = repr([interpreter, core, *(file.read_text() for file in files), constraints])
        digest = hashlib.sha256(made_of.encode()).hexdigest()
        stamp = folder / "made-of"
        if stamp.exists() and stamp.read_text() == digest:
            return
        names = " ".join([core, *(file.name for file in files)])
        print(f"--- making {folder.relative_to(WORK)}: {names}", flush=True)
        shutil.rmtree(folder, ignore_errors=True)
        constraints_file = folder.with_name(f"{folder.name}.constraints")
        constraints_file.write_text("\n".join([*constraints, ""]))
        arguments: list[str | Path] = ["--quiet", core, "-c", constraints_file]
        for file in files:
            arguments += ["-r", file]
        python = folder / "bin" / "python"
        try:
            create = ["venv", "--quiet", "--seed", "--python", interpreter, folder]
            run(self.boot, "-m", "uv", *create, env=self.env)
            install = ["pip", "install", "--python", python]
            run(self.boot, "-m", "uv", *install, *arguments, env=self.env)
        except subprocess.CalledProcessError:
            # A pip that is configured in a way that uv does not know: slower, and just as good.
            print("--- uv could not do it; trying pip", flush=True)
            shutil.rmtree(folder, ignore_errors=True)
            run(interpreter, "-m", "venv", folder)
            run(python, "-m", "pip", "install", "--disable-pip-version-check", *arguments)
        stamp.write_text(digest)

    def bin(self) -> None:
        """$WORK/bin: pythonX.Y for each Python found, for ansible-test, which looks on PATH."""
        folder = WORK / "bin"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        for python, interpreter in self.pythons.items():
            (folder / f"python{python}").symlink_to(interpreter)

    def pip(self) -> None:
        """$WORK/pip: the pip that ansible-test installs into its venvs."""
        if not (PIP / "pip").exists():
            install = ["pip", "install", "--quiet", "--disable-pip-version-check"]
            run(self.boot, "-m", *install, "--target", PIP, "pip")

    def leg(self, leg: Leg) -> None:
        self.venv(leg.venv, leg, [TOP / "requirements.txt", TOP / "requirements-dev.txt"])
        self.home(leg)

    def home(self, leg: Leg) -> None:
        """A HOME of the leg's own for ansible-test, which then needs no file server.

        ansible-test wants a pip bootstrap script from a server of its own, and finds ours where it
        would have cached that. It hides all variables from pip, but not pip's configuration file.
        """
        home = WORK / "homes" / leg.name
        cache = home / ".ansible" / "test" / "cache"
        cache.mkdir(parents=True, exist_ok=True)
        (source,) = leg.venv.glob(
            "lib/python*/site-packages/ansible_test/_internal/python_requirements.py"
        )
        version = re.search(r"\bpip='([0-9.]+)'", source.read_text())
        desired = {"23.1.2", "24.2", "25.2"} | ({version.group(1)} if version else set())
        standin = (TOP / "ci" / "get_pip_standin.py").read_text().replace("@PIP_FOLDER@", str(PIP))
        for name in desired:
            (cache / f"get_pip_{name.replace('.', '_')}.py").write_text(standin)
        conf = home / ".config" / "pip" / "pip.conf"
        conf.parent.mkdir(parents=True, exist_ok=True)
        lines = [
            f"{option} = {value.replace(chr(32), chr(10) + '    ')}"
            for option, value in self.settings.items()
        ]
        if "cache-dir" not in self.settings:
            # ansible-test installs the same packages into the venvs of several homes.
            lines.append(f"cache-dir = {WORK / 'cache' / 'pip'}")
        conf.touch(mode=0o600)
        conf.write_text("\n".join(["[global]", *lines, "quiet = 1", ""]))


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--pythons", required=True, help="what ci/find_pythons.sh printed")
    parser.add_argument("--quiet", action="store_true")
    parser.add_argument(
        "groups", nargs="*", choices=["main", "legs", "lint", "importer", "page", "awx", []]
    )
    options = parser.parse_args()

    pythons = dict(line.split(" ", 1) for line in options.pythons.splitlines())
    legs, left_out = choose_legs(pythons)
    left_out += missing_programs({**PROGRAMS, **(BROWSER if "page" in options.groups else {})})
    modules = awx_leg(pythons)
    if modules is None:
        low, high = CORES[AWX_CORE]
        left_out.append(
            f"the modules of awx.awx: they need Python 3.{low} to 3.{high}, none was found"
        )
    if not options.quiet:
        for leg in legs:
            print(f"leg: ansible-core {leg.core} on Python {leg.python} ({', '.join(leg.roles)})")
        for sentence in left_out:
            print(f"!!! LEFT OUT: {sentence}")
        sys.stdout.flush()

    maker = Maker(pythons)
    maker.bin()
    main_leg = legs[0]
    groups = set(options.groups)
    work: list[Callable[[], None]] = [
        functools.partial(maker.leg, leg)
        for leg in legs
        if "legs" in groups or ("main" in groups and leg is main_leg)
    ]
    if work:
        maker.pip()

    def add(group: str, leg: Leg, *files: str, constrained: bool = True) -> None:
        if group in groups:
            paths = [TOP / file for file in files]
            folder = WORK / "venvs" / group
            work.append(functools.partial(maker.venv, folder, leg, paths, constrained=constrained))

    add("lint", main_leg, "requirements.txt", "ci/requirements-lint.txt")
    add("importer", main_leg, "ci/requirements-importer.txt", constrained=False)
    add("page", main_leg, "requirements.txt", "ci/requirements-page.txt")
    if modules:
        add("awx", modules, "ci/requirements-awx.txt", constrained=False)
    # Each waits for its disk and its package index at times.
    with ThreadPoolExecutor(max_workers=3) as pool:
        for made in [pool.submit(each) for each in work]:
            made.result()
    (WORK / "legs").write_text(
        "".join(
            "\t".join([",".join(leg.roles), leg.name, leg.python, leg.core, str(leg.venv)]) + "\n"
            for leg in legs
        )
    )
    (WORK / "left_out").write_text("".join(f"{sentence}\n" for sentence in left_out))


if __name__ == "__main__":
    try:
        main()
    except subprocess.CalledProcessError as error:
        sys.exit(f"setup failed: {error}")
