# SPDX-License-Identifier: GPL-2.0-only
"""What the parts of tests/same share."""

import hashlib
import os
import sys
import threading
import time

PARTS = os.path.dirname(os.path.abspath(__file__))
ALL = ("host", "boards", "pictures")


class Failed(Exception):
    """Ends the script with a status and a line."""

    def __init__(self, status, text):
        super().__init__(text)
        self.status = status


class Progress:
    """One line on a terminal, or nothing."""

    def __init__(self):
        self.since = time.monotonic()
        self.lock = threading.Lock()
        self.now = {}

    def tell(self, part, text):
        """What a part is at; None when it is done."""
        with self.lock:
            self.now.pop(part, None)
            if text:
                self.now[part] = text
            if sys.stderr.isatty():
                line = "; ".join(f"{name}: {what}" for name, what in self.now.items())
                sys.stderr.write(f"\r\033[K{time.monotonic() - self.since:4.0f} s  {line}"[:150])
                if not self.now:
                    sys.stderr.write("\r\033[K")
                sys.stderr.flush()


def put(path, data):
    """Write a file, and the folders that lead to it."""
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as file:
        file.write(data if isinstance(data, bytes) else data.encode())


def get(path):
    """Bytes of a file."""
    with open(path, "rb") as file:
        return file.read()


def files_of(top):
    """Names of all files below a folder, sorted."""
    found = []
    for folder, names, files in os.walk(top):
        names[:] = [name for name in names if name != ".virtfs_metadata"]
        found += [os.path.relpath(os.path.join(folder, name), top) for name in files]
    return sorted(found)


def as_text(data):
    """Text as it is; of anything else what it takes to see that it is another."""
    try:
        text = data.decode()
    except UnicodeDecodeError:
        text = None
    if text is None or "\0" in text:
        return f"{len(data)} bytes, sha256 {hashlib.sha256(data).hexdigest()}\n"
    return text if text.endswith("\n") or not text else text + "\n(no newline at the end)\n"


def record(command, status, out, err, files=()):
    """The text that is kept of a command."""
    text = f"$ {command}\nexit {status}\n--- stdout\n{as_text(out)}--- stderr\n{as_text(err)}"
    return text + "".join(f"--- file {name}\n{as_text(data)}" for name, data in files)
