# SPDX-License-Identifier: GPL-2.0-only
"""What the kernel said on its console while a script ran."""

import re

# A warning of the kernel, whatever it is about; a test that provokes one is wrong.
KERNEL_WARNING = re.compile(
    r"WARNING:|BUG|Oops|Call trace|refcount_t|use-after-free|double free|corrupt|leak|"
    r"INFO: task|hung task|lockup|scheduling while atomic|sysfs: cannot create duplicate|"
    r"does not have a release|Unable to handle|Internal error|Device-initiated reset|"
    r"CMD_SYNC timeout|CMDQ timeout|TLB sync timed out|list_(add|del)")
# What the kernel with kmemleak says in any case.
NO_WARNING = re.compile(
    r"kmemleak: (Kernel memory leak detector initialized|Automatic memory scanning thread|"
    r"Cannot allocate a scan area)")
# Said by scripts.sh.
BEGINS = re.compile(r"\bscripts\.sh: (\S+) begins$")


def parts(path, names):
    """Lines of each script. Those of the guest's start are the first one's, those of its end are the last one's
    to begin."""
    lines = {name: [] for name in names}
    current = names[0]
    with open(path, encoding="utf-8", errors="replace") as console:
        for line in console:
            line = line.rstrip()
            begins = BEGINS.search(line)
            if begins and begins[1] in lines:
                current = begins[1]
            lines[current].append(line)
    return lines


def warnings(lines):
    return [line for line in lines
            if KERNEL_WARNING.search(line) and not NO_WARNING.search(line) and not BEGINS.search(line)]
