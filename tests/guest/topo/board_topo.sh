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
# A device that was said to be spare can be bound; and then it is ready. Not another one than the test device, which
# would stay in the IOMMU group that it then joins.
[ ! -e "$driver/$device" ] || iommubench-unbind "$device"
command=$(iommubench topo | sed -n "s/^.*\$ \(iommubench-bind $device\)\$/\1/p")
if [ -n "$command" ]; then
	$command
	is $? 0 "$command"
	iommubench topo -o /out/bound.json
	echo "$device" >/out/bound
fi
rm /etc/passwd /etc/group
no_kernel_warning "topo"
done_testing
