#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# What make install placed, at work: modprobe, udev, ldbtctl. Runs in the test machine. $1: 1 if the right files were placed.
passed=0 failed=0

# check NAME COMMAND...: its status is 0
check() {
	name=$1
	shift
	if "$@" >/tmp/out 2>&1; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "FAIL: $name: $*:"
		tail -n 5 /tmp/out
	fi
}
device_is() { [ "$(stat -c '%a %U %G' /dev/ldbt)" = "$1" ]; }

check "files and modes" [ "$1" = 1 ]
ln -s udevadm /usr/bin/systemd-udevd
/usr/bin/systemd-udevd --daemon 2>/tmp/udevd || { cat /tmp/udevd; exit 1; }
check "modprobe" modprobe ldbt
check "udev settles" udevadm settle --timeout=30
check "the rule gives the device to its group" device_is "660 root ldbt"
check "a guest runs" ldbtctl run /hello.elf
check "doctor finds the device as it should be" sh -c 'ldbtctl doctor | grep "^ok *device .*mode 0660, group ldbt"'
check "doctor finds nothing in the way" ldbtctl doctor
check "modprobe -r" modprobe -r ldbt
check "doctor says installed, not loaded" sh -c 'ldbtctl doctor | grep "^no *module *ldbt is installed but not loaded"'
udevadm control --exit
echo "ctl-install: $passed passed, $failed failed, 0 skipped"
[ $failed -eq 0 ]
