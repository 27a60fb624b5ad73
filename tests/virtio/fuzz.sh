#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Runs the fuzzers: the same inputs each time (a seed), or for some seconds with what was found before. Messages of devices go to
# a log. Usage: fuzz.sh FOLDER runs|SECONDS
folder=$1 passed=0 failed=0
declare -A runs=([virtq]=100000 [relay]=60000 [mmio]=10000 [p9]=6000)
for name in virtq relay mmio p9; do
	mkdir -p "$folder/$name.corpus" "$folder/found"
	options=(-seed=1 -runs="${runs[$name]}" -max_len=600)
	[ "$2" = runs ] || options=(-max_total_time="$2" -max_len=2000 "$folder/$name.corpus")
	if "$folder/fuzz_$name" -artifact_prefix="$folder/found/$name-" -timeout=20 -rss_limit_mb=3000 "${options[@]}" >"$folder/$name.log" 2>&1 &&
		grep -q "^Done [1-9]" "$folder/$name.log"; then
		echo "$name: $(grep "^Done" "$folder/$name.log")"
		passed=$((passed + 1))
	else
		echo "FAIL: $name; the input is in $folder/found:"
		grep -v "^ldbtctl: virtio" "$folder/$name.log" | tail -n 40
		failed=$((failed + 1))
	fi
done
echo "virtio-fuzz: $passed passed, $failed failed, 0 skipped"
[ $failed -eq 0 ]
