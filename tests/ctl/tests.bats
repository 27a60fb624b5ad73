#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# ldbtctl without a module. CTL is the program, FAKE the same above a stand-in for the module's calls, ELFS has guests.

bats_require_minimum_version 1.5.0

hello() { echo "$ELFS/hello.elf"; }

fake() {	# guest, options
	FAKE_GUEST=$1 run timeout 300 "$FAKE" run "${@:2}"
}

refused() {	# expected text, arguments of run
	run "$CTL" run "${@:2}"
	[ "$status" -eq 125 ] || { echo "status $status: $output"; false; }
	[[ "$output" == *"$1"* ]] || { echo "found: $output"; false; }
}

# ---- commands and options ----

@test "--help and --version of every command" {
	for command in "" run mkimg stat doctor; do
		run "$CTL" $command --help
		[ "$status" -eq 0 ]
		[[ "$output" == Usage:* ]]
		run "$CTL" $command --version
		[ "$status" -eq 0 ]
		[[ "$output" == "ldbtctl "[0-9]* ]]
	done
}

@test "wrong commands and options are refused" {
	run "$CTL"
	[ "$status" -eq 2 ]
	[[ "$output" == *"expected a command"* ]]
	run "$CTL" fly
	[ "$status" -eq 2 ]
	[[ "$output" == *"unknown command: found 'fly', expected run, mkimg, stat or doctor"* ]]
	run "$CTL" --fly
	[ "$status" -eq 2 ]
	[[ "$output" == *"unknown option: found '--fly'"* ]]
	run "$CTL" stat --fly
	[ "$status" -eq 2 ]
	run "$CTL" stat 1 2
	[ "$status" -eq 2 ]
	[[ "$output" == *"expected at most one PID, found 2"* ]]
	run "$CTL" doctor --fly
	[ "$status" -eq 2 ]
	run "$CTL" doctor x
	[ "$status" -eq 2 ]
	[[ "$output" == *"expected no argument, found 'x'"* ]]
}

@test "wrong options of run are refused" {
	refused "unrecognized option" --fly "$(hello)"
	refused "--mem: found '0', expected 1M to" --mem=0 "$(hello)"
	refused "--mem: found '1T', expected" --mem=1T "$(hello)"
	refused "--mem: found '200G', expected" --mem=200G "$(hello)"
	refused "expected a multiple of 4096" --mem=2049K "$(hello)"
	refused "expected a multiple of 2 MiB with --hugetlb" --hugetlb --mem=3M "$(hello)"
	fake hello --hugetlb --mem=128G "$(hello)"
	[ "$status" -eq 125 ]
	[[ "$output" == *"free pages of 2 MiB, expected 65536 for the guest's memory"* ]]
	refused "--timeout: found '0', expected a number from 1 to" --timeout=0 "$(hello)"
	refused "--timeout: found '2x'" --timeout=2x "$(hello)"
	refused "--stat: found 'xml', expected json or text" --stat=xml "$(hello)"
	refused "expected one file to run, found 0"
	refused "expected one file to run, found 2" a b
	refused "found no symbol tohost, expected one for --tohost" --tohost "$(hello)"
}

# ---- files ----

damaged() {	# name, offset, bytes as printf takes them: a copy of hello.elf
	cp "$(hello)" "$BATS_TEST_TMPDIR/$1"
	printf "$3" | dd of="$BATS_TEST_TMPDIR/$1" bs=1 seek="$2" conv=notrunc status=none
	echo "$BATS_TEST_TMPDIR/$1"
}

@test "missing, special and oversized files are refused" {
	refused "No such file" "$BATS_TEST_TMPDIR/absent"
	refused "found a directory, expected a regular file" "$BATS_TEST_TMPDIR"
	refused "found a special file, expected a regular file" /dev/zero
	mkfifo "$BATS_TEST_TMPDIR/fifo"
	refused "found a special file" "$BATS_TEST_TMPDIR/fifo"
	truncate -s 2G "$BATS_TEST_TMPDIR/huge"
	refused "found 2147483648 bytes, expected at most 1073741824" "$BATS_TEST_TMPDIR/huge"
}

@test "truncated ELF files are refused" {
	: >"$BATS_TEST_TMPDIR/empty"
	refused "truncated: file has 0 bytes, expected an ELF header of 64" "$BATS_TEST_TMPDIR/empty"
	head -c 70 "$(hello)" >"$BATS_TEST_TMPDIR/headers"
	refused "truncated: file has 0x46 bytes, expected 1 program headers at 0x40" "$BATS_TEST_TMPDIR/headers"
	head -c 4200 "$(hello)" >"$BATS_TEST_TMPDIR/segment"
	refused "truncated: file has 0x1068 bytes, expected" "$BATS_TEST_TMPDIR/segment"
}

@test "foreign ELF files are refused" {
	refused "ELF machine: found 62, expected 243 (RISC-V)" "$CTL"
	refused "ELF class: found 1, expected 2" "$(damaged class 4 '\1')"
	refused "ELF byte order: found 2, expected 1" "$(damaged order 5 '\2')"
	refused "ELF type: found 3, expected 2" "$(damaged type 16 '\3')"
	refused "program header size: found 57, expected 56" "$(damaged phsize 54 '\71')"
	refused "found no segment to load" "$(damaged none 64 '\4')"
	refused "entry: found 0x80000001, expected an even address" "$(damaged odd 24 '\1')"
	refused "entry: found 0xff000080000000" "$(damaged far 30 '\377')"
	refused "expected a place in RAM [0x80000000, 0x80100000): see --mem" --mem=1 "$(hello)"
	refused "bytes in the file, expected at most its" "$(damaged memsz 104 '\1\0\0\0\0\0\0\0')"
}

@test "other formats are named and refused" {
	file=$BATS_TEST_TMPDIR/file
	known() {	# offset, magic, name
		truncate -s 0 "$file"
		truncate -s 4096 "$file"
		printf "$2" | dd of="$file" bs=1 seek="$1" conv=notrunc status=none
		refused "found $3, expected a riscv64 kernel" "$file"
	}
	known 56 'ARM\144' "a Linux Image for arm64"
	known 514 'HdrS' "a Linux kernel for x86"
	known 0 '\3757zXZ' "an xz file"
	known 0 '\2\41\114\30' "an lz4 file"
	known 0 'BZh' "a bzip2 file"
	known 0 '070701' "a cpio archive"
	known 0 'QFI\373' "a qcow2 disk image"
	known 0 'MZ' "an EFI program"
	known 0 '#!' "a script"
	head -c 100 /dev/zero >"$file"
	refused "found magic 00 00 00 00, expected 7f 45 4c 46" "$file"
}

# ---- device tree ----

@test "the device tree satisfies dtc and says what the board has" {
	"$CTL" run --dump-dtb="$BATS_TEST_TMPDIR/dtb" --mem=256 --append="console=ttyS0 quiet" "$(hello)"
	run --separate-stderr dtc -I dtb -O dts "$BATS_TEST_TMPDIR/dtb"
	[ "$status" -eq 0 ]
	[ -z "$stderr" ] || { echo "$stderr"; false; }
	get() { fdtget "$@"; }
	[ "$(get -t x "$BATS_TEST_TMPDIR/dtb" /memory@80000000 reg)" = "0 80000000 0 10000000" ]
	[ "$(get "$BATS_TEST_TMPDIR/dtb" /chosen bootargs)" = "console=ttyS0 quiet" ]
	[ "$(get "$BATS_TEST_TMPDIR/dtb" /chosen stdout-path)" = /soc/serial@10000000 ]
	[ "$(get "$BATS_TEST_TMPDIR/dtb" /cpus/cpu@0 mmu-type)" = riscv,sv39 ]
	[[ "$(get "$BATS_TEST_TMPDIR/dtb" /cpus/cpu@0 riscv,isa)" == rv64imafdc_* ]]
	[ "$(get -t x "$BATS_TEST_TMPDIR/dtb" /soc/clint@2000000 reg)" = "0 2000000 0 10000" ]
	[ "$(get -t x "$BATS_TEST_TMPDIR/dtb" /soc/serial@10000000 reg)" = "0 10000000 0 100" ]
	[ "$(get "$BATS_TEST_TMPDIR/dtb" /soc/serial@10000000 compatible)" = ns16550a ]
	[ "$(get -t x "$BATS_TEST_TMPDIR/dtb" /soc/plic@c000000 reg)" = "0 c000000 0 600000" ]
	[ "$(get "$BATS_TEST_TMPDIR/dtb" /soc/plic@c000000 compatible)" = "sifive,plic-1.0.0 riscv,plic0" ]
	[ "$(get "$BATS_TEST_TMPDIR/dtb" /soc/plic@c000000 riscv,ndev)" = 95 ]
	intc=$(get "$BATS_TEST_TMPDIR/dtb" /cpus/cpu@0/interrupt-controller phandle)
	[ "$(get "$BATS_TEST_TMPDIR/dtb" /soc/plic@c000000 interrupts-extended)" = "$intc 11 $intc 9" ]
	[ "$(get "$BATS_TEST_TMPDIR/dtb" /soc/serial@10000000 interrupts)" = 10 ]
	plic=$(get "$BATS_TEST_TMPDIR/dtb" /soc/plic@c000000 phandle)
	[ "$(get "$BATS_TEST_TMPDIR/dtb" /soc/serial@10000000 interrupt-parent)" = "$plic" ]
	syscon=$(get "$BATS_TEST_TMPDIR/dtb" /soc/test@100000 phandle)
	[ "$(get "$BATS_TEST_TMPDIR/dtb" /poweroff regmap)" = "$syscon" ]
	[ "$(get -t x "$BATS_TEST_TMPDIR/dtb" /reboot value)" = 7777 ]
}

@test "a tree of the user's is checked, and takes --append" {
	dtb=$BATS_TEST_TMPDIR/own.dtb
	echo '/dts-v1/; / { model = "own"; };' | dtc -q -I dts -O dtb -o "$dtb"
	"$CTL" run --dtb="$dtb" --append="a=$(printf '%3000s' x)" --dump-dtb="$BATS_TEST_TMPDIR/out" "$(hello)"
	[ "$(fdtget "$BATS_TEST_TMPDIR/out" / model)" = own ]
	[ "$(fdtget "$BATS_TEST_TMPDIR/out" /chosen bootargs | wc -c)" -eq 3003 ]
	"$CTL" run --dtb="$dtb" --dump-dtb="$BATS_TEST_TMPDIR/same" "$(hello)"
	[ "$(fdtget "$BATS_TEST_TMPDIR/same" / model)" = own ]
	refused "No such file" --dtb="$BATS_TEST_TMPDIR/absent" "$(hello)"
	refused "expected a device tree blob of" --dtb="$(hello)" "$(hello)"
	head -c 60 "$dtb" >"$BATS_TEST_TMPDIR/cut"
	refused "expected a device tree blob of 60 bytes, found damage" --dtb="$BATS_TEST_TMPDIR/cut" "$(hello)"
	: >"$BATS_TEST_TMPDIR/empty"
	refused "expected a device tree blob of 0 bytes" --dtb="$BATS_TEST_TMPDIR/empty" "$(hello)"
	truncate -s 2M "$BATS_TEST_TMPDIR/huge"
	refused "expected at most 1048576" --dtb="$BATS_TEST_TMPDIR/huge" "$(hello)"
	refused "No such file" --dump-dtb="$BATS_TEST_TMPDIR/no/dtb" "$(hello)"
}

@test "a program without room for the tree is refused" {
	end=$((16#$(objdump -h "$(hello)" | awk '$2 == ".stack" { print $4 }') + 16#$(objdump -h "$(hello)" | awk '$2 == ".stack" { print $3 }')))
	refused "overlap in guest memory: see --mem" --mem=$(((end - 0x80000000 + 4095) / 4096 * 4))K "$(hello)"
}

# ---- running, above the stand-in ----

@test "no module: the message says what to do" {
	[ ! -e /dev/ldbt ] || skip "the module is loaded here"
	run "$CTL" run "$(hello)"
	[ "$status" -eq 125 ]
	[[ "$output" == *"/dev/ldbt: No such file or directory: is the module ldbt loaded?"*doctor* ]]
}

@test "the module refuses: each reason has its message" {
	fake absent "$(hello)"; [ "$status" -eq 125 ]; [[ "$output" == *"is the module ldbt loaded"* ]]
	fake forbidden "$(hello)"; [ "$status" -eq 125 ]; [[ "$output" == *"expected a member of group ldbt"* ]]
	fake version "$(hello)"; [ "$status" -eq 125 ]; [[ "$output" == *"API version 99, expected 1: install"* ]]
	fake unable "$(hello)"; [ "$status" -eq 125 ]; [[ "$output" == *"this host cannot run guests"* ]]
	fake memory "$(hello)"; [ "$status" -eq 125 ]; [[ "$output" == *"guest memory of 128 MiB is "* ]]
	fake broken "$(hello)"; [ "$status" -eq 125 ]; [[ "$output" == *"the vCPU does not run: Input/output error"* ]]
	fake reason "$(hello)"; [ "$status" -eq 125 ]; [[ "$output" == *"exit reason 99"* ]]
}

@test "a guest's text and status come out" {
	fake hello "$(hello)"; [ "$status" -eq 0 ]; [ "$output" = hello ]
	fake fail "$(hello)"; [ "$status" -eq 42 ]; [ -z "$output" ]
	fake fail256 "$(hello)"; [ "$status" -eq 1 ]
	fake shutdown "$(hello)"; [ "$status" -eq 9 ]
}

@test "the guest starts as the board promises" {
	fake start "$(hello)"
	[ "$status" -eq 8 ]
}

@test "a restart is a new machine with clean memory" {
	fake restart "$(hello)"
	[ "$status" -eq 5 ]
}

@test "an access where no device is comes back refused" {
	fake strange "$(hello)"
	[ "$status" -eq 6 ]
	[[ "$output" == *"guest loads 4 bytes at 0x5000, where no device is"* ]]
}

@test "a guest that cannot go on ends with 126 and the reason" {
	fake error "$(hello)"
	[ "$status" -eq 126 ]
	[[ "$output" == *"guest cannot go on: it fetches instructions where no memory is"*"pc 0x1234"* ]]
}

@test "--timeout ends with 124" {
	fake spin --timeout=1 "$(hello)"
	[ "$status" -eq 124 ]
	[[ "$output" == *"time is over after 1 s"* ]]
}

@test "--timeout ends a guest whose output nobody reads" {
	FAKE_GUEST=flood timeout 300 "$FAKE" run --timeout=1 "$(hello)" 2>"$BATS_TEST_TMPDIR/err" > >(sleep 3) && status=0 || status=$?
	[ "$status" -eq 124 ]
	[[ "$(cat "$BATS_TEST_TMPDIR/err")" == *"time is over"* ]]
}

@test "a closed output does not end the guest" {
	FAKE_GUEST=flood timeout 300 "$FAKE" run --timeout=1 "$(hello)" 2>"$BATS_TEST_TMPDIR/err" | head -c 10 >/dev/null
	[[ "$(cat "$BATS_TEST_TMPDIR/err")" == *"time is over"* ]]
}

@test "--tohost ends with the value's upper half" {
	fake tohost --tohost --timeout=300 "$TOHOST"
	[ "$status" -eq 7 ]
}

@test "all input arrives, in order, from a pipe" {
	seq 9000 | base64 -w 0 | tr -d q >"$BATS_TEST_TMPDIR/in"
	(cat "$BATS_TEST_TMPDIR/in"; printf '\1xq') | FAKE_GUEST=echo timeout 300 "$FAKE" run "$(hello)" >"$BATS_TEST_TMPDIR/out"
	printf '\1x' >>"$BATS_TEST_TMPDIR/in"	# no escape key in a pipe
	cmp "$BATS_TEST_TMPDIR/in" "$BATS_TEST_TMPDIR/out"
}

@test "--stat prints counters as text and as JSON" {
	fake hello --stat "$(hello)"
	[ "$status" -eq 0 ]
	[[ "$output" =~ translated_rule_share\ +75.000\ % ]]
	[[ ! "$output" =~ leaves_link ]]
	FAKE_GUEST=hello run --separate-stderr "$FAKE" run --stat=json "$(hello)"
	[ "$(python3 -c 'import json,sys; d = json.loads(sys.argv[1]); print(d["leaves_miss"], d["enters"])' "$stderr")" = "1152921504606846977 5" ]
}

# ---- stat ----

@test "stat reads the module's folder" {
	dir=$BATS_TEST_TMPDIR/ldbt
	mkdir -p "$dir/vm-17-4" "$dir/vm-170-5"
	printf 'enters 7\ntranslated_insns 10\ntranslated_by_rule 9\nnot a counter\nnew_one 3\n' >"$dir/vm-17-4/stats"
	printf 'enters 8\n' >"$dir/vm-170-5/stats"
	run "$CTL" stat --dir="$dir" 17
	[ "$status" -eq 0 ]
	[[ "$output" == "vm-17-4"* ]]
	[[ "$output" =~ new_one\ +3 ]]
	[[ "$output" =~ translated_rule_share\ +90.000\ % ]]
	[[ "$output" != *vm-170* ]]
	run "$CTL" stat --dir="$dir" --json
	[ "$status" -eq 0 ]
	[ "$(python3 -c 'import json,sys; d = json.loads(sys.argv[1]); print(d["vm-17-4"]["enters"], d["vm-170-5"]["enters"])' "$output")" = "7 8" ]
	run "$CTL" stat --dir="$dir" 5
	[ "$status" -eq 1 ]
	[[ "$output" == *"found no running VM of process 5"* ]]
	run "$CTL" stat --dir="$dir/absent"
	[ "$status" -eq 1 ]
	[[ "$output" == *"expected the module loaded, debugfs mounted, and root"* ]]
}

# ---- doctor ----

host() {	# a healthy host below $root
	root=$BATS_TEST_TMPDIR/root
	mkdir -p "$root"/{proc,dev/cpu/0,sys/module/ldbt,sys/hypervisor,sys/kernel/security,sys/firmware/efi/efivars} \
		"$root"/sys/devices/system/cpu/vulnerabilities "$root"/lib/modules/6.1.0-1-amd64/build
	: >"$root/lib/modules/6.1.0-1-amd64/build/Makefile"
	flags "fsgsbase constant_tsc pcid"
	echo "Not affected" >"$root/sys/devices/system/cpu/vulnerabilities/mds"
}
flags() { printf 'processor\t: 0\nmodel name\t: Test CPU\nflags\t\t: lm %s\n' "$1" >"$root/proc/cpuinfo"; }
doctor() { run "$CTL" doctor --root="$root" --release="${1:-6.1.0-1-amd64}"; }
says() {	# result, check, text
	grep -qE "^$1 +$2 +.*$3" <<<"$output" || { echo "expected $1 $2 $3 in: $output"; false; }
}

@test "doctor: a machine without the module" {
	host
	rmdir "$root/sys/module/ldbt"
	doctor
	[ "$status" -eq 1 ]
	says ok processor "Test CPU"
	says ok kernel "Linux 6.1.0-1-amd64"
	says ok headers ""
	says no module "neither loaded nor installed"
	says no device "No such file"
	[[ "$output" == *"This host cannot run ldbt yet: 2 of the above say no."* ]]
	echo "updates/dkms/ldbt.ko.xz: kernel/a.ko" >"$root/lib/modules/6.1.0-1-amd64/modules.dep"
	doctor
	says no module "installed but not loaded"
}

@test "doctor: a device that does not answer, and its mode" {
	host
	: >"$root/dev/ldbt"
	chmod 666 "$root/dev/ldbt"
	doctor
	[ "$status" -eq 1 ]
	says ok module "loaded"
	says warn device "mode 0666: everybody"
	says no "API version" "does not answer"
	chmod 660 "$root/dev/ldbt"
	doctor
	says warn device "mode 0660, group root, expected ldbt"
}

@test "doctor: what the module refuses" {
	host
	flags "fred la57 ospke"; doctor
	says no FRED "FRED"; says ok paging "5 levels"; says ok PKU there; says warn PCID "not there"; says warn TSC ""
	[[ "$output" == *"fred=off"* ]]
	flags tdx_guest; doctor
	says no TDX "TDX guest"
	echo xen >"$root/sys/hypervisor/type"; echo PV >"$root/sys/hypervisor/guest_type"; doctor
	says no Xen "PV domain"
	echo PVH >"$root/sys/hypervisor/guest_type"; doctor
	says ok Xen "hardware"
	printf 'flags : fpu\n' >"$root/proc/cpuinfo"; doctor
	says no processor "expected one"
}

@test "doctor: SEV-ES is told by its MSR" {
	host
	flags "hypervisor sev sev_es"; doctor
	says warn SEV-ES "cannot be read"
	truncate -s $((0xc0010131)) "$root/dev/cpu/0/msr"
	printf '\3\0\0\0\0\0\0\0' >>"$root/dev/cpu/0/msr"; doctor
	says no SEV-ES "is a SEV-ES guest"
	truncate -s $((0xc0010131)) "$root/dev/cpu/0/msr"
	printf '\1\0\0\0\0\0\0\0' >>"$root/dev/cpu/0/msr"; doctor
	says ok SEV-ES "not active"
}

@test "doctor: signing" {
	host
	doctor
	says ok signing "without a signature"
	rmdir "$root/sys/module/ldbt"
	printf '\6\0\0\0\1' >"$root/sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c"; doctor
	says warn signing "Secure Boot is on"
	[[ "$output" == *"mokutil --import"* ]]
	printf '\6\0\0\0\0' >"$root/sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c"; doctor
	says ok signing ""
	echo "none [integrity] confidentiality" >"$root/sys/kernel/security/lockdown"; doctor
	says warn signing "must be signed"
}

@test "doctor: kernel, headers, vulnerabilities" {
	host
	doctor 5.10.0-1
	says no kernel "expected 6.1 or newer"
	says warn headers "no headers"
	[[ "$output" == *"apt-get install linux-headers-5.10.0-1"* ]]
	says ok vulnerabilities ""
	echo "Mitigation: Clear CPU buffers" >"$root/sys/devices/system/cpu/vulnerabilities/mds"; doctor 7.2.13
	says ok kernel ""
	says warn vulnerabilities "unless the module stands against: mds"
}

@test "doctor: what the module stands against, and what it leaves open" {
	host
	local bugs=$root/sys/devices/system/cpu/vulnerabilities
	mkdir -p "$root/sys/module/ldbt/parameters"
	echo "return-stack verw" >"$root/sys/module/ldbt/parameters/mitigations"
	echo "Mitigation: Clear CPU buffers; SMT vulnerable" >"$bugs/mds"
	echo "Mitigation: PTI" >"$bugs/meltdown"
	echo "Mitigation: Retpolines" >"$bugs/spectre_v2"; doctor
	says ok vulnerabilities "stands against: mds meltdown spectre_v2"
	echo "Mitigation: IBPB before exit to userspace" >"$bugs/vmscape"
	echo "Mitigation: IBRS" >"$bugs/retbleed"; doctor
	says warn vulnerabilities "by: retbleed vmscape; the module stands against: mds meltdown spectre_v2"
	[[ "$output" == *"run only guests that you trust"* ]]
	echo "return-stack ibrs verw-guest" >"$root/sys/module/ldbt/parameters/mitigations"
	rm "$bugs/vmscape"; doctor
	says ok vulnerabilities "stands against: mds meltdown retbleed spectre_v2"
	echo "Vulnerable: Clear CPU buffers attempted, no microcode" >"$bugs/mds"; doctor
	says warn vulnerabilities "by: mds; the module"
	echo none >"$root/sys/module/ldbt/parameters/mitigations"
	echo "Mitigation: Clear CPU buffers" >"$bugs/mds"; doctor
	says warn vulnerabilities "by: mds retbleed spectre_v2; the module stands against: meltdown"
}

# ---- virtio devices ----

@test "devices by options" {
	image=$BATS_TEST_TMPDIR/disk,ro.img
	truncate -s 1M "$image"
	run "$CTL" run --help
	for option in disk net share console rng; do
		[[ "$output" == *"--$option="* ]] || { echo "help does not have --$option"; false; }
		grep -q "^.It Fl -$option Ns" userctl/ldbtctl.1 || { echo "the manual does not have --$option"; false; }
	done
	fake fail --disk="$image" --disk="$image.2,snapshot" "$(hello)"
	[ "$status" -eq 125 ]
	[[ "$output" == *"--disk: $image.2: No such file"* ]]
	fake fail --disk="$image,snapshot" --net=none --rng=none --console=virtio --share="$BATS_TEST_TMPDIR,tag=x" "$(hello)"
	[ "$status" -eq 42 ] || { echo "status $status: $output"; false; }
	fake fail --disk="$image,ro" --disk="$image,ro" --net=none --net=none "$(hello)"
	[ "$status" -eq 42 ] || { echo "status $status: $output"; false; }
	fake restart --disk="$image" "$(hello)"
	[ "$status" -eq 5 ] || { echo "status $status: $output"; false; }
}

@test "devices that cannot be are refused" {
	fake fail --net=wifi "$(hello)"
	[ "$status" -eq 125 ]
	[[ "$output" == *"--net: found 'wifi', expected user, tap or none"* ]]
	fake fail --share=/nowhere "$(hello)"
	[ "$status" -eq 125 ]
	[[ "$output" == *"--share: /nowhere: No such file"* ]]
	fake fail --share="$BATS_TEST_TMPDIR,tag=" "$(hello)"
	[ "$status" -eq 125 ]
	[[ "$output" == *"expected a tag of 1 to"* ]]
	many=()
	for i in 1 2 3 4 5 6 7 8 9; do many+=(--share="$BATS_TEST_TMPDIR"); done
	fake fail "${many[@]}" "$(hello)"
	[ "$status" -eq 125 ]
	[[ "$output" == *"found a device too many, expected at most 8"* ]]
}

# status FIELD: of the process $pid
status_of() { sed -n "s/^$1:[[:space:]]*//p" /proc/"$pid"/status; }

@test "a running guest cannot use what was given up" {
	FAKE_GUEST=spin "$FAKE" run "$(hello)" </dev/null >/dev/null 2>&1 3>&- &
	pid=$!
	until [ "$(status_of Seccomp)" = 2 ] || ! kill -0 $pid; do sleep 0.05; done
	[ "$(status_of NoNewPrivs)" = 1 ]
	[ "$(status_of CapBnd)" = 0000000000000000 ] || [ "$(id -u)" -ne 0 ]
	effective=$(status_of CapEff)
	kill $pid
	[ "$effective" = 0000000000004000 ] || [ "$effective" = 0000000000000000 ] # CAP_IPC_LOCK, or a user's
}
