"""python -m app."""

import gc
import os
import shutil
import sys
import tempfile
import threading


def leave(code: object) -> None:
    """End at once when a thread is still busy with what nobody waits for any more, such as a large workbook."""
    others = [thread for thread in threading.enumerate() if thread is not threading.main_thread() and not thread.daemon]
    if others:
        if tempfile.tempdir is not None:
            shutil.rmtree(tempfile.tempdir, ignore_errors=True)
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code if isinstance(code, int) else 1)


try:
    gc.disable()  # what is loaded stays: to look through it again and again takes a fifth of the start
    from app.cli import app

    gc.freeze()
    gc.enable()
    app()
except KeyboardInterrupt:
    leave(130)
    sys.exit(130)
except SystemExit as leaving:
    if isinstance(leaving.code, str):
        sys.stderr.write(f"{leaving.code}\n")
        leaving = SystemExit(1)
    leave(leaving.code or 0)
    raise leaving from None
