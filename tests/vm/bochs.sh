# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
# The test machine in Bochs: Debian 13's package, unpacked below the cache folder, boots a CD image with the same kernel and root.
# Sourced by run; uses its variables. Bochs is 20 to 50 times slower than QEMU; it is there for PCID and global TLB entries.
bochs_model=corei7_skylake_x
# Instructions per second of the machine's own clock. More make its time pass slower; with this a boot fits the kernel's time-outs.
bochs_ips=50000000

# bochs_image: a CD that boots kernel and root.
bochs_image() {
	local cd=$work/bochs/cd
	mkdir -p "$cd"
	cp "$tree/usr/lib/ISOLINUX/isolinux.bin" "$tree/usr/lib/syslinux/modules/bios/ldlinux.c32" "$cd/"
	cp -L "$kernel_folder/vmlinuz" "$cd/vmlinuz"
	mv "$work/root.cpio" "$cd/root"
	printf 'default l\nprompt 0\nlabel l\n kernel vmlinuz\n initrd root\n append %s\n' "$line" >"$cd/isolinux.cfg"
	tree_run "$tree" "$work/bochs" xorriso -as mkisofs -quiet -o /mnt/cd.iso -b isolinux.bin -c boot.cat \
		-no-emul-boot -boot-load-size 4 -boot-info-table /mnt/cd >"$work/xorriso.log" 2>&1 || die "no CD image: $(cat "$work/xorriso.log")"
}

bochs_config() {
	cat <<-CONFIG
		config_interface: textconfig
		display_library: rfb, options="timeout=0"
		cpu: model=$bochs_model, count=$smp, ips=$bochs_ips, reset_on_triple_fault=0
		memory: guest=$mem, host=$mem
		romimage: file=/usr/share/bochs/BIOS-bochs-latest
		vgaromimage: file=/usr/share/bochs/VGABIOS-lgpl-latest
		ata0-master: type=cdrom, path=/mnt/cd.iso, status=inserted
		boot: cdrom
		com1: enabled=1, mode=file, dev=/mnt/log
		com2: enabled=1, mode=file, dev=/mnt/terminal
		com3: enabled=1, mode=file, dev=/mnt/report
		log: /mnt/bochs.log
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
	suite_tree trixie "$tree" '' base-files bash bochs bochsbios coreutils dash isolinux libc-bin syslinux-common vgabios xorriso
	mkdir -p "$work/bochs"
	bochs_image
	bochs_config >"$work/bochs/bochsrc"
	: >"$work/bochs/terminal"
	tail -f -n +1 --pid=$$ "$work/bochs/terminal" &
	local tail_pid=$!
	# Its screen would be served to the network: an own, empty one.
	tree_net=y tree_run "$tree" "$work/bochs" timeout -k 5 "$timeout" bochs -q -f /mnt/bochsrc </dev/null >"$work/emulator.err" 2>&1 || status=$?
	sleep 0.2
	kill "$tail_pid"
	wait "$tail_pid" 2>/dev/null || true
	mv "$work/bochs/log" "$work/log"
	mv "$work/bochs/report" "$work/report"
	tail -n 5 "$work/bochs/bochs.log" >>"$work/emulator.err"
	return "$status"
}
