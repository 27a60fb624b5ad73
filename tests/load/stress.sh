# SPDX-License-Identifier: GPL-2.0-only
# In the guest: each stressor of stress-ng for SECONDS, its results verified. Usage: stress.sh SECONDS [STRESSOR]...
seconds=$1
shift
[ $# -gt 0 ] || set -- cpu vm fork signal timer fp atomic
passed=0 failed=0
for stressor in "$@"; do
	start=$(cut -d. -f1 /proc/uptime)
	stress-ng "--$stressor" 1 --vm-bytes 64m --verify --timeout "${seconds}s" --metrics-brief --temp-path /tmp >/tmp/out 2>&1
	status=$?
	took=$(($(cut -d. -f1 /proc/uptime) - start))
	ops=$(awk -v name="$stressor" '$3 == "metrc:" || /metrc/ { for (i = 1; i < NF; i++) if ($i == name) print $(i + 1) }' /tmp/out | head -n 1)
	if [ $status -eq 0 ] && grep -q 'passed: 1:' /tmp/out && grep -q 'failed: 0' /tmp/out && ! grep -q 'fail:' /tmp/out; then
		passed=$((passed + 1))
		echo "stress-ng --$stressor 1 --verify: passed, ${ops:-?} operations in $took s"
	else
		failed=$((failed + 1))
		echo "FAIL: stress-ng --$stressor 1 --verify: status $status after $took s"
		tail -n 30 /tmp/out
	fi
done
echo "stress: $passed passed, $failed failed, 0 skipped"
[ $failed -eq 0 ] && [ $passed -gt 0 ]
