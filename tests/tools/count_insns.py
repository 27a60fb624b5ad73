#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""count_insns.py: figures about executed riscv64 instructions, from files that count_plugin.c wrote.

usage: count_insns.py pins|insns|pairs|triples|fpins|finsns FILE...

Each file counts as one program and gets the same weight, so that a long run does not drown the others.
  pins     share of each register in all integer register operands: read, written, memory base; and how many of
           the instructions have all operands in the N most used registers
  insns    share of each instruction
  pairs    share of executed pairs of neighbours, by opcode and by how the second uses the first's result
  triples  likewise three
  fpins    share of each floating-point register in all operands that name one: read, written, loaded, stored
  finsns   share of each instruction of F and D in all instructions, by rounding mode where it is not the dynamic one
Decodes RV64GC itself, so that it needs nothing but Python; instructions of other extensions count as 'other'."""
import signal
import sys
from collections import Counter, namedtuple

# rd, rs1, rs2: register numbers or None; mem: rs1 is a memory base; fp operands are not registers here
Insn = namedtuple("Insn", "op rd rs1 rs2 imm mem")

LOADS = ["lb", "lh", "lw", "ld", "lbu", "lhu", "lwu", "?"]
STORES = ["sb", "sh", "sw", "sd", "?", "?", "?", "?"]
BRANCHES = ["beq", "bne", "?", "?", "blt", "bge", "bltu", "bgeu"]
OP_IMM = ["addi", "slli", "slti", "sltiu", "xori", "srli", "ori", "andi"]
OP = ["add", "sll", "slt", "sltu", "xor", "srl", "or", "and"]
MULDIV = ["mul", "mulh", "mulhsu", "mulhu", "div", "divu", "rem", "remu"]
AMOS = {0: "amoadd", 1: "amoswap", 2: "lr", 3: "sc", 4: "amoxor", 8: "amoor", 12: "amoand",
        16: "amomin", 20: "amomax", 24: "amominu", 28: "amomaxu"}


def sext(value, bits):
    return value - (1 << bits) if value >> (bits - 1) & 1 else value


def pick(word, *pieces):
    """pieces (hi, lo, to): bits hi..lo of word become bits to.. of the result"""
    return sum((word >> lo & ((1 << hi - lo + 1) - 1)) << to for hi, lo, to in pieces)


def decode32(w):
    opc, rd, f3, rs1, rs2, f7 = w & 0x7f, w >> 7 & 31, w >> 12 & 7, w >> 15 & 31, w >> 20 & 31, w >> 25
    imm_i = sext(w >> 20, 12)
    if opc == 0x03:
        return Insn(LOADS[f3], rd, rs1, None, imm_i, True)
    if opc == 0x23:
        return Insn(STORES[f3], None, rs1, rs2, sext(pick(w, (31, 25, 5), (11, 7, 0)), 12), True)
    if opc in (0x07, 0x27):
        return Insn("fload" if opc == 0x07 else "fstore", None, rs1, None, imm_i, True)
    if opc == 0x13:
        return decode_op_imm(w, OP_IMM[f3], rd, rs1, imm_i)
    if opc == 0x1b:
        if f3 == 5:
            return Insn("sraiw" if f7 & 0x20 else "srliw", rd, rs1, None, rs2, False)
        return Insn({0: "addiw", 1: "slliw"}.get(f3, "other"), rd, rs1, None, imm_i if f3 == 0 else rs2, False)
    if opc in (0x33, 0x3b):
        return decode_op(opc, f3, f7, rd, rs1, rs2)
    if opc == 0x63:
        return Insn(BRANCHES[f3], None, rs1, rs2,
                    sext(pick(w, (31, 31, 12), (7, 7, 11), (30, 25, 5), (11, 8, 1)), 13), False)
    if opc == 0x67:
        return Insn("jalr", rd, rs1, None, imm_i, False)
    if opc == 0x6f:
        return Insn("jal", rd, None, None,
                    sext(pick(w, (31, 31, 20), (19, 12, 12), (20, 20, 11), (30, 21, 1)), 21), False)
    if opc in (0x37, 0x17):
        return Insn("lui" if opc == 0x37 else "auipc", rd, None, None, sext(w & 0xfffff000, 32), False)
    if opc == 0x2f:
        return Insn(AMOS.get(w >> 27, "other") + (".w" if f3 == 2 else ".d"), rd, rs1, rs2, 0, True)
    return Insn("fence" if opc == 0x0f else "system" if opc == 0x73 else "fp" if opc & 0x43 == 0x43 else "other",
                None, None, None, 0, False)


def decode_op_imm(w, name, rd, rs1, imm):
    if name == "srli" and w >> 30 & 1:
        name = "srai"
    shift = name in ("slli", "srli", "srai")
    return Insn(name, rd, rs1, None, imm & 63 if shift else imm, False)


def decode_op(opc, f3, f7, rd, rs1, rs2):
    suffix = "w" if opc == 0x3b else ""
    if f7 == 1:
        return Insn(MULDIV[f3] + suffix, rd, rs1, rs2, 0, False)
    if f7 == 0x20:
        return Insn({0: "sub", 5: "sra"}.get(f3, "other") + suffix, rd, rs1, rs2, 0, False)
    if f7:
        return Insn("other", rd, rs1, rs2, 0, False)
    return Insn(OP[f3] + suffix, rd, rs1, rs2, 0, False)


def decode16(w):
    quadrant, f3 = w & 3, w >> 13
    rd, rs2 = w >> 7 & 31, w >> 2 & 31
    rdc, rs1c = (w >> 2 & 7) + 8, (w >> 7 & 7) + 8
    imm6 = sext(pick(w, (12, 12, 5), (6, 2, 0)), 6)
    if quadrant == 0:
        return decode_c0(w, f3, rdc, rs1c)
    if quadrant == 1:
        return decode_c1(w, f3, rd, rdc, rs1c, imm6)
    if f3 == 0:
        return Insn("slli", rd, rd, None, imm6 & 63, False)
    if f3 == 4:
        if w >> 12 & 1:
            return Insn("jalr", 1, rd, None, 0, False) if not rs2 else Insn("add", rd, rd, rs2, 0, False)
        # gcc's mv; the base form that c.mv expands to
        return Insn("jalr", 0, rd, None, 0, False) if not rs2 else Insn("add", rd, 0, rs2, 0, False)
    if f3 in (1, 5):
        return Insn("fload" if f3 == 1 else "fstore", None, 2, None, 0, True)
    if f3 == 2:
        return Insn("lw", rd, 2, None, pick(w, (12, 12, 5), (6, 4, 2), (3, 2, 6)), True)
    if f3 == 3:
        return Insn("ld", rd, 2, None, pick(w, (12, 12, 5), (6, 5, 3), (4, 2, 6)), True)
    if f3 == 6:
        return Insn("sw", None, 2, rs2, pick(w, (12, 9, 2), (8, 7, 6)), True)
    return Insn("sd", None, 2, rs2, pick(w, (12, 10, 3), (9, 7, 6)), True)


def decode_c0(w, f3, rdc, rs1c):
    imm_w = pick(w, (12, 10, 3), (6, 6, 2), (5, 5, 6))
    imm_d = pick(w, (12, 10, 3), (6, 5, 6))
    if f3 == 0:
        return Insn("addi", rdc, 2, None, pick(w, (12, 11, 4), (10, 7, 6), (6, 6, 2), (5, 5, 3)), False)
    if f3 in (2, 3):
        return Insn("lw" if f3 == 2 else "ld", rdc, rs1c, None, imm_w if f3 == 2 else imm_d, True)
    if f3 in (6, 7):
        return Insn("sw" if f3 == 6 else "sd", None, rs1c, rdc, imm_w if f3 == 6 else imm_d, True)
    return Insn("fload" if f3 == 1 else "fstore" if f3 == 5 else "other", None, rs1c, None, 0, True)


def decode_c1(w, f3, rd, rdc, rs1c, imm6):
    if f3 in (0, 1):
        return Insn("addi" if f3 == 0 else "addiw", rd, rd, None, imm6, False)
    if f3 == 2:
        return Insn("addi", rd, 0, None, imm6, False)
    if f3 == 3:
        if rd == 2:
            imm = sext(pick(w, (12, 12, 9), (6, 6, 4), (5, 5, 6), (4, 3, 7), (2, 2, 5)), 10)
            return Insn("addi", 2, 2, None, imm, False)
        return Insn("lui", rd, None, None, imm6 << 12, False)
    if f3 == 4:
        sub = w >> 10 & 3
        if sub < 3:
            return Insn(("srli", "srai", "andi")[sub], rs1c, rs1c, None, imm6 if sub == 2 else imm6 & 63, False)
        name = ("sub", "xor", "or", "and", "subw", "addw", "other", "other")[(w >> 12 & 1) * 4 + (w >> 5 & 3)]
        return Insn(name, rs1c, rs1c, rdc, 0, False)
    if f3 == 5:
        return Insn("jal", 0, None, None, 0, False)
    return Insn("beq" if f3 == 6 else "bne", None, rs1c, 0, 0, False)


FP_OPS = {0: "fadd", 1: "fsub", 2: "fmul", 3: "fdiv", 11: "fsqrt"}
FMAS = {0x43: "fmadd", 0x47: "fmsub", 0x4b: "fnmsub", 0x4f: "fnmadd"}
ROUNDING = [" rne", " rtz", " rdn", " rup", " rmm", " ?", " ?", ""]


def decode_fp(w):
    """name, register written or None, registers read; or None: not of F and D"""
    if w & 3 != 3:
        if w & 3 == 1 or w >> 13 not in (1, 5):
            return None
        is_store, is_sp = w >> 15, w & 3 == 2
        reg = (w >> 2 & 31 if is_store else w >> 7 & 31) if is_sp else (w >> 2 & 7) + 8
        return ("fsd", None, [reg]) if is_store else ("fld", reg, [])
    opc, rd, f3, rs1, rs2, f5 = w & 0x7f, w >> 7 & 31, w >> 12 & 7, w >> 15 & 31, w >> 20 & 31, w >> 27
    suffix = ".s.d.h.q"[(w >> 25 & 3) * 2:][:2]
    if opc == 0x07 and f3 in (2, 3):
        return ("fld" if f3 == 3 else "flw", rd, [])
    if opc == 0x27 and f3 in (2, 3):
        return ("fsd" if f3 == 3 else "fsw", None, [rs2])
    if opc in FMAS:
        return (FMAS[opc] + suffix + ROUNDING[f3], rd, [rs1, rs2, f5])
    if opc != 0x53:
        return None
    if f5 in FP_OPS:
        return (FP_OPS[f5] + suffix + ROUNDING[f3], rd, [rs1] if f5 == 11 else [rs1, rs2])
    if f5 == 4:
        name = ("fsgnj", "fsgnjn", "fsgnjx", "?")[f3 & 3]
        if rs1 == rs2:
            name = {"fsgnj": "fmv", "fsgnjn": "fneg", "fsgnjx": "fabs"}.get(name, name)
        return (name + suffix, rd, [rs1, rs2])
    if f5 == 5:
        return (("fmin", "fmax")[f3 & 1] + suffix, rd, [rs1, rs2])
    if f5 == 8:
        return ("fcvt" + suffix + ".s.d.h.q"[(rs2 & 3) * 2:][:2] + (ROUNDING[f3] if f3 else ""), rd, [rs1])
    if f5 == 20:
        return (("fle", "flt", "feq", "?")[f3 & 3] + suffix, None, [rs1, rs2])
    integer = (".w", ".wu", ".l", ".lu")[rs2 & 3]
    if f5 == 24:
        return ("fcvt" + integer + suffix + ROUNDING[f3], None, [rs1])
    if f5 == 26:
        return ("fcvt" + suffix + integer + (ROUNDING[f3] if f3 else ""), rd, [])
    if f5 == 28:
        return (("fclass" if f3 else "fmv.x") + suffix, None, [rs1])
    return ("fmv" + suffix + ".x", rd, [])


def decode(word):
    return decode32(word) if word & 3 == 3 else decode16(word)


def read_blocks(path, decoder=decode):
    """[(runs, [Insn])] of one file"""
    blocks = []
    for line in open(path):
        runs, _addr, *words = line.split()
        blocks.append((int(runs), [decoder(int(word, 16)) for word in words]))
    return blocks


def weighted(paths, per_block, decoder=decode):
    """Sum over programs of the shares that per_block(insns) yields as (key, amount)."""
    total = Counter()
    for path in paths:
        blocks = read_blocks(path, decoder)
        executed = sum(runs * len(insns) for runs, insns in blocks)
        for runs, insns in blocks:
            for key, amount in per_block(insns):
                total[key] += runs * amount / executed / len(paths)
    return total


def shape(insn):
    """Name with what a rule would care about: a mv, a li, a nop of compare with x0, a sign extension."""
    if insn.op == "addi" and insn.rs1 == 0:
        return "li"
    if insn.op == "addi" and insn.imm == 0 or insn.op == "add" and 0 in (insn.rs1, insn.rs2):
        return "mv"
    if insn.op == "addiw" and insn.imm == 0:
        return "sext.w"
    if insn.op in BRANCHES and insn.rs2 == 0:
        return insn.op + "z"
    if insn.op == "jalr":
        return "ret" if (insn.rd, insn.rs1) == (0, 1) else "jalr" + (" x0" if insn.rd == 0 else "")
    if insn.op == "jal":
        return "j" if insn.rd == 0 else "jal"
    if insn.op in ("slli", "srli", "srai"):
        return f"{insn.op} {insn.imm}"
    return insn.op


def dependence(first, second):
    """How second uses first's result: a letter per use; '=' when it overwrites it as well."""
    if not first.rd:
        return ""
    uses = ("1" if second.rs1 == first.rd else "") + ("2" if second.rs2 == first.rd else "")
    return uses + ("=" if second.rd == first.rd else "")


def sequences(length):
    def per_block(insns):
        for at in range(len(insns) - length + 1):
            run = insns[at:at + length]
            text = shape(run[0])
            for first, second in zip(run, run[1:]):
                dep = dependence(first, second)
                text += f" ;{'' if not dep else '[' + dep + ']'} {shape(second)}"
            yield text, 1
    return per_block


def operands(insns):
    for insn in insns:
        if insn.rd is not None:
            yield ("write", insn.rd), 1
        if insn.rs1 is not None:
            yield ("base" if insn.mem else "read", insn.rs1), 1
        if insn.rs2 is not None:
            yield ("read", insn.rs2), 1


def print_pins(paths):
    counts = weighted(paths, operands)
    order = sorted(range(1, 32), key=lambda r: -sum(counts[kind, r] for kind in ("read", "write", "base")))
    everything = sum(amount for (_, reg), amount in counts.items() if reg)
    print("reg    share  read   write  base   cumulative   (% of operands that are not x0)")
    so_far = 0
    for reg in order:
        parts = [100 * counts[kind, reg] / everything for kind in ("read", "write", "base")]
        so_far += sum(parts)
        print(f"x{reg:<4} {sum(parts):6.2f} {parts[0]:6.2f} {parts[1]:6.2f} {parts[2]:6.2f}  {so_far:6.2f}")
    print(f"x0: {100 * sum(counts[kind, 0] for kind in ('read', 'write', 'base')) / everything:.2f} beside these")
    print("operands per instruction: %.2f" % everything)


def fp_operands(insns):
    for name, written, read in filter(None, insns):
        if written is not None:
            yield ("loaded" if name in ("fld", "flw") else "written", written), 1
        for reg in read:
            yield ("stored" if name in ("fsd", "fsw") else "read", reg), 1


def fp_names(insns):
    for insn in filter(None, insns):
        yield insn[0], 1


def print_fpins(paths):
    kinds = ("read", "written", "loaded", "stored")
    counts = weighted(paths, fp_operands, decode_fp)
    order = sorted(range(32), key=lambda r: -sum(counts[kind, r] for kind in kinds))
    everything = sum(counts.values())
    print("reg    share   read written loaded stored   cumulative   (% of operands that name an f register)")
    so_far = 0
    for reg in order:
        parts = [100 * counts[kind, reg] / everything for kind in kinds]
        so_far += sum(parts)
        print(f"f{reg:<4} {sum(parts):6.2f} {parts[0]:6.2f} {parts[1]:6.2f} {parts[2]:6.2f} {parts[3]:6.2f}   {so_far:6.2f}")
    print("operands per instruction: %.2f" % everything)


def print_top(counts, limit):
    for key, amount in counts.most_common(limit):
        print(f"{100 * amount:6.2f}%  {key}")


def main():
    if len(sys.argv) < 3 or sys.argv[1] not in ("pins", "insns", "pairs", "triples", "fpins", "finsns"):
        sys.exit(__doc__)
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # `| head` is no error
    what, paths = sys.argv[1], sys.argv[2:]
    if what == "pins":
        print_pins(paths)
    elif what == "fpins":
        print_fpins(paths)
    elif what == "finsns":
        print_top(weighted(paths, fp_names, decode_fp), 80)
    elif what == "insns":
        print_top(weighted(paths, sequences(1)), 80)
    else:
        print_top(weighted(paths, sequences(2 if what == "pairs" else 3)), 250)


main()
