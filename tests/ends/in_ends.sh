#!/bin/busybox sh
# SPDX-License-Identifier: GPL-2.0-only
# In the test machine: Linux guests that are ended by force, stopped, or left without room. Another guest runs beside them all the time and
# must notice nothing; what an ended one had must be free afterwards. Usage: in_ends.sh [PART]...
. /guests.sh
. /parts_force.sh
. /parts_room.sh

sum=$(seq 3000 | md5sum) # of a guest that computes right

# What of the module is in use: users (each fd is one), pages of guests, areas of kernel memory.
in_use() {
	echo 1 >/proc/sys/vm/stat_refresh
	set -- $(awk '/^nr_foll_pin_acquired/ { a = $2 } /^nr_foll_pin_released/ { r = $2 } END { print a - r }' /proc/vmstat)
	echo "$(users) users, $1 pages pinned, $(grep -c '\[ldbt\]' /proc/vmallocinfo) areas, $(ls /sys/kernel/debug/ldbt | wc -l) listed"
}
# nothing_left WHAT: only what the guest beside uses is in use. What the kernel frees late it may free within ten seconds.
nothing_left() {
	tries=0
	until [ "$(in_use)" = "$beside_uses" ] || [ $tries -ge 100 ]; do
		tries=$((tries + 1))
		usleep 100000
	done
	is "$1: what is in use afterwards" "$(in_use)" "$beside_uses"
}

start_beside() {
	linux beside
	await beside '^guest: shell after' || return
	say beside "while sleep 1; do [ \"\$(seq 3000 | md5sum)\" = '$sum' ] && echo . >>/tmp/right || echo . >>/tmp/wrong; done &"
	await_beside
	beside_uses=$(in_use)
}
# The guest beside has gone on: another of its sums is there.
await_beside() {
	before=$(ask beside sums 'cat /tmp/right 2>/dev/null | wc -l')
	now=$before
	while [ "$now" = "$before" ]; do
		now=$(ask beside sums 'cat /tmp/right 2>/dev/null | wc -l') || return
	done
}
# beside WHAT: that guest answers, and was right so far.
beside() {
	await_beside
	is "$1: wrong sums of the guest beside" "$(ask beside wrong 'cat /tmp/wrong 2>/dev/null | wc -l')" 0
}
end_beside() {
	is "complaints of the guest beside" "$(ask beside complaints "$complaints")" 0
	say beside 'poweroff -f'
	ended beside
	is "status of the guest beside" $status 0
	is "messages about the guest beside" "$(cat /run/beside.err)" ""
}

# with_beside PART...: one after the other, with a guest beside them
with_beside() {
	insmod /ldbt.ko || exit 2
	start_beside
	for part in "$@"; do
		from=$(cut -d. -f1 /proc/uptime)
		"part_$part"
		beside "$part"
		echo "ends: $part took $(($(cut -d. -f1 /proc/uptime) - from)) s; $passed passed, $failed failed so far"
	done
	end_beside
	rmmod ldbt && good || bad "rmmod after all guests"
}

parts=" ${*:-force stop used room disk small} "
others=$(echo "$parts" | sed 's/ small / /')
[ "$others" = " " ] || with_beside $others
[ "$parts" = "${parts% small *}" ] || part_small
echo "ends: $passed passed, $failed failed, 0 skipped"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
