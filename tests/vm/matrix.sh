#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# `make check-matrix`: the module on every kernel in many set-ups of the machine, 100 load cycles in each. Hours, so by hand.
# MATRIX='6.1-* bochs-*' selects cells by shell patterns (default: all), MATRIX=list lists them; CYCLES (100), SEED (1), MACHINES (300 in each
# round of the growth tests, in the cells pti-on and poison), JOBS (1: cells at a time; each keeps about one processor busy).
# One line for each cell as it ends, last line "matrix: N passed, N failed, N skipped"; logs are below $O/matrix.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
logs=$O/matrix
cycles=${CYCLES:-100} seed=${SEED:-1}
cells=()
passed=0 failed=0
jobs=${JOBS:-1}

# Rows: name, then options of tests/vm/run. Every kernel gets each of them.
setups=(
	'pti-on    --smp 2 --append pti=on'
	'pti-off   --smp 2 --append pti=off'
	'smp1      --smp 1'
	'smp4      --smp 4'
	'nokaslr   --smp 2 --append nokaslr'
	'la57-off  --smp 2 --cpu max,-la57'
	'fsgs-off  --smp 2 --cpu max,-fsgsbase'
	'smap-off  --smp 2 --cpu max,-smap,-smep,-pku,-umip'
	'poison    --smp 2 --append slub_debug=FZPU --append page_poison=1 --append init_on_alloc=0 --append kfence.sample_interval=1'
)

# Every instruction of a stay hit, and the mitigations at the border: by the emulator's debugger, so in machines of their own.
debugger_setups=(
	'struck    strike --append pti=on'
	'struck-intel strike --append pti=off --cpu Skylake-Client --vendor Intel --every 5'
	'border    border'
)

# The processor that keeps global entries and has PCIDs; only what no other emulator can show: the isolation.
# hostile: guests that try all addresses beside a kernel whose entries stay in the TLB, at the places that they know (no kaslr).
bochs_setups=(
	'pti-on    --append pti=on'
	'pti-off   --append pti=off'
	'hostile   --append pti=off --append nokaslr'
)

wanted() {
	local pattern
	set -f
	for pattern in ${MATRIX:-*}; do
		# shellcheck disable=SC2053
		[[ $1 != $pattern ]] || { set +f; return 0; }
	done
	set +f
	return 1
}

# add_cells PREFIX SETUP...: those that were asked for, as "NAME OPTIONS".
add_cells() {
	local prefix=$1 setup
	shift
	for setup in "$@"; do
		if [ "${MATRIX:-}" = list ]; then
			echo "$prefix-${setup%% *}"
		elif wanted "$prefix-${setup%% *}"; then
			cells+=("$prefix-$setup")
		fi
	done
}

# build KERNEL: both modules, once.
build() {
	[ ! -e "$logs/built-$1" ] || return 0
	"$vm_dir/build-module" --kernel "$1" --source "$O/seal" && "$vm_dir/build-module" --kernel "$1" && : >"$logs/built-$1"
}

# cell_qemu NAME KERNEL OPTION...: what a cell's machine runs, for QEMU.
cell_qemu() {
	local name=$1 kernel=$2 guests=() probe machines=0
	shift 2
	case $name in *-pti-on | *-poison) machines=${MACHINES:-300} ;; esac
	for probe in traps smc csrs sweep vsweep vtables vstorm; do
		guests+=("/hostile/$probe.elf")
	done
	"$vm_dir/run" --kernel "$kernel" --timeout 3600 --mem 1024 --log "$logs/$name.kernel.log" "$@" \
		--file "$O/tests/api/api:/api" --file "$O/guests:/guests" --file "$O/hostile:/hostile" --file "$O/$kernel/ldbt_seal.ko:/seal.ko" \
		--file "$vm_dir/matrix_inside.sh:/matrix_inside.sh" -- sh /matrix_inside.sh "$cycles" "$seed" "$machines" "${guests[@]}"
}

# cell_debugger KERNEL PROGRAM OPTION...
cell_debugger() {
	local kernel=$1 program=$2
	shift 2
	python3 -B "$top/tests/seal/$program.py" "$kernel" "$O/$kernel/ldbt_seal.ko" "$@" | sed -E 's/^(strike|border): ([0-9]+ passed)/inside: \2/'
	[ "${PIPESTATUS[0]}" -eq 0 ]
}

# cell_hostile OPTION...: hostile guests in Bochs; each has its own checks.
cell_hostile() {
	"$vm_dir/run" --emulator bochs --bare --timeout 3600 --log "$logs/bochs-hostile.kernel.log" "$@" --file "$O/6.1/ldbt.ko:/ldbt.ko" --file "$O/ldbtctl" \
		--file "$O/hostile:/hostile" -- 'insmod /ldbt.ko || exit 1; p=0 f=0
		for probe in traps smc csrs sweep vsweep vtables vstorm; do
			ldbtctl run /hostile/$probe.elf >/tmp/out 2>&1 </dev/null && grep -q "[1-9][0-9]* checks, 0 wrong: PASS" /tmp/out && { p=$((p + 1)); continue; }
			f=$((f + 1)); echo "FAIL: $probe"; tail -n 20 /tmp/out
		done
		rmmod ldbt || { f=$((f + 1)); echo "FAIL: rmmod"; }
		echo "inside: $p passed, $f failed"; [ $f -eq 0 ]'
}

cell_bochs() {
	local name=$1
	shift
	"$vm_dir/run" --emulator bochs --bare --timeout 3600 --log "$logs/$name.kernel.log" "$@" --file "$O/6.1/ldbt_seal.ko:/seal.ko" -- \
		'insmod /seal.ko views=roots stays=200 doors=2000 steps=500 seconds=1; status=$?; dmesg | grep "seal: " | sed "s/.*seal: \([0-9]\)/inside: \1/"; exit $status'
}

# run_cell NAME OPTION...: prints the cell's line, and leaves its counts in a file.
run_cell() {
	local name=$1 kernel=${1%%-*} start_s=$SECONDS status=0 p=0 f=0
	shift
	case $name in
	bochs-hostile) cell_hostile "$@" ;;
	bochs-*) cell_bochs "$name" "$@" ;;
	*-struck* | *-border) cell_debugger "$kernel" "$@" ;;
	*) cell_qemu "$name" "$kernel" "$@" ;;
	esac >"$logs/$name.log" 2>&1 || status=$?
	read -r p f < <(sed -nE 's/^inside: ([0-9]+) passed, ([0-9]+) failed.*/\1 \2/p' "$logs/$name.log" | tail -n 1) || f=1
	[ "$status" -eq 0 ] || [ "$f" -gt 0 ] || f=1
	[ $((p + f)) -gt 0 ] || f=1
	printf '%-18s %4d passed, %d failed, status %d (%d s)\n' "$name" "$p" "$f" "$status" $((SECONDS - start_s))
	[ "$f" -eq 0 ] || grep -aE 'FAIL|WRONG|^run:' "$logs/$name.log" | head -n 10 | sed 's/^/   | /'
	echo "${p:-0} $f" >"$logs/$name.counts"
}

# kernel_of CELL: whose module it takes.
kernel_of() {
	case $1 in bochs-*) echo 6.1 ;; *) echo "${1%%-*}" ;; esac
}

for kernel in 6.1 6.12 sid; do
	add_cells "$kernel" "${setups[@]}" "${debugger_setups[@]}"
done
add_cells bochs "${bochs_setups[@]}"
[ "${MATRIX:-}" != list ] || exit 0
[ ${#cells[@]} -gt 0 ] || die "no cell is called '$MATRIX'; MATRIX=list names them"
mkdir -p "$logs"
rm -f "$logs"/built-* "$logs"/*.counts
echo "matrix: ${#cells[@]} cells, $cycles load cycles each, seed $seed; logs below $logs"
for cell in "${cells[@]}"; do
	build "$(kernel_of "$cell")" >"$logs/build.log" 2>&1 || { tail -n 20 "$logs/build.log"; die "the modules cannot be built"; }
	[ "$(jobs -rp | wc -l)" -lt "$jobs" ] || wait -n
	# shellcheck disable=SC2086
	run_cell $cell &
done
wait
for cell in "${cells[@]}"; do
	# A cell without counts was ended.
	read -r p f <"$logs/${cell%% *}.counts" || { p=0 f=1; }
	passed=$((passed + p)) failed=$((failed + f))
done
echo "matrix: $passed passed, $failed failed, 0 skipped"
[ "$failed" -eq 0 ]
