#!/bin/busybox sh
# SPDX-License-Identifier: GPL-2.0-only
# In the test machine: boots /guest.img again and again, two at a time, each to its shell and off by what is typed there. Memory must
# not grow: after each quarter of the boots the pages in use and the objects of each slab cache are looked at. Only what grew in
# each quarter after the first is lost; what comes and goes does not do that.
# Usage: in_boots.sh BOOTS
. /guests.sh
boots=$1
[ "$boots" -ge 8 ] || { echo "boots: found $boots, expected 8 at least"; exit 2; }
quarter=$(((boots + 3) / 4))
insmod /ldbt.ko || exit 2

sample() {
	sync
	echo 3 >/proc/sys/vm/drop_caches
	sleep 1 # for what is freed behind a grace period
	awk '/^MemAvailable/ { print "pages", -$2 / 4 }' /proc/meminfo
	awk 'NR > 2 { print $1, $2 }' /proc/slabinfo
}

# Of three differences of each line the least.
grown() {
	awk -v limit="$1" '
		FNR == 1 { file++ }
		{ value[file, $1] = $2; names[$1] }
		END {
			for (name in names) {
				least = value[2, name] - value[1, name]
				for (i = 3; i <= file; i++)
					if (value[i, name] - value[i - 1, name] < least)
						least = value[i, name] - value[i - 1, name]
				if (least >= limit * (name == "pages" ? 4 : 1))
					print least, name
			}
		}' /tmp/sample.*
}

finish() {	# NAME NUMBER
	ended "$1"
	is "boot $2: status" $status 0
	is "boot $2: messages" "$(grep -v '^$' "/run/$1.err" | head -n 3)" ""
	if ! grep -q 'reboot: Power down' "/run/$1.out"; then
		bad "boot $2: the guest did not power off:"
		tail -n 12 "/run/$1.out"
	fi
}

# boot NAME NUMBER: to the shell and off; messages are of the shell that calls
boot() {
	start "$1" --mem=256 --append="console=ttyS0 quiet $patience" /guest.img
	await "$1" '^guest: shell after' || return
	is "boot $2: complaints" "$(ask "$1" complaints "$complaints")" 0
	say "$1" 'poweroff -f'
	finish "$1" "$2"
}

# series NAME FIRST: every second boot of a quarter, in a shell of its own
series() {
	n=$2 passed=0 failed=0
	while [ "$n" -le "$last" ]; do
		boot "$1" "$n"
		n=$((n + 2))
	done
	echo "$passed $failed" >"/tmp/count.$1"
}

first=1 round=0
while [ "$first" -le "$boots" ]; do
	last=$((first + quarter - 1))
	[ "$last" -le "$boots" ] || last=$boots
	(series a "$first") &
	a=$!
	(series b $((first + 1))) &
	wait $a
	wait $!
	for name in a b; do
		read -r p f <"/tmp/count.$name"
		passed=$((passed + p)) failed=$((failed + f))
	done
	is "users of the module after $last boots" "$(users)" 0
	round=$((round + 1))
	sample >/tmp/sample.$round
	echo "boots: $last at $(cut -d. -f1 /proc/uptime) s, pages in use $(sed -n 's/^pages //p' /tmp/sample.$round)"
	first=$((last + 1))
done
# Few boots are no measure of single objects.
limit=$((quarter * 3 / 4))
[ $quarter -ge 20 ] || limit=64
is "what grew with each quarter, at the least" "$(grown $limit)" ""
rmmod ldbt && good || bad "rmmod"
echo "boots: $passed passed, $failed failed, 0 skipped"
[ "$failed" -eq 0 ] && [ "$passed" -gt "$boots" ]
