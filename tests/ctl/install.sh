#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# make install into a folder; then what was installed, in the test machine with Debian's udev. Usage: install.sh MAKE BUILD
set -eu
here=$(realpath "$(dirname "$0")")
make=$1
export O=$2
destination=$(realpath "$O")/tests/ctl/destination
udev=${LDBT_CACHE:-$HOME/.cache/ldbt}/udev
rm -rf "$destination"
$make install DESTDIR="$destination"

# Unpacked, not installed.
if [ ! -x "$udev/root/bin/udevadm" ]; then
	mkdir -p "$udev"
	(cd "$udev" && apt-get download -qq udev && dpkg -x udev_*.deb root)
fi
cat >"$O/tests/ctl/files.wanted" <<'TEXT'
-rw-r--r-- lib/modules/RELEASE/extra/ldbt.ko
-rw-r--r-- usr/lib/sysusers.d/ldbt.conf
-rw-r--r-- usr/lib/udev/rules.d/60-ldbt.rules
-rwxr-xr-x usr/sbin/ldbtctl
-rw-r--r-- usr/share/man/man1/ldbtctl.1
TEXT
find "$destination" -type f -printf '%M %P\n' | sed 's|lib/modules/[^/]*|lib/modules/RELEASE|' | LC_ALL=C sort -k2 >"$O/tests/ctl/files"
if diff -u "$O/tests/ctl/files.wanted" "$O/tests/ctl/files"; then files=1; else files=0; fi
exec "$here/../vm/run" --bare --timeout 120 --file "$destination/lib/modules:/lib/modules" \
	--file "$destination/usr/sbin/ldbtctl:/usr/sbin/ldbtctl" --file "$destination/usr/lib/udev:/usr/lib/udev" \
	--file "$udev/root/bin/udevadm:/usr/bin/udevadm" --file "$O/guests/hello.elf" --file "$here/in_installed.sh" \
	-- sh /in_installed.sh $files
