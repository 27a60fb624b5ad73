# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
# The test machine in Bochs: Debian 13's package, unpacked below the cache folder, boots a CD image with the same kernel and root.
# Sourced by run; uses its variables. Bochs is 20 to 50 times slower than QEMU; it is there for PCID and global TLB entries.
bochs_model=corei7_skylake_x
# Instructions per second of the machine's own clock. More make its time pass slower; with this a boot fits the kernel's time-outs.
bochs_ips=50000000
bochs_folder=

# bochs_image: a CD that boots kernel and root.
bochs_image() {
	local cd=$tree$folder/cd
	mkdir -p "$cd"
	cp "$tree/usr/lib/ISOLINUX/isolinux.bin" "$tree/usr/lib/syslinux/modules/bios/ldlinux.c32" "$cd/"
	cp -L "$kernel_folder/vmlinuz" "$cd/vmlinuz"
	mv "$work/root.cpio" "$cd/root"
	printf 'default l\nprompt 0\nlabel l\n kernel vmlinuz\n initrd root\n append %s\n' "$line" >"$cd/isolinux.cfg"
	tree_run "$tree" xorriso -as mkisofs -quiet -o "$folder/cd.iso" -b isolinux.bin -c boot.cat \
		-no-emul-boot -boot-load-size 4 -boot-info-table "$folder/cd" >"$work/xorriso.log" 2>&1 || die "no CD image: $(cat "$work/xorriso.log")"
}

bochs_config() {
	cat <<-CONFIG
		config_interface: textconfig
		display_library: rfb, options="timeout=0"
		cpu: model=$bochs_model, count=$smp, ips=$bochs_ips, reset_on_triple_fault=0
		memory: guest=$mem, host=$mem
		romimage: file=/usr/share/bochs/BIOS-bochs-latest
		vgaromimage: file=/usr/share/bochs/VGABIOS-lgpl-latest
		ata0-master: type=cdrom, path=$folder/cd.iso, status=inserted
		boot: cdrom
		com1: enabled=1, mode=file, dev=$folder/log
		com2: enabled=1, mode=file, dev=$folder/terminal
		com3: enabled=1, mode=file, dev=$folder/report
		log: $folder/bochs.log
		panic: action=fatal
		error: action=report
		info: action=ignore
		debug: action=ignore
		sound: waveoutdrv=dummy
		speaker: enabled=0
		clock: sync=none, time0=utc
	CONFIG
}

# bochs_run: boots. The machine ends by its power switch, which Bochs reports as an error.
bochs_run() {
	local status=0
	tree=$cache/bochs
	suite_tree trixie "$tree" '' base-files bash bochs bochsbios coreutils dash isolinux libc-bin syslinux-common util-linux vgabios xorriso
	bochs_folder=$(mktemp -d "$tree/tmp/XXXXXX")
	folder=${bochs_folder#"$tree"}
	bochs_image
	bochs_config >"$bochs_folder/bochsrc"
	: >"$bochs_folder/terminal"
	# Its screen would be served to the network: it gets an empty one of its own where that is possible.
	local alone=(unshare --net)
	"${alone[@]}" true 2>/dev/null || alone=()
	follow "$bochs_folder/terminal" tree_run "$tree" "${alone[@]}" timeout -k 5 "$timeout" bochs -q -f "$folder/bochsrc" || status=$?
	# A port that was never written has no file.
	cat "$bochs_folder/log" >"$work/log" 2>/dev/null || true
	cat "$bochs_folder/report" >"$work/report" 2>/dev/null || true
	mv "$bochs_folder/terminal" "$work/terminal"
	tail -n 5 "$bochs_folder/bochs.log" >>"$work/emulator.err" 2>/dev/null || true
	return "$status"
}
