#!/bin/busybox sh
# SPDX-License-Identifier: GPL-2.0-only
# In the test machine: loads the module, runs /guest.img and tells at the end how it went. The status is the guest's.
# Usage: in_machine.sh SECONDS [OPTION OF ldbtctl run]...
seconds=$1
shift
insmod /ldbt.ko || exit 125
available() { sed -n 's/^MemAvailable: *\([0-9]*\).*/\1/p' /proc/meminfo; }
uptime_s() { cut -d' ' -f1 /proc/uptime; }
before=$(available)
# The least that was left while the guest ran.
(
	least=$before
	while sleep 1; do
		now=$(available)
		[ "$now" -ge "$least" ] || least=$now
		echo "$least" >/tmp/least
	done
) &
sampler=$!
start=$(uptime_s)
ldbtctl run --timeout="$seconds" --stat "$@" /guest.img 2>/tmp/err
status=$?
end=$(uptime_s)
kill "$sampler"
grep '^ldbtctl:' /tmp/err >&2
awk -v start="$start" -v end="$end" -v before="$before" -v least="$(cat /tmp/least 2>/dev/null || echo "$before")" '
	/^(enters|user_exits|monitor_exits) / { n[$1] = $2 }
	END {
		t = end - start
		if (t > 0)
			printf "run: %.1f s; per second: %.0f entries of the world, %.0f exits to ldbtctl, %.0f served within; ", t,
				n["enters"] / t, n["user_exits"] / t, n["monitor_exits"] / t
		printf "host memory used: %.0f MiB\n", (before - least) / 1024
	}' /tmp/err >&2
[ ! -e /show_stats ] || cat /tmp/err >&2
rmmod ldbt || status=125
exit $status
