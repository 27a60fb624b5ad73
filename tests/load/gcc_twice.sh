#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Compares what Debian's gcc makes in a guest of ldbt and in qemu-system-riscv64 (gcc.sh). Usage: gcc_twice.sh; O is the build folder.
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
export O=${O:-build}
set -o pipefail
mkdir -p "$O/tests/load"
"$here/run.sh" --qemu gcc.sh | tr -d '\r' >"$O/tests/load/gcc.qemu" || { tail -n 20 "$O/tests/load/gcc.qemu"; exit 1; }
"$here/run.sh" --klog "$O/load-gcc.kernel.log" gcc.sh | sed -u 's/\r$//' | tee "$O/tests/load/gcc.ldbt"
status=${PIPESTATUS[0]} passed=0 failed=0
while read -r object; do
	if grep -qxF "$object" "$O/tests/load/gcc.ldbt"; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "FAIL: not so in the guest: $object"
	fi
done < <(grep ^object "$O/tests/load/gcc.qemu")
[ "$status" -eq 0 ] || { failed=$((failed + 1)); echo "FAIL: the guest ended with $status"; }
echo "gcc: $passed passed, $failed failed, 0 skipped"
[ "$failed" -eq 0 ] && [ "$passed" -gt 30 ]
