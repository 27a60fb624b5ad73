#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""The instruction, random, floating-point and privileged tests inside the module: runs their images by `ldbtctl run` in the test machine. Each
must print what ldbt-bare and QEMU print (diff.py, ../priv/priv.py say what is compared and what is left out).
Counted are groups of blocks or cases, 64 each. Of an image that differs the first group that does is run again with
everything printed, and what differs first is shown."""
import argparse
import os
import shutil
import subprocess
import sys

for room in ("fp", "priv"):
    sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", room))
import diff    # noqa: E402
import fp    # noqa: E402
import priv    # noqa: E402

RANDOM_IMAGE = 100000    # instructions of one image
SHOWN_MAX = 24
RUN_IMAGES = """insmod /ldbt.ko || exit 2
for image in /images/*.elf; do
	echo "image $image"
	ldbtctl run "$image" </dev/null 2>/tmp/err || { echo "status $?"; tail -n 5 /tmp/err; }
done
rmmod ldbt && echo "end of images"
"""


class Image:
    """name; make(path, dumped group or None) writes the file. Each line of what an image without groups prints is one."""

    def __init__(self, name, make, is_grouped=True):
        self.name = name
        self.make = make
        self.is_grouped = is_grouped


def generated(args, name, options, stride):
    def make(path, group=None):
        extra = [] if group is None else ["--dump", str(group * diff.GROUP), str(diff.GROUP)]
        command = [args.gen, "--rt", args.rt, "--out", path, "--group", str(diff.GROUP), "--stride", str(stride)]
        if group is not None:    # the last group may be shorter
            said = subprocess.run(command + options, stdout=subprocess.PIPE, check=True).stdout.split()
            extra[2] = str(min(diff.GROUP, int(said[1]) - group * diff.GROUP))
        subprocess.run(command + options + extra, stdout=subprocess.DEVNULL, check=True)
    return Image(name, make)


def privileged(args):
    def make(path, group=None):
        if group is None:
            priv.configure(args.priv, path, args.seed, args.cases - args.cases % priv.GROUP)
        else:
            priv.configure(args.priv, path, args.seed, 0, group * priv.GROUP, priv.GROUP)
    return Image("priv", make)


def fp_sweep(args, name, is_other):
    def make(path, _group=None):
        fp.configure(args.fp, path, (args.seed, args.fp_count, fp.TRIPLES_CHECK, args.fp_stride), is_other=is_other)
    return Image(name, make, False)


def all_images(args):
    images = [generated(args, "each", ["--mode", "each", "--seed", str(args.seed)], args.stride)]
    for n in range((args.insns + RANDOM_IMAGE - 1) // RANDOM_IMAGE):
        size = min(RANDOM_IMAGE, args.insns - n * RANDOM_IMAGE)
        images.append(generated(args, f"random{n}", ["--mode", "random", "--seed", str(args.seed + n), "--insns", str(size)], 1))
    images += [fp_sweep(args, "fp", False), fp_sweep(args, "fp_homed", True), Image("fp_state", lambda path, _group=None: shutil.copy(args.fp_state, path), False)]
    return images + ([privileged(args)] if args.cases else [])


def run_here(args, elf):
    """What the emulators of this machine print: a list of texts."""
    cpu = priv.QEMU_CPU if os.path.basename(elf) == "priv.elf" else diff.QEMU_CPU
    qemu = [args.qemu, "-M", "virt", "-bios", "none", "-nographic", "-cpu", cpu, "-kernel"]
    commands = [[args.bare]] + ([qemu] if shutil.which(args.qemu) else [])
    return [priv.run(command, elf) for command in commands]


def run_in_machine(args, folder):
    """Runs all images of a folder; returns {name: lines}, and what was said beside that."""
    script = os.path.join(args.work, "images.sh")
    with open(script, "w", encoding="ascii") as f:
        f.write(RUN_IMAGES)
    done = subprocess.run([args.vm, "--kernel", args.kernel, "--smp", "2", "--timeout", str(args.timeout), "--file", f"{folder}:/images",
                           "--file", f"{script}:/images.sh", "--", "sh", "/images.sh"],
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    texts, rest, now = {}, [], None
    for line in done.stdout.decode("utf-8", "replace").replace("\r", "").splitlines():
        if line.startswith("image /images/"):
            now = texts.setdefault(os.path.basename(line)[:-len(".elf")], [])
        elif line == "end of images":
            now = None
        else:
            (rest if now is None else now).append(line)
    if done.returncode or now is not None:
        rest.append(f"status {done.returncode} of the test machine")
        return texts, rest
    return texts, []


def empty_folder(args, name):
    folder = os.path.join(args.work, name)
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    return folder


def first_difference(wanted, found):
    for n, line in enumerate(wanted):
        if n >= len(found) or found[n] != line:
            return n
    return len(wanted)


def group_of(line):
    """Number of the group that a line of output tells of, or None: diff images print it in hexadecimal."""
    words = line.split()
    if len(words) == 3 and words[0] == "group":
        return int(words[1])
    return int(words[0], 16) if len(words) == 2 else None


def examine(args, image, line):
    """Runs the group of that line again, printing everything."""
    group = group_of(line)
    if group is None:
        return
    folder = empty_folder(args, "dump")
    elf = os.path.join(folder, "dump.elf")
    image.make(elf, group)
    wanted = run_here(args, elf)[0]
    found = run_in_machine(args, folder)[0].get("dump", [])
    at = first_difference(wanted, found)
    if found == wanted:
        print(f"module-diff: {image.name}: group {group} agrees when run alone")
        return
    print(f"module-diff: {image.name}: group {group}, first difference:")
    for text, name in ((wanted, "expected"), (found, "found   ")):
        for line in text[at:at + 3]:
            print(f"    {name} {line}"[:400])
    ends = [line for line in wanted[at:] if line.startswith("block ")]
    if ends:
        print("    in " + ends[0].split(" traps")[0])


def compare(args, image, texts, found):
    """Returns (passed, failed) groups."""
    wanted = texts[0]
    if any(text != wanted for text in texts):
        print(f"module-diff: {image.name}: ldbt-bare and QEMU differ: see make check-diff, check-priv")
        return 0, 1
    groups = [line for line in wanted if not image.is_grouped or group_of(line) is not None]
    if found == wanted and groups:
        return len(groups), 0
    bad = [line for line in groups if line not in found]
    print(f"module-diff: {image.name}: {len(bad)} of {len(groups)} groups differ; {len(found)} lines, expected {len(wanted)}")
    for line in found[len(wanted) - 1:][-SHOWN_MAX:] if len(found) != len(wanted) else []:
        print(f"    {line}"[:200])
    if bad and image.is_grouped:
        examine(args, image, bad[0])
    for line in [] if image.is_grouped else bad[:SHOWN_MAX]:
        print(f"    expected {line}"[:200])
    return len(groups) - len(bad), max(1, len(bad))


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("gen", "rt", "priv", "fp", "fp_state", "work", "qemu", "bare", "vm", "kernel"):
        ap.add_argument("--" + name.replace("_", "-"), required=True)
    ap.add_argument("--seed", type=int, required=True)
    ap.add_argument("--stride", type=int, required=True, help="of the systematic groups every so many one is run")
    ap.add_argument("--insns", type=int, required=True, help="random instructions in all")
    ap.add_argument("--cases", type=int, required=True, help="of the privileged test")
    ap.add_argument("--fp-count", type=int, required=True, help="random cases of each instruction of F and D")
    ap.add_argument("--fp-stride", type=int, required=True, help="of their special cases every so many one is run")
    ap.add_argument("--timeout", type=int, required=True, help="of the test machine, in seconds")
    args = ap.parse_args()
    print(f"module-diff: seed {args.seed}, kernel {args.kernel}, {args.insns} random instructions, one of {args.stride} systematic "
          f"groups, {args.cases} privileged cases")
    folder = empty_folder(args, "images")
    images, texts = all_images(args), {}
    for image in images:
        elf = os.path.join(folder, image.name + ".elf")
        image.make(elf)
        texts[image.name] = run_here(args, elf)
    found, rest = run_in_machine(args, folder)
    for line in rest[-SHOWN_MAX:]:
        print(f"    {line}"[:200])
    passed, failed = 0, 1 if rest else 0
    for image in images:
        counts = compare(args, image, texts[image.name], found.get(image.name, []))
        passed, failed = passed + counts[0], failed + counts[1]
    print(f"module-diff: {passed} passed, {failed} failed, 0 skipped")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
