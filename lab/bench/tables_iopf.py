# SPDX-License-Identifier: GPL-2.0-only
"""The table of lab/bench/iopf: tables_iopf.py DIR. Exit status 1 when a row is off."""

import sys
from pathlib import Path

from tables import PUT_NS, TICK_NS, histograms, load, phase, table, truth_row

# What a record takes at least, so that the worker that started the access is asleep when it comes.
FLOOR_NS = 5000
STAGES = 'event', 'handler', 'mm', 'fault', 'response', 'restart'
SHOWN_IN = {'event': 'event', 'resume': 'restart'}


def p50(path, stage):
    return phase(load(path / 'iopf.json'), f'stage_{stage}')['latency_ns']['p50']


def rows(folder):
    for knob, shown_in in SHOWN_IN.items():
        for stage in STAGES:
            base = p50(folder / f'{knob}-0', stage)
            for put_ns in PUT_NS:
                expected = put_ns if stage == shown_in else 0
                yield truth_row(f'{knob}, in stage {stage}', put_ns, expected, base,
                                p50(folder / f'{knob}-{put_ns}', stage))


def main(folder):
    first, first_sum = histograms(folder / 'none-again')
    second, second_sum = histograms(folder / 'event-0')
    good = bool(first) and first == second
    print(f'md5 of the histograms: {first_sum}, again: {second_sum}:',
          'identical' if good else 'THEY DIFFER')
    print()
    lines = [['a fault, p50', 'put in', 'measured', 'rise', 'expected', 'error', '']]
    for fine, row in rows(folder):
        good &= fine
        lines.append(row)
    table(lines)
    print(f'''Time counts instructions, 1 ns each. A row may be off by one tick of the guest's clock ({TICK_NS} ns) or
1 %, which is also how fine the histogram is. In all rows a record takes {FLOOR_NS} ns besides: for so long the
worker that started the access needs its CPU until it sleeps.''')
    return good


if __name__ == '__main__':
    sys.exit(not main(Path(sys.argv[1])))
