"""Where this process keeps files for a while."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from pathlib import Path


def keep_temporary_files_in(data_dir: Path) -> None:
    """Uploads and unpacked workbooks hold people: they lie below DATA_DIR; what killed processes left is removed."""
    for left in (data_dir / "tmp").glob("*"):
        if not _is_alive(left.name):
            shutil.rmtree(left, ignore_errors=True)
    own = data_dir / "tmp" / str(os.getpid())
    own.mkdir(mode=0o700, parents=True, exist_ok=True)
    tempfile.tempdir = str(own)
    atexit.register(shutil.rmtree, own, ignore_errors=True)


def _is_alive(process: str) -> bool:
    try:
        os.kill(int(process), 0)
    except (ValueError, ProcessLookupError):
        return False
    except PermissionError:
        return True
    return True
