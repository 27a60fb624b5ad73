#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Runs the benchmark kernels natively, in QEMU and in ldbt, and prints two tables: execution and translation speed.
Time is user + system CPU time of the whole process, the median of some runs, minus that of the empty program.
It only measures: no figure here makes it fail; a wrong result line does."""
import argparse
import math
import os
import platform
import re
import resource
import shutil
import statistics
import subprocess
import sys

RUNS = 3
START_UP_RUNS = 7
STEPS = 100000         # host instructions that are single-stepped for the ratio
TIMEOUT_S = 120
HEADER = (f"{'kernel':11}{'native s':>9}{'QEMU s':>8}{'ldbt s':>8} |{'ldbt/nat':>9}{'QEMU/nat':>9}{'QEMU/ldbt':>10} |"
          f"{'host/guest':>11}{'by rules':>11}{'bytes/byte':>11}")


def run_once(command):
    """CPU seconds, exit status, stdout, stderr."""
    child = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    try:
        out, err = child.communicate(timeout=TIMEOUT_S)
    except subprocess.TimeoutExpired:
        child.kill()
        child.communicate()
        return 0.0, -1, "", f"no end after {TIMEOUT_S} s"
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime
    return cpu, child.returncode, out.decode("utf-8", "replace").strip(), err.decode("utf-8", "replace")


def median_time(command, runs):
    """Median CPU seconds, and what was printed, or None if a run went wrong."""
    times, text = [], None
    for _ in range(runs):
        cpu, status, out, _ = run_once(command)
        if status != 0 or (text is not None and out != text):
            return 0.0, None
        text = out
        times.append(cpu)
    return statistics.median(times), text


def geometric_mean(values):
    values = [v for v in values if v > 0]
    return math.exp(sum(math.log(v) for v in values) / len(values)) if values else 0.0


def find_number(pattern, text):
    found = re.search(pattern, text)
    return float(found.group(1)) if found else float("nan")


class Bench:
    def __init__(self, args):
        self.dir = args.dir
        self.bare = args.bare
        self.qemu = None
        if shutil.which(args.qemu):
            self.qemu = [args.qemu, "-M", "virt", "-bios", "none", "-nographic", "-kernel"]
        self.start_up = {who: median_time(self.command(who, "empty"), START_UP_RUNS)[0] for who in self.runners()}

    def runners(self):
        return ["native", "qemu", "ldbt"] if self.qemu else ["native", "ldbt"]

    def command(self, who, name):
        if who == "native":
            return [os.path.join(self.dir, name + ".native")]
        return (self.qemu if who == "qemu" else [self.bare]) + [os.path.join(self.dir, name + ".elf")]

    def measure(self, who, name):
        cpu, text = median_time(self.command(who, name), RUNS)
        return max(cpu - self.start_up[who], 1e-4), text

    def counters(self, name):
        """Host instructions per guest instruction, percent by rules, code bytes per guest byte."""
        elf = os.path.join(self.dir, name + ".elf")
        steps = run_once([self.bare, f"--count-steps={STEPS}", elf])[3]
        stat = run_once([self.bare, "--stat", "--count", elf])[3]
        return (find_number(r"ratio ([0-9.]+)", steps), find_number(r"executed \d+, by rules ([0-9.]+)", stat),
                find_number(r"code bytes per guest byte ([0-9.]+)", stat))


def first_line(command):
    try:
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
        return done.stdout.decode().splitlines()[0]
    except (OSError, IndexError):
        return "not installed"


def print_machine(args):
    cpu = "unknown CPU"
    with open("/proc/cpuinfo", encoding="ascii", errors="replace") as f:
        for line in f:
            if line.startswith("model name"):
                cpu = line.split(":", 1)[1].strip()
                break
    print(f"machine: {cpu}, {os.cpu_count()} CPUs, load {os.getloadavg()[0]:.1f}, Linux {platform.release()}")
    print(f"qemu:    {first_line([args.qemu, '--version'])}, TCG, -M virt -bios none")
    print(f"native:  {first_line([args.cc, '--version'])}, -O2")
    print(f"guest:   {first_line([args.rv_cc, '--version'])}, -O2 -march=rv64imac_zicsr_zifencei")
    print(f"time:    CPU seconds (user + system), median of {RUNS}, minus the empty program; same result line in all three")
    print(f"counts:  host/guest from {STEPS} single-stepped host instructions after 0.1 s; by rules of all executed ones")


def table_speed(bench, names):
    wrong, rows = 0, []
    print("start-up (subtracted): " + ", ".join(f"{who} {t * 1000:.1f} ms" for who, t in bench.start_up.items()))
    print("\n" + HEADER)
    for name in names:
        times = {who: bench.measure(who, name) for who in bench.runners()}
        if len({text for _, text in times.values()}) != 1 or times["native"][1] is None:
            wrong += 1
            print(f"{name:11} WRONG: " + ", ".join(f"{who}: {text}" for who, (_, text) in times.items()))
            continue
        native, ldbt = times["native"][0], times["ldbt"][0]
        qemu = times["qemu"][0] if "qemu" in times else float("nan")
        ratio, rules, density = bench.counters(name)
        rows.append((ldbt / native, qemu / native, qemu / ldbt, ratio, rules, density))
        print(f"{name:11}{native:9.3f}{qemu:8.3f}{ldbt:8.3f} |{ldbt / native:9.2f}{qemu / native:9.2f}{qemu / ldbt:10.2f} |"
              f"{ratio:11.3f}{rules:10.4f}%{density:11.2f}", flush=True)
    if len(rows) > 1:
        means = [geometric_mean([r[i] for r in rows]) for i in range(6)]
        print(f"{'geo. mean':11}{'':25} |{means[0]:9.2f}{means[1]:9.2f}{means[2]:10.2f} |"
              f"{means[3]:11.3f}{min(r[4] for r in rows):10.4f}%{means[5]:11.2f}")
        print(f"{'':37}  (by rules: the lowest of all)")
    return wrong


def table_translation(bench, straight, count):
    print(f"\ntranslation, random: {count} straight-line instructions drawn at random, each executed once; the whole process "
          "minus start-up. Nothing repeats, so every prediction of the host misses: the worst case")
    for who in bench.runners()[1:]:
        command = (bench.qemu if who == "qemu" else [bench.bare]) + [straight]
        cpu, text = median_time(command, RUNS)
        if text is None:
            print(f"  {who:6} WRONG: no clean end")
            return 1
        print(f"  {who:6} {(cpu - bench.start_up[who]) * 1e9 / count:8.1f} ns per guest instruction")
    stat = run_once([bench.bare, "--stat", straight])[3]
    print(f"  ldbt's own clock: translator alone {find_number(r'translation ([0-9.]+) ns', stat):.1f} ns per guest "
          f"instruction, {find_number(r'code bytes per guest byte ([0-9.]+)', stat):.2f} code bytes per guest byte")
    return 0


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("dir", "qemu", "bare", "cc", "rv-cc", "straight"):
        ap.add_argument("--" + name, required=True)
    ap.add_argument("--straight-insns", type=int, required=True)
    ap.add_argument("--only", default="", help="one kernel, or 'translation'")
    args = ap.parse_args()
    names = sorted(n[:-7] for n in os.listdir(args.dir) if n.endswith(".native") and n != "empty.native")
    if args.only and args.only not in names + ["translation"]:
        print(f"bench: no kernel {args.only}; there are: {' '.join(names)} translation")
        return 2
    print_machine(args)
    bench = Bench(args)
    wrong = 0
    if args.only != "translation":
        wrong += table_speed(bench, [args.only] if args.only else names)
    if args.only in ("", "translation"):
        wrong += table_translation(bench, args.straight, args.straight_insns)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
