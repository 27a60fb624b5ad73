# SPDX-License-Identifier: GPL-2.0-only
# Read by the scripts of this room in the test machine: guests by name, typed at and waited for, and a count of what passed.
passed=0 failed=0
good() { passed=$((passed + 1)); }
bad() {
	failed=$((failed + 1))
	echo "FAIL: $*"
}
# The machine's log shows how far the test is, and what the kernel said meanwhile.
note() { echo "ends: $*" >/dev/kmsg; }
# is WHAT FOUND EXPECTED
is() {
	note "$1"
	if [ "$2" = "$3" ]; then good; else bad "$1: found '$2', expected '$3'"; fi
}
# has WHAT PATTERN FILE
has() {
	if grep -qE -e "$2" "$3"; then good; else
		bad "$1: no '$2' in $3:"
		tail -n 12 "$3"
	fi
}
users() { sed -n 's/^ldbt [0-9]* \([0-9]*\) .*/\1/p' /proc/modules; }

# start NAME OPTION...: a guest with its terminal in /run/NAME.in and /run/NAME.out, ldbtctl's messages in /run/NAME.err. Without a
# name's memory of earlier ones. $GROUP: a cgroup that it is in from the start.
start() {
	local name=$1
	note "start $*"
	shift
	rm -f "/run/$name".*
	mkfifo "/run/$name.in"
	: >"/run/$name.out"
	(
		[ -z "$GROUP" ] || echo 0 >"$GROUP/cgroup.procs"
		exec ldbtctl run "$@" <>"/run/$name.in" >"/run/$name.out" 2>"/run/$name.err"
	) &
	eval "pid_$name=$!"
}
# linux NAME OPTION...: Debian's kernel, with all it says
linux() { start "$@" --mem=256 --append="console=ttyS0 $patience" /guest.img; }
pid() { eval "echo \$pid_$1"; }
# Not one that only waits to be waited for.
is_alive() { grep -qs '^State:.[^ZX]' "/proc/$(pid "$1")/status"; }
# await NAME PATTERN: until its terminal has shown a line like that, or it has ended
await() {
	until grep -qE -e "$2" "/run/$1.out"; do
		is_alive "$1" || { bad "$1 ended before '$2'"; tail -n 12 "/run/$1.out" "/run/$1.err"; return 1; }
		usleep 400000
	done
}
say() { echo "$2" >"/run/$1.in"; }
# ask NAME WORD COMMAND: the guest's shell runs it; prints its output. What it stands behind is new with each question, and not like what is
# typed, which the terminal shows too.
ask() {
	local mark="$2-$(tr -dc 0-9 </proc/uptime)"
	say "$1" "echo \"$mark\"\": \$($3)\""
	await "$1" "^$mark: " && tr -d '\r' <"/run/$1.out" | sed -n "s/^$mark: //p"
}
# ended NAME: waits for its end; its status is in $status, since a subshell could not wait for it
ended() {
	wait "$(pid "$1")"
	status=$?
}
# What the guest's kernel complained of, as a number.
complaints='dmesg | grep -cE "WARNING|BUG:|Oops|detected stall|Call Trace|Unable to handle"'
# A guest that gets no processor time for a while is not stuck: an emulator below shares its processors.
patience='watchdog_thresh=30 rcupdate.rcu_cpu_stall_timeout=60'
