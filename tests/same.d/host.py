# SPDX-License-Identifier: GPL-2.0-only
"""The part "host": what the tool says on this machine."""

import hashlib
import itertools
import json
import os
import re
import shlex
import shutil
import subprocess

from common import PARTS, files_of, get, put, record
from machines import made_up_machines

# What is not kept as it is, and why; all else is, byte for byte. Paths of the tree and of the folder to work in
# become TREE and WORK, because each keep has others. So does the time of day that this machine writes in JSON
# become TIME; that of guests is counted in instructions. The module's lines in a guest's log lose their times,
# as the log has others (same.d/run.sh).
TIME_IN_JSON = re.compile(rb'"time": ?"[-0-9T:Z]*"')


class Host:
    """The tool of a tree on this machine."""

    def __init__(self, tree, keep, work):
        self.tool = os.path.join(tree, "build/host/iommubench")
        self.tree = tree
        self.keep = keep
        self.work = work
        self.names = {}
        self.count = 0
        self.env = {"PATH": os.environ["PATH"], "HOME": work, "LC_ALL": "C", "TMPDIR": work}

    def plain(self, data):
        """Without what this call and this moment put in."""
        data = data.replace(self.work.encode(), b"WORK").replace(self.tree.encode(), b"TREE")
        return TIME_IN_JSON.sub(b'"time":"TIME"', data)

    def call(self, args, folder, env=None):
        """(status, stdout, stderr) of the tool."""
        self.count += 1
        try:
            done = subprocess.run([self.tool, *args], cwd=folder, env={**self.env, **(env or {})},
                                  stdin=subprocess.DEVNULL, capture_output=True, timeout=60, check=False)
        except subprocess.TimeoutExpired:
            return "never", b"", b""
        return done.returncode, self.plain(done.stdout), self.plain(done.stderr)

    def line(self, group, args):
        """Run a command line in an empty folder, and keep what comes of it."""
        folder = os.path.join(self.work, "here")
        os.mkdir(folder)
        status, out, err = self.call(args, folder)
        files = [(name, self.plain(get(os.path.join(folder, name)))) for name in files_of(folder)]
        shutil.rmtree(folder)
        name = re.sub(r"[^A-Za-z0-9.,=+-]+", "_", " ".join(args[1:] or ["nothing"]).replace(self.work, ""))[:90]
        name = f"host/{group}/{name.strip('_-') or 'empty'}"
        self.names[name] = self.names.get(name, 0) + 1
        if self.names[name] > 1:
            name += f"~{self.names[name]}"
        command = self.plain(shlex.join(["iommubench", *args]).encode()).decode()
        put(os.path.join(self.keep, name + ".txt"), record(command, status, out, err, files))
        return out


# --- host: help, wrong uses --------------------------------------------------------------------------------

VALUES = ("", "0", "-1", "1.5", "4x", "nonsense", "all", ",", "1,1", "5s", "99999999999999999999")


def options_of(text):
    """Long options in a help text, and whether they take a value."""
    found = {}
    for name, value in re.findall(r"^\s+(?:-\w, )?--([a-z-]+)(=?)", text, re.M):
        found[name] = found.get(name) or bool(value)
    return found


def host_lines(host, progress):
    """Help of everything, and every option with values that it may not like."""
    host.line("all", [])
    listed = host.line("all", ["-h"]).decode()
    for args in (["--help"], ["-V"], ["--version"], ["frobnicate"], [""], ["--nonsense"], ["map"], ["-h", "x"]):
        host.line("all", args)
    subcommands = re.findall(r"^  ([a-z-]+) ", re.search(r"^Subcommands:\n(.*?)\n\n", listed, re.M | re.S)[1], re.M)
    root = made_up_machines(os.path.join(host.work, "machines"))
    for sub in subcommands:
        progress.tell("host", sub)
        # What this machine has is none of ours.
        words = [f"--root={root}/pci"] if sub == "topo" else []
        if not words:
            host.line(sub, [sub])
        options = options_of(host.line(sub, [sub, "-h"]).decode())
        for args in (["--help"], ["-V"], ["--version"], ["--nonsense"], ["-z"], ["extra", "words"], ["-o"],
                     ["-o", "/nowhere/x.json"], ["-o", "/nowhere/x/"], ["-o", "/dev/full/x.json"], ["-o", "-"]):
            host.line(sub, [sub, *words, *args])
        for option, valued in sorted(options.items()):
            if option in ("help", "version"):
                continue
            host.line(sub, [sub, *words, f"--{option}"])
            for value in VALUES if valued else ("1",):
                host.line(sub, [sub, *words, f"--{option}={value}"])
        flags = [f"--{option}" for option, valued in sorted(options.items())
                 if not valued and option not in ("help", "version")]
        for pair in itertools.combinations(flags, 2):
            host.line(sub, [sub, *words, *pair])
    progress.tell("host", "refusals")
    with open(os.path.join(PARTS, "refused"), encoding="utf-8") as lines:
        for line in lines:
            if not line.startswith("#"):
                args = shlex.split(line)
                host.line(f"refused-{args[0] or 'empty'}", args)
    progress.tell("host", "made-up machines")
    for name in sorted(os.listdir(root)):
        for words in ([], ["-q"], ["--format=json"], ["--format=xml"], ["--format=svg"], ["-o", "a.xml"],
                      ["-o", "a.json", "--svg", "a.svg"], ["-o", "a.txt"], ["-o", "a.svg"]):
            host.line("topo-machines", ["topo", "--root", f"{root}/{name}", *words])
    host.line("topo-machines", ["topo", "--root", f"{root}/pci/sys"])


# --- host: what report makes of files that are none --------------------------------------------------------

def places(value, path=()):
    """Paths of everything in a JSON value; of lists, what the first element has."""
    inner = value.items() if isinstance(value, dict) else enumerate(value[:1]) if isinstance(value, list) else ()
    for key, element in inner:
        yield path + (key,)
        yield from places(element, path + (key,))


def changed(value, path, how):
    """A copy in which the thing at a path is another, or gone."""
    copy = json.loads(json.dumps(value))
    at = copy
    for key in path[:-1]:
        at = at[key]
    if how == "gone":
        del at[path[-1]]
    else:
        old = at[path[-1]]
        other = 7 if isinstance(old, (str, list, dict)) else "seven"
        at[path[-1]] = {"null": None, "negative": -1, "other": other}[how]
    return copy


def broken_results(host, progress):
    """Each part of a result gone, null, negative, of another type; and files that are no results at all."""
    for source in ("result.json", "tlb-flush.json"):
        progress.tell("host", f"{source} broken")
        whole = get(os.path.join(host.tree, "tests/cli", source)).decode()
        value = json.loads(whole)
        text = []
        for path in places(value):
            for how in ("gone", "null", "negative", "other"):
                name = f"{'.'.join(map(str, path))} {how}"
                text.append(report_of(host, name, json.dumps(changed(value, path, how))))
        put(f"{host.keep}/host/report-broken/{source}.txt", "".join(text))
    text = [report_of(host, name, data) for name, data in (
        ("empty", ""), ("cut", whole[:len(whole) // 2]), ("array", "[]"), ("number", "42"),
        ("binary", bytes(range(256))), ("foreign", '{"schema": "something-else/1"}'), ("deep", "[" * 100000), ("twice", whole + whole),
        ("newer", whole.replace("iommubench-result/1", "iommubench-result/2")), ("whole", whole))]
    put(f"{host.keep}/host/report-broken/files.txt", "".join(text))


def report_of(host, name, data):
    """What report says of one file: in full where it refuses it, and otherwise a sum over what it prints."""
    folder = os.path.join(host.work, "here")
    put(f"{folder}/d/a.json", data)
    status, out, err = host.call(["report", "d", "--no-pictures", "--format", "csv"], folder)
    page = get(f"{folder}/d/index.html") if os.path.exists(f"{folder}/d/index.html") else b""
    shutil.rmtree(folder)
    sums = [hashlib.sha256(host.plain(part)).hexdigest()[:16] if part else "-" for part in (out, page)]
    return f"{name}: exit {status}, csv {sums[0]}, page {sums[1]}\n" + "".join(
        f"  {line}\n" for line in err.decode("utf-8", "replace").splitlines())
