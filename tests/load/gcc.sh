# SPDX-License-Identifier: GPL-2.0-only
# In the guest: Debian's gcc compiles Debian's lua5.4, each file with the flags of its package, links it and runs it. A line "object SUM NAME" for each
# file that was made; the same under another emulator must print the same lines.
mkdir -p /build && cd /build || exit 1
flags='-std=gnu99 -I/build -g -O2 -ffile-prefix-map=/build=. -fstack-protector-strong -Wformat -Werror=format-security -Wdate-time -D_FORTIFY_SOURCE=2 -Wall -DLUA_COMPAT_5_3 -DLUA_USE_LINUX'
# Debian's rules file makes this one.
echo '#define DEB_HOST_MULTIARCH "riscv64-linux-gnu"' >lua5.4-deb-multiarch.h
made=0 failed=0
for source in /source/src/*.c; do
	name=$(basename "$source" .c) SECONDS=0
	# shellcheck disable=SC2086
	if gcc $flags -c -o "$name.o" "$source"; then
		made=$((made + 1))
		echo "object $(sha256sum "$name.o" | cut -c1-64) $name.o"
		echo "  $SECONDS s"
	else
		failed=$((failed + 1))
		echo "FAIL: gcc: $source"
	fi
done
rm -f luac.o # has a main() of its own
gcc -o lua ./*.o -lm -ldl && echo "object $(sha256sum lua | cut -c1-64) lua" || failed=$((failed + 1))
sum=$(./lua -e 'local n, s = 0, "" for i = 1, 20000 do n = n + i % 7 s = i .. "" end print(n, s, 2^0.5, string.format("%a", math.pi))')
echo "lua: $sum"
[ "$sum" = $'59998\t20000\t1.4142135623731\t0x1.921fb54442d18p+1' ] || { failed=$((failed + 1)); echo "FAIL: what lua says"; }
echo "gcc: $made objects, $failed failed"
[ $failed -eq 0 ] && [ $made -gt 30 ]
