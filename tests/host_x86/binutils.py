#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Compares our encodings with GNU binutils.

Each line of the text is one case: objdump of our bytes must say the same as the text, and the same as objdump of what
`as` makes of the text (which may choose a shorter encoding of the same instruction).
usage: binutils.py x86_list work-directory x86_64.isa..."""
import re
import subprocess
import sys

LINE = re.compile(r"^\s*([0-9a-f]+):\t([0-9a-f ]+?)\s*\t(.*)$")


def normalise(address, text):
    text = re.sub(r"\s+", " ", text.split("#")[0].strip())
    if " PTR ds:0x1000" in text:
        text = re.sub(r"^(lock )?ds ", r"\1", text)  # HOME_SEG of the user-space build
    text = re.sub(r"^(lock )?rex ", r"\1", text)  # a REX byte without effect: templates keep its place
    text = text.replace("+0x0]", "]")
    text = re.sub(r"^((?:sh[lr]|sar|ro[lr]) .*),0x1$", r"\1,1", text)
    jump = re.match(r"^(j\w+) 0x([0-9a-f]+)$", text)
    if jump:
        text = "%s .+0x%x" % (jump.group(1), int(jump.group(2), 16) - address)
    return text


def disassemble(args):
    out = subprocess.run(["objdump", "-M", "intel", "--insn-width=16"] + args, check=True, capture_output=True,
                         text=True).stdout
    lines = []
    for line in out.splitlines():
        match = LINE.match(line)
        if match:
            lines.append((match.group(2).strip(), normalise(int(match.group(1), 16), match.group(3))))
    return lines


def main():
    lister, work, *isa = sys.argv[1:]
    code, text, obj = work + "/x86.bin", work + "/x86.s", work + "/x86.o"
    subprocess.run([lister, code, text, *isa], check=True)
    with open(text) as file:
        wanted = [normalise(0, line) for line in file]
    with open(text, "r+") as file:
        body = file.read()
        file.seek(0)
        file.write(".intel_syntax noprefix\n" + body)
    subprocess.run(["as", "-W", "-o", obj, text], check=True)
    ours = disassemble(["-D", "-b", "binary", "-m", "i386:x86-64", code])
    theirs = disassemble(["-d", obj])
    failed = max(len(ours), len(theirs), len(wanted)) - min(len(ours), len(theirs), len(wanted))
    passed = same = 0
    for (our_bytes, our_text), (as_bytes, as_text), want in zip(ours, theirs, wanted):
        if our_text == want == as_text:
            passed += 1
            same += our_bytes == as_bytes
        else:
            failed += 1
            if failed < 20:
                print("want '%s': our bytes %s are '%s', as makes '%s'" % (want, our_bytes, our_text, as_text))
    print("x86 encodings: %d of them byte for byte as binutils chooses" % same)
    print("x86-binutils: %d passed, %d failed, 0 skipped" % (passed, failed))
    return failed != 0 or passed == 0


sys.exit(main())
