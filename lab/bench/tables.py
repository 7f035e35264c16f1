# SPDX-License-Identifier: GPL-2.0-only
"""The tables of bench-peer, bench-truth and bench-flush: tables.py peer|truth|flush DIR. Exit status 1 when a row is off."""

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
PUT_NS = 0, 1000, 5000, 20000
# What each command takes at least, so that the driver finds none done at its first look.
FLOOR_NS = 200


def histograms(folder):
    """One text of all histograms of a run, and its md5."""
    text = ''.join(json.dumps([p['histogram'] for p in load(path)['phases']])
                   for path in sorted(folder.glob('*.json')))
    return text, hashlib.md5(text.encode()).hexdigest()


def truth_row(title, put_ns, expected, base, measured):
    rise = measured - base
    error = rise - expected
    good = abs(error) <= max(TICK_NS, put_ns / 100)
    return good, [title, f'{put_ns / 1000:g} us', f'{measured:.0f} ns', f'{rise:+.0f} ns',
                  f'{expected:+.0f} ns', f'{error:+.0f} ns', '' if good else 'OFF']


def unmap_p50(path):
    return phase(load(path), 'unmap')['latency_ns']['p50']


def unmap_rows(folder, knob, name, title):
    """Rows of one latency and one API."""
    base = unmap_p50(folder / f'{knob}-0' / f'{name}.json')
    for put_ns in PUT_NS:
        # A lazy unmap leaves the invalidation to others.
        expected = 0 if name == 'lazy' else put_ns
        yield truth_row(f'{title}, {knob.upper()}', put_ns, expected, base,
                        unmap_p50(folder / f'{knob}-{put_ns}' / f'{name}.json'))


def walk_rows(folder):
    base = None
    for put_ns in PUT_NS:
        lines = (folder / f'sync-{put_ns}' / 'walk').read_text().splitlines()
        pairs = [tuple(map(int, line.split())) for line in lines]
        cold, warm = (statistics.median(column) for column in zip(*pairs))
        base = (cold, warm) if base is None else base
        yield truth_row('TLB miss, each level', put_ns, LEVELS * put_ns, base[0], cold)
        yield truth_row('TLB hit', put_ns / 10, put_ns / 10, base[1], warm)


def truth(folder):
    first, first_sum = histograms(folder / 'none-again')
    second, second_sum = histograms(folder / 'none')
    good = bool(first) and first == second
    print(f'md5 of the histograms: {first_sum}, again: {second_sum}:',
          'identical' if good else 'THEY DIFFER')
    print()

    head = ['put in', 'measured', 'rise', 'expected', 'error', '']
    rows = [['unmap, p50'] + head]
    for knob in 'tlbi', 'sync':
        for name, title in (('strict', 'dma-single strict'), ('iommu', 'iommu'),
                            ('lazy', 'dma-single lazy')):
            for fine, row in unmap_rows(folder, knob, name, title):
                good &= fine
                rows.append(row)
    table(rows)
    rows = [["engine's read, median"] + head]
    for fine, row in walk_rows(folder):
        good &= fine
        rows.append(row)
    table(rows)
    print(f'''Time counts instructions, 1 ns each. A row may be off by one tick of the guest's clock ({TICK_NS} ns) or
1 %, which is also how fine the histogram is. An unmap of a page sends one TLBI and one SYNC, a lazy one
none. In all rows the command takes {FLOOR_NS} ns besides: the driver works on for about 110 ns after the doorbell,
and what is done by then costs nothing. A TLB miss reads {LEVELS} levels of tables; the engine's times are its own.''')
    return good


# Flush strategies

STRATEGIES = 'strict', 'lazy', 'gather', 'range', 'per-page', 'full', 'per-map-full', 'none'
FLUSH_PUT = ('off', 5000, 0), ('off', 0, 5000), ('off', 5000, 20000), ('on', 5000, 20000)


def flush_least(folder, strategy):
    """The least times of a round's maps, and of its unmaps and flushes: these are exact in a histogram."""
    lines = [line.split() for line in (folder / strategy).read_text().splitlines()]
    return sum(int(words[3]) for words in lines
               if words[0] == 'phase' and words[1] in ('map', 'total'))


def flush_row(folder, strategy, ranges, tlbi_ns, sync_ns):
    tlbi, sync = map(int, (folder / f'{ranges}-counts' / strategy).read_text().split())
    expected = tlbi * tlbi_ns + sync * sync_ns
    base = flush_least(folder / f'{ranges}-0-0', strategy)
    measured = flush_least(folder / f'{ranges}-{tlbi_ns}-{sync_ns}', strategy)
    error = measured - base - expected
    good = abs(error) <= max(TICK_NS, expected / 100)
    return good, [strategy, ranges, str(tlbi), str(sync), f'{tlbi_ns / 1000:g} us',
                  f'{sync_ns / 1000:g} us', f'{measured} ns', f'{measured - base:+d} ns',
                  f'{expected:+d} ns', f'{error:+d} ns', '' if good else 'OFF']


def flush(folder):
    good = True
    rows = [['strategy', 'ranges', 'TLBI', 'SYNC', 'each TLBI', 'each SYNC', 'measured', 'rise',
             'expected', 'error', '']]
    for put in FLUSH_PUT:
        for strategy in STRATEGIES:
            fine, row = flush_row(folder, strategy, *put)
            good &= fine
            rows.append(row)
    table(rows)
    print(f'''A round of 16 mappings of 4 KiB; TLBI, SYNC: commands of a round, by the SMMU's own counters; ranges:
whether the SMMU can invalidate several pages with one command. Time counts instructions, 1 ns each.
Measured: the least time of all maps, unmaps and flushes of a round, of 30 rounds. A row may be off by one
tick of the guest's clock ({TICK_NS} ns) or 1 %: the driver looks for a SYNC's end every 20 ns or so, and each wait
may be off by that much, which is why no less than 5 us is put in. In all rows each command takes
{FLOOR_NS} ns besides, as in bench-truth.''')
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
            # Of more threads, where the turns of CPUs fall decides which of the two waits.
            both = (ours['map'] + ours['unmap']) / (peer['map'] + peer['unmap']) - 1
            for key in 'map', 'unmap':
                off = ours[key] / peer[key] - 1
                good &= abs(off if threads == 1 else both) <= 0.1
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
    if (folder / 'strict-wall').exists():
        print('Wall time, medians:')
        table(peer_rows(folder, 'wall')[1])
    print('''Peer: the kernel's dma_map_benchmark (-g 1 -d 0 -x 0 -b 48). Ours: map-unmap --api dma-single -s 4K.
Map, unmap: means. The peer's come from its own sums and number of loops, read when its last thread
ends; 50 ns are added, because it cuts each sample down to a multiple of 100 ns.
Harness: run time by number of operations, less what the samples took; for both in the same way. It is
more for the peer, which fills the buffer, divides and adds to five shared sums in each operation.
With counted instructions, CPUs run in turn: N threads' samples contain the others' turns, so their sum is
divided by N, and more threads show no contention. Wall time depends on what else this machine does.
Only counted rows are checked: means within 10 % (of N threads, map and unmap together), ops/s at least
the peer's, and more at 4 threads.''')
    return good


if __name__ == '__main__':
    sys.exit(not {'peer': peer, 'truth': truth, 'flush': flush}[sys.argv[1]](Path(sys.argv[2])))
