#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Tests of ldbtctl with the module, in the test machine. Usage: machine.sh BUILD [option of tests/vm/run]...
set -eu
export O=$1
here=$(dirname "$0")
shift
exec "$here/../vm/run" --smp 2 --timeout 1200 "$@" --file "$O/tests/ctl/in_pty" --file "$O/tests/ctl/tohost.elf" \
	--file "$O/tests/ctl/keys.elf:/guests/keys.elf" --file /usr/bin/setpriv:/setpriv --file "$here/in_machine.sh" -- sh /in_machine.sh
