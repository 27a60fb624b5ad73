#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Debian's drivers over the devices; runs in the test machine, see linux.sh. Prints a summary line.
. /with_guest.sh

ifconfig lo 127.0.0.1 up
insmod /ldbt.ko || exit 1
mkdir -p /share/dir /www /tmp
echo "from the host" >/share/file
ln -s /command /share/out
echo "page of the host" >/www/page
httpd -p 127.0.0.1:8080 -h /www
dd if=/dev/zero of=/disk bs=1M count=64 2>/dev/null
/mke2fs -q -t ext4 /disk || exit 1

# ---- one boot for everything ----
cat >/command <<'C'
for m in virtio_console crc32c_generic ext4 9pnet_virtio 9p; do modprobe $m; done
exec 9<>/dev/hvc0 # stays open: a last close drops what was typed
echo "rng: $(dd if=/dev/hwrng bs=32 count=2 2>/dev/null | wc -c) $(cat /sys/class/misc/hw_random/rng_current)"
echo "disk: $(cat /sys/block/vda/size) $(cat /sys/block/vda/serial)"
mount -t ext4 -o discard /dev/vda /mnt || exit 2
seq 200000 >/mnt/numbers
sync
echo 3 >/proc/sys/vm/drop_caches
echo "sum: $(md5sum </mnt/numbers | cut -c1-8) $(seq 200000 | md5sum | cut -c1-8)"
# code that the disk loads into pages that had other code
i=0 wrong=0
while [ $i -lt 8 ]; do
	cp /bin/busybox /mnt/busybox$((i & 1))
	sync
	echo 3 >/proc/sys/vm/drop_caches
	[ "$(/mnt/busybox$((i & 1)) echo code $i)" = "code $i" ] || wrong=$((wrong + 1))
	i=$((i + 1))
done
echo "code: $i runs, $wrong wrong"
rm /mnt/busybox*
sync
fstrim /mnt && echo "discard: done"
ifconfig eth0 10.0.2.15 netmask 255.255.255.0 up
route add default gw 10.0.2.2
ping -c 3 10.0.2.2 | grep received
echo "wget: $(wget -q -O - http://10.0.2.2:8080/page)"
(echo "answer of the guest" | nc -l -p 7 >/tmp/asked) &
sleep 2 # until it listens
echo "ready" >&9
wait
echo "asked: $(cat /tmp/asked)"
read -r line <&9
echo "typed: $line"
mkdir /tmp/host
mount -t 9p -o trans=virtio,version=9p2000.L host /tmp/host || exit 3
cd /tmp/host
echo "share: $(cat file)"
seq 50000 >numbers
cp numbers dir/copy
mv dir/copy dir/moved
cmp numbers dir/moved && echo "share: same"
mkdir deep && touch deep/1 deep/2 && rm -r deep && echo "share: removed"
ln -s file soft && echo "share: $(readlink soft) $(cat soft)"
[ -e out ] && echo "share: a link leads to /command of the guest itself: $(wc -l <out)"
ls -la . | wc -l
(cat ../../../command ../../../../disk) 2>/dev/null | wc -c
chmod 600 numbers && stat -c "share: %a %s" numbers
df /tmp/host | tail -n 1 | grep -q host && echo "share: df"
cd / && umount /tmp/host /mnt
dmesg | grep -E "WARNING|BUG:|Oops|rcu.*stall|nobody cared|I/O error|EXT4-fs error" >/tmp/complaints
cat /tmp/complaints
echo "complaints: $(wc -l </tmp/complaints)"
exit 5
C
mkfifo /tmp/keyboard
exec 8<>/tmp/keyboard
(
	until grep -q "^ready" /tmp/out; do sleep 1; done
	echo "a line for hvc0" >/tmp/keyboard # not before: Linux drops what is typed while its driver starts
	echo "question of the host" | nc 127.0.0.1 7777 >/tmp/answer
) &
asker=$!
guest --stat --disk=/disk --share=/share,tag=host --net=user,hostfwd=tcp:127.0.0.1:7777-:7 --console=virtio </tmp/keyboard >/tmp/out 2>/tmp/err
status=$?
kill $asker 2>/dev/null
tr -d '\r' </tmp/out >/tmp/plain
[ $status -eq 5 ] && yes_ || { no_ "status $status, expected 5"; tail -n 5 /tmp/err; }
expect "entropy" "^rng: 64 virtio_rng" /tmp/plain
expect "disk" "^disk: 131072 disk$" /tmp/plain
expect "file on the disk" "^sum: \([0-9a-f]*\) \1$" /tmp/plain
expect "code from the disk" "^code: 8 runs, 0 wrong" /tmp/plain
expect "discard" "^discard: done" /tmp/plain
kept=$(du -k /disk | cut -f1) # all 64 MiB were there
[ "$kept" -lt 32768 ] && yes_ || no_ "discard: the file still has $kept KiB"
expect "ping" "3 packets received" /tmp/plain
expect "wget" "^wget: page of the host" /tmp/plain
expect "a forwarded port, to the guest" "^asked: question of the host" /tmp/plain
expect "a forwarded port, from the guest" "answer of the guest" /tmp/answer
expect "hvc0: input" "^typed: a line for hvc0" /tmp/plain
expect "share: read" "^share: from the host" /tmp/plain
expect "share: write" "^share: same" /tmp/plain
expect "share: remove" "^share: removed" /tmp/plain
expect "share: symlink" "^share: file from the host" /tmp/plain
expect "share: mode" "^share: 600 288894" /tmp/plain
expect "share: df" "^share: df" /tmp/plain
expect "complaints of the guest's kernel" "^complaints: 0" /tmp/plain
expect "guest memory in huge pages" "^huge_blocks  *[1-9]" /tmp/err
expect "shadow entries of 2 MiB" "^huge_fills  *[1-9]" /tmp/err
seq 50000 | cmp - /share/dir/moved && yes_ || no_ "the host's copy differs"
/e2fsck -fn /disk >/tmp/fsck 2>&1 && yes_ || { no_ "after umount:"; cat /tmp/fsck; }

# ---- killed while it writes; what it synced is there ----
cat >/command <<'C'
modprobe crc32c_generic; modprobe ext4
mount -t ext4 /dev/vda /mnt
i=0
while :; do
	seq $i $((i + 3000)) | dd of=/mnt/f$i bs=64k conv=fsync 2>/dev/null && echo "synced $i"
	i=$((i + 1))
done
C
: >/tmp/out
guest --disk=/disk --net=none </dev/null >/tmp/out 2>/tmp/err &
guest=$!
until grep -q "synced 12" /tmp/out || ! kill -0 $guest 2>/dev/null; do sleep 0.3; done
kill -KILL "$(pidof ldbtctl)"
wait $guest
last=$(tr -d '\r' </tmp/out | sed -n 's/^synced \([0-9]*\)$/\1/p' | tail -n 1)
[ "${last:-0}" -ge 12 ] && yes_ || { no_ "synced $last files, expected 12"; tail -n 5 /tmp/out /tmp/err; }
# -p replays the journal, takes the file system's sums from those of the groups, which alone ext4 keeps in the journal, and says "clean".
/e2fsck -p /disk >/tmp/fsck 2>&1
expect "the journal's replay leads to a clean file system" ": clean, " /tmp/fsck
/e2fsck -fn /disk >/tmp/fsck 2>&1 && yes_ || { no_ "after a kill and the journal's replay:"; cat /tmp/fsck; }
i=0
while [ $i -le "${last:-0}" ]; do
	/debugfs -R "dump /f$i /tmp/f" /disk 2>/dev/null
	seq $i $((i + 3000)) | cmp -s - /tmp/f && yes_ || no_ "file $i was synced and differs"
	rm -f /tmp/f
	i=$((i + 1))
done
rmmod ldbt && yes_ || no_ "rmmod"
echo "virtio-linux: $passed passed, $failed failed, 0 skipped"
[ $failed -eq 0 ] && [ $passed -gt 0 ]
