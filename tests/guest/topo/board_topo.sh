# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2034,SC2154
#
# topo on our boards: as JSON for board_topo.py to compare with what the board is; and as the user sees it.
# board: smmuv3-sva
# board: r8a7795-es3
# board: r8a7795-es2
# board: r8a7796
# board: r8a77961
# boot: shared board
. ./tap.sh

run iommubench topo -o /out/topo.json --svg /out/topo.svg
done_well "topo"
run iommubench topo
done_well "topo as a tree"
printf '%s\n' "$stdout" >/out/topo.txt
like "$stdout" "$device  platform device, .*" "the test device is in it"
run iommubench topo -o /out/topo.xml
done_well "topo as XML"
cp /usr/bin/iommubench /tmp/ && chmod 0755 /tmp/iommubench
mkdir -p /etc
echo 'nobody:x:65534:65534::/:/bin/sh' >/etc/passwd
echo 'nogroup:x:65534:' >/etc/group
run start-stop-daemon -S -c nobody -x /tmp/iommubench -- topo --format json
done_well "topo without rights"
printf '%s\n' "$stdout" >/out/nobody.json
# A device that was said to be alone in its group, or to form one, can be bound; and then it is ready.
command=$(iommubench topo | sed -n 's/^.*\$ \(iommubench-bind [0-9a-f:.]*\(dma\|mmc\|\.0\)\)$/\1/p' | tail -n 1)
if [ -n "$command" ]; then
	$command
	is $? 0 "$command"
	iommubench topo -o /out/bound.json
	echo "${command##* }" >/out/bound
	iommubench-unbind "${command##* }"
	is $? 0 "and back"
fi
rm /etc/passwd /etc/group
no_kernel_warning "topo"
done_testing
