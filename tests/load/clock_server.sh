# SPDX-License-Identifier: GPL-2.0-only
# In the guest: answers each datagram on port 7777 with the same word and the guest's CLOCK_MONOTONIC in nanoseconds. "busy N" keeps the processor busy for N seconds
# as well, "end" ends.
exec python3 - <<'PYTHON'
import socket, subprocess, time
server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
server.bind(("0.0.0.0", 7777))
print("clock: the guest's clock source is", open("/sys/devices/system/clocksource/clocksource0/current_clocksource").read().strip(), flush=True)
busy = "import sys, time\nend = time.monotonic() + float(sys.argv[1])\nwhile time.monotonic() < end:\n    sum(range(10000))"
while True:
    word, peer = server.recvfrom(64)
    server.sendto(b"%s %d" % (word, time.clock_gettime_ns(time.CLOCK_MONOTONIC)), peer)
    if word.startswith(b"busy"):
        subprocess.Popen(["python3", "-c", busy, word.split()[1].decode()])
    if word == b"end":
        break
PYTHON
