# SPDX-License-Identifier: GPL-2.0-only
# Read by in_ends.sh: guests without room: a limit of their cgroup, a host without memory, a full disk, a small pool of shadow tables.

# confine COMMAND...: what it starts is in the cgroup
confine() {
	GROUP=/cg/small
	"$@"
	GROUP=
}
# limited MIB: a small guest in a cgroup of so much
limited() {
	echo $(($1 << 20)) >/cg/small/memory.max
	confine start limited --mem=64 /guests/hello.elf
	ended limited
}

# Below what it needs it ends by a message or by the kernel's choice, and leaves nothing; with enough it runs.
part_limits() {
	ends=
	for mib in 4 16 40 60 64 66 68 72 80 96 112 120 124 128 132 136 140 160 400; do
		limited $mib
		ends="$ends $mib:$status"
		case $status in
		0) has "limit of $mib MiB" '^hello from riscv64' /run/limited.out ;;
		125) has "limit of $mib MiB: message" '^ldbtctl: .*(memory|vCPU).*Cannot allocate memory' /run/limited.err ;;
		137) good ;;
		*) bad "limit of $mib MiB: status $status"; cat /run/limited.err ;;
		esac
		nothing_left "limit of $mib MiB"
	done
	echo "ends: status by limit:$ends"
	is "with 4 MiB" "${ends%% 16:*}" " 4:137"
	is "with 400 MiB" "${ends##* }" 400:0
}

# A guest whose cgroup shrinks under it: what is pinned cannot go, so the kernel ends it.
part_shrink() {
	echo max >/cg/small/memory.max
	confine linux shrunk
	await shrunk '^guest: shell after'
	echo $((128 << 20)) >/cg/small/memory.max
	ended shrunk
	is "cgroup shrinks: status" $status 137
	nothing_left "cgroup shrinks"
}

# The host has no memory left, and the one that takes it is the first to go; then a guest is.
part_hog() {
	linux victim
	await victim '^guest: shell after'
	/hog 1000 >/tmp/hog
	is "hog ended first: status" $? 137
	is "the guest after a hog computes" "$(ask victim sum 'seq 3000 | md5sum')" "$sum"
	is "complaints of the guest after a hog" "$(ask victim complaints "$complaints")" 0
	echo 1000 >"/proc/$(pid victim)/oom_score_adj"
	/hog 0 >/tmp/hog
	ended victim
	is "guest ended first: status" $status 137
	nothing_left "guest ended first"
}

make_group() {
	mkdir -p /cg
	mount -t cgroup2 cg /cg
	echo +memory >/cg/cgroup.subtree_control
	mkdir /cg/small
}

part_room() {
	make_group
	part_limits
	part_shrink
	part_hog
	rmdir /cg/small
	dmesg >/tmp/log
	has "the kernel's log says who was ended" 'Killed process [0-9]+ \(ldbtctl\)' /tmp/log
}

# A file system as large as 8 MiB holds an image of 64 MiB with holes. What the guest has synced before the room ends is there.
part_disk() {
	mkdir -p /full
	mount -t tmpfs -o size=8m full /full
	truncate -s 64M /full/disk
	/mke2fs -q -t ext4 /full/disk
	linux writer --disk=/full/disk
	await writer '^guest: shell after'
	say writer 'modprobe crc32c_generic; modprobe ext4; mount -t ext4 /dev/vda /mnt && echo mount"ed"'
	await writer '^mounted'
	say writer 'i=0; while seq $i $((i + 60000)) | dd of=/mnt/f$i bs=64k conv=fsync 2>/dev/null; do echo "syn""ced $i"; i=$((i + 1)); done; echo "sto""pped $i"'
	await writer '^stopped'
	is "full disk: I/O errors seen" "$(ask writer errors 'dmesg | grep -cE "I/O error, dev vda" | sed "s/[1-9][0-9]*/some/"')" some
	is "full disk: the guest computes" "$(ask writer sum 'seq 3000 | md5sum')" "$sum"
	say writer 'poweroff -f'
	ended writer
	is "full disk: status" $status 0
	is "full disk: message" "$(sed 's/sector [0-9]*/sector N/' /run/writer.err)" \
		"ldbtctl: disk /full/disk: write at sector N fails: No space left on device; the guest sees an I/O error (said once)"
	nothing_left "full disk"
	check_synced
	umount /full
}

check_synced() {
	stopped=$(tr -d '\r' </run/writer.out | sed -n 's/^stopped //p')
	[ "${stopped:-0}" -gt 2 ] && good || bad "full disk: only ${stopped:-no} files were synced"
	cp /full/disk /tmp/disk # the journal's replay wants room
	/e2fsck -p /tmp/disk >/tmp/fsck 2>&1
	n=0
	while [ $n -lt "${stopped:-0}" ]; do
		/debugfs -R "dump /f$n /tmp/f" /tmp/disk 2>/dev/null
		seq $n $((n + 60000)) | cmp -s - /tmp/f && good || bad "full disk: file $n was synced and differs"
		rm -f /tmp/f
		n=$((n + 1))
	done
	/e2fsck -fy /tmp/disk >/tmp/fsck 2>&1 # what was being written then may be mended
	/e2fsck -fn /tmp/disk >/tmp/fsck 2>&1 && good || { bad "full disk: not mended:"; cat /tmp/fsck; }
	rm -f /tmp/disk
}

# Fifty shadow tables and an eighth of the code cache: all the time something has to go, and nothing fails by it.
part_small() {
	insmod /ldbt.ko shadow_pages=128 code_cache_mib=2 || { bad "insmod with a small pool"; return; }
	linux small --stat
	await small '^guest: shell after'
	is "small pool: forks" "$(ask small forks 'i=0; while [ $i -lt 60 ] && /bin/true; do i=$((i + 1)); done; echo $i')" 60
	is "small pool: lat_ctx" "$(ask small switches 'lat_ctx -N 1 -s 16 8 2>&1 | grep -cE "^8 [0-9.]+"')" 1
	is "small pool: pipes" "$(ask small sum 'seq 3000 | cat | cat | cat | md5sum')" "$sum"
	is "small pool: complaints" "$(ask small complaints "$complaints")" 0
	say small 'poweroff -f'
	ended small
	is "small pool: status" $status 0
	for counter in evictions shadow_evictions; do
		[ "$(sed -n "s/^$counter  *//p" /run/small.err)" -gt 100 ] && good || bad "small pool: $counter: $(grep $counter /run/small.err)"
	done
	echo "ends: small pool: $(grep evictions /run/small.err | tr -s ' ' | tr '\n' ' ')"
	rmmod ldbt && good || bad "rmmod after a small pool"
}
