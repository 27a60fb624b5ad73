#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# What goes into the module calls nothing but itself, the mem functions and strcmp: compiled without SSE and linked as one
# object, it must have no other undefined symbol (a 128-bit division, say, would be __udivti3 of libgcc).
# Usage: freestanding.sh O SOURCE...
set -u
out=$1
dir=$out/tests/isa/freestanding
shift
mkdir -p "$dir"
passed=0 failed=0
objects=()
for source in "$@"; do
	object=$dir/$(tr / - <<<"${source#"$out"/}").o
	if gcc -std=gnu11 -O2 -DNDEBUG -ffreestanding -mno-red-zone -mgeneral-regs-only -Wall -Wextra -Werror \
		-Wdeclaration-after-statement -Wvla -Itranslator -I"$out/gen" -c "$source" -o "$object"; then
		passed=$((passed + 1))
		objects+=("$object")
	else
		failed=$((failed + 1))
	fi
done
ld -r -o "$dir/all.o" "${objects[@]}" || failed=$((failed + 1))
for symbol in $(nm -u "$dir/all.o" | awk '{ print $2 }'); do
	case $symbol in
	memcpy | memset | memmove | memcmp | strcmp) passed=$((passed + 1)) ;;
	*)
		echo "freestanding: $symbol is not there in the kernel or the monitor"
		failed=$((failed + 1))
		;;
	esac
done
echo "freestanding: $passed passed, $failed failed, 0 skipped"
[ "$failed" -eq 0 ]
