#!/bin/busybox sh
# SPDX-License-Identifier: GPL-2.0-only
# In the test machine: runs the guest, and beside it /beside, where there is one. Usage: in_machine.sh SECONDS MEMORY_MIB
# The status is the guest's, or, when that is 0, that of /beside.
ifconfig lo 127.0.0.1 up
echo "host clock: $(cat /sys/devices/system/clocksource/clocksource0/current_clocksource)"
beside_status=0
if [ -e /beside ]; then
	sh /beside &
	beside=$!
fi
sh /in_machine.sh "$1" --mem="$2" --initrd=/initrd --append="console=ttyS0 quiet" --disk=/dev/vda --net=user,hostfwd=udp:127.0.0.1:7777-:7777
status=$?
if [ -e /beside ]; then
	wait $beside
	beside_status=$?
fi
[ $status -ne 0 ] || status=$beside_status
exit $status
