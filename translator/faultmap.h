/* SPDX-License-Identifier: GPL-2.0-only */
/* faultmap.h: from a host address in the code cache to the guest instruction and the guest access.
 *
 * Owns:    nothing; records lie in the pools of struct cache.
 * Promise: one struct access_record per host instruction that can fault on guest memory, one struct bound per guest
 *          instruction; both ascend by host offset within a block. Readable without the guest's memory: a fault or
 *          MMIO access never fetches the guest instruction again.
 * Locks:   lookups need the cache's lock, or to be on the vCPU that runs the block (cache.h).
 * Context: any, also a signal or exception handler; bounded: binary searches only. Errors: -ENOENT.
 * Next file: cache.h. */
#ifndef LDBT_FAULTMAP_H
#define LDBT_FAULTMAP_H

#include "port.h"
#include "rule.h"

struct cache;
struct match;

/* Guest instruction boundary. Several share one host offset when an instruction emitted nothing or was fused:
 * the host offset then stands for the first of them. */
struct bound {
	u16 host;  /* offset from the block's first byte */
	u16 guest; /* offset in pc_page, 0..4095 */
};

enum { ACCESS_NO_REG = 0xff, ACCESS_IMM = 0xfe };

struct access_record {
	u16 host;  /* the host instruction, from the block's first byte */
	u16 guest; /* guest instruction: offset in pc_page */
	u8 len;	   /* resume offset = host + len */
	u8 kind;   /* enum access_kind */
	u8 size_bytes;
	u8 is_signed : 1, dest_bits : 7; /* loads: extension to 32 or 64 bits */
	u8 reg;				 /* host register loaded or stored; ACCESS_IMM: imm */
	u8 base;			 /* host register, or ACCESS_NO_REG */
	u16 pad;
	s32 disp;
	s32 imm;
};

_Static_assert(sizeof(struct access_record) == 20, "a side table, not a log");

/* What a host offset of the cache stands for. */
struct fault_site {
	u32 block;
	u32 guest;			    /* offset in pc_page of the guest instruction */
	bool is_boundary;		    /* host is the first byte of guest's code */
	u32 nbounds;			    /* is_boundary: guest instructions that share this host offset */
	const struct access_record *access; /* or NULL; access->guest: the instruction that accesses */
};

/* The record of the access that the host instruction at `host` makes, or NULL. */
const struct access_record *faultmap_access(const struct cache *c, u32 host);

/* -ENOENT: no block there (stubs, free bytes, cold code of a block has the guest offset of its last boundary). */
int faultmap_find(const struct cache *c, u32 host, struct fault_site *site);

/* Appends the records of one template, whose first byte is at `host` from the block's start. */
void faultmap_add_accesses(struct cache *c, const struct match *m, u32 host, const u16 *guest_off);

#endif
