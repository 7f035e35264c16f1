# SPDX-License-Identifier: GPL-2.0-only
"""The table of lab/bench/iopf: tables_iopf.py DIR. Exit status 1 when a row is off."""

import sys
from pathlib import Path

from tables import PUT_NS, TICK_NS, histograms, load, phase, table, truth_row

# What a record takes at least, so that all who had to do with the access before are asleep when it comes: the worker,
# and user space where it answers.
FLOOR_NS = {'kernel': 5000, 'user': 20000}
STAGES = {
    'kernel': ('event', 'handler', 'mm', 'fault', 'response', 'restart'),
    'user': ('event', 'handler', 'read', 'map', 'response', 'restart'),
}
SHOWN_IN = {'event': 'event', 'resume': 'restart'}


def p50(path, stage):
    return phase(load(path / 'iopf.json'), f'stage_{stage}')['latency_ns']['p50']


def rows(folder, who):
    for knob, shown_in in SHOWN_IN.items():
        for stage in STAGES[who]:
            base = p50(folder / f'{who}-{knob}-0', stage)
            for put_ns in PUT_NS:
                expected = put_ns if stage == shown_in else 0
                yield truth_row(f'{knob}, in stage {stage}', put_ns, expected, base,
                                p50(folder / f'{who}-{knob}-{put_ns}', stage))


def truth(folder, who):
    first, first_sum = histograms(folder / f'{who}-none-again')
    second, second_sum = histograms(folder / f'{who}-event-0')
    good = bool(first) and first == second
    print(f'md5 of the histograms: {first_sum}, again: {second_sum}:',
          'identical' if good else 'THEY DIFFER')
    print()
    lines = [[f'a fault, {who} answers, p50', 'put in', 'measured', 'rise', 'expected', 'error', '']]
    for fine, row in rows(folder, who):
        good &= fine
        lines.append(row)
    table(lines)
    return good


def main(folder):
    good = all([truth(folder, who) for who in STAGES])
    print(f'''Time counts instructions, 1 ns each. A row may be off by one tick of the guest's clock ({TICK_NS} ns) or
1 %, which is also how fine the histogram is. In all rows a record takes {FLOOR_NS['kernel']} ns besides, {FLOOR_NS['user']} ns where
user space answers: for so long those who had to do with the access before need their CPU until they sleep.''')
    return good


if __name__ == '__main__':
    sys.exit(not main(Path(sys.argv[1])))
