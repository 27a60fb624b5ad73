// SPDX-License-Identifier: GPL-2.0-only
/* block.c: takes guest instructions one by one, has them matched and emitted, then settles all jumps.
 * Next file: match.c, emit.c, link.c. */
#include "block.h"

#include "decode.h"
#include "emit.h"
#include "memo.h"
#include "ops.h"
#include "regs.h"

enum { LAST_HALFWORD = PAGE_BYTES - 2 };

_Static_assert((int)NR_OPS <= (int)BLOCK_OPS_MAX, "pure_slot[] has room for every op");

/* Low two bits 11: an instruction of 32 bits (unpriv intro.adoc, "Base Instruction-Length Encoding"). */
static bool is_wide_parcel(const u8 *at)
{
	return (at[0] & 3) == 3;
}

bool block_has_straddler(const u8 *page)
{
	return is_wide_parcel(page + LAST_HALFWORD);
}

static u32 read16(const u8 *at)
{
	u16 v;

	__builtin_memcpy(&v, at, 2);
	return v;
}

/* Each parcel is read once: another vCPU may write the page meanwhile. */
const struct insn *block_decode(struct block_work *w)
{
	u32 word, off = w->next_off, k = w->ninsns;
	const struct memo *memo;
	struct insn *in;

	if (w->is_closed || k >= BLOCK_INSNS_MAX || off >= PAGE_BYTES)
		return NULL;
	if (off == LAST_HALFWORD) {
		word = read16(w->src.page + off);
		if ((word & 3) == 3) {
			if (k || !w->src.next_page)
				return NULL;
			word |= read16(w->src.next_page) << 16;
			w->is_closed = 1;
		}
	} else {
		__builtin_memcpy(&word, w->src.page + off, 4);
	}
	if ((word & 3) != 3)
		word &= 0xffff;
	in = &w->insn[k];
	memo = memo_find(w->memo, word);
	if (memo)
		*in = memo->insn;
	else
		decode_insn(word, in);
	w->off[k] = (u16)off;
	w->next_off = off + in->len_bytes;
	w->off[k + 1] = (u16)w->next_off;
	w->ninsns = k + 1;
	return in;
}

/* ---- where a jump goes ---- */

enum reach {
	REACH_HERE,    /* an instruction of this block whose host offset is known */
	REACH_PAGE,    /* this page: a link */
	REACH_FAR,     /* another page, or an instruction that straddles: a link with key */
	REACH_DISTANT, /* out of a 32-bit displacement's reach: by lookup */
};

static enum reach reach_of(const struct block_work *w, s64 target, u32 *host)
{
	u32 half = (u32)(target - w->src.off) >> 1;

	if (target != (s32)target)
		return REACH_DISTANT;
	if (target < 0 || target >= PAGE_BYTES)
		return REACH_FAR;
	if (target >= w->src.off && half < BLOCK_SPAN_MAX && w->host_at[half]) {
		*host = w->host + w->host_at[half] - 1;
		return REACH_HERE;
	}
	return target == LAST_HALFWORD && block_has_straddler(w->src.page) ? REACH_FAR : REACH_PAGE;
}

/* Will the jump need a rel32 that can be patched? A near forward target is expected in this block. */
static bool wants_alignment(const struct block_work *w, s64 target, u32 from)
{
	u32 host;

	if (target > from && target <= from + BLOCK_FORWARD_BYTES)
		return false;
	return reach_of(w, target, &host) == REACH_PAGE;
}

static u32 new_link(struct cache *c, struct block *b, s32 target)
{
	struct cache_segment *seg = &c->segment[c->filling];
	u32 l = c->filling * c->links_each + seg->nlinks++;
	struct link *lk = &c->link[l];

	memset(lk, 0, sizeof(*lk));
	lk->block = (u32)(b - c->block);
	lk->to = BLOCK_NONE;
	lk->target = target;
	b->nlinks++;
	return l;
}

/* Emits the link exit of a same-page jump whose rel32 stands at `rel`. */
static u32 add_link(struct cache *c, struct block *b, u32 pos, u32 rel, s32 target)
{
	u32 l = new_link(c, b, target);

	c->link[l].rel = rel;
	c->link[l].cold = pos;
	emit_put32(c, rel, pos - (rel + 4));
	return emit_exit_arg(c, pos, EXIT_LINK, (u32)target, l);
}

/* The hot code's last jump: to pc_page + target. */
static u32 final_jump(struct cache *c, struct block *b, struct block_work *w, u32 pos, s64 target)
{
	u32 host, rel;

	switch (reach_of(w, target, &host)) {
	case REACH_HERE: return emit_jump(c, pos, host);
	case REACH_PAGE: pos = emit_linked_jump(c, pos, &rel); return add_link(c, b, pos, rel, (s32)target);
	case REACH_FAR: return emit_far_jump(c, pos, (s32)target, new_link(c, b, (s32)target));
	default: return emit_distant_jump(c, pos, target);
	}
}

/* What a template ends with or branches to: nothing of instruction k has happened. */
static u32 exit_at(struct cache *c, const struct block_work *w, u32 pos, u32 exit_code, u32 k)
{
	if (exit_code == EXIT_SYSTEM)
		return emit_exit_arg(c, pos, exit_code, w->off[k], w->insn[k].word);
	return emit_exit(c, pos, exit_code, w->off[k]);
}

/* A listed jump: its rel32 stands in the hot code and gets its first value now. */
static u32 settle_jump(struct cache *c, struct block *b, struct block_work *w, u32 pos, const struct block_jump *j)
{
	u32 to = pos, rel = j->rel;

	if (j->exit) {
		pos = exit_at(c, w, pos, j->exit, j->insn);
	} else {
		switch (reach_of(w, j->target, &to)) {
		case REACH_HERE: break;
		case REACH_PAGE:
			if ((rel & 7) <= EMIT_LINK_MISALIGN_MAX)
				return add_link(c, b, pos, rel, j->target);
			pos = emit_linked_jump(c, pos, &rel); /* not patchable in place: through a jump that is */
			pos = add_link(c, b, pos, rel, j->target);
			break;
		default: pos = emit_far_jump(c, pos, j->target, new_link(c, b, j->target));
		}
	}
	emit_put32(c, j->rel, to - (j->rel + 4));
	return pos;
}

/* ---- instructions ---- */

/* A boundary per guest instruction of the match; the first is a place to jump to unless it shares its host offset. */
static void add_bounds(struct cache *c, struct block *b, struct block_work *w, u32 first, u32 n, u32 pos)
{
	struct bound *bound = &c->bound[b->bound + b->nbounds];
	u16 host = (u16)(pos - b->host);
	bool is_shared = b->nbounds && bound[-1].host == host;
	u32 i;

	for (i = 0; i < n; i++)
		bound[i] = (struct bound){ host, w->off[first + i] };
	if (!is_shared && !w->no_inner_jumps)
		w->host_at[(w->off[first] - w->src.off) >> 1] = host + 1;
	b->nbounds += (u8)n;
}

static void end_run(struct cache *c, struct block_work *w)
{
	if (w->count_imm)
		emit_put32(c, w->count_imm, w->count_insns);
	w->counted += w->count_insns;
	w->count_imm = w->count_insns = 0;
}

/* Nops in front of a template whose branch must be patchable. */
static u32 align_branch(struct cache *c, const struct block_work *w, u32 pos, const struct match *m, u32 from)
{
	const struct hole *h = &rule_hole_table[m->tmpl->hole];
	u32 i, at;

	for (i = m->tmpl->nholes; i-- > 0;) {
		if (h[i].kind != HOLE_REL32_TARGET)
			continue;
		at = (pos + h[i].off) & 7;
		if (at > EMIT_LINK_MISALIGN_MAX && wants_alignment(w, m->value[h[i].arg], from))
			pos = emit_nop(c, pos, 8 - at);
		break;
	}
	return pos;
}

/* Emits what match m says; *is_end is set when the block ends behind it. */
static u32 emit_match(struct cache *c, struct block *b, struct block_work *w, u32 pos, const struct match *m, u32 first,
		      bool *is_end)
{
	if (unlikely(c->mem.arm_counts))
		pos = emit_count_arm(c, pos, (u32)(m->arm - rule_arm_table));
	if (m->arm->term == TERM_BRANCH)
		pos = align_branch(c, w, pos, m, w->off[first]);
	if (m->tmpl) {
		if (m->tmpl->naccesses)
			faultmap_add_accesses(c, m, pos - b->host, &w->off[first]);
		pos = emit_template(c, w, pos, m, first);
	}
	switch (m->arm->term) {
	case TERM_NEXT: return pos;
	case TERM_BRANCH: end_run(c, w); return pos;
	case TERM_JUMP: pos = final_jump(c, b, w, pos, m->value[m->arm->term_arg]); break;
	case TERM_INDIRECT: pos = emit_lookup(c, pos); break;
	default: pos = exit_at(c, w, pos, m->arm->term_arg, first);
	}
	*is_end = true;
	return pos;
}

/* An instruction that no rule covers: the block ends before it. */
static u32 emit_no_rule(struct cache *c, const struct block_work *w, u32 pos, u32 k)
{
	return emit_exit(c, pos, w->insn[k].op == OP_ILLEGAL ? EXIT_ILLEGAL : EXIT_FALLBACK, w->off[k]);
}

static u32 take_insns(struct cache *c, struct block *b, struct block_work *w, u32 pos)
{
	bool is_end = false;
	struct match m;
	u32 i, n, start, by_rule = 0;

	for (i = 0; !is_end; i += n) {
		enum match_end end;

		if (!block_insn(w, i) || w->njumps + TMPL_HOLES_MAX >= BLOCK_JUMPS_MAX) {
			pos = final_jump(c, b, w, pos, w->off[i]);
			break;
		}
		end = match_find(w, i, c->mem.host_features, &m);
		n = end == MATCH_RULE ? m.rule->ninsns : 1;
		start = pos;
		if (w->is_counting && !w->count_imm)
			pos = emit_count(c, pos, &w->count_imm);
		add_bounds(c, b, w, i, n, start);
		if (end == MATCH_NONE) {
			pos = emit_no_rule(c, w, pos, i);
			break;
		}
		if (end == MATCH_DROP || m.arm->term != TERM_EXIT)
			by_rule += n;
		w->count_insns = by_rule - w->counted;
		if (end == MATCH_RULE)
			pos = emit_match(c, b, w, pos, &m, i, &is_end);
	}
	c->stats.rule_insns += by_rule;
	return pos;
}

/* By the op's own rule: a single instruction with a role to be dropped when it is x0. */
static u8 pure_slot(u32 op)
{
	u16 node = rule_root[op], number = node == RULE_NONE ? RULE_NONE : rule_node_table[node].rule;
	const struct rule *rule = &rule_table[number == RULE_NONE ? 0 : number];

	if (number == RULE_NONE || rule->pure_role == 0xff)
		return INSN_FIELDS_MAX;
	return rule_role_table[rule->role + rule->pure_role].slot;
}

void block_work_init(struct block_work *w, struct memo *memo)
{
	u32 i;

	memset(w, 0, sizeof(*w));
	memset(memo, 0, MEMO_ENTRIES * sizeof(*memo));
	w->memo = memo;
	for (i = 0; i < RULE_REGS; i++)
		w->reg_class[i] = (u8)reg_class(i);
	for (i = 0; i < NR_OPS; i++)
		w->pure_slot[i] = pure_slot(i);
}

static void work_begin(struct block_work *w, const struct block_source *src, u32 host)
{
	w->host = host;
	memset(w->host_at, 0, sizeof(w->host_at));
	w->src = *src;
	w->ninsns = w->njumps = 0;
	w->next_off = src->off;
	w->is_closed = 0;
	w->count_imm = w->count_insns = w->counted = 0;
}

int block_make(struct cache *c, struct block *b, const struct block_source *src)
{
	struct cache_segment *seg = &c->segment[c->filling];
	struct block_work *w = c->work;
	u32 pos, i;

	work_begin(w, src, seg->host);
	w->is_counting = c->mem.count_insns;
	w->no_inner_jumps = w->is_counting || c->mem.no_links;
	if (!block_insn(w, 0))
		return -EFAULT;
	b->host = seg->host;
	b->bound = c->filling * c->bounds_each + seg->nbounds;
	b->access = c->filling * c->accesses_each + seg->naccesses;
	b->link = c->filling * c->links_each + seg->nlinks;
	b->nbounds = 0;
	b->nlinks = 0;
	pos = take_insns(c, b, w, b->host);
	end_run(c, w);
	for (i = 0; i < w->njumps; i++)
		pos = settle_jump(c, b, w, pos, &w->jump[i]);
	port_assert(pos - b->host <= BLOCK_HOST_BYTES_MAX);
	b->host_end = pos;
	b->naccesses = (u16)(c->filling * c->accesses_each + seg->naccesses - b->access);
	b->guest_bytes = (u16)(w->off[b->nbounds - 1] + w->insn[b->nbounds - 1].len_bytes - src->off);
	seg->host = (pos + EMIT_CHUNK_BYTES - 1) & ~(EMIT_CHUNK_BYTES - 1U);
	seg->nbounds += b->nbounds;
	return 0;
}
