#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# In the guest, as /command of its ramdisk: goes over to the disk and runs /load there. The last line tells what the kernel complained of,
# and a complaint is a failure.
for module in crc32c_generic ext4; do modprobe $module; done
mount -t ext4 /dev/vda /mnt || exit 1
mount -t devtmpfs dev /mnt/dev
mount -t devpts pts /mnt/dev/pts
mount -t proc proc /mnt/proc
mount -t sysfs sys /mnt/sys
for folder in dev/shm tmp run; do
	mkdir -p /mnt/$folder
	mount -t tmpfs -o mode=1777 tmp /mnt/$folder
done
ifconfig eth0 10.0.2.15 netmask 255.255.255.0 up
route add default gw 10.0.2.2
cp /load /mnt/tmp/load
xargs env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 chroot /mnt /bin/bash /tmp/load </arguments
status=$?
dmesg | grep -E "WARNING|BUG:|Oops|rcu.*stall|soft lockup|hung|nobody cared|I/O error|EXT4-fs error|Unable to handle|segfault|unhandled signal" >/tmp/complaints
cat /tmp/complaints
echo "guest's kernel: $(wc -l </tmp/complaints) complaints, up $(cut -d' ' -f1 /proc/uptime) s"
[ ! -s /tmp/complaints ] || [ $status -ne 0 ] || status=98
exit $status
