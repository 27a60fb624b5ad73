#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# Kernels, ramdisks, firmware and FIT images of ldbtctl: what is refused, by which reason, and where the parts come to lie.
# Variables as in tests.bats.

bats_require_minimum_version 1.5.0

setup() { cd "$BATS_TEST_TMPDIR"; }
image() { "$BATS_TEST_DIRNAME/make_image.py" "$@"; }
fake() { FAKE_GUEST=$1 run timeout 300 "$FAKE" run "${@:2}"; }
refused() {	# expected text, arguments of run
	run "$CTL" run --mem=16 "${@:2}"
	[ "$status" -eq 125 ] || { echo "status $status: $output"; false; }
	[[ "$output" == *"$1"* ]] || { echo "found: $output"; false; }
}
tree() { fdtget -t "$1" dtb /chosen "$2"; }

# ---- formats ----

@test "a kernel starts in S-mode from each packing" {
	image plain linux
	gzip -k plain
	zstd -q plain
	image zg zboot-gzip
	image zz zboot-zstd
	gzip -k zz
	for file in plain plain.gz plain.zst zg zz zz.gz; do
		fake start_s "$file"
		[ "$status" -eq 8 ] || { echo "$file: status $status: $output"; false; }
	done
	fake start_s --kernel=plain
	[ "$status" -eq 8 ]
	"$CTL" mkimg -o fit --kernel=zz
	fake start_s fit
	[ "$status" -eq 8 ]
	fake start --mode=m "$ELFS/hello.elf"
	[ "$status" -eq 8 ]
}

@test "a module without an SBI is told" {
	image plain linux
	fake no_sbi plain
	[ "$status" -eq 125 ]
	[[ "$output" == *"the module is no SBI for guests in S-mode"* ]]
}

@test "a firmware starts in M-mode and is told of the kernel" {
	image plain linux
	head -c 1000 /dev/urandom >bios
	printf '\0\0\0\0' | dd of=bios conv=notrunc status=none
	fake start_bios --bios=bios --kernel=plain
	[ "$status" -eq 8 ] || { echo "$output"; false; }
	fake start_bios --bios=bios
	[ "$status" -eq 8 ]
	refused "a firmware starts in M-mode" --bios=bios --mode=s plain
	image low linux text_offset=0
	refused "the firmware at 0x80000000 of 1000 bytes and the kernel at 0x80000000 of 65536 bytes overlap" --bios=bios low
	: >empty
	refused "found 0 bytes, expected 1 to what RAM has" --bios=empty plain
}

# ---- what is wrong with a kernel ----

@test "damaged kernels are refused" {
	image big linux flags=1; refused "big-endian kernel" big
	image none linux image_size=0; refused "kernel without a size in its header" none
	image odd linux text_offset=0x1000; refused "kernel's load offset: found 0x1000, expected a multiple of 0x200000" odd
	image far linux text_offset=0x40000000; refused "kernel needs 65536 bytes from 0x40000000 of memory on" far
	image wrap linux image_size=0xffffffffffffffff; refused "see --mem" wrap
	image arm linux machine=0xaa64; refused "kernel of PE machine 0xaa64, expected 0x5064 (riscv64)" arm
	image cut linux section_end=8192; refused "truncated kernel: section .text ends at byte 8192, but the file has 4096" cut
	image pe linux pe=4090; refused "truncated kernel: its PE header is at byte 4090" pe
	image nope linux pe=200; refused "damaged kernel: found no PE header at byte 200" nope
	image whole linux; head -c 90 whole >head; refused "truncated kernel: its table of 1 sections" head
}

@test "damaged packings are refused" {
	image plain linux
	gzip -k plain; zstd -q plain
	head -c 40 plain.gz >cut.gz; refused "truncated: the gzip file goes on" cut.gz
	head -c 40 plain.zst >cut.zst; refused "truncated: the zstd file goes on" cut.zst
	cp plain.gz bad.gz; printf '\377' | dd of=bad.gz bs=1 seek=$(($(stat -c %s bad.gz) - 8)) conv=notrunc status=none
	refused "damaged gzip file: incorrect data check" bad.gz
	printf '\37\213\1' >short.gz; refused "gzip file" short.gz
	cp plain.zst bad.zst; printf '\377\377\377' | dd of=bad.zst bs=1 seek=12 conv=notrunc status=none
	refused "zstd file" bad.zst
	head -c 1000000 /dev/zero | gzip | gzip | gzip | gzip | gzip | gzip >again; refused "packed again and again" again
	head -c 1100000000 /dev/zero | gzip -1 >bomb; refused "unpacks to more than 1073741824 bytes" bomb
	image z zboot-gzip packed_by=lzma; refused "zboot file packed by 'lzma', expected gzip or zstd" z
	image z zboot-gzip payload_len=100000; refused "truncated zboot file: kernel of 100000 bytes at byte 512" z
	image z zboot-gzip; head -c 40 z >zcut; refused "truncated zboot file: found 40 bytes, expected a header of 64" zcut
	printf 'xx' | dd of=z bs=1 seek=512 conv=notrunc status=none; refused "damaged zboot file: found no gzip or zstd" z
}

# ---- FIT ----

fit() {	# writes fit.its by sed expressions on a good one, and makes `fit` of it
	image plain linux
	cat >fit.its <<-'ITS'
		/dts-v1/;
		/ {
			images {
				k { type = "kernel"; arch = "riscv"; data = /incbin/("plain"); hash { algo = "crc32"; value = <0>; }; };
				r { type = "ramdisk"; data = [01 02 03]; };
			};
			configurations { default = "c"; c { kernel = "k"; ramdisk = "r"; bootargs = "of the image"; }; };
		};
	ITS
	sed -i "s/value = <0>/value = <0x$(gzip -c plain | tail -c 8 | od -An -tx4 | awk '{ print $1 }')>/" fit.its
	for expression in "$@"; do sed -i "$expression" fit.its; done
	dtc -q -I dts -O dtb -o fit fit.its
}

@test "a FIT image made by others starts" {
	fit
	fake start_s fit
	[ "$status" -eq 8 ] || { echo "$output"; false; }
	"$CTL" run --dump-dtb=dtb fit
	[ "$(tree s bootargs)" = "of the image" ]
	"$CTL" run --dump-dtb=dtb --append=mine fit
	[ "$(tree s bootargs)" = mine ]
	fit 's/default = "c"; //'
	fake start_s fit
	[ "$status" -eq 8 ]
}

@test "damaged FIT images are refused" {
	fit 's/value = <0x/value = <0x1/;s/<0x1\(.\{7\}\)./<0x1\1/'; refused "damaged FIT image: crc32 of its kernel" fit
	fit 's/arch = "riscv"/arch = "arm64"/'; refused "FIT image for another machine: found arch arm64" fit
	fit 's/kernel = "k"; //'; refused "FIT image: its configuration names no kernel" fit
	fit 's/kernel = "k"/kernel = "z"/'; refused "FIT image: its configuration names kernel 'z', which is not there" fit
	fit '/configurations/d'; refused "FIT image without a configuration" fit
	fit 's/data = \[01 02 03\];//'; refused "FIT image without data: its ramdisk" fit
	fit 's/data = \[01 02 03\]/data-size = <9>/'; refused "its ramdisk has data-size, but no data-offset" fit
	fit 's/data = \[01 02 03\]/data-size = <9>; data-position = <0x7fffffff>/'
	refused "truncated FIT image: its ramdisk of 9 bytes" fit
	fit; head -c 2000 fit >cut; refused "truncated FIT image: found 2000 bytes, expected" cut
	fit; printf '\377' | dd of=fit bs=1 seek=11 conv=notrunc status=none; refused "FIT image" fit
	echo '/dts-v1/; / { model = "x"; };' | dtc -q -I dts -O dtb -o plain.dtb
	refused "found a device tree, expected a FIT image" plain.dtb
	fit; gzip -c fit >fit.gz; refused "found a FIT image within another file" fit.gz
}

hashed() {	# ALGO HEX [sed expression]...: `fit` with this hash of its kernel
	local algo=$1 hex=$2
	shift 2
	fit "s/algo = \"crc32\"; value = <0x[^>]*>/algo = \"$algo\"; value = [$hex]/" "$@"
}

@test "hashes of FIT images" {
	image plain linux
	for algo in md5 sha1 sha256 sha384 sha512; do
		sum=$("${algo}sum" <plain | cut -d' ' -f1)
		hashed "$algo" "$sum"
		fake start_s fit
		[ "$status" -eq 8 ] || { echo "$algo: $output"; false; }
		[ "${sum:5:1}" = 0 ] && other=1 || other=0
		hashed "$algo" "${sum:0:5}$other${sum:6}"
		refused "damaged FIT image: $algo of its kernel is ${sum:0:16}..., expected ${sum:0:5}$other${sum:6:10}..." fit
		hashed "$algo" "${sum:2}"
		refused "FIT image: $algo of its kernel has $((${#sum} / 2 - 1)) bytes, expected $((${#sum} / 2))" fit
	done
	hashed crc16-ccitt 0000; refused "FIT image: found a hash of its kernel by 'crc16-ccitt', expected crc32, md5" fit
	hashed sha224 "$(sha224sum <plain | cut -d' ' -f1)"; refused "by 'sha224'" fit
	hashed sha1 00 's/algo = "sha1"; //'; refused "FIT image: a hash of its kernel has no algo" fit
	hashed sha1 00 's/value = \[00\];//'; refused "FIT image: a hash of its kernel has no value" fit
	hashed sha1 00 's/hash {/hash@1 {/'; refused "FIT image: sha1 of its kernel has 1 bytes" fit
	for other in 's/hash {/signature {/' 's/hash {/hash { uboot-ignore;/'; do	# not ours to check
		hashed sha1 00 "$other"
		fake start_s fit
		[ "$status" -eq 8 ] || { echo "$output"; false; }
	done
}

# ---- ramdisk and tree ----

@test "ramdisk, tree and command line come to the guest" {
	image plain linux
	seq 1000 >rd
	"$CTL" mkimg -o fit --kernel=plain --initrd=rd --append="console=ttyS0 x=1"
	"$CTL" run --mem=64 --dump-dtb=dtb fit
	[ "$(tree s bootargs)" = "console=ttyS0 x=1" ]
	start=$((16#$(tree x linux,initrd-start | sed 's/.* //'))) end=$((16#$(tree x linux,initrd-end | sed 's/.* //')))
	[ $((end - start)) -eq "$(stat -c %s rd)" ]
	[ "$start" -gt $((0x80200000 + 65536)) ] && [ "$end" -lt $((0x84000000)) ]
	[ "$(tree x rng-seed | wc -w)" -eq 16 ]
	! fdtget dtb /soc/clint@2000000 reg 2>/dev/null	# that is M-mode's
	[ "$(fdtget dtb /timer compatible)" = riscv,timer ]
	[ "$(fdtget dtb /soc/rtc@101000 compatible)" = google,goldfish-rtc ]
	single=$(fdtget dtb /cpus/cpu@0 riscv,isa-extensions | tr ' ' '\n' | awk 'length == 1' | tr -d '\n')
	rest=$(fdtget dtb /cpus/cpu@0 riscv,isa-extensions | tr ' ' '\n' | awk 'length > 1 { printf "_%s", $1 }')
	[ "$(fdtget dtb /cpus/cpu@0 riscv,isa)" = "rv64$single$rest" ]
	dtc -q -I dts -O dtb -o own.dtb <<<'/dts-v1/; / { model = "own"; };'
	"$CTL" run --mem=64 --dtb=own.dtb --dump-dtb=dtb fit
	[ "$(fdtget dtb / model)" = own ]
	[ "$(tree x linux,initrd-start | sed 's/.* //')" = "$(printf %x "$start")" ]
	"$CTL" mkimg -o fit --kernel=plain --dtb=own.dtb
	"$CTL" run --dump-dtb=dtb fit
	[ "$(fdtget dtb / model)" = own ]
}

@test "ramdisks that cannot be used are refused" {
	image plain linux
	: >empty
	refused "found an empty file, expected a ramdisk" --initrd=empty plain
	refused "No such file" --initrd=absent plain
	truncate -s 20M large
	refused "found a ramdisk of 20971520 bytes, which does not fit into memory: see --mem" --initrd=large plain
	truncate -s 11M large
	image wide linux image_size=0x700000
	refused "overlap in guest memory: see --mem" --initrd=large wide
	refused "expected one file to run, found 2" --kernel=plain plain
	refused "--mode: found 'u', expected m or s" --mode=u plain
}

@test "mkimg refuses what run would refuse" {
	image plain linux
	run "$CTL" mkimg --kernel=plain
	[ "$status" -eq 2 ]
	[[ "$output" == *"expected --output and --kernel"* ]]
	run "$CTL" mkimg --fly
	[ "$status" -eq 2 ]
	echo "#!" >script
	run "$CTL" mkimg -o fit --kernel=script
	[ "$status" -eq 1 ]
	[[ "$output" == *"found a script, expected a riscv64 kernel"* ]]
	[ ! -e fit ]
	"$CTL" mkimg -o fit --kernel=plain
	run "$CTL" mkimg -o fit2 --kernel=fit
	[ "$status" -eq 1 ]
	[[ "$output" == *"it is packed already"* ]]
	run "$CTL" mkimg -o no/fit --kernel=plain
	[ "$status" -eq 1 ]
	[[ "$output" == *"No such file"* ]]
}

# ---- SBI console ----

@test "the SBI's console" {
	(printf k; sleep 2) | FAKE_GUEST=sbi timeout 300 "$FAKE" run "$ELFS/hello.elf" >out && status=0 || status=$?
	[ "$status" -eq 8 ]
	[ "$(cat out)" = "$(printf 'sbi\nb\n')" ]
}

# ---- disks ----

@test "a disk starts by its boot loader" {
	truncate -s 1M disk
	printf '\125\252' | dd of=disk bs=1 seek=510 conv=notrunc status=none
	head -c 3000 /dev/zero >u-boot
	fake start_s --u-boot=u-boot disk
	[ "$status" -eq 8 ] || { echo "$output"; false; }
	truncate -s 1M gpt
	printf 'EFI PART' | dd of=gpt bs=1 seek=512 conv=notrunc status=none
	fake start_s --u-boot=u-boot gpt
	[ "$status" -eq 8 ]
	for options in ,ro ,snapshot; do
		fake start_s --u-boot=u-boot "gpt$options"
		[ "$status" -eq 8 ] || { echo "$options: $output"; false; }
	done
	refused "gpt,rw: No such file" --u-boot=u-boot gpt,rw
	refused "No such file" --u-boot=absent disk
	: >empty
	refused "found 0 bytes, expected 1 to what RAM has" --u-boot=empty disk
	[ -e /usr/lib/u-boot/qemu-riscv64_smode/u-boot.bin ] || refused "apt-get install u-boot-qemu, or --u-boot=FILE" disk
	run "$CTL" mkimg -o fit --kernel=gpt
	[ "$status" -eq 1 ]
	[[ "$output" == *"expected a kernel"* || "$output" == *u-boot-qemu* ]]
}
