#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Many boots of Debian's kernel in one run of the test machine. Usage: boots.sh KERNEL BOOTS; O is the build folder.
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
O=${O:-build}
set -eu
"$here/../boot/image.sh" 13 "$O/guest-13.img"
# Two processors of the emulator agree on the TSC, and Linux believes it when told.
exec "$here/../vm/run" --kernel "$1" --smp 2 --mem 1536 --append tsc=reliable --timeout $((600 + $2 * 600)) \
	--file "$here/guests.sh" --file "$here/in_boots.sh" --file "$O/guest-13.img:/guest.img" -- sh /in_boots.sh "$2"
