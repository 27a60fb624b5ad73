/* SPDX-License-Identifier: GPL-2.0-only */
/* image.h: layout of a differential-test image: what diffgen writes and diff_rt.c (the guest) reads.
 * Owns:    guest addresses from DIFF_SCRATCH on; the guest's own code and data lie below.
 * Promise: plain little-endian structs of 64-bit fields, the same on both sides.
 * Locks, context, errors: none. */
#ifndef DIFF_IMAGE_H
#define DIFF_IMAGE_H

#include <stdint.h>

#define DIFF_SCRATCH	 0x80300000ULL /* memory that blocks load, store and hash */
#define DIFF_SCRATCH_MAX 0x4000	       /* most bytes a block may ask for */
#define DIFF_PROGRAM	 0x80400000ULL /* struct diff_header, table of struct diff_block, code */
#define DIFF_MAGIC	 0x6666696474626c64ULL

/* As in mstatus.MPP. */
enum { DIFF_MODE_U, DIFF_MODE_S, DIFF_MODE_M = 3 };

struct diff_header {
	uint64_t magic;
	uint64_t nblocks;
	uint64_t block_table;		  /* gpa of struct diff_block[nblocks] */
	uint64_t group_blocks;		  /* one hash is printed for so many blocks */
	uint64_t stride;		  /* every so many groups one is run */
	uint64_t dump_first, dump_blocks; /* these print everything; then nothing else runs */
};

/* One block: entered at `entry` with x[1..31], left by the ebreak at `end` (or `cut`, when bisecting). */
struct diff_block {
	uint64_t entry, end, cut;
	uint64_t seed;	    /* fills the scratch memory */
	uint64_t mem_bytes; /* of it; multiple of 8, hashed afterwards */
	uint64_t mode;	    /* it runs in: DIFF_MODE_* */
	uint64_t fs, fcsr;  /* as in mstatus.FS; f registers come of seed */
	uint64_t x[32];	    /* x[0] unused */
};

#endif
