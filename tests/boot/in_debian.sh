#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Debian 13 with systemd on /dev/vda, packages for it on /dev/vdb; runs in the test machine, see debian.sh. Prints what passed and
# what failed, and a summary line.
passed=0 failed=0
seconds=3000 # for one boot: only there to end a hang
yes_() { passed=$((passed + 1)); echo "passed: $*"; }
no_() { failed=$((failed + 1)); echo "FAIL: $*"; }
# expect NAME PATTERN FILE
expect() { grep -q -e "$2" "$3" && yes_ "$1" || { no_ "$1: no '$2' in:"; tail -n 30 "$3"; }; }
# is NAME FOUND EXPECTED
is() { [ "$2" = "$3" ] && yes_ "$1" || no_ "$1: found '$2', expected '$3'"; }
uptime_s() { cut -d. -f1 /proc/uptime; }

# ---- the guest ----

# start: a guest with its console in /tmp/out, its keyboard at descriptor 8.
start() {
	: >/tmp/out
	ldbtctl run --mem=512 --timeout=10800 --kernel=/vmlinuz --initrd=/initrd.img --append="root=/dev/vda rw console=ttyS0 loglevel=4 systemd.show_status=no" \
		--disk=/dev/vda --disk=/dev/vdb,ro --net=user,hostfwd=tcp:127.0.0.1:2222-:22 </tmp/keyboard >/tmp/out 2>/tmp/err &
	ctl=$!
	began=$(uptime_s)
}
type_() { printf '%s\n' "$1" >&8; }

# shows PATTERN [TIMES]: waits until the console shows it; not for ever, and not when the guest has ended.
shows() {
	limit=$(($(uptime_s) + seconds))
	until [ "$(tr -d '\r' </tmp/out | grep -c -e "$1")" -ge "${2:-1}" ]; do
		kill -0 $ctl 2>/dev/null && [ "$(uptime_s)" -lt $limit ] || return 1
		sleep 1
	done
}
# console NAME PATTERN [TIMES]
console() {
	if shows "$2" "${3:-1}"; then
		yes_ "$1 (after $(($(uptime_s) - began)) s)"
	else
		no_ "$1: no '$2' on the console:"
		tail -n 30 /tmp/out /tmp/err
	fi
}

# there COMMAND...: by ssh
there() {
	ssh -q -i /key -p 2222 -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o BatchMode=yes root@127.0.0.1 "$@"
}

# reach: a login on the console comes before the network may be there.
reach() {
	limit=$(($(uptime_s) + seconds))
	until there true; do
		kill -0 $ctl 2>/dev/null && [ "$(uptime_s)" -lt $limit ] || return 1
		sleep 1
	done
}

# ended NAME STATUS: waits for ldbtctl
ended() {
	wait $ctl
	is "$1" $? "$2"
	cat /tmp/err
}

healthy='systemctl is-system-running --wait; systemctl --failed --plain --no-legend | head -n 5
echo "complaints: $(dmesg | grep -cE "WARNING|BUG:|Oops|rcu.*stall|nobody cared|I/O error|EXT4-fs error|Unable to handle")"'

# ---- login, ssh, apt, reboot ----
ifconfig lo 127.0.0.1 up
insmod /ldbt.ko || exit 1
chmod 600 /key
mkfifo /tmp/keyboard
exec 8<>/tmp/keyboard
start
console "boots to a login" 'ldbt login:'
reach && yes_ "ssh answers (after $(($(uptime_s) - began)) s)" || no_ "ssh does not answer"
there 'uname -rm; cat /etc/debian_version' >/tmp/ssh
expect "ssh through a forwarded port" "riscv64" /tmp/ssh
expect "Debian 13" "^13" /tmp/ssh
there "$healthy" >/tmp/health
expect "systemd: all units run" "^running" /tmp/health
expect "no complaint of the kernel" "^complaints: 0" /tmp/health
head -c 1000000 /dev/urandom >/tmp/random
is "ssh: a megabyte there and back" "$(there 'tee /root/random' </tmp/random | md5sum)" "$(md5sum </tmp/random)"

# The same lines here and there: digests, and ciphers with a key given.
cat >/tmp/crypto <<'C'
for digest in md5 sha1 sha256 sha512 sha3-256 blake2b512 sm3; do
	echo "$digest $(openssl dgst -r -$digest </root/random)"
done
key=000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f
for cipher in aes-256-cbc aes-256-ctr chacha20 camellia-256-cbc aria-256-cbc; do
	echo "$cipher $(openssl enc -$cipher -K $key -iv 0f0e0d0c0b0a09080706050403020100 </root/random | openssl dgst -r -sha256)"
done
C
mkdir -p /root && cp /tmp/random /root/random
sh /tmp/crypto >/tmp/here 2>/dev/null
there sh -s </tmp/crypto >/tmp/there 2>/dev/null
is "openssl: lines with a result" "$(grep -c ' [0-9a-f]\{32,\} \*stdin$' /tmp/here)" 12
is "openssl: digests and ciphers as on the host" "$(cat /tmp/there)" "$(cat /tmp/here)"

there sh -s >/tmp/apt 2>&1 <<'C'
mkdir -p /mnt/repo && mount -o ro /dev/vdb /mnt/repo
mv /etc/apt/sources.list /etc/apt/sources.list.off
echo 'deb [trusted=yes] file:/mnt/repo ./' >/etc/apt/sources.list.d/repo.list
export DEBIAN_FRONTEND=noninteractive
apt-get -q update && apt-get -q -y install hello bc && echo "apt: done"
C
expect "apt-get update and install from the second disk" "^apt: done" /tmp/apt
there 'hello; echo "2^200 % 1000007" | bc; dpkg -s bc hello libreadline8t64 | grep -c "^Status: install ok installed"' >/tmp/run
expect "a program that apt installed" "^Hello, world!" /tmp/run
# 2^200 mod 1000007, by square and multiply
n=1 i=0
while [ $i -lt 200 ]; do n=$((n * 2 % 1000007)) i=$((i + 1)); done
expect "a program with a library that apt installed" "^$n\$" /tmp/run
expect "dpkg knows of them and of what they need" "^3\$" /tmp/run

type_ root
console "asks for the password" 'Password:'
type_ ldbt
shows 'root@ldbt:' # until the shell reads
type_ 'echo "console: $(id -un) on $(tty)"'
console "login on the console" 'console: root on /dev/ttyS0'

id=$(there cat /proc/sys/kernel/random/boot_id)
there systemctl reboot
console "reboot leads to a login again" 'ldbt login:' 2
reach
[ "$(there cat /proc/sys/kernel/random/boot_id)" != "$id" ] && yes_ "that was another boot" || no_ "the same boot"
is "what apt installed is still there" "$(there hello)" "Hello, world!"

# ---- killed while it writes ----
there sh -s >/tmp/synced 2>/dev/null <<'C' &
cd /var/tmp || exit
(while :; do dd if=/dev/urandom of=noise bs=64k count=200 2>/dev/null; rm noise; done) &
i=0
while :; do
	seq $i $((i + 3000)) | dd of=f$i bs=64k conv=fsync 2>/dev/null && echo "synced $i"
	i=$((i + 1))
done
C
limit=$(($(uptime_s) + seconds))
until grep -q "synced 20" /tmp/synced || [ "$(uptime_s)" -gt $limit ]; do sleep 0.3; done
kill -KILL $ctl
wait
last=$(sed -n 's/^synced \([0-9]*\)$/\1/p' /tmp/synced | tail -n 1)
[ "${last:-0}" -ge 20 ] && yes_ "killed after $last files were synced" || no_ "only ${last:-0} files were synced"
# The replay; behind it -p takes the file system's sums from those of the groups, which alone ext4 keeps in the journal, and says "clean".
e2fsck -p /dev/vda >/tmp/fsck 2>&1
expect "the journal's replay leads to a clean file system" ": clean, " /tmp/fsck
e2fsck -fn /dev/vda >/tmp/fsck 2>&1 && yes_ "after the journal's replay e2fsck finds nothing" || { no_ "after the journal's replay e2fsck finds:"; cat /tmp/fsck; }
i=0 whole=0
while [ $i -le "${last:-0}" ]; do
	debugfs -R "dump /var/tmp/f$i /tmp/f" /dev/vda 2>/dev/null
	seq $i $((i + 3000)) | cmp -s - /tmp/f && whole=$((whole + 1))
	rm -f /tmp/f
	i=$((i + 1))
done
is "every synced file is whole" $whole $i

# ---- once more, and off ----
start
console "boots after the kill" 'ldbt login:'
reach
there "$healthy" >/tmp/health
expect "systemd: all units run after the kill" "^running" /tmp/health
expect "no complaint of the kernel after the kill" "^complaints: 0" /tmp/health
is "what apt installed is still there after the kill" "$(there hello)" "Hello, world!"
there systemctl poweroff
ended "poweroff ends ldbtctl" 0
e2fsck -fn /dev/vda >/tmp/fsck 2>&1 && yes_ "a clean file system after poweroff" || { no_ "after poweroff:"; cat /tmp/fsck; }
rmmod ldbt && yes_ "rmmod" || no_ "rmmod"
echo "debian: $passed passed, $failed failed, 0 skipped"
[ $failed -eq 0 ] && [ $passed -gt 0 ]
