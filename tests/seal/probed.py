# SPDX-License-Identifier: GPL-2.0-only
"""A machine in which probe.c makes stays without end, and the debugger that watches them.

Next file: gdb.py, strike.py, border.py."""
import os
import re
import shutil
import subprocess
import tempfile

from gdb import Gdb

TOP = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
TIMEOUT_S = 1800    # only a machine that hangs takes so long

IN_MACHINE = """
grep -E ' (entry_untrain_ret|srso_alias_untrain_ret)$' /proc/kallsyms
insmod /seal.ko probe=1 views=VIEWS &
while ! dmesg | grep -q 'seal: probe: gate'; do sleep 0.2; done
echo mitigations $(cat /sys/module/ldbt_seal/parameters/mitigations)
dmesg | grep 'seal: probe: gate'
wait $!
status=$?
dmesg | grep 'seal: '
sed -n 's/^ *\\(MCE\\): *\\([0-9]*\\) .*/interrupts \\1 \\2/p' /proc/interrupts
exit $status
"""


class Probed:
    """lines: what the machine's command has printed; gate: where the gate's text is used; text: where the module has it."""

    def __init__(self, kernel, module, smp, cpu="max", views="roots", append=""):
        self.module = module
        self.lines = []
        self.gdb = self.stop = self.gate = self.text = None
        self.work = tempfile.mkdtemp()
        socket = os.path.join(self.work, "gdb")
        command = [os.path.join(TOP, "tests/vm/run"), "--kernel", kernel, "--bare", "--smp", str(smp), "--machine-checks",
                   "--timeout", str(TIMEOUT_S), "--cpu", cpu, "--append", append,
                   "--emulator-args", f"-gdb unix:{socket},server=on,wait=off",
                   "--file", module + ":/seal.ko", "--", IN_MACHINE.replace("VIEWS", views)]
        self.machine = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        for line in self.machine.stdout:
            self.lines.append(line)
            if found := re.search(r"seal: probe: gate (\w+) text (\w+) stop (\w+)", line):
                self.gate, self.text, self.stop = (int(word, 16) for word in found.groups())
                break
        if not self.gate:
            raise RuntimeError("no stays: " + "".join(self.lines))
        self.enter = self.symbol("gate_enter")
        self.gdb = Gdb(socket)

    def symbol(self, name, base=None):
        """Of the module's text, as far from gate_text as in its file."""
        names = subprocess.run(["nm", self.module], stdout=subprocess.PIPE, check=True).stdout.decode()
        address = {symbol: int(value, 16) for value, symbol in re.findall(r"^([0-9a-f]+) \S (\S+)$", names, re.M)}
        return (base or self.gate) + address[name] - address["gate_text"]

    def end(self):
        """The exit status: 0 if the machine's log is clean and all stays were right."""
        self.gdb.run_to(self.enter)
        self.gdb.write(self.stop, b"\1\0\0\0")
        self.gdb.detach()
        self.lines += self.machine.stdout.readlines()
        return self.machine.wait()

    def close(self):
        self.machine.terminate()
        self.lines += self.machine.stdout.readlines()
        self.machine.wait()
        shutil.rmtree(self.work)

    def find(self, pattern):
        """The first group of a pattern in what was printed, or None."""
        found = re.search(pattern, "".join(self.lines))
        return found.group(1) if found else None
