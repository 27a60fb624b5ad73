#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Runs hello and each benchmark kernel (check size) natively, in QEMU and in ldbt, translated and interpreted:
the printed line must be the same everywhere and the exit status 0. Prints one summary line."""
import argparse
import os
import shutil
import subprocess
import sys

HELLO = "hello from riscv64: text c -42 42 0x0000beef 123456789abcdef0 100%"
TIMEOUT_S = 600    # only a run without an end takes so long


def run(command):
    """Returns what the command printed; a bad end is part of the text, so that it never compares equal."""
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              timeout=TIMEOUT_S, check=False)
    except subprocess.TimeoutExpired:
        return f"no end after {TIMEOUT_S} s"
    text = done.stdout.decode("utf-8", "replace").strip()
    return text if done.returncode == 0 else f"{text} [exit status {done.returncode}]"


def main():
    ap = argparse.ArgumentParser(description=__doc__)
    ap.add_argument("--dir", required=True, help="folder with hello.elf and check/")
    ap.add_argument("--qemu", required=True)
    ap.add_argument("--bare", required=True, help="ldbt-bare")
    args = ap.parse_args()

    runners = [("ldbt", [args.bare]), ("ldbt --interp", [args.bare, "--interp"])]
    skipped = 0
    if shutil.which(args.qemu):
        runners.append(("qemu", [args.qemu, "-M", "virt", "-bios", "none", "-nographic", "-kernel"]))
    cases = [("hello", os.path.join(args.dir, "hello.elf"), HELLO)]
    check = os.path.join(args.dir, "check")
    for name in sorted(n[:-4] for n in os.listdir(check) if n.endswith(".elf")):
        base = os.path.join(check, name)
        cases.append((name, base + ".elf", run([base + ".native"])))
    if len(runners) < 3:
        skipped = len(cases)
        print(f"guests: {args.qemu} is not installed")

    passed = failed = 0
    for name, elf, expected in cases:
        for who, command in runners:
            got = run(command + [elf])
            if got == expected:
                passed += 1
                continue
            failed += 1
            print(f"guests: {name} in {who}: expected {expected!r}, got {got!r}")
    print(f"guests: {passed} passed, {failed} failed, {skipped} skipped")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
