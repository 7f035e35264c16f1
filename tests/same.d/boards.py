# SPDX-License-Identifier: GPL-2.0-only
"""The part "boards": runs on virtual boards."""

import os
import re
import subprocess

from common import PARTS, Failed, files_of, get, put, record


def board_lists():
    """Boards that there is a list for."""
    return sorted(name[:-3] for name in os.listdir(PARTS) if name.endswith(".sh") and name != "run.sh")


def on_board(tree, keep, work, board, progress):
    """One boot, in which the board's list is done."""
    script = os.path.join(PARTS, f"{board}.sh")
    with open(script, encoding="utf-8") as lines:
        text = lines.read()
    options = re.search(r"^# board: (.*)$", text, re.M)[1].split()
    out = f"{work}/{board}"
    progress.tell(board, "boots")
    done = subprocess.run(["lab/run", "--board", *options, "--icount", "--timeout", "900", "--out", out,
                           "--copy", os.path.join(PARTS, "run.sh"), "--copy", script, "--", "sh", f"{board}.sh"],
                          cwd=tree, stdin=subprocess.DEVNULL, capture_output=True, check=False)
    if done.returncode:
        raise Failed(3, f"{board}: lab/run ended with {done.returncode}: "
                        f"{done.stderr.decode('utf-8', 'replace').strip()}")
    where = f"{keep}/boards/{board}"
    put(f"{where}/lab.txt", record(f"lab/run --board {' '.join(options)}", done.returncode, done.stdout, done.stderr))
    put(f"{where}/exact.txt", "no\n" if "\n# time: not exact\n" in text else "yes\n")
    for name in sorted(os.listdir(out)):
        step = f"{out}/{name}"
        if not os.path.exists(f"{step}/command"):
            continue
        command, status = (get(f"{step}/{part}").decode().strip() for part in ("command", "status"))
        put(f"{where}/{name}.txt", record(command, status, get(f"{step}/stdout"), get(f"{step}/stderr")))
        for file in files_of(f"{step}/files"):
            put(f"{where}/{name}/{file}", get(f"{step}/files/{file}"))
    progress.tell(board, None)
