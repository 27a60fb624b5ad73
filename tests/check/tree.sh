#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# A clean tree: licence line on every source, no white-space damage, no generated or large files, formatting.
cd "$(dirname "$0")/../.." || exit 1
passed=0 failed=0
say() { echo "tree: $*"; failed=$((failed + 1)); }
ok() { passed=$((passed + 1)); }
for file in $(git ls-files); do
	bad=0
	case $file in
	*.c | *.h | *.S | *.py | *.sh | *.mk | Makefile | *.bats)
		head -n 3 "$file" | grep -q 'SPDX-License-Identifier: GPL-2.0' || { say "$file: no SPDX line in its first three lines"; bad=1; } ;;
	esac
	case $file in
	*.c | *.h | *.S | *.sh | *.py | *.mk | *.isa | *.rules)
		grep -nE '[[:space:]]+$' "$file" >/dev/null && { say "$file: white space at the end of a line"; bad=1; }
		grep -nwE 'TODO|FIXME|XXX' "$file" | grep -v 'tests/check/tree.sh' >/dev/null && { say "$file: holds a TODO, FIXME or XXX"; bad=1; } ;;
	esac
	[ "$(stat -c %s "$file")" -le 262144 ] || { say "$file: over 256 KiB, generated or large files stay out"; bad=1; }
	[ "$bad" -ne 0 ] || ok
done
if command -v clang-format >/dev/null; then
	for file in $(git ls-files | grep -E '\.[ch]$'); do
		if clang-format --dry-run -Werror "$file" >/dev/null 2>&1; then ok; else say "$file: not formatted; run make format"; fi
	done
fi
echo "tree: $passed passed, $failed failed, 0 skipped"
[ "$failed" -eq 0 ]
