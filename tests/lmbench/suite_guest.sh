# SPDX-License-Identifier: GPL-2.0-only
# In the guest: the disk with the suite becomes the root.
modprobe crc32c_generic
modprobe ext4
mount -t ext4 /dev/vda /mnt || exit 1
for folder in dev proc sys tmp; do
	mkdir -p /mnt/$folder
	mount -o bind /$folder /mnt/$folder
done
chroot /mnt /usr/bin/busybox sh /suite
status=$?
umount /mnt/dev /mnt/proc /mnt/sys /mnt/tmp /mnt || status=1
exit $status
