"""dbt's manifest, made once for each state of the dbt project, and where its command is.

Not here: running the build (assets).
"""

import fcntl
import subprocess
import sys
from pathlib import Path

from . import fingerprints
from .errors import ConfigurationError
from .settings import PROJECT, Configuration

DBT = PROJECT / "dbt"
MANIFEST = DBT / "target" / "manifest.json"


def executable() -> str:
    """The dbt of this very environment, whatever PATH says."""
    return str(Path(sys.executable).with_name("dbt"))


def ensure_manifest(configuration: Configuration) -> Path:
    """Parse the dbt project where its manifest is missing or of another state of it."""
    version_file = MANIFEST.with_name("manifest.version")
    MANIFEST.parent.mkdir(parents=True, exist_ok=True)
    with MANIFEST.with_name("manifest.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        version = fingerprints.dbt_version()
        if MANIFEST.exists() and version_file.exists() and version_file.read_text() == version:
            return MANIFEST
        done = subprocess.run(
            [executable(), "parse", "--quiet", "--project-dir", str(DBT), "--profiles-dir",
             str(DBT), "--target-path", str(MANIFEST.parent)],
            capture_output=True, text=True, check=False, cwd=configuration.store.root)
        if done.returncode != 0:
            raise ConfigurationError(f"dbt cannot parse {DBT}:\n{done.stdout}{done.stderr}")
        version_file.write_text(version)
    return MANIFEST
