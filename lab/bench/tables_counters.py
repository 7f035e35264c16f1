# SPDX-License-Identifier: GPL-2.0-only
"""The table of lab/bench/counters: tables_counters.py DIR. Exit status 1 when counting shows in a median."""

import sys
from pathlib import Path

from tables import load, phase, table

LIMIT = 0.02
RUNS = {
    'none': 'none',
    'again': 'none, again',
    'default': 'the usual ones',
    'more': 'the usual ones and three more',
}


def main(folder):
    good = True
    lines = [['counters', 'of the run', 'phase', 'p50', 'mean', 'change of p50', 'of mean', '']]
    for name in ('map', 'unmap'):
        base = phase(load(folder / 'none.json'), name)['latency_ns']
        for run, title in RUNS.items():
            result = load(folder / f'{run}.json')
            latency = phase(result, name)['latency_ns']
            change = {of: latency[of] / base[of] - 1 for of in ('p50', 'mean')}
            fine = abs(change['p50']) < LIMIT
            good &= fine
            lines.append([title, str(len(result['counters'])), name, f"{latency['p50']:.1f} ns",
                          f"{latency['mean']:.1f} ns", f"{change['p50']:+.2%}", f"{change['mean']:+.2%}",
                          '' if fine else f'{LIMIT:.0%} OR MORE'])
    table(lines)
    print('Time counts instructions, 1 ns each; a sample is of 64 operations.')
    return good


if __name__ == '__main__':
    sys.exit(not main(Path(sys.argv[1])))
