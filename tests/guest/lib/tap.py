# SPDX-License-Identifier: GPL-2.0-only
"""TAP of several scripts as one, so that each failure names its script."""

import re
import sys


class Report:
    """What prove gets: the tests of all scripts, counted through."""

    def __init__(self):
        self.count = 0
        self.failed = 0

    def say(self, line, aloud):
        """To prove; aloud, also to whoever watches it."""
        print(line, flush=True)
        if aloud:
            print("#", line, file=sys.stderr, flush=True)

    def plan(self):
        print(f"1..{self.count}")


class Tap:
    """Counts what one script reported, and adds to it. PREFIX is before the name of each of its tests in the
    report; in the script's own log are its own numbers."""

    def __init__(self, report, prefix, log):
        self.report = report
        self.prefix = prefix
        self.log = log
        self.count = 0
        self.failed = 0
        self.plan = None
        self.in_order = True
        self.shown = False

    def _test(self, good, rest):
        self.count += 1
        self.report.count += 1
        if not good:
            self.failed += 1
            self.report.failed += 1
        self.shown = not good
        word = "ok" if good else "not ok"
        print(f"{word} {self.count} - {rest}", file=self.log, flush=True)
        self.report.say(f"{word} {self.report.count} - {self.prefix}{rest}", self.shown)

    def _other(self, line):
        """What is said of a test is shown with it."""
        self.shown &= line.startswith("#")
        print(line, file=self.log, flush=True)
        self.report.say(line, self.shown)

    def passed_on(self, line):
        """A line that the script said."""
        plan = re.match(r"1\.\.(\d+)$", line)
        test = re.match(r"(not )?ok\b ?(\d*)(?: - )?(.*)", line)
        if plan:
            self.plan = int(plan[1])
        elif test:
            self._test(not test[1], test[3])
            self.in_order &= test[2] == str(self.count)
        else:
            self._other(line)

    def ok(self, good, name, why=""):
        self._test(good, name)
        if not good:
            for line in str(why).splitlines():
                self._other(f"#   {line}")
        return good

    def equal(self, got, want, name):
        return self.ok(got == want, name, f"got {got!r}, expected {want!r}")
