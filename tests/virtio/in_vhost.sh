#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# A Debian guest with two tap interfaces, one with vhost-net and one without; runs in the test machine, see linux.sh. Prints a
# summary line.
. /with_guest.sh

# Kernels since 6.4 have vhost's worker as a thread of the owner, older ones as a process.
workers() { cat /proc/[0-9]*/task/[0-9]*/comm 2>/dev/null | grep -c '^vhost-[0-9]'; }

insmod /ldbt.ko || exit 1
ifconfig lo 127.0.0.1 up
for n in 0 1; do
	tunctl -t tap$n >/dev/null || exit 1
	ifconfig tap$n 10.$n.0.1 netmask 255.255.255.0 up
done
[ -e /dev/vhost-net ] || { echo "FAIL: no /dev/vhost-net"; exit 1; }
mkdir -p /www /tmp
seq 1500000 >/www/big
sum=$(md5sum </www/big | cut -c1-32)
httpd -h /www -p 80

# ---- megabytes both ways over both; the driver lets go and takes again ----
cat >/command <<'C'
features() { cut -c$(($2 + 1)) /sys/class/net/$1/device/features; }
use() { # N: interface ethN
	ifconfig eth$1 10.$1.0.2 netmask 255.255.255.0 up
	echo "eth$1: mergeable $(features eth$1 15) segments $(features eth$1 7)"
	ping -c 3 10.$1.0.1 | sed -n "s/.*, \(.*\) packets received.*/eth$1: pings \1/p"
	ping -c 2 -s 9000 10.$1.0.1 | sed -n "s/.*, \(.*\) packets received.*/eth$1: long pings \1/p"
	wget -q -O /tmp/big http://10.$1.0.1/big
	echo "eth$1: down $(md5sum </tmp/big | cut -c1-32)"
	nc 10.$1.0.1 7$1 </tmp/big
}
modprobe virtio_net
use 0
use 1
for device in $(ls /sys/bus/virtio/drivers/virtio_net | grep '^virtio'); do
	echo $device >/sys/bus/virtio/drivers/virtio_net/unbind
	echo $device >/sys/bus/virtio/drivers/virtio_net/bind
done
echo "again"
use 0
ping -f -q -c 500 10.0.0.1 2>/dev/null | grep received
dmesg | grep -E "WARNING|BUG:|Oops|rcu.*stall|nobody cared|rx error|buffers missing|NETDEV WATCHDOG|needs reset" >/tmp/complaints
cat /tmp/complaints
echo "complaints: $(wc -l </tmp/complaints)"
exit 5
C
mkfifo /tmp/hold
exec 7<>/tmp/hold # nc would end with its input
(for n in 0 1 0; do nc -l -p 7$n <&7 | md5sum | cut -c1-32; done) >/tmp/up &
guest --net=tap,ifname=tap0 --net=tap,ifname=tap1,vhost=off </dev/null >/tmp/out 2>/tmp/err &
guest=$!
until grep -q "pings" /tmp/out || ! kill -0 $guest 2>/dev/null; do sleep 0.3; done
[ "$(workers)" -eq 1 ] && yes_ || no_ "$(workers) workers of vhost, expected 1"
wait $guest
status=$?
tr -d '\r' </tmp/out >/tmp/plain
[ $status -eq 5 ] && yes_ || { no_ "status $status, expected 5"; tail -n 5 /tmp/err; }
[ ! -s /tmp/err ] && yes_ || { no_ "messages:"; cat /tmp/err; }
sed '/^again/,$d' /tmp/plain >/tmp/before
sed -n '/^again/,$p' /tmp/plain >/tmp/after
expect "features with vhost" "^eth0: mergeable 1 segments 1" /tmp/before
expect "features without" "^eth1: mergeable 0 segments 0" /tmp/before
for part in "0 before" "1 before" "0 after"; do
	set -- $part
	expect "eth$1 $2: ping" "^eth$1: pings 3" /tmp/"$2"
	expect "eth$1 $2: ping in fragments" "^eth$1: long pings 2" /tmp/"$2"
	expect "eth$1 $2: megabytes to the guest" "^eth$1: down $sum" /tmp/"$2"
done
[ "$(grep -c "^$sum" /tmp/up)" -eq 3 ] && yes_ || { no_ "megabytes of the guest, three times $sum:"; cat /tmp/up; }
expect "complaints of the guest's kernel" "^complaints: 0" /tmp/plain
[ "$(workers)" -eq 0 ] && yes_ || no_ "a worker of vhost is left"

# ---- killed in the middle ----
cat >/command <<'C'
modprobe virtio_net
ifconfig eth0 10.0.0.2 netmask 255.255.255.0 up
wget -q -O /dev/null http://10.0.0.1/big && echo "streams"
while :; do wget -q -O /dev/null http://10.0.0.1/big; done
C
: >/tmp/out
guest --net=tap,ifname=tap0 </dev/null >/tmp/out 2>/tmp/err &
guest=$!
until grep -q "streams" /tmp/out || ! kill -0 $guest 2>/dev/null; do sleep 0.3; done
kill -KILL "$(pidof ldbtctl)"
wait $guest
expect "stream before the kill" "streams" /tmp/out
for try in 1 2 3 4 5 6 7 8 9 10; do [ "$(workers)" -eq 0 ] || sleep 1; done
[ "$(workers)" -eq 0 ] && yes_ || no_ "a worker of vhost survives a kill"
rmmod vhost_net 2>/tmp/err && yes_ || { no_ "vhost_net is still in use:"; cat /tmp/err; }

# ---- without the module ----
ldbtctl run --net=tap,ifname=tap0 /guests/hello.elf >/tmp/out 2>/tmp/err && yes_ || no_ "no guest without vhost_net: status $?"
expect "message" "tap: tap0: frames go through ldbtctl, not vhost-net: No such file or directory" /tmp/err
ldbtctl run --net=tap,ifname=tap0,vhost=off /guests/hello.elf >/tmp/out 2>/tmp/err && [ ! -s /tmp/err ] && yes_ || { no_ "vhost=off:"; cat /tmp/err; }
rmmod ldbt && yes_ || no_ "rmmod"
echo "virtio-vhost: $passed passed, $failed failed, 0 skipped"
[ $failed -eq 0 ] && [ $passed -gt 0 ]
