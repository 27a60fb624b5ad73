#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# count_run.sh: runs a fixed list of Debian's riscv64 programs under qemu-riscv64 with count_plugin.c and leaves one
# count file per program. docs/PINS.md says which packages to unpack into ROOT.
# usage: count_run.sh ROOT PLUGIN.so OUTDIR
set -eu
root=$1 plugin=$2 out=$3
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$out"
sample=$work/sample.txt

# about 1 MB of text and of machine code that every installation of these packages has
cat "$root"/usr/lib/python3.13/*.py | head -c 1000000 > "$sample"
head -c 600000 "$root/usr/bin/bash" > "$work/sample.bin"

run() { # name program arguments...
	name=$1 program=$2
	shift 2
	rm -f "$out/$name.txt"
	qemu-riscv64 -L "$root" -plugin "$plugin,out=$out/$name.txt" "$root/usr/$program" "$@" \
		> "$work/$name.out" 2> "$work/$name.err" < "$sample" || echo "count_run: $name ended with $?" >&2
	test -s "$out/$name.txt" || echo "count_run: $name wrote no counts" >&2
}

cat > "$work/a.sh" <<'END'
i=0; s=; while [ $i -lt 4000 ]; do i=$((i + 1)); s=${s#x}$i; case $s in *77*) s=x;; esac; done; echo "$i"
f() { local n=$1; if [ "$n" -gt 1 ]; then f $((n - 1)); fi; }
i=0; while [ $i -lt 40 ]; do i=$((i + 1)); f 50; done
END
cat > "$work/a.lua" <<'END'
local t = {} for i = 1, 60000 do t[i] = (i * 7919) % 65521 end table.sort(t)
local words = {} for i = 1, 20000 do words[#words + 1] = string.format("%d:%s", i, ("k"):rep(i % 9)) end
local s = table.concat(words, ",") local n = 0 for w in s:gmatch("%d+:k+") do n = n + #w end print(n, #s:gsub("k", "j"))
END
cat > "$work/a.py" <<'END'
import re, json
words = {}
for line in open(0):
    for word in re.findall(r"[A-Za-z_]+", line):
        words[word] = words.get(word, 0) + 1
print(len(json.dumps(sorted(words.items(), key=lambda kv: (-kv[1], kv[0])))))
class Node:
    def __init__(self, n): self.kids = [Node(n - 1) for _ in range(3)] if n else []
    def size(self): return 1 + sum(kid.size() for kid in self.kids)
print(Node(8).size(), sum(i * i % 7 for i in range(100000)))
END
cat > "$work/a.pl" <<'END'
my %n; while (<STDIN>) { $n{lc $1}++ while /(\w+)/g; tr/a-z/b-za/; } my @k = sort { $n{$b} <=> $n{$a} || $a cmp $b } keys %n;
print scalar(@k), "\n"; my $s = 0; for my $i (1 .. 200000) { $s = ($s * 31 + $i) & 0xffff } print "$s\n";
END
cat > "$work/a.sql" <<'END'
create table t(a integer primary key, b text, c integer);
with recursive n(i) as (select 1 union all select i + 1 from n where i < 20000)
insert into t select i, 'row' || (i * 7919 % 10007), i % 97 from n;
create index tb on t(b); select c, count(*), max(b) from t group by c order by 2 desc, 1 limit 5;
select count(*) from t x join t y on x.b = y.b where x.a < y.a;
END
cat > "$work/a.c" <<'END'
#define R(n) int f##n(int *p, int k, unsigned long m) { int s = 0; for (int i = 0; i < k; i++) { switch (p[i] & 7) { \
	case 0: s += p[i]; break; case 1: s ^= n; break; case 2: s -= p[k - i]; break; case 5: s = s * 31 + (m >> i); break; \
	default: s |= i; } p[i] = s; } return s; }
R(1) R(2) R(3) R(4) R(5) R(6) R(7) R(8) R(9) R(10) R(11) R(12) R(13) R(14) R(15) R(16) R(17) R(18) R(19) R(20)
END

run dash bin/dash "$work/a.sh"
run bash bin/bash "$work/a.sh"
run gzip bin/gzip -6 -c "$sample"
run gunzip bin/gzip -d -c "$root/usr/share/doc/bash/changelog.gz"
run xz bin/xz -3 -c "$work/sample.bin"
run bzip2 bin/bzip2 -c "$work/sample.bin"
run zstd bin/zstd -9 --single-thread -c "$sample"
run sort bin/sort "$sample"
run wc bin/wc "$sample"
run sha256sum bin/sha256sum "$sample"
run openssl bin/openssl enc -aes-256-cbc -pbkdf2 -iter 2000 -pass pass:x -in "$sample" -out "$work/enc"
run rsa bin/openssl genrsa -rand "$sample" 1024
run grep bin/grep -c -E 'def +[a-z_]+|class.*:$' "$sample"
run sed bin/sed -E 's/([a-z]+)_([a-z]+)/\2_\1/g' "$sample"
run mawk bin/mawk '{ for (i = 1; i <= NF; i++) n[$i]++ } END { for (w in n) if (n[w] > 50) print w, n[w] }' "$sample"
run lua bin/lua5.4 "$work/a.lua"
run perl bin/perl "$work/a.pl"
run python bin/python3.13 -S -E "$work/a.py"
run sqlite bin/sqlite3 -init "$work/a.sql" :memory: .quit
run cc1 libexec/gcc/riscv64-linux-gnu/14/cc1 -quiet -O2 "$work/a.c" -o "$work/a.s"
run ls bin/ls -lR "$root/usr/share"
