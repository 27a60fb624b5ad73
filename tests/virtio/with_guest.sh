# SPDX-License-Identifier: GPL-2.0-only
# Read by in_linux.sh and in_vhost.sh in the test machine: what passed and failed, and guests with a command.
passed=0 failed=0
yes_() { passed=$((passed + 1)); }
no_() { failed=$((failed + 1)); echo "FAIL: $*"; }
# expect NAME PATTERN FILE
expect() { grep -q -e "$2" "$3" && yes_ || { no_ "$1: no '$2' in:"; tail -n 40 "$3"; }; }

# guest OPTIONS...: runs /command there. One of its own in the ramdisk.
guest() {
	cp /initrd /tmp/initrd
	mkdir -p /tmp/more && cp /command /tmp/more/command
	(cd /tmp/more && echo command | cpio -o -H newc 2>/dev/null) >>/tmp/initrd
	ldbtctl run --mem=256 --timeout=1200 --initrd=/tmp/initrd --append="console=ttyS0 quiet" "$@" /guest.img
}
