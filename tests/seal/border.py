#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Shows that the mitigations at the border of the sealed world are executed: on processors of several makers, as the emulator
pretends them, with kernel options that choose each way, one stay is followed instruction by instruction.

What boundary.c says of itself (parameter `mitigations`) must be there, in the right place, and nothing else. The emulator ignores
writes of the registers that steer speculation: what is looked at is which values are written, and where.
Usage: border.py KERNEL MODULE [SETUP...]; last line "border: N passed, N failed". Next file: probed.py, kmod/gate.S."""
import argparse
import sys

from gdb import RAX, RCX, RDX, RSP
from probed import Probed

INTEL = "max,vendor=GenuineIntel,family=6,model=94,stepping=3,-pku,x-force-features=on"
AMD = "max,vendor=AuthenticAMD,family={},model={},stepping=0,x-force-features=on,+ibpb"
ZEN2, ZEN3 = AMD.format(23, 49), AMD.format(25, 1)

# Name: processor, kernel options, what must be among the mitigations.
SETUPS = {
    "plain": ("max", "mitigations=off", "none"),
    "intel": (INTEL, "", "return-stack verw small-gate"),
    "ibrs": (INTEL + ",+spec-ctrl", "spectre_v2=ibrs", "return-stack ibrs branch-history"),
    "unret": (ZEN2, "retbleed=unret", "return-stack untrain-returns"),
    "ibpb": (ZEN2, "retbleed=ibpb", "ibpb"),
    "srso": (ZEN3, "spec_rstack_overflow=safe-ret", "untrain-alias"),
}

SPEC_CTRL, PRED_CMD, IBRS, IBPB = 0x48, 0x49, 1, 1
RETURNS, BRANCHES = 32, 194    # entries of a return stack; branches that a history holds at most
STEPS_MAX = 200000    # a string instruction counts once a round
LOAD_CR3, IRETQ, WRMSR, VERW = b"\x0f\x22\xd8", b"\x48\xcf", b"\x0f\x30", b"\x0f\x00"
VERW_OPERATION = 5
JUMPS = {0xeb: 2, 0x74: 2, 0x75: 2, 0xe9: 5}    # opcode: length
CALL = 0xe8


class Stay:
    """What happened on the way in (before translated code) and on the way out (with the host's page tables)."""

    def __init__(self, machine, start):
        self.msrs = {"in": [], "out": []}
        self.verws = self.calls = self.branches = 0
        self.visited = {"in": set(), "out": set()}
        self.text = {}
        self._follow(machine.gdb, machine.enter, start)

    def _follow(self, gdb, enter, start):
        side, end, loads = "in", None, 0
        gdb.run_to(start)
        rip = start
        for _ in range(STEPS_MAX):
            if rip == enter:
                end = int.from_bytes(gdb.read(gdb.register(RSP), 8), "little")
            if rip == end:
                return
            code = self.text.setdefault(rip, gdb.read(rip, 4) or b"")
            self._note(gdb, side, rip, code)
            loads += code.startswith(LOAD_CR3)
            if loads == 2:    # the second leads out
                side = "out"
            following = gdb.step()
            if side == "out" and code and code[0] in JUMPS:
                self.branches += following != rip + JUMPS[code[0]]
            rip = following
        raise RuntimeError("the stay does not end")

    def _note(self, gdb, side, rip, code):
        self.visited[side].add(rip)
        if code.startswith(WRMSR):
            value = gdb.register(RDX) << 32 | gdb.register(RAX)
            self.msrs[side].append((gdb.register(RCX), value))
        self.verws += side == "in" and code.startswith(VERW) and code[2] >> 3 & 7 == VERW_OPERATION
        self.calls += side == "out" and code[:1] == bytes([CALL])

    def written(self, side, msr):
        return [value for number, value in self.msrs[side] if number == msr]


class Border:
    def __init__(self, name, args):
        self.name = name
        self.passed = self.failed = 0
        cpu, append, self.wanted = SETUPS[name]
        self.machine = Probed(args.kernel, args.module, 1, cpu, append=append)
        self.words = self.machine.find(r"mitigations (.*)").split()

    def check(self, good, what):
        self.passed += bool(good)
        self.failed += not good
        if not good:
            print(f"FAIL: {self.name}: {what}; mitigations: {' '.join(self.words)}")

    def kernel_function(self, name):
        return int(self.machine.find(rf"([0-9a-f]+) \w {name}") or "0", 16)

    def has(self, *words):
        return any(word in self.words for word in words)

    def check_registers(self, stay):
        released, taken = stay.written("in", SPEC_CTRL), stay.written("out", SPEC_CTRL)
        if self.has("ibrs"):
            self.check(len(released) == 1 and not released[0] & IBRS, "IBRS is released on the way in")
            self.check(taken == [released[0] | IBRS], "the host's SPEC_CTRL is restored on the way out")
        else:
            self.check(not released and not taken, "SPEC_CTRL is left alone")
        flushed = stay.written("out", PRED_CMD)
        self.check(flushed == ([IBPB] if self.has("ibpb", "ibpb-guest") else []), "predictors are flushed once, or never")

    def check_stay(self, stay):
        untrain, alias = (self.kernel_function(name) for name in ("entry_untrain_ret", "srso_alias_untrain_ret"))
        out = stay.visited["out"]
        self.check((alias in out) == self.has("untrain-alias"), "returns are untrained through the alias, or not")
        self.check((untrain in out) == (self.has("untrain-returns") and not self.has("untrain-alias")), "returns are untrained, or not")
        self.check((stay.calls >= RETURNS) == self.has("return-stack"), f"the return stack is filled, or not: {stay.calls} calls")
        self.check((stay.branches >= BRANCHES) == self.has("branch-history"), f"history is cleared, or not: {stay.branches} branches")
        self.check((stay.verws > 0) == self.has("verw", "verw-guest"), "buffers are cleared, or not")
        self.check((self.machine.gate != self.machine.text) == self.has("small-gate"), "the gate's pages are small, or the module's")

    def run(self):
        for word in self.wanted.split():
            self.check(self.has(word), f"this set-up is to have {word}")
        start = self.machine.symbol("boundary_release_ibrs", self.machine.text) if self.has("ibrs") else self.machine.enter
        stay = Stay(self.machine, start)
        self.check_registers(stay)
        self.check_stay(stay)
        self.check(self.machine.end() == 0, "the machine's log is clean, all stays were right")
        print(f"border: {self.name}: {' '.join(self.words)}")
        if self.failed:
            print("".join(self.machine.lines))
        self.machine.close()


def run_setup(name, args):
    try:
        border = Border(name, args)
        border.run()
        return border.passed, border.failed
    except (OSError, RuntimeError, ValueError) as error:
        print(f"FAIL: {name}: {error}")
        return 0, 1


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("kernel")
    parser.add_argument("module")
    parser.add_argument("setup", nargs="*", default=list(SETUPS))
    args = parser.parse_args()
    results = [run_setup(name, args) for name in args.setup]
    passed, failed = (sum(column) for column in zip(*results))
    print(f"border: {passed} passed, {failed} failed")
    return failed != 0


sys.exit(main())
