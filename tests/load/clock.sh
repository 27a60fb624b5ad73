#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The guest's clock beside the test machine's (clock.c). Usage: clock.sh SECONDS [OPTION OF run.sh]...; O is the build folder.
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
export O=${O:-build}
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
seconds=$1
echo "$seconds" >"$work/clock_seconds"
shift
"$here/run.sh" "$@" --seconds $((seconds + 3600)) --file "$work/clock_seconds" --file "$O/tests/load/clock" --host "$here/clock_beside.sh" --klog "$O/load-clock.kernel.log" clock_server.sh
