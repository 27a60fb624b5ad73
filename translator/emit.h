/* SPDX-License-Identifier: GPL-2.0-only */
/* emit.h: host bytes: templates with their holes filled, and the few sequences of the translator's own.
 *
 * Owns:    the bytes behind cache->mem.code_rw from `pos` on.
 * Promise: writes stay within EMIT_SLACK_BYTES behind the returned position; the room for a whole block was checked
 *          once, by cache_reserve(). User builds assert it at each template.
 * Locks:   the cache's. Context: as cache.h. Errors: none.
 * Next file: rule.h (holes), link.h (stubs). */
#ifndef LDBT_EMIT_H
#define LDBT_EMIT_H

#include "cache.h"
#include "match.h"

struct block_work;

enum {
	EMIT_CHUNK_BYTES = 16, /* templates are copied in pieces of this size */
	EMIT_SLACK_BYTES = 16,
	EMIT_LINK_MISALIGN_MAX = 4, /* rel32 at (offset & 7) <= 4 lies within 8 bytes */
};

/* Each takes the host offset to write at and returns the offset behind. */
/* Branches of the template are left open and listed in w->jump[]; first is the match's first instruction. */
u32 emit_template(struct cache *c, struct block_work *w, u32 pos, const struct match *m, u32 first);
u32 emit_nop(struct cache *c, u32 pos, u32 len_bytes);
u32 emit_exit(struct cache *c, u32 pos, u32 exit_code, u32 pc_off);
/* With ecx = arg. */
u32 emit_exit_arg(struct cache *c, u32 pos, u32 exit_code, u32 pc_off, u32 arg);
u32 emit_jump(struct cache *c, u32 pos, u32 target);
/* A jump whose rel32 (at *rel) can be patched: padded by prefixes, so that nothing more is executed. */
u32 emit_linked_jump(struct cache *c, u32 pos, u32 *rel);
/* Jump to pc_page + target, in another page, by link l; fills the link's rel and cold. */
u32 emit_far_jump(struct cache *c, u32 pos, s32 target, u32 l);
/* The same for a target that no 32-bit displacement reaches: by lookup only. */
u32 emit_distant_jump(struct cache *c, u32 pos, s64 target);
/* rax = target gva: by the jump table, else EXIT_MISS. */
u32 emit_lookup(struct cache *c, u32 pos);
u32 emit_miss(struct cache *c, u32 pos);
/* Where the lookup lands in an empty entry: EXIT_MISS as well. */
u32 emit_empty(struct cache *c, u32 pos);
/* Adds a number to the home slot ABI_HOME_COUNT; *imm is its host offset, to be filled later. */
u32 emit_count(struct cache *c, u32 pos, u32 *imm);
/* Counts one execution of arm number `arm`. */
u32 emit_count_arm(struct cache *c, u32 pos, u32 arm);

void emit_put32(struct cache *c, u32 pos, u32 value);
void emit_put64(struct cache *c, u32 pos, u64 value);

#endif
