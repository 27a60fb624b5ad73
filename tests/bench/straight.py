#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Writes a bare-metal ELF of N straight-line instructions that run once: what it takes to run is translation.
The mix is roughly that of compiled code: additions, loads, stores, logic, shifts, a third of them compressed."""
import random
import struct
import sys

BASE = 0x80000000
FINISHER_PASS = 0x5555


def r_type(funct7, funct3, opcode, rd, rs1, rs2):
    return funct7 << 25 | rs2 << 20 | rs1 << 15 | funct3 << 12 | rd << 7 | opcode


def i_type(imm, funct3, opcode, rd, rs1):
    return (imm & 0xfff) << 20 | rs1 << 15 | funct3 << 12 | rd << 7 | opcode


def s_type(imm, funct3, rs1, rs2):
    return (imm >> 5 & 0x7f) << 25 | rs2 << 20 | rs1 << 15 | funct3 << 12 | (imm & 31) << 7 | 0x23


def one(rng):
    """One instruction as (word, bytes). sp (x2) is the only base, and never written."""
    rd = rng.choice((1, 5, 6, 7, 8, 9, 10, 10, 11, 11, 12, 13, 14, 14, 15, 15, 15, 16, 17, 18, 19, 20, 28))
    rs1, rs2 = rng.choice((8, 9, 10, 11, 12, 13, 14, 15, 15, 20, 28)), rng.choice((10, 11, 12, 13, 14, 15, 18))
    pick = rng.randrange(100)
    if pick < 12:
        return 0x4000 | 1 | rd << 7 | rng.randrange(32) << 2, 2                     # c.li
    if pick < 24:
        return 0x9002 | rd << 7 | rs2 << 2, 2                                       # c.add
    if pick < 32:
        return 0x8002 | rd << 7 | rs2 << 2, 2                                       # c.mv
    if pick < 47:
        return i_type(rng.randrange(-2048, 2048), 0, 0x13, rd, rs1), 4              # addi
    if pick < 62:
        return i_type(8 * rng.randrange(100), rng.choice((2, 3, 3, 4)), 0x03, rd, 2), 4    # lw ld lbu
    if pick < 71:
        return s_type(8 * rng.randrange(100), rng.choice((2, 3)), 2, rs2), 4        # sw sd
    if pick < 78:
        return i_type(rng.randrange(64), rng.choice((1, 5)), 0x13, rd, rs1), 4      # slli srli
    if pick < 83:
        return i_type(rng.randrange(-2048, 2048), 0, 0x1b, rd, rs1), 4              # addiw
    if pick < 86:
        return rng.randrange(1 << 20) << 12 | rd << 7 | 0x37, 4                     # lui
    if pick < 88:
        return r_type(1, 0, 0x33, rd, rs1, rs2), 4                                  # mul
    return r_type(rng.choice((0, 32)), 0, 0x33, rd, rs1, rs2) if pick < 92 else \
        r_type(0, rng.choice((4, 6, 7, 3)), 0x33, rd, rs1, rs2), 4                  # add sub xor or and sltu


def main():
    out, count = sys.argv[1], int(sys.argv[2])
    rng = random.Random(1)
    pool = [one(rng) for _ in range(20000)]
    code = bytearray()
    # auipc x2: RAM 64 MiB on, behind the code
    code += struct.pack("<II", 0x4000 << 12 | 2 << 7 | 0x17, 0x00000013)
    for _ in range(count):
        word, length = pool[rng.randrange(len(pool))]
        code += word.to_bytes(length, "little")
    # x5 = finisher; x6 = 0x5555; sw x6, 0(x5); j .
    code += struct.pack("<IIIII", 0x100 << 12 | 5 << 7 | 0x37, 5 << 12 | 6 << 7 | 0x37,
                        i_type(FINISHER_PASS - 0x5000, 0, 0x13, 6, 6), s_type(0, 2, 5, 6), 0x6f)
    offset = 0x1000
    ident = b"\x7fELF\x02\x01\x01" + bytes(9)
    header = ident + struct.pack("<HHIQQQIHHHHHH", 2, 243, 1, BASE, 64, 0, 1, 64, 56, 1, 0, 0, 0)
    segment = struct.pack("<IIQQQQQQ", 1, 7, offset, BASE, BASE, len(code), len(code), 4096)
    with open(out, "wb") as f:
        f.write((header + segment).ljust(offset, b"\0") + code)


if __name__ == "__main__":
    main()
