# SPDX-License-Identifier: GPL-2.0-only
# Read by in_ends.sh: guests ended by signals, stopped and continued; the module asked to go while it is used.

# Of two guests the second one's end shows what both have left: where MORE is given, another one still runs.
# kill_it NAME WHAT [MORE]: kill -9, which leaves no words
kill_it() {
	kill -9 "$(pid "$1")"
	ended "$1"
	is "kill -9 $2: status" $status 137
	[ $# -gt 2 ] || nothing_left "kill -9 $2"
}
# signal_it NAME SIGNAL NUMBER TEXT WHAT [MORE]: its message, and the status that a shell sees
signal_it() {
	kill -"$2" "$(pid "$1")"
	ended "$1"
	is "SIG$2 $5: status" $status $((128 + $3))
	is "SIG$2 $5: message" "$(cat "/run/$1.err")" "ldbtctl: ended by signal $3 ($4)"
	[ $# -gt 5 ] || nothing_left "SIG$2 $5"
}
# Two at the shell: one idle, one busy in user mode beside its shell.
start_two() {
	linux idle
	linux busy
	await idle '^guest: shell after'
	await busy '^guest: shell after'
	say busy 'while :; do :; done &'
}

part_force() {
	linux young
	usleep 200000
	kill_it young "at its start"
	for line in 'Linux version' 'Freeing initrd memory' 'Run /init as init process'; do
		linux young
		await young "$line"
		kill_it young "at '$line'"
	done
	start_two
	kill_it idle "while the guest idles" more
	kill_it busy "while the guest is busy"
}

# At one moment of the host's clock the guest's is asked: between these it stands, in hundredths of a second.
look() { # NAME
	h_before=$(tr -d . </proc/uptime | cut -d' ' -f1)
	guest=$(ask "$1" uptime 'cut -d" " -f1 /proc/uptime | tr -d .')
	h_after=$(tr -d . </proc/uptime | cut -d' ' -f1)
}
# clock_of NAME: two looks, with the stop between them, must be of one and the same clock: the time between the two of the guest is none
# that the host excludes. 2: hundredths are cut off.
clock_of() {
	eval "first_before=\$before_$1 first=\$guest_$1 first_after=\$after_$1"
	look "$1"
	took=$((guest - first))
	if [ $took -ge $((h_before - first_after - 2)) ] && [ $took -le $((h_after - first_before + 2)) ]; then good; else
		bad "SIGSTOP: clock of the $1 guest: $took hundredths passed, expected $((h_before - first_after)) to $((h_after - first_before))"
	fi
}

# stop_and_go NAME...: for some seconds
stop_and_go() {
	for name in "$@"; do
		look $name
		eval "before_$name=$h_before guest_$name=$guest after_$name=$h_after"
		kill -STOP "$(pid $name)"
	done
	sleep 8
	is "SIGSTOP: the process" "$(sed -n 's/^State:.\(.\).*/\1/p' "/proc/$(pid busy)/status")" T
	beside "SIGSTOP"
	for name in "$@"; do
		kill -CONT "$(pid $name)"
		clock_of $name
		is "SIGSTOP: complaints of the $name guest" "$(ask $name complaints "$complaints")" 0
		is "SIGSTOP: the $name guest computes" "$(ask $name sum 'seq 3000 | md5sum')" "$sum"
	done
}

part_stop() {
	start_two
	stop_and_go idle busy
	signal_it idle INT 2 Interrupt "while the guest idles" more
	signal_it busy TERM 15 Terminated "while the guest is busy"
	linux young
	await young 'Linux version'
	signal_it young INT 2 Interrupt "while Linux boots"
}

part_used() {
	rmmod ldbt >/tmp/rmmod 2>&1 && bad "rmmod while a guest runs: it went" || good
	has "rmmod while a guest runs" "can't unload module 'ldbt': Resource temporarily unavailable" /tmp/rmmod
	nothing_left "rmmod while a guest runs"
}

# Some of everything, for a test that is run often.
part_short() {
	linux young
	await young 'Linux version'
	kill_it young "while Linux boots"
	linux busy
	await busy '^guest: shell after'
	say busy 'while :; do :; done &'
	stop_and_go busy
	signal_it busy TERM 15 Terminated "while the guest is busy"
	part_used
	make_group
	part_limits
}
