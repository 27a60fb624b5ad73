#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Files at most 600 lines, functions at most 70 lines (from its name at column 0 to the closing brace at column 0).
# Tables of data are exempt from the function limit, since they are no functions.
cd "$(dirname "$0")/../.." || exit 1
passed=0 failed=0
for file in $(git ls-files | grep -E '\.[chS]$|\.py$|\.sh$|\.rules$|\.isa$'); do
	lines=$(wc -l <"$file")
	if [ "$lines" -gt 600 ]; then echo "size: $file has $lines lines, at most 600: split it by nouns"; failed=$((failed + 1)); else passed=$((passed + 1)); fi
done
for file in $(git ls-files | grep -E '\.c$'); do
	long=$(awk '/^[a-z].*\(.*[^;]$/ && !/=/ { name=$0; start=NR } /^{/ && name { open=NR } /^}/ && open { if (NR-open > 70) print FILENAME ":" start ": " NR-open " lines: " name; open=0; name="" }' "$file")
	if [ -n "$long" ]; then echo "size: function over 70 lines: $long"; failed=$((failed + 1)); else passed=$((passed + 1)); fi
done
echo "size: $passed passed, $failed failed, 0 skipped"
[ "$failed" -eq 0 ]
