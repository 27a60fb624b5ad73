#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Makes small kernel files for tests: make_image.py FILE KIND [FIELD=VALUE]...; KIND is linux, zboot-gzip or zboot-zstd.

Fields: text_offset, image_size, flags, pe (offset of the PE header, 0: none), machine, section_end, packed_by, payload_len."""
import gzip
import struct
import subprocess
import sys

BODY = 4096


def pe_header(field):
    section = struct.pack("<8sIIII12xI", b".text", BODY, 0, field.get("section_end", BODY), 0, 0)
    return b"PE\0\0" + struct.pack("<HHIIIHH", field.get("machine", 0x5064), 1, 0, 0, 0, 0, 0) + section


def linux(field):
    head = struct.pack("<IIQQQIIQ8sII", 0x10005A4D, 0, field.get("text_offset", 0x200000), field.get("image_size", 65536),
                       field.get("flags", 0), 2, 0, 0, b"RISCV\0\0\0", 0x05435352, field.get("pe", 64))
    return (head + pe_header(field)).ljust(BODY, b"k")


def zboot(field, packed, name):
    at = 512
    head = struct.pack("<4s4sIIII32sII", b"MZ\0\0", b"zimg", at, field.get("payload_len", len(packed)), 0, 0,
                       field.get("packed_by", name).encode(), 0x818223CD, 64)
    return (head + pe_header(dict(field, section_end=at + len(packed)))).ljust(at, b"\0") + packed


def main():
    path, kind = sys.argv[1:3]
    field = dict(arg.split("=") for arg in sys.argv[3:])
    field = {name: value if name == "packed_by" else int(value, 0) for name, value in field.items()}
    data = linux(field)
    if kind == "zboot-gzip":
        data = zboot(field, gzip.compress(data), "gzip")
    elif kind == "zboot-zstd":
        packed = subprocess.run(["zstd", "-q", "-c"], input=data, stdout=subprocess.PIPE, check=True).stdout
        data = zboot(field, packed, "zstd22")
    with open(path, "wb") as f:
        f.write(data)


main()
