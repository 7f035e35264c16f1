# SPDX-License-Identifier: GPL-2.0-only
"""The part "pictures": what report draws of results."""

import hashlib
import os
import shlex
import shutil

from boards import board_lists
from common import Failed, files_of, get, put, record

RECORDER = """#!/bin/sh
# Keeps what gnuplot is given, and calls it.
n=$(ls "$SAME_RECORD" | wc -l)
n=$(printf '%03d' "$n")
{ echo "# gnuplot $*"; cat; } >"$SAME_RECORD/$n.gp"
exec "$SAME_GNUPLOT" "$@" <"$SAME_RECORD/$n.gp"
"""


def result_sets(tree, kept):
    """Name and files (name, path) of each folder of results to be drawn."""
    cli = os.path.join(tree, "tests/cli")
    yield "files", [(name, os.path.join(cli, name)) for name in ("result.json", "tlb-flush.json")]
    for board in board_lists():
        top = f"{kept}/boards/{board}"
        every = []
        for step in sorted(os.listdir(top)) if os.path.isdir(top) else []:
            names = [name for name in files_of(f"{top}/{step}") if name.endswith(".json")] \
                if os.path.isdir(f"{top}/{step}") else []
            every += [(f"{step}-{name.replace('/', '-')}", f"{top}/{step}/{name}") for name in names]
            if len(names) > 1:
                yield f"{board}-{step}", [(name.split("/")[-1], f"{top}/{step}/{name}") for name in names]
        if not every:
            raise Failed(3, f"{kept} has no results of {board}: keep the part \"boards\" as well, or give --results")
        yield board, every


def draw(host, kept, progress):
    """What report makes of each set, and what it tells gnuplot."""
    gnuplot = shutil.which("gnuplot")
    if not gnuplot:
        raise Failed(3, "gnuplot is missing: apt install gnuplot-nox")
    put(f"{host.work}/bin/gnuplot", RECORDER)
    os.chmod(f"{host.work}/bin/gnuplot", 0o755)
    for name, inputs in result_sets(host.tree, kept):
        progress.tell("pictures", name)
        folder, scripts, where = (f"{host.work}/{name}/{part}" for part in ("d", "gp", "page"))
        os.makedirs(scripts)
        for file, path in inputs:
            put(f"{folder}/{file}", get(path))
        text = [f"{file} {hashlib.sha256(get(path)).hexdigest()}\n" for file, path in inputs]
        put(f"{host.keep}/pictures/{name}/inputs.txt", "".join(text))
        calls = [["report", "d", "-o", f"page-{form}", "--no-pictures", "--format", form]
                 for form in ("human", "json", "csv")]
        for args in [["report", "d", "-o", "page"]] + calls:
            status, out, err = host.call(args, os.path.dirname(folder), {
                "PATH": f"{host.work}/bin:{os.environ['PATH']}", "SAME_RECORD": scripts, "SAME_GNUPLOT": gnuplot})
            made = "".join(f"{file}\n" for file in files_of(os.path.join(os.path.dirname(folder), args[3])))
            put(f"{host.keep}/pictures/{name}/{args[3]}.txt",
                record(shlex.join(["iommubench", *args]), status, out, err) + f"--- files\n{made}")
        for source, part in ((where, "page"), (f"{where}-csv", "page-plain"), (scripts, "scripts")):
            for file in files_of(source):
                put(f"{host.keep}/pictures/{name}/{part}/{file}", host.plain(get(f"{source}/{file}"))
                    if not file.endswith(".png") else get(f"{source}/{file}"))
