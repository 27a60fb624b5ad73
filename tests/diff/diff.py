#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Differential test: runs generated images in QEMU, and in ldbt interpreted, translated, and translated with a cache so small
that it evicts; all must print the same. Two more runs of translated code count executions of each arm of the rules, one of them
without the host's newer instructions: every arm must have been reached (arms.py).
On a difference it narrows down to the block and the instruction, and prints inputs and differing registers.

Left out, because the manual leaves it open or QEMU 7.2 deviates (each is kept out by the generator or the guest):
  time, cycle, instret                     counters
  mtval of illegal instruction, breakpoint zero, the encoding or the pc are all legal: counted as 0
  mtval of a misaligned access without memory  QEMU reports the aligned address: rounded down
  AMO faults                               QEMU reports the read part as a load: causes 4, 5 are counted as 6, 7
  SC misaligned, elsewhere, other width    QEMU fails it before it looks at the address
  reservation across a trap                open: the guest's handler drops it
  stores between LR and SC                 open
  accesses across the end of RAM           depend on its size
  ctzw of a word that is 0                 QEMU 7.2 goes on into the upper half
  bit 0 of mepc and sepc                   QEMU 7.2 keeps it, the manual wants 0: only even values are written
  csrrs, csrrc on a read-only CSR          QEMU 7.2 traps if the value is not 0, the manual if the register is not x0
  CSRs beyond mepc, mtval, sscratch, sepc, stval, mhartid   implementations have different sets and WARL fields
  SYSTEM words that are no RV64IMAC instruction             the same reason
"""
import argparse
import os
import shutil
import subprocess
import sys

import arms

QEMU_CPU = "rv64,h=false,zba=true,zbb=true,zbc=false,zbs=true"
TIMEOUT_S = 600    # only a run without an end takes so long
GROUP = 64
EXAMINED_MAX = 5    # differing groups looked into, per image
SMALL_CACHE_KIB = 1024    # of translated code: a part of what one image needs
RANDOM_IMAGE = 100000    # instructions of one image


class Bench:
    """The emulators and the generator."""

    def __init__(self, args):
        self.args = args
        qemu = [args.qemu, "-M", "virt", "-bios", "none", "-nographic", "-cpu", args.qemu_cpu, "-kernel"]
        self.runners = [("qemu", qemu), ("interpreted", [args.bare, "--interp"]), ("translated", [args.bare]),
                        ("evicting", [args.bare, f"--code-kib={SMALL_CACHE_KIB}"])]
        self.arm_files = [os.path.join(args.work, name) for name in ("arms.counted", "arms.plain")]
        self.runners += [("counted", [args.bare, f"--arms={self.arm_files[0]}"]),
                         ("plain", [args.bare, "--plain-host", f"--arms={self.arm_files[1]}"])]
        self.has_qemu = bool(shutil.which(args.qemu))
        if not self.has_qemu:
            self.runners.pop(0)
        os.makedirs(args.work, exist_ok=True)

    def generate(self, image, extra=()):
        """Returns the path of the image and what diffgen says about it."""
        out = os.path.join(self.args.work, "image.elf" if not extra else "part.elf")
        command = [self.args.gen, "--rt", self.args.rt, "--out", out, "--group", str(GROUP)] + image + list(extra)
        done = subprocess.run(command, stdout=subprocess.PIPE, check=True)
        return out, done.stdout.decode().splitlines()

    def run(self, command, elf):
        try:
            done = subprocess.run(command + [elf], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                  stderr=subprocess.STDOUT, timeout=TIMEOUT_S, check=False)
        except subprocess.TimeoutExpired as late:
            return (late.stdout or b"").decode("utf-8", "replace").splitlines() + [f"no end after {TIMEOUT_S} s"]
        lines = done.stdout.decode("utf-8", "replace").splitlines()
        return lines + ([f"exit status {done.returncode}"] if done.returncode else [])

    def run_all(self, elf):
        return [self.run(command, elf) for _, command in self.runners]


def is_same(texts):
    return all(t == texts[0] for t in texts)


def split_blocks(text):
    """Output of a dump, cut behind each `block` line."""
    blocks, now = [], []
    for line in text:
        now.append(line)
        if line.startswith("block "):
            blocks.append(now)
            now = []
    return blocks + ([now] if now else [])


def dump(bench, image, first, count, cut=None):
    extra = ["--dump", str(first), str(count)] + (["--cut", str(first), str(cut)] if cut is not None else [])
    elf, said = bench.generate(image, extra)
    return bench.run_all(elf), said


def code_of(said):
    """Entry address and bytes of the dumped block."""
    entry = int(said[1].split()[3], 16)
    return entry, bytes.fromhex(said[2].split()[1] if len(said[2].split()) > 1 else "")


def insn_count(code):
    at = count = 0
    while at < len(code):
        at += 4 if code[at] & 3 == 3 else 2
        count += 1
    return count


def disassemble(bench, entry, code):
    path = os.path.join(bench.args.work, "block.bin")
    with open(path, "wb") as f:
        f.write(code)
    done = subprocess.run([bench.args.objdump, "-D", "-b", "binary", "-m", "riscv:rv64", "-M", "no-aliases,numeric",
                           f"--adjust-vma={entry:#x}", path], stdout=subprocess.PIPE, check=False)
    lines = done.stdout.decode().splitlines()
    return [line.expandtabs() for line in lines if ":" in line and "\t" in line and line.startswith(" ")]


def print_difference(bench, texts, limit=24):
    names = [name for name, _ in bench.runners]
    rows = [dict(line.split(" ", 1) for line in t if " " in line and line[0] in "xmf") for t in texts]
    shown = 0
    for key in rows[0]:
        values = [r.get(key, "-") for r in rows]
        if len(set(values)) > 1 and shown < limit:
            print(f"    {key:5}" + "".join(f" {n}={v}" for n, v in zip(names, values)))
            shown += 1
    others = [[line for line in t if line and line[0] not in "xmf"] for t in texts]
    if not is_same(others) or not shown:
        for name, lines in zip(names, others):
            print(f"    {name}: " + "; ".join(lines[-6:]))


def examine_block(bench, image, number):
    """Finds the first instruction, in memory order, behind which the emulators disagree, and prints all about it."""
    texts, said = dump(bench, image, number, 1)
    if is_same(texts):
        print(f"  block {number}: agrees when run alone; it depends on the blocks before it")
        return
    entry, code = code_of(said)
    low, high = 0, insn_count(code)    # agrees when cut at low, differs at high (uncut)
    while high - low > 1:
        middle = (low + high) // 2
        if is_same(dump(bench, image, number, 1, middle)[0]):
            low = middle
        else:
            high = middle
    before, _ = dump(bench, image, number, 1, low)
    after = dump(bench, image, number, 1, high)[0] if high < insn_count(code) else texts
    print(f"  block {number}, instruction {low} ({' '.join(image)}):")
    for n, line in enumerate(disassemble(bench, entry, code)):
        if low - 6 <= n <= low + 3:
            print(("  ->" if n == low else "    ") + line)
    print("    before it: " + " ".join(f"{k}={v}" for k, v in (line.split(" ") for line in before[0] if line[0] in "xf")))
    print_difference(bench, after)


def examine(bench, image, texts, blocks):
    """Looks into the groups that differ; returns how many blocks do."""
    lines = [{line.split()[0]: line for line in t if len(line.split()) == 2} for t in texts]
    groups = [g for g in range((blocks + GROUP - 1) // GROUP)
              if len({str(table.get(f"{g:x}")) for table in lines}) > 1]
    bad = max(0, len(groups) - EXAMINED_MAX)
    for g in groups[:EXAMINED_MAX]:
        count = min(GROUP, blocks - g * GROUP)
        parts = [split_blocks(t) for t in dump(bench, image, g * GROUP, count)[0]]
        differing = [k for k in range(max(len(p) for p in parts))
                     if len({str(p[k]) if k < len(p) else "" for p in parts}) > 1]
        bad += max(1, len(differing))
        print(f"diff: group {g}: {len(differing)} of {count} blocks differ")
        if differing:
            examine_block(bench, image, g * GROUP + differing[0])
    return max(1, bad)


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("gen", "rt", "work", "qemu", "bare", "objdump"):
        ap.add_argument("--" + name, required=True)
    ap.add_argument("--qemu-cpu", default=QEMU_CPU, help="newer releases name their processors otherwise")
    ap.add_argument("--seed", type=int, required=True)
    ap.add_argument("--insns", type=int, required=True, help="random instructions in all")
    args = ap.parse_args()
    bench = Bench(args)
    print(f"diff: seed {args.seed}, comparing " + ", ".join(name for name, _ in bench.runners))

    images = [["--mode", "each", "--seed", str(args.seed)]]
    left, n = args.insns, 0
    while left > 0:
        size = min(left, RANDOM_IMAGE)
        images.append(["--mode", "random", "--seed", str(args.seed + n), "--insns", str(size)])
        left -= size
        n += 1
    reached = arms.Arms()
    passed = failed = skipped = total = 0
    for image in images:
        elf, said = bench.generate(image)
        blocks, insns = int(said[0].split()[1]), int(said[0].split()[3])
        total += insns
        texts = bench.run_all(elf)
        for path in bench.arm_files:
            reached.add(path)
        if is_same(texts) and texts[0] and texts[0][-1].startswith(f"blocks {blocks} "):
            passed += blocks
            continue
        print("diff: difference in " + " ".join(image))
        bad = examine(bench, image, texts, blocks)
        failed += bad
        passed += max(0, blocks - bad)
    if not bench.has_qemu:
        print(f"diff: {args.qemu} is not installed: only interpreted and translated code were compared")
        passed, skipped = 0, passed
    counts = reached.report("diff", lambda rule: rule not in arms.IN_PRIV and not arms.is_in_fp(rule))
    passed, failed, skipped = passed + counts[0], failed + counts[1], skipped + counts[2]
    print(f"diff: {total} instructions in {len(images)} images; counted are blocks and arms")
    print(f"diff: {passed} passed, {failed} failed, {skipped} skipped")
    return 1 if failed or not passed + skipped else 0


if __name__ == "__main__":
    sys.exit(main())
