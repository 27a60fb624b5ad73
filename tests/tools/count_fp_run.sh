#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# count_fp_run.sh: as count_run.sh, with programs that compute in floating point. docs/PINS.md says which packages.
# usage: count_fp_run.sh ROOT PLUGIN.so OUTDIR
set -eu
root=$1 plugin=$2 out=$3
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$out"

run() { # name program arguments...
	name=$1 program=$2
	shift 2
	rm -f "$out/$name.txt"
	qemu-riscv64 -L "$root" -E "LD_LIBRARY_PATH=$root/usr/lib/riscv64-linux-gnu" \
		-plugin "$plugin,out=$out/$name.txt" "$root/usr/bin/$program" "$@" \
		> "$work/$name.out" 2> "$work/$name.err" < /dev/null || echo "count_fp_run: $name ended with $?" >&2
	test -s "$out/$name.txt" || echo "count_fp_run: $name wrote no counts" >&2
}

# two seconds of two tones and noise; a bitmap with round shapes
python3 - "$work" <<'END'
import math, random, struct, sys
random.seed(1)
n = 88200
wave = b"".join(struct.pack("<hh", int(9000 * math.sin(i * .05) + random.randint(-900, 900)), int(9000 * math.sin(i * .071)))
                for i in range(n))
with open(sys.argv[1] + "/a.wav", "wb") as f:
    f.write(b"RIFF" + struct.pack("<I", 36 + len(wave)) + b"WAVEfmt " + struct.pack("<IHHIIHH", 16, 1, 2, 44100, 176400, 4, 16)
            + b"data" + struct.pack("<I", len(wave)) + wave)
w = 600
with open(sys.argv[1] + "/a.pbm", "w") as f:
    f.write(f"P1\n{w} {w}\n")
    for y in range(w):
        f.write(" ".join("1" if math.sin(x * .05) * math.cos(y * .07) > .2 else "0" for x in range(w)) + "\n")
END
cat > "$work/a.pov" <<'END'
#version 3.7;
global_settings { assumed_gamma 1 }
camera { location <0, 3, -6> look_at 0 }
light_source { <5, 9, -7> rgb 1 }
plane { y, -1 pigment { checker rgb 1 rgb .2 } finish { reflection .2 } }
#declare i = 0;
#while (i < 30) sphere { <3 * sin(i), .2 * mod(i, 5), 3 * cos(i)>, .5 pigment { marble color_map { [0 rgb <1, .2, .3>] [1 rgb 1] } } finish { phong .8 reflection .3 } } #declare i = i + 1; #end
torus { 1.2, .3 pigment { rgb <.2, .5, 1> } normal { bumps .4 scale .2 } }
END
cat > "$work/a.mod" <<'END'
param n := 14; set I := 1..n; set J := 1..n;
param c{i in I, j in J} := (i * 7919 + j * 104729) mod 97 + 1;
param a{i in I} := 10 + (i * 37) mod 23; param b{j in J} := 5 + (j * 53) mod 11;
var x{I, J} >= 0; var y{I} binary;
minimize z: sum{i in I, j in J} c[i, j] * x[i, j] + sum{i in I} 200 * y[i];
s.t. supply{i in I}: sum{j in J} x[i, j] <= a[i] * y[i];
s.t. demand{j in J}: sum{i in I} x[i, j] >= b[j];
solve; end;
END
cat > "$work/a.lua" <<'END'
local n, count = 150, 0
for y = 0, n - 1 do for x = 0, n - 1 do
	local cr, ci, zr, zi, k = 2 * x / n - 1.5, 2 * y / n - 1, 0, 0, 0
	while k < 50 and zr * zr + zi * zi < 4 do zr, zi = zr * zr - zi * zi + cr, 2 * zr * zi + ci k = k + 1 end
	count = count + k end end
local s = 0 for i = 1, 100000 do s = s + math.sin(i) * math.sqrt(i) / (1 + math.exp(-i * .001)) end print(count, s)
END
cat > "$work/a.py" <<'END'
import math
bodies = [[math.sin(i), math.cos(i), i * .1, 0., 0., 0., 1 + i * .01] for i in range(5)]
for step in range(1500):
    for i, a in enumerate(bodies):
        for b in bodies[:i]:
            d = [a[k] - b[k] for k in range(3)]
            f = .001 / (d[0] * d[0] + d[1] * d[1] + d[2] * d[2] + .01) ** 1.5
            for k in range(3):
                a[k + 3] -= d[k] * b[6] * f
                b[k + 3] += d[k] * a[6] * f
    for a in bodies:
        for k in range(3):
            a[k] += .001 * a[k + 3]
print(bodies[0], sum(float(str(x * .37)) for x in range(20000)))
END
cat > "$work/a.pl" <<'END'
my $s = 0; for my $i (1 .. 200000) { $s += sin($i) * sqrt($i) / (1 + $i * 0.5); } printf "%.9f\n", $s;
my @a = map { $_ * 0.7 % 13 + $_ / 7 } 1 .. 30000; @a = sort { $a <=> $b } @a; print sprintf("%.3g", $a[77]) x 3, "\n";
END
cat > "$work/a.sql" <<'END'
create table t(a integer primary key, b real, c integer);
with recursive n(i) as (select 1 union all select i + 1 from n where i < 20000) insert into t select i, i * 0.37 / (1 + i % 13), i % 97 from n;
select c, avg(b), total(b * b), max(round(b, 2)) from t group by c order by 2 desc limit 9; select sum(b * 1.5 > a) from t;
END

run povray povray "+I$work/a.pov" "+O$work/a.png" +W160 +H120 -D +WT1
run oggenc oggenc -Q -o "$work/a.ogg" "$work/a.wav"
run lame lame --quiet "$work/a.wav" "$work/a.mp3"
run glpsol glpsol -m "$work/a.mod"
run potrace potrace -s -o "$work/a.svg" "$work/a.pbm"
run fplua lua5.4 "$work/a.lua"
run fpmawk mawk 'BEGIN { for (i = 1; i < 400000; i++) { s += sin(i) * i / (i + 3.5); t = t * 0.999 + int(s) % 7 } print s, t }'
run fppython python3.13 -S -E "$work/a.py"
run fpperl perl "$work/a.pl"
run fpsqlite sqlite3 -init "$work/a.sql" :memory: .quit
