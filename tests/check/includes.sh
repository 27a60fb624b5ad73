#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Who may include whom (docs/ARCHITECTURE.md): arrows point one way, and headers have no cycles.
# Prints one line per offence and the summary line.
cd "$(dirname "$0")/../.." || exit 1
passed=0 failed=0
say() { echo "includes: $*"; failed=$((failed + 1)); }
ok() { passed=$((passed + 1)); }

# room, pattern of quoted includes it may use
allow() {
	local room=$1 pattern=$2 file line name
	for file in $(git ls-files "$room" | grep -E '\.[chS]$'); do
		bad=0
		while read -r name; do
			[ -n "$name" ] || continue
			dir=$(dirname "$file")
			if [ -f "$dir/$name" ]; then target=$(realpath --relative-to=. "$dir/$name")
			elif [ -f "$room/$name" ]; then target=$room/$name
			elif [ -f "translator/$name" ]; then target=translator/$name
			else target=gen/$name; fi
			grep -qE "^($pattern)" <<<"$target" || { say "$file includes \"$name\" ($target): $room may include only $pattern"; bad=1; }
		done < <(sed -nE 's/^#[[:space:]]*include[[:space:]]+"([^"]+)".*/\1/p' "$file")
		[ "$bad" -ne 0 ] || ok
	done
}
allow translator 'translator/|gen/'
allow rules 'rules/|gen/|translator/(rule|ruletests|port|abi|prim|prim_eval|insn|guest)\.h'
[ ! -d kmod ] || allow kmod 'kmod/|translator/|gen/'
[ ! -d userctl ] || allow userctl 'userctl/|kmod/uapi/ldbt.h'

# translator: only port.h may include system headers
for file in $(git ls-files translator | grep -E '\.[ch]$' | grep -v '^translator/port.h$'); do
	if grep -qE '^#[[:space:]]*include[[:space:]]+<' "$file"; then say "$file includes a system header: only translator/port.h may"; else ok; fi
	if [ "$file" != translator/abi.h ] && grep -q '__KERNEL__' "$file"; then say "$file tests __KERNEL__: only port.h (and abi.h for the two segments) may"; else ok; fi
done

# every header stands alone
for file in $(git ls-files translator rules | grep '\.h$'); do
	if gcc -std=gnu11 -fsyntax-only -Itranslator -Irules -I"${O:-build}/gen" -x c "$file" 2>/dev/null; then ok; else say "$file does not compile alone"; fi
done
echo "includes: $passed passed, $failed failed, 0 skipped"
[ "$failed" -eq 0 ]
