#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Every computing instruction of F and D on all special values and random ones: QEMU, the interpreter run natively, and
ldbt-bare interpreted and translated, also without the host's newer instructions, must print the same hashes of results and
flags. On a difference the first case that differs is looked for and printed. Then the program that tries FS, fcsr, loads
and stores must print the same, and every arm of the rules of F and D must have been executed.
"""
import argparse
import os
import shutil
import struct
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "diff"))
import arms    # noqa: E402

MAGIC = struct.pack("<Q", 0x6567616D69707066)
ALL_OPS = 2**64 - 1
QEMU_CPU = "rv64,h=false,zba=false,zbb=false,zbc=false,zbs=false"
TRIPLES_ALL = 64
TRIPLES_CHECK = 12
EXAMINED_MAX = 3


def configure(elf, out, plan, op=ALL_OPS, cases=0, is_other=False):
    """plan: seed, count, triples, stride, as in fp_ops.h."""
    with open(elf, "rb") as f:
        data = bytearray(f.read())
    at = data.find(MAGIC)
    assert at >= 0 and data.find(MAGIC, at + 1) < 0
    struct.pack_into("<QQQQQQQ", data, at + 8, *plan, op, cases, is_other)
    with open(out, "wb") as f:
        f.write(data)


class Runner:
    """counts: files that the first runs write executions of arms to; is_other: on registers that ldbt does not pin."""

    def __init__(self, name, command, counts=(), is_other=False):
        self.name, self.command, self.counts, self.is_other = name, command, list(counts), is_other

    def run(self, args):
        command = self.command + ([f"--arms={self.counts.pop(0)}"] if self.counts else [])
        try:
            done = subprocess.run(command + args, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                  stderr=subprocess.STDOUT, timeout=self.timeout, check=False)
        except subprocess.TimeoutExpired:
            return [f"no end after {self.timeout} s"]
        lines = done.stdout.decode("utf-8", "replace").splitlines()
        return lines + ([f"exit status {done.returncode}"] if done.returncode else [])

    def sweep(self, plan, op=ALL_OPS, cases=0):
        """plan: see configure()."""
        if self.name == "native":
            return self.run([str(n) for n in plan] + ([str(op), str(cases)] if op != ALL_OPS else []))
        configure(self.elf, self.elf + ".image", plan, op, cases, self.is_other)
        return self.run([self.elf + ".image"])


def examine(a, b, plan, op):
    """Looks for the first case of op behind which a and b disagree."""
    low, high = 0, 1
    while a.sweep(plan, op, high)[:1] == b.sweep(plan, op, high)[:1]:
        low, high = high, high * 2
        if high > 2**40:
            return
    while high - low > 1:
        middle = (low + high) // 2
        if a.sweep(plan, op, middle)[:1] == b.sweep(plan, op, middle)[:1]:
            low = middle
        else:
            high = middle
    for r in (a, b):
        print(f"    {r.name}: case {low}: " + " ".join(r.sweep(plan, op, high)[1:2]))


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("native", "elf", "state", "qemu", "bare"):
        ap.add_argument("--" + name, required=True)
    ap.add_argument("--seed", type=int, required=True)
    ap.add_argument("--count", type=int, required=True, help="random cases per instruction")
    ap.add_argument("--full", action="store_true", help="all special triples; native, QEMU and translated only")
    args = ap.parse_args()
    counts = [[f"{args.elf}.arms.{way}.{n}" for n in (0, 1)] for way in ("host", "plain")]    # of the sweep, of the states
    bare = [Runner("interpreted", [args.bare, "--interp"]), Runner("translated", [args.bare], counts[0]),
            Runner("plain host", [args.bare, "--plain-host"], counts[1]), Runner("homed", [args.bare], (), True)]
    if args.full:
        bare = [Runner("translated", [args.bare]), bare[-1]]
    runners = [Runner("native", [args.native])] + bare
    has_qemu = bool(shutil.which(args.qemu))
    if has_qemu:
        runners.insert(1, Runner("qemu", [args.qemu, "-M", "virt", "-bios", "none", "-nographic", "-cpu", QEMU_CPU, "-kernel"]))
    for r in runners:
        r.elf, r.timeout = args.elf, 7200 if args.full else 100
    plan = (args.seed, args.count, TRIPLES_ALL if args.full else TRIPLES_CHECK, 1)
    print(f"fp: seed {args.seed}, special values and {args.count} random cases per instruction, comparing "
          + ", ".join(r.name for r in runners))
    texts = [r.sweep(plan) for r in runners]
    failed = examined = 0
    for op in range(max(len(t) for t in texts)):
        lines = [t[op] if op < len(t) else "nothing" for t in texts]
        for r, line in zip(runners[1:], lines[1:]):
            if line == lines[0]:
                continue
            failed += 1
            print(f"fp: {lines[0]}, {r.name} {line}")
            if examined < EXAMINED_MAX:
                examined += 1
                examine(runners[0], r, plan, op)
            break
    passed = len(texts[0]) - failed
    states = [r.run([args.state]) for r in runners[1:]]
    for n in range(max((len(s) for s in states), default=0)):
        lines = [s[n] if n < len(s) else "nothing" for s in states]
        if len(set(lines)) == 1:
            passed += 1
            continue
        failed += 1
        print("fp: " + "; ".join(f"{r.name}: {line}" for r, line in zip(runners[1:], lines)))
    skipped = 0
    if not has_qemu:
        print(f"fp: {args.qemu} is not installed: only ldbt was compared with itself")
        passed, skipped = 0, passed
    reached = arms.Arms()
    for path in [path for way in counts for path in way if not args.full]:
        reached.add(path)
    arm_counts = reached.report("fp", arms.is_in_fp)
    passed, failed, skipped = passed + arm_counts[0], failed + arm_counts[1], skipped + arm_counts[2]
    print(f"fp: {passed} passed, {failed} failed, {skipped} skipped")
    return 1 if failed or not passed + skipped else 0


if __name__ == "__main__":
    sys.exit(main())
