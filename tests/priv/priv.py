#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Differential test of privileged behaviour: runs the same cases in QEMU and in ldbt (interpreted, and with translated
code where translation of addresses is off); all must print the same. The arms of rules that tests/diff leaves to this
test must have been executed (../diff/arms.py). A group of cases that differs is run again with
every step printed, and the first step that differs is shown.

Left out, because the manual leaves it open or QEMU 7.2 deviates (kept out by the guest program, or masked there):
  A and D bits by Svade                    QEMU 7.2 always sets them: menvcfg.ADUE is set; tests/walk has Svade
  page tables where no memory is           QEMU 7.2: page fault; priv supervisor "Virtual Address Translation Process": access fault
  satp with Sv48, Sv57                     QEMU has them. Bare with other fields not zero: open
  sfence.w.inval, sfence.inval.ir in U-mode QEMU 7.2 does nothing; priv svinval: illegal instruction
  mret, sret from M-mode with MPRV set     QEMU 7.2 leaves MPRV; priv machine "Memory Privilege in mstatus Register": cleared
  two interrupts for one mode              QEMU 7.2 takes the lower number: SSIP before MSIP or SEIP; priv machine "Machine
                                           Interrupt (mip and mie) Registers" has another order
  mstatus.MPP = 2, UXL, SXL                QEMU 7.2 keeps what is written; priv machine "mstatus": WARL
  mstatus FS, VS, XS, SD, GVA, MPV         QEMU has VS without V
  bit 0 of mepc, sepc                      QEMU 7.2 keeps it; priv machine "mepc": always zero
  csrrs, csrrc on read-only CSRs           QEMU 7.2 traps by the value, unpriv "Zicsr" by the register
  AMO and SC where they may fault          QEMU 7.2 does the read part as a load; unpriv "Atomic Memory Operations", priv
                                           machine "mcause": store/AMO faults. tests/diff has them without paging
  stores over two pages, one without memory QEMU 7.2 stores the first part
  mtval of illegal instructions and breakpoints; low bits of mtval of accesses (../diff/diff.py)
  counters, hardware events, PMP, triggers, vendor numbers: implementations have different ones
"""
import argparse
import os
import shutil
import struct
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "diff"))
import arms    # noqa: E402

MAGIC = struct.pack("<Q", 0x6769666e6f637670)
QEMU_CPU = "rv64,h=false,zba=false,zbb=false,zbc=false,zbs=false,svinval=true"
GROUP = 64
TIMEOUT_S = 600    # only a run without an end takes so long
EXAMINED_MAX = 3


def configure(elf, out, seed, cases, first=0, count=0):
    with open(elf, "rb") as f:
        data = bytearray(f.read())
    at = data.find(MAGIC)
    assert at >= 0 and data.find(MAGIC, at + 1) < 0
    struct.pack_into("<QQQQ", data, at + 8, seed, cases, first, count)
    with open(out, "wb") as f:
        f.write(data)


def run(command, elf):
    try:
        done = subprocess.run(command + [elf], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, timeout=TIMEOUT_S, check=False)
    except subprocess.TimeoutExpired as late:
        return (late.stdout or b"").decode("utf-8", "replace").splitlines() + [f"no end after {TIMEOUT_S} s"]
    lines = done.stdout.decode("utf-8", "replace").splitlines()
    return lines + ([f"exit status {done.returncode}"] if done.returncode else [])


def show_step(names, lines):
    """One line per emulator: what was done, then the fields that differ."""
    print("    " + lines[0].split(": ")[0])
    fields = [dict(f.split("=") for f in line.split(": ", 1)[-1].split() if "=" in f) for line in lines]
    for key in fields[0]:
        values = [f.get(key, "-") for f in fields]
        if len(set(values)) > 1:
            print(f"      {key}: " + ", ".join(f"{n} {v}" for n, v in zip(names, values)))
    if not any(fields):
        for name, line in zip(names, lines):
            print(f"      {name}: {line}")


def examine(args, runners, group):
    part = args.elf + ".part"
    configure(args.elf, part, args.seed, 0, group * GROUP, GROUP)
    texts = [run(command, part) for _, command in runners]
    names = [name for name, _ in runners]
    for lines in zip(*texts):
        if len(set(lines)) > 1:
            show_step(names, lines)
            return
    lengths = ", ".join(f"{n} {len(t)}" for n, t in zip(names, texts))
    print(f"    no step differs when run alone ({lengths} lines)")


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("elf", "qemu", "bare"):
        ap.add_argument("--" + name, required=True)
    ap.add_argument("--qemu-cpu", default=QEMU_CPU, help="newer releases name their processors otherwise")
    ap.add_argument("--seed", type=int, required=True)
    ap.add_argument("--cases", type=int, required=True)
    args = ap.parse_args()
    args.cases -= args.cases % GROUP
    arm_file = args.elf + ".arms"
    runners = [("interpreted", [args.bare, "--interp"]), ("translated", [args.bare]),
               ("counted", [args.bare, f"--arms={arm_file}"])]
    has_qemu = bool(shutil.which(args.qemu))
    if has_qemu:
        runners.insert(0, ("qemu", [args.qemu, "-M", "virt", "-bios", "none", "-nographic", "-cpu", args.qemu_cpu, "-kernel"]))
    print(f"priv: seed {args.seed}, {args.cases} cases, comparing " + ", ".join(n for n, _ in runners))
    image = args.elf + ".image"
    configure(args.elf, image, args.seed, args.cases)
    tables = [dict(line.rsplit(" ", 1) for line in run(command, image) if " " in line) for _, command in runners]
    reached = arms.Arms()
    reached.add(arm_file)
    groups = range(args.cases // GROUP)
    bad = [g for g in groups if len({t.get(f"group {g}") for t in tables}) > 1 or f"group {g}" not in tables[0]]
    for g in bad[:EXAMINED_MAX]:
        print(f"priv: group {g} differs:")
        examine(args, runners, g)
    passed = args.cases - GROUP * len(bad)
    skipped = 0
    if not has_qemu:
        print(f"priv: {args.qemu} is not installed: only interpreted and translated code were compared")
        skipped, passed = passed, 0
    counts = reached.report("priv", lambda rule: rule in arms.IN_PRIV)
    passed, failed, skipped = passed + counts[0], GROUP * len(bad) + counts[1], skipped + counts[2]
    print(f"priv: {passed} passed, {failed} failed, {skipped} skipped")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
