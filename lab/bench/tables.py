# SPDX-License-Identifier: GPL-2.0-only
"""The tables of bench-peer and bench-truth: tables.py peer|truth DIR. Exit status 1 when a row is off."""

import hashlib
import json
import re
import statistics
import sys
from pathlib import Path


def load(path):
    return json.loads(path.read_text())


def phase(result, name):
    return next(p for p in result['phases'] if p['name'] == name)


def table(rows):
    """Columns to the right, the first one to the left."""
    widths = [max(map(len, column)) for column in zip(*rows)]
    for row in rows:
        cells = [row[0].ljust(widths[0])]
        cells += [cell.rjust(width) for cell, width in zip(row[1:], widths[1:])]
        print('  '.join(cells).rstrip())
    print()


# Ground truth

TICK_NS = 16
LEVELS = 4      # of a 4 KiB page in 48 bits of address


def histograms(folder):
    """One text of all histograms of a run, and its md5."""
    text = ''.join(json.dumps([p['histogram'] for p in load(path)['phases']])
                   for path in sorted(folder.glob('*.json')))
    return text, hashlib.md5(text.encode()).hexdigest()


def truth_row(name, put_ns, base, measured):
    """@put_ns is how much it should rise by."""
    rise = measured - base
    error = rise - put_ns
    good = abs(error) <= max(TICK_NS, put_ns / 100)
    return good, [name, f'{put_ns / 1000:g} us', f'{measured:.0f} ns', f'{rise:+.0f} ns',
                  f'{error:+.0f} ns', '' if good else 'OFF']


def truth(folder):
    good = True
    first, first_sum = histograms(folder / 'again')
    second, second_sum = histograms(folder / 'tlbi-0')
    print(f'md5 of the histograms: {first_sum}, again: {second_sum}:',
          'identical' if first == second else 'THEY DIFFER')
    print()
    good &= bool(first) and first == second

    rows = [['unmap, p50', 'should rise by', 'measured', 'rise', 'error', '']]
    for knob in 'tlbi', 'sync':
        for name, title in (('strict', 'dma-single strict'), ('iommu', 'iommu'),
                            ('lazy', 'dma-single lazy')):
            base = None
            for put_us in 0, 1, 5, 20:
                run = 'tlbi-0' if not put_us else f'{knob}-{put_us}'
                p50 = phase(load(folder / run / f'{name}.json'), 'unmap')['latency_ns']['p50']
                base = p50 if base is None else base
                # A lazy unmap leaves the invalidation to others.
                put_ns = 0 if name == 'lazy' else put_us * 1000
                fine, row = truth_row(f'{title}, {put_us} us a {knob.upper()}', put_ns, base, p50)
                good &= fine
                rows.append(row)
    table(rows)

    rows = [["engine's read, median", 'should rise by', 'measured', 'rise', 'error', '']]
    base = None
    for put_us in 0, 1, 5, 20:
        pairs = [tuple(map(int, line.split()))
                 for line in (folder / f'walk-{put_us}' / 'walk').read_text().splitlines()]
        cold, warm = (statistics.median(column) for column in zip(*pairs))
        base = (cold, warm) if base is None else base
        for title, put_ns, before, measured in (
                (f'TLB miss, {put_us} us a level', LEVELS * put_us * 1000, base[0], cold),
                (f'TLB hit, {put_us / 10:g} us', put_us * 100, base[1], warm)):
            fine, row = truth_row(title, put_ns, before, measured)
            good &= fine
            rows.append(row)
    table(rows)
    print(f'''Time counts instructions, 1 ns each. A row may be off by one tick of the guest's clock
({TICK_NS} ns) or 1 %. An unmap of a page sends one TLBI and one SYNC; a lazy one sends none. A TLB miss
reads {LEVELS} levels of tables. The engine's times are its own.''')
    return good


# The peer

END = re.compile(r'-(\d+) .* ([0-9.]+): (start|end): .*?(?:map=(\d+) unmap=(\d+) loops=(\d+))?$')


def peer_figures(path, threads):
    """From the peer's own sums, taken when its last thread ended."""
    start, seconds, sums = {}, 0, (0, 0, 0)
    for line in path.read_text().splitlines():
        match = END.search(line)
        pid, time, what = match.group(1), float(match.group(2)), match.group(3)
        if what == 'start':
            start[pid] = time
        else:
            seconds += time - start[pid]
            sums = max(sums, tuple(map(int, match.groups()[3:])), key=lambda s: s[2])
    assert len(start) == threads, f'{path}: {len(start)} threads, expected {threads}'
    map_100ns, unmap_100ns, loops = sums
    # It cuts each sample down to a multiple of 100 ns: 50 ns too little on average.
    return figures(map_100ns / loops * 100 + 50, unmap_100ns / loops * 100 + 50, loops,
                   seconds / threads, threads)


def our_figures(path, threads):
    result = load(path)
    ops = result['throughput']['ops']
    seconds = sum(t['seconds'] for t in result['threads']) / threads
    return figures(phase(result, 'map')['latency_ns']['mean'],
                   phase(result, 'unmap')['latency_ns']['mean'], ops, seconds, threads)


def figures(map_ns, unmap_ns, ops, seconds, threads):
    return {'map': map_ns, 'unmap': unmap_ns, 'rate': ops / seconds,
            'harness': seconds * 1e9 / ops - (map_ns + unmap_ns) / threads}


def median(folder, suffix, threads, read):
    """Each figure's median over the repeats."""
    runs = [read(path, threads) for path in sorted(folder.glob(f'{threads}-*.{suffix}'))]
    return {key: statistics.median(run[key] for run in runs) for key in runs[0]}


def peer_rows(folder, kind):
    good = True
    rows = [['', 'map: peer', 'ours', '', 'unmap: peer', 'ours', '', 'ops/s: peer', 'ours', 'ratio']]
    if kind == 'counted':
        rows[0] += ['harness: peer', 'ours']
    for mode in 'strict', 'lazy':
        for threads in 1, 2, 4:
            where = folder / f'{mode}-{kind}'
            peer = median(where, 'peer', threads, peer_figures)
            ours = median(where, 'json', threads, our_figures)
            ratio = ours['rate'] / peer['rate']
            row = [f'{mode}, {threads} thread{"s" if threads > 1 else ""}']
            for key in 'map', 'unmap':
                off = ours[key] / peer[key] - 1
                good &= abs(off) <= 0.1
                row += [f'{peer[key]:.0f} ns', f'{ours[key]:.0f} ns', f'{100 * off:+.1f} %']
            good &= ratio > 1 if threads == 4 else ratio >= 1
            row += [f'{peer["rate"]:.0f}', f'{ours["rate"]:.0f}', f'{ratio:.2f}']
            if kind == 'counted':
                row += [f'{peer["harness"]:.0f}', f'{ours["harness"]:.0f}']
            rows.append(row)
    return good, rows


def peer(folder):
    good, rows = peer_rows(folder, 'counted')
    print('Time counts instructions, 1 ns each; "harness" is instructions an operation outside the samples:')
    table(rows)
    print('Wall time, medians:')
    table(peer_rows(folder, 'wall')[1])
    print('''Peer: the kernel's dma_map_benchmark (-g 1 -d 0 -x 0 -b 48). Ours: map-unmap --api dma-single -s 4K.
Means of map and unmap. The peer's come from its own sums and number of loops, read when its last
thread ends; 50 ns are added, because it cuts each sample down to a multiple of 100 ns.
Harness: run time by number of operations, less what the samples took; for both in the same way. With
counted instructions, CPUs run in turn, so that samples of N threads contain the others' turns, and their
sum is divided by N. Wall time depends on what else this machine does: only the counted rows are checked
(means within 10 %, ops/s at least the peer's, and more at 4 threads).''')
    return good


if __name__ == '__main__':
    sys.exit(not {'peer': peer, 'truth': truth}[sys.argv[1]](Path(sys.argv[2])))
