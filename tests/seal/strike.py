#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Has one NMI and one machine check arrive before each instruction (or each Nth in the monitor) of stays in the sealed world, in
turn: while it is entered, in translated code, in the monitor, while it is left. Each must be handed on to the host, and the stay
go on.

The machine's emulator stops at the instruction (its debugging stub), its monitor raises the event. First all instructions of
some rounds of probe.c are recorded by single steps. Two processors, so that machine checks of Intel's kind reach both at once.
Usage: strike.py KERNEL MODULE [--cpu MODEL] [--views roots|keys] [--append S] [--every N]; last line "strike: N passed, N failed".
Next file: probed.py, probe.c."""
import argparse
import sys

from probed import Probed

STAYS = 16    # recorded: more than one round of probe.c
USER_END = 1 << 47
ENTRY_END = 0x10000600    # entry.S lies between WORLD_MONITOR of kmod/world/layout.h and here

VALID, UNCORRECTED, ENABLED, SIGNALED, DEFERRED = 1 << 63, 1 << 61, 1 << 60, 1 << 56, 1 << 44
SCRUBBED = 0xc0    # SDM volume 3, "Architecturally Defined UCR Errors": memory scrubbing, no action required
RESTARTABLE, IN_PROGRESS = 1, 4    # MCG_STATUS: RIPV, MCIP
BANK = 2

# By vendor, what Linux survives: an error that is logged and concerns nobody's data now. Intel's reach all processors.
MACHINE_CHECKS = {
    "AMD": ("", VALID | UNCORRECTED | ENABLED | DEFERRED),
    "Intel": ("-b ", VALID | UNCORRECTED | ENABLED | SIGNALED | SCRUBBED),
}


class Strike:
    def __init__(self, args):
        self.args = args
        self.passed = self.failed = 0
        self.machine = Probed(args.kernel, args.module, 2, args.cpu, args.views, args.append)
        self.gdb, self.enter = self.machine.gdb, self.machine.enter
        self.gate_end = self.machine.symbol("gate_text_end")

    def check(self, good, what):
        self.passed += bool(good)
        self.failed += not good
        if not good:
            print(f"FAIL: {what}")
        return good

    def is_gate(self, rip):
        return self.machine.gate <= rip < self.gate_end

    def is_ours(self, rip):
        return rip < USER_END or self.is_gate(rip)

    def record(self):
        """Every instruction of some stays, from gate_enter to its return, each once."""
        seen = {}
        for _ in range(STAYS):
            self.gdb.run_to(self.enter)
            rip = self.enter
            while self.is_ours(rip):
                seen[rip] = None
                rip = self.gdb.step()
        gate = [rip for rip in seen if self.is_gate(rip)]
        rest = [rip for rip in seen if not self.is_gate(rip)]
        entry = [rip for rip in rest if rip < ENTRY_END]
        return gate + entry + [rip for rip in rest if rip >= ENTRY_END][::self.args.every]

    def strike_at(self, rip, command):
        """Before the next stay the host has answered."""
        self.gdb.run_to(self.enter)
        if rip != self.enter:
            self.gdb.run_to(rip)
        text = self.gdb.monitor(command)
        if text.strip():
            raise RuntimeError(f"monitor: {command}: {text}")

    def number(self, pattern):
        return int(self.machine.find(pattern) or -1)

    def run(self):
        flags, status = MACHINE_CHECKS[self.args.vendor]
        points = self.record()
        checks = f"mce {flags}0 {BANK} {status:#x} {RESTARTABLE | IN_PROGRESS:#x} 0 0"
        for rip in points:
            for command in ("nmi", checks):
                self.strike_at(rip, command)
        self.check(self.machine.end() == 0, "the machine's log is clean, all stays were right")
        count = len(points)
        self.check(self.number(r"interrupts MCE (\d+)") == count, "the host saw each machine check")
        self.check(self.number(r"host saw (\d+) NMIs") == count, "the host saw each NMI")
        for place in ("window", "monitor", "resume", "guest"):
            self.check(self.number(rf"\b{place} (\d+)") > 0, f"some hit the {place}")
        inside = self.number(r"inside (\d+) NMIs")
        self.check(inside > count // 2 and inside == self.number(r"NMIs and (\d+) machine checks"), "most hit the world")
        print(f"strike: {count} instructions, {inside} of them in the world")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("kernel")
    parser.add_argument("module")
    parser.add_argument("--cpu", default="max")
    parser.add_argument("--vendor", default="AMD", choices=MACHINE_CHECKS)
    parser.add_argument("--views", default="roots")
    parser.add_argument("--append", default="pti=on")
    parser.add_argument("--every", type=int, default=1, help="of the monitor's instructions; of the gate's it is each one")
    passed, failed = 0, 1
    try:
        strike = Strike(parser.parse_args())
        strike.run()
        passed, failed = strike.passed, strike.failed
        if failed:
            print("".join(strike.machine.lines))
        strike.machine.close()
    except (OSError, RuntimeError, ValueError) as error:
        print(f"FAIL: {error}")
    print(f"strike: {passed} passed, {failed} failed")
    return failed != 0


sys.exit(main())
