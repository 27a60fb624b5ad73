// SPDX-License-Identifier: GPL-2.0-only
/* faultmap.c: writes the records of a template and searches them by host offset.
 * Next file: emit.c. */
#include "faultmap.h"

#include "cache.h"
#include "match.h"
#include "regs.h"

/* A register named by a template's access: host number, ACCESS_IMM or ACCESS_NO_REG. */
static u8 access_reg(const struct match *m, u8 reg)
{
	switch (reg & 0xc0) {
	case ACCESS_REG_ROLE: return reg_host(m->role[reg & 0x3f]);
	case ACCESS_REG_NONE: return ACCESS_NO_REG;
	case ACCESS_REG_IMM: return ACCESS_IMM;
	default: return reg;
	}
}

void faultmap_add_accesses(struct cache *c, const struct match *m, u32 host, const u16 *guest_off)
{
	struct cache_segment *seg = &c->segment[c->filling];
	const struct access *a = &rule_access_table[m->tmpl->access];
	struct access_record *rec = &c->access[c->filling * c->accesses_each + seg->naccesses];
	u32 i;

	for (i = 0; i < m->tmpl->naccesses; i++, a++, rec++) {
		rec->host = (u16)(host + a->off);
		rec->guest = guest_off[a->insn];
		rec->len = a->len;
		rec->kind = a->kind;
		rec->size_bytes = a->size_bytes;
		rec->is_signed = a->is_signed & 1;
		rec->dest_bits = a->dest_bits & 0x7f;
		rec->reg = access_reg(m, a->reg);
		rec->base = access_reg(m, a->base);
		rec->pad = 0;
		rec->disp = a->disp_value == 0xff ? 0 : (s32)m->value[a->disp_value];
		rec->imm = rec->reg == ACCESS_IMM && a->reg_value != 0xff ? (s32)m->value[a->reg_value] : 0;
	}
	seg->naccesses += m->tmpl->naccesses;
}

static const struct access_record *find_access(const struct cache *c, const struct block *blk, u32 host)
{
	const struct access_record *rec = &c->access[blk->access];
	u32 lo = 0, hi = blk->naccesses;

	while (lo < hi) {
		u32 mid = (lo + hi) / 2;

		if (rec[mid].host < host)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo < blk->naccesses && rec[lo].host == host ? &rec[lo] : NULL;
}

const struct access_record *faultmap_access(const struct cache *c, u32 host)
{
	u32 b = cache_block_at(c, host);

	return b == BLOCK_NONE ? NULL : find_access(c, &c->block[b], host - c->block[b].host);
}

/* Number of bounds whose host offset is at most `host`. */
static u32 bounds_upto(const struct cache *c, const struct block *blk, u32 host)
{
	const struct bound *bound = &c->bound[blk->bound];
	u32 lo = 0, hi = blk->nbounds;

	while (lo < hi) {
		u32 mid = (lo + hi) / 2;

		if (bound[mid].host <= host)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

int faultmap_find(const struct cache *c, u32 host, struct fault_site *site)
{
	const struct block *blk;
	const struct bound *bound;
	u32 n, off;

	site->block = cache_block_at(c, host);
	if (site->block == BLOCK_NONE)
		return -ENOENT;
	blk = &c->block[site->block];
	bound = &c->bound[blk->bound];
	off = host - blk->host;
	n = bounds_upto(c, blk, off);
	port_assert(n > 0);
	site->is_boundary = bound[n - 1].host == off;
	site->nbounds = 1;
	while (n > 1 && bound[n - 2].host == bound[n - 1].host) { /* the first that shares the host offset */
		n--;
		site->nbounds++;
	}
	site->guest = bound[n - 1].guest;
	site->access = find_access(c, blk, off);
	return 0;
}
