"""A PostgreSQL server for tests that has the extension, which the system's is left without.

A server finds its folders from where its program is: it is run from a copy, whose folders have links
to all that is installed, and the extension beside it. `with installed(MODULE): with Server() ...`
"""

import contextlib
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tests"))

import postgres  # pylint: disable=wrong-import-position

SOURCES = ROOT / "src/sql/postgres"


def configuration(name):
    return subprocess.run(["pg_config", "--" + name], check=True, capture_output=True, text=True,
                          timeout=60).stdout.strip()


def link_all(source, target):
    target.mkdir(parents=True)
    for entry in os.scandir(source):
        (target / entry.name).symlink_to(entry.path)


@contextlib.contextmanager
def installed(module):
    """Where servers have the extension whose module this is."""
    programs, modules, shared = (configuration(name) for name in ("bindir", "pkglibdir", "sharedir"))
    if not os.path.exists(programs + "/postgres"):
        raise postgres.Missing(f"PostgreSQL's server of the headers' version is not in {programs}")
    with tempfile.TemporaryDirectory(prefix="portbook-pg-") as folder:
        os.chmod(folder, 0o755)
        at = {path: pathlib.Path(folder + path) for path in (programs, modules, shared)}
        at[programs].mkdir(parents=True)
        for name in ("postgres", "initdb"):
            shutil.copy(f"{programs}/{name}", at[programs])
        link_all(modules, at[modules])
        shutil.copy(module, at[modules])
        link_all(shared, at[shared])
        (at[shared] / "extension").unlink()
        link_all(shared + "/extension", at[shared] / "extension")
        for path in SOURCES.glob("portbook*"):
            shutil.copy(path, at[shared] / "extension")
        found = postgres.program
        postgres.program = lambda name: str(at[programs] / name) if name in (
            "postgres", "initdb") else found(name)
        try:
            yield folder
        finally:
            postgres.program = found
