# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2005,SC2012,SC2015,SC2016,SC2034,SC2046,SC2086,SC2154
#
# Several devices at once: each has its result, whatever happens to the others.
# kernel: any
# lab: --board virt-many
# cpus: at once
. ./tap.sh
. ./three.sh

# files NAME: which devices have a result of that name.
files()
{
	echo $(cd /out && ls "$1"-*.json 2>/dev/null | sed "s/^$1-//")
}

# several OPTION...: enough to be under way together, no more.
several()
{
	run timeout 300 iommubench map-unmap --warmup 20ms -T 150ms $(uncounted "$@") "$@"
}

# --- what they do together ---

several -d all -e default -q -o /out/all.json
done_well "all devices"
is "$(files all)" "$a.json $b.json $c.json" "each has a file by its name"
several -d "$a,$b" -e cycles,commands,tracepoints,interrupts,nothing -t 2 -q -o /out/counted.json
done_well "two of them with a comma, and counters"
several -d "$a,$b" -e none -q -o /out/uncounted.json
done_well "and without"
several -d "$a,$b" -e cycles,commands
like "$stdout" '^cycles +[0-9.e+]+ +[0-9.e+]+$' "the table has the counters of each device"
like "$stdout" '^syncs +1  run of its own$' "and of all"
several -d "$c" -d "$a" --interval 50ms -q -o /out/folder/
done_well "two of them, into a folder"
is "$(echo $(ls /out/folder))" "$a.json $c.json" "each has a file there"
mv "/out/folder/$a.json" "/out/two-$a.json"
mv "/out/folder/$c.json" "/out/two-$c.json"
several -d all --transport ioctl -q -o /out/ioctl.json
done_well "all devices, looked after in turn"
several -d "$a" -d "$b" --api iommu -t 2 --repeat 2 --interval 50ms -e default -q -o /out/series.json
done_well "own domains, two threads each, two runs, intervals"
several -d "$a" -d "$b" --cpus 1,0 -q -o /out/cpus.json
done_well "CPUs are shared out in the order given"
several -d "$a" -d "$b" --verify -n 200 -q -o /out/verify.json
done_well "both engines check"
several -d "$a" -d "$b" --domain-type lazy -q -o /out/lazy.json
done_well "both in lazy domains"
is "$(domain_type)" DMA "the domain type is put back"
several -d all --alone
done_well "each alone first"
like "$stdout" "^device +operations/s +alone +kept" "the table compares"
like "$stdout" "^$b +[0-9.]+ ?[kM]? +[0-9.]+ ?[kM]? +[0-9.]+ %" "it has a row for a device"
like "$stdout" "^sum +[0-9.]+ ?[kM]? +[0-9.]+ ?[kM]? +[0-9.]+ %" "and the sum"
like "$stdout" 'began within .* of each other' "and how far apart they began"
several -d all --format json
done_well "as JSON"
is "$(printf '%s\n' "$stdout" | grep -c '^{"schema":"iommubench-result/1".*}$')" 3 "a line each"
several -d all --format csv
done_well "as CSV"
is "$(printf '%s\n' "$stdout" | grep -c "$c")" 2 "with the device in each row"

# --- what cannot be ---

several -d "$a" -d nonsense -o /out/none.json
refused 3 'no device nonsense on any bus' "an unknown device"
several -d "$a" -d "$a"
refused 2 "$a is given twice" "a device twice"
several -d all -s 8G
refused 2 'size' "what no device can do"
start iommubench map-unmap -d "$b" -T 60s -q 2>/dev/null &
pid=$!
wait_for '[ "$(workers)" -gt 0 ]'
several -d all -o /out/none.json
refused 3 "$b is in use by another iommubench" "a device that is in use"
is "$(files none)" "" "no result without a run"
kill -INT $pid
wait $pid

# --- what ends them ---

# together OPTION...: leaves $pid when all three are under way.
together()
{
	start iommubench map-unmap -d all --warmup 0ms "$@" 2>/tmp/together.stderr &
	pid=$!
	wait_for '[ "$(workers)" = 3 ]'
	usleep 300000
}

for transport in uring ioctl; do
	together -T 60s --transport $transport -q -o /out/stopped-$transport.json
	kill -INT $pid
	wait $pid
	is $? 4 "$transport: Ctrl-C ends all"
	is "$(wc -l </tmp/together.stderr)" 1 "$transport: one line says so"
	is "$(files stopped-$transport)" "$a.json $b.json $c.json" "$transport: each has a result"

	together -T 60s --transport $transport -q -o /out/unbound-$transport.json
	echo "$b" >"$driver/unbind"
	is "$(workers)" 2 "$transport: one device goes away, the others work on"
	kill -INT $pid
	wait $pid
	is $? 4 "$transport: until they are told"
	like "$(cat /tmp/together.stderr)" "device $b went away during the run" "$transport: and named"
	is "$(files unbound-$transport)" "$a.json $b.json $c.json" "$transport: each has a result"
	echo "$b" >"$driver/bind"

	several -d "$a" -d "$b" -n 1000M -T 60s --run-timeout 400ms --transport $transport -q \
		-o /out/late-$transport.json
	is "$status" 3 "$transport: runs that take too long are cancelled"
	like "$stderr" "$a: the run had not ended 0.4 s after its start and was cancelled" \
		"$transport: and named"
	is "$(files late-$transport)" "$a.json $b.json" "$transport: each has a result"
	nothing_left "$transport"
done

# The next run on a device that has gone cannot be done; the others do theirs.
start iommubench map-unmap -d all --warmup 0ms -T 50ms --repeat 10000 -v -o /out/dropped.json \
	>/dev/null 2>/tmp/together.stderr &
pid=$!
# Its runs are too short to be seen by their workers; it tells of each.
wait_for 'grep -q "run 2 of" /tmp/together.stderr'
echo "$c" >"$driver/unbind"
seen=$(grep -c "run [0-9]* of" /tmp/together.stderr)
wait_for '[ "$(grep -c "run [0-9]* of" /tmp/together.stderr)" -gt $((seen + 2)) ]'
kill -INT $pid
wait $pid
is $? 4 "a device goes away in one of many runs"
echo "$c" >"$driver/bind"

together -T 60s -q -o /out/killed.json
kill -KILL $pid
wait $pid
is $? 137 "killed"
nothing_left "killed"
several -d all -q
done_well "all devices again"
iommubench-unbind "$c"
several -d "$a" -d "$c"
refused 3 "" "one that is not there any more"
nothing_left "several devices"
done_testing
