# SPDX-License-Identifier: GPL-2.0-only
"""The command compare: what differs between two keeps."""

import difflib
import json
import os
import re

from common import ALL, Failed, files_of, get

# Numbers, with the unit that they choose by their size.
NUMBER = re.compile(r"\d{4}-\d\d-\d\dT[0-9:]*Z|"
                    r"-?\b\d+(\.\d+)?(e[-+]?\d+)?( ?(ns|us|ms|s|m|h|k|M|G|KiB|MiB|GiB)\b| ?%)?(?![\w.])")
# Of a result, what was not measured, down to what is; of all else in it, numbers are figures.
GIVEN = ("schema", "tool", "params", "machine")
MEASURED = ("memory_bytes", "resolution_ns", "time", "id", "buckets")
STEADY = ("min", "p50", "count", "ops")
# What is told or not depending on a figure.
PERHAPS = re.compile(r"(warning +)?(other processes had |\d+ interrupts of |the CPU time of a request is |"
                     r"the device's clock shows no time )")


class Unlike(Exception):
    """Two values differ in more than figures."""


def like(one, two, steady, key=None, given=False):
    """Raises Unlike unless two JSON values differ in figures only."""
    if not steady and not given and {type(one), type(two)} <= {int, float, type(None)}:
        return
    kinds = [kind for kind in (dict, list, str, bool, (int, float), type(None)) if isinstance(one, kind)]
    if not isinstance(two, kinds[0]) or isinstance(one, bool) != isinstance(two, bool):
        raise Unlike
    if key in MEASURED:
        return
    if isinstance(one, dict):
        if list(one) != list(two):
            raise Unlike
        for name, value in one.items():
            like(value, two[name], steady, name, given or name in GIVEN)
    elif isinstance(one, list):
        if key == "warnings":
            one, two = ([text for text in texts if not PERHAPS.match(str(text))] for texts in (one, two))
        if len(one) != len(two):
            raise Unlike
        for left, right in zip(one, two):
            like(left, right, steady, key, given)
    elif given or isinstance(one, bool):
        if one != two:
            raise Unlike
    elif isinstance(one, str):
        if NUMBER.sub("#", one) != NUMBER.sub("#", two):
            raise Unlike
    elif one is not None and steady and key in STEADY and abs(one - two) > max(100, 3 * max(abs(one), abs(two)) / 4):
        raise Unlike


def values(text):
    """The JSON values in a text, one after the other."""
    found = []
    text = text.strip()
    while text:
        value, end = json.JSONDecoder().raw_decode(text)
        found.append(value)
        text = text[end:].strip()
    return found


def shape(text, steady):
    """Text for people or tables without figures, and without what follows from them: bars, counters above 0."""
    lines, section = [], None
    for line in text.splitlines():
        if line.startswith(("samples from..to ", "counted ")):
            section = line.split()[0]
        elif not line or section == "samples" and not re.match(r" *[\d.]+ \w+ +[\d.]+ \w+( |$)", line):
            section = None
        elif section:
            continue
        if PERHAPS.match(line):
            continue
        if not re.match(r"(\$ |exit |  +\w+=)", line):
            line = NUMBER.sub("#", line)
            line = line if steady else re.sub(r"(?<!\S)-(?!\S)|(?<=,)(?=,|$)", "#", line)
        lines.append(" ".join(line.split()))
    return lines


def figures_only(name, one, two, steady):
    """Whether two files of a board differ in figures only; steady ones a little."""
    try:
        one, two = one.decode(), two.decode()
        if name.endswith(".json"):
            like(json.loads(one), json.loads(two), steady)
            return True
        if "--format json" in one.split("\n", 1)[0]:
            parts = [re.fullmatch(r"(.*?--- stdout\n)(.*?)(--- stderr\n.*)", text, re.S).groups()
                     for text in (one, two)]
            like(values(parts[0][1]), values(parts[1][1]), steady)
            one, two = (part[0] + part[2] for part in parts)
        return shape(one, steady) == shape(two, steady)
    except (Unlike, ValueError, AttributeError):
        return False


def show(name, one, two, lines):
    """A difference, with its first lines."""
    print(f"different: {name}")
    try:
        one, two = one.decode().splitlines(), two.decode().splitlines()
    except UnicodeDecodeError:
        print(f"    {len(one)} and {len(two)} bytes that are no text")
        return
    if len(one) < 5000:
        found = [line for line in difflib.unified_diff(one, two, n=0, lineterm="")
                 if not line.startswith(("---", "+++"))]
    else:
        found = [line for pair in zip(one, two) if pair[0] != pair[1] for line in ("-" + pair[0], "+" + pair[1])]
    for line in found[:lines]:
        print(f"    {line[:200]}")
    if len(found) > lines:
        print(f"    and {len(found) - lines} lines more")


def compare(args):
    """The command compare."""
    tops = (args.one, args.two)
    for top in tops:
        if not any(os.path.isdir(os.path.join(top, part)) for part in ALL):
            raise Failed(2, f"{top} is not what keep made")
    one, two = (set(files_of(top)) for top in tops)
    different, figures, redrawn = 0, [], set()
    for name in sorted(one ^ two):
        different += 1
        print(f"only in {args.one if name in one else args.two}: {name}")
    for name in sorted(one & two):
        parts = name.split("/")
        if parts[0] == "pictures" and "/".join(parts[:2]) in redrawn:
            continue
        data = [get(os.path.join(top, name)) for top in tops]
        if data[0] == data[1]:
            continue
        if parts[0] == "pictures":
            inputs = [get(os.path.join(top, *parts[:2], "inputs.txt")) for top in tops]
            if inputs[0] != inputs[1]:
                different += 1
                redrawn.add("/".join(parts[:2]))
                print(f"different: {'/'.join(parts[:2])} was drawn from other results: keep --results draws the same")
                continue
        if parts[0] == "boards":
            exact = get(os.path.join(args.one, *parts[:2], "exact.txt")) == b"yes\n"
            if not (args.exact and exact) and figures_only(name, *data, exact):
                figures.append(name)
                continue
        different += 1
        show(name, *data, args.n)
    same = len(one & two) - different - len(figures)
    print(f"{different} differences; {same} of {len(one | two)} files are the same"
          + (f", {len(figures)} but for measured figures" if figures else ""))
    return 1 if different else 0
