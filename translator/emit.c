// SPDX-License-Identifier: GPL-2.0-only
/* emit.c: copies templates, fills holes, writes the jumps and exits between them.
 * Encodings: Intel SDM volume 2; the same bytes as templates are tested with the host's disassembler.
 * Next file: block.c. */
#include "emit.h"

#include "block.h"
#include "regs.h"

/* The byte count of a literal sequence follows from its initialiser. */
#define EMIT(c, pos, ...) emit_bytes(c, pos, (const u8[]){ __VA_ARGS__ }, sizeof((const u8[]){ __VA_ARGS__ }))

enum {
	OFF_PC_PAGE = ABI_HOME + ABI_HOME_PC_PAGE,
	OFF_COUNT = ABI_HOME + ABI_HOME_COUNT,
	OFF_TAG = ABI_TABLE + ABI_TABLE_TAG,
	OFF_JUMP_KEY = ABI_JUMP,
	OFF_JUMP_HOST = ABI_JUMP + 8,
	PREFIX_CS = 0x2e, /* no effect before a jump in 64-bit mode: padding that is not executed */
};

static u32 emit_bytes(struct cache *c, u32 pos, const u8 *bytes, u32 len)
{
	memcpy(c->mem.code_rw + pos, bytes, len);
	return pos + len;
}

void emit_put32(struct cache *c, u32 pos, u32 value)
{
	memcpy(c->mem.code_rw + pos, &value, 4);
}

void emit_put64(struct cache *c, u32 pos, u64 value)
{
	memcpy(c->mem.code_rw + pos, &value, 8);
}

static u32 put32(struct cache *c, u32 pos, u32 value)
{
	emit_put32(c, pos, value);
	return pos + 4;
}

static u32 put_state(struct cache *c, u32 pos, s32 off)
{
	return put32(c, pos, (u32)(c->mem.state_disp + off));
}

static u32 put_rel(struct cache *c, u32 pos, u32 target)
{
	return put32(c, pos, target - (pos + 4));
}

/* ---- templates ---- */

/* The empty asm keeps the compiler from making this a call or a string instruction: most templates are one chunk. */
static inline void copy_template(u8 *to, const u8 *from, u32 len)
{
	const u8 *end = from + len;

	do {
		__builtin_memcpy(to, from, EMIT_CHUNK_BYTES);
		to += EMIT_CHUNK_BYTES;
		from += EMIT_CHUNK_BYTES;
		__asm__("" : "+r"(to), "+r"(from));
	} while (from < end);
}

static void fill_reg(u8 *code, const struct hole *h, u8 host_reg)
{
	port_check(host_reg < 16);
	code[h->off] |= (u8)((host_reg & 7) << h->shift);
	code[h->aux] |= (u8)(((host_reg >> 3) ^ h->is_inverted) << h->aux_bit);
}

static struct block_jump *list_jump(struct block_work *w, u32 rel)
{
	struct block_jump *j = &w->jump[w->njumps++];

	port_assert(w->njumps <= BLOCK_JUMPS_MAX);
	j->rel = rel;
	j->target = 0;
	j->exit = 0;
	return j;
}

static void fill_value(u8 *code, const struct hole *h, u32 bytes, s64 value)
{
	port_check(bytes == 8 || (bytes == 4 && (value == (s32)value || value == (u32)value)) ||
		   (bytes == 1 && (value == (s8)value || value == (u8)value)));
	__builtin_memcpy(code + h->off, &value, bytes == 1 ? 1 : bytes == 4 ? 4 : 8);
}

u32 emit_template(struct cache *c, struct block_work *w, u32 pos, const struct match *m, u32 first)
{
	const struct tmpl *t = m->tmpl;
	const struct hole *h = &rule_hole_table[t->hole], *end = h + t->nholes;
	u8 *code = c->mem.code_rw + pos;
	struct block_jump *jump;

	copy_template(code, rule_byte_table + t->bytes, t->len);
	for (; h < end; h++) {
		port_check(h->off < t->len && h->aux < t->len);
		switch (h->kind) {
		case HOLE_REG: fill_reg(code, h, reg_host(m->role[h->role])); break;
		case HOLE_VVVV: code[h->off] |= (u8)((~reg_host(m->role[h->role]) & 15) << 3); break;
		case HOLE_HOME32: put_state(c, pos + h->off, (s32)reg_home_offset(m->role[h->role])); break;
		case HOLE_STATE32: put_state(c, pos + h->off, h->arg); break;
		case HOLE_VALUE8: fill_value(code, h, 1, m->value[h->arg]); break;
		case HOLE_VALUE32: fill_value(code, h, 4, m->value[h->arg]); break;
		case HOLE_VALUE64: fill_value(code, h, 8, m->value[h->arg]); break;
		case HOLE_REL32_TARGET: list_jump(w, pos + h->off)->target = (s32)m->value[h->arg]; break;
		default:
			jump = list_jump(w, pos + h->off);
			jump->exit = (u8)h->arg;
			jump->insn = (u8)first;
		}
	}
	return pos + t->len;
}

/* ---- the translator's own sequences ---- */

u32 emit_nop(struct cache *c, u32 pos, u32 len_bytes)
{
	static const u8 nop[4][3] = { { 0 }, { 0x90 }, { 0x66, 0x90 }, { 0x0f, 0x1f, 0x00 } };

	port_assert(len_bytes < 4);
	return emit_bytes(c, pos, nop[len_bytes], len_bytes);
}

u32 emit_jump(struct cache *c, u32 pos, u32 target)
{
	pos = EMIT(c, pos, 0xe9); /* jmp target */
	return put_rel(c, pos, target);
}

u32 emit_exit(struct cache *c, u32 pos, u32 exit_code, u32 pc_off)
{
	pos = EMIT(c, pos, 0xb8); /* mov eax, word */
	pos = put32(c, pos, ABI_EXIT_WORD(exit_code, pc_off));
	return emit_jump(c, pos, ABI_STUB_EXIT);
}

u32 emit_exit_arg(struct cache *c, u32 pos, u32 exit_code, u32 pc_off, u32 arg)
{
	pos = EMIT(c, pos, 0xb9); /* mov ecx, arg */
	pos = put32(c, pos, arg);
	return emit_exit(c, pos, exit_code, pc_off);
}

u32 emit_linked_jump(struct cache *c, u32 pos, u32 *rel)
{
	while (((pos + 1) & 7) > EMIT_LINK_MISALIGN_MAX)
		pos = EMIT(c, pos, PREFIX_CS);
	pos = EMIT(c, pos, 0xe9);
	*rel = pos;
	return pos + 4;
}

/* Displacement of link l's key from the end of an instruction that has `behind` more bytes. */
static u32 put_key(struct cache *c, u32 pos, u32 l, u32 behind)
{
	u64 end = c->mem.code_exec + pos + 4 + behind;

	c->mem.keys_rw[l] = 0;
	return put32(c, pos, (u32)(c->mem.keys_exec + l * sizeof(u64) - end));
}

u32 emit_far_jump(struct cache *c, u32 pos, s32 target, u32 l)
{
	struct link *lk = &c->link[l];
	s32 page = target & ~4095;
	u32 slow_ref, unjoined_ref;

	lk->is_far = 1;
	pos = EMIT(c, pos, HOME_SEG, 0x48, 0x8b, 0x04, 0x25); /* mov rax, [pc_page] */
	pos = put_state(c, pos, OFF_PC_PAGE);
	pos = EMIT(c, pos, HOME_SEG, 0x48, 0x33, 0x04, 0x25); /* xor rax, [tag] */
	pos = put_state(c, pos, OFF_TAG);
	pos = EMIT(c, pos, 0x48, 0x3b, 0x05); /* cmp rax, [rip + key] */
	pos = put_key(c, pos, l, 0);
	pos = EMIT(c, pos, 0x75, 0); /* jne slow */
	slow_ref = pos;
	if (page) {
		pos = EMIT(c, pos, HOME_SEG, 0x48, 0x81, 0x04, 0x25); /* add qword [pc_page], page */
		pos = put_state(c, pos, OFF_PC_PAGE);
		pos = put32(c, pos, (u32)page);
	}
	pos = emit_linked_jump(c, pos, &lk->rel);
	c->mem.code_rw[slow_ref - 1] = (u8)(pos - slow_ref);
	pos = EMIT(c, pos, 0x48, 0x83, 0x3d); /* slow: cmp qword [rip + key], 0 */
	pos = put_key(c, pos, l, 1);
	pos = EMIT(c, pos, 0, 0x74, 0); /* je unjoined */
	unjoined_ref = pos;
	pos = emit_distant_jump(c, pos, target);
	c->mem.code_rw[unjoined_ref - 1] = (u8)(pos - unjoined_ref);
	lk->cold = pos;
	put_rel(c, lk->rel, pos);
	return emit_exit_arg(c, pos, EXIT_PAGE_END, 0, l);
}

u32 emit_distant_jump(struct cache *c, u32 pos, s64 target)
{
	pos = EMIT(c, pos, 0x48, 0xb8); /* mov rax, target */
	emit_put64(c, pos, (u64)target);
	pos = EMIT(c, pos + 8, HOME_SEG, 0x48, 0x03, 0x04, 0x25); /* add rax, [pc_page] */
	pos = put_state(c, pos, OFF_PC_PAGE);
	return emit_jump(c, pos, LINK_STUB_LOOKUP);
}

u32 emit_lookup(struct cache *c, u32 pos)
{
	pos = EMIT(c, pos, 0x89, 0xc1, 0x81, 0xe1); /* mov ecx, eax; and ecx, mask << 1 */
	pos = put32(c, pos, (ABI_JUMP_ENTRIES - 1) << 1);
	pos = EMIT(c, pos, HOME_SEG, 0x48, 0x8b, 0x14, 0x25); /* mov rdx, [tag] */
	pos = put_state(c, pos, OFF_TAG);
	pos = EMIT(c, pos, 0x48, 0x31, 0xc2);		      /* xor rdx, rax */
	pos = EMIT(c, pos, HOME_SEG, 0x48, 0x3b, 0x14, 0xcd); /* cmp rdx, [rcx * 8 + key] */
	pos = put_state(c, pos, OFF_JUMP_KEY);
	pos = EMIT(c, pos, 0x0f, 0x85); /* jne miss */
	pos = put_rel(c, pos, LINK_STUB_MISS);
	pos = EMIT(c, pos, 0x48, 0x25, 0x00, 0xf0, 0xff, 0xff); /* and rax, -4096 */
	pos = EMIT(c, pos, HOME_SEG, 0x48, 0x89, 0x04, 0x25);	/* mov [pc_page], rax */
	pos = put_state(c, pos, OFF_PC_PAGE);
	pos = EMIT(c, pos, HOME_SEG, 0xff, 0x24, 0xcd); /* jmp [rcx * 8 + host] */
	return put_state(c, pos, OFF_JUMP_HOST);
}

u32 emit_miss(struct cache *c, u32 pos)
{
	pos = EMIT(c, pos, 0x48, 0x89, 0xc2);	    /* mov rdx, rax */
	pos = EMIT(c, pos, 0x48, 0x83, 0xe2, 0xfe); /* and rdx, -2: odd addresses come here, no block has such a key */
	return emit_exit(c, pos, EXIT_MISS, 0);
}

/* Behind the lookup's jump: rax is the target's page, rcx its bits 12 to 1. */
u32 emit_empty(struct cache *c, u32 pos)
{
	pos = EMIT(c, pos, 0x48, 0x89, 0xc2); /* mov rdx, rax */
	pos = EMIT(c, pos, 0x48, 0x09, 0xca); /* or rdx, rcx */
	return emit_exit(c, pos, EXIT_MISS, 0);
}

u32 emit_count(struct cache *c, u32 pos, u32 *imm)
{
	pos = EMIT(c, pos, HOME_SEG, 0x48, 0x81, 0x04, 0x25); /* add qword [count], insns */
	pos = put_state(c, pos, OFF_COUNT);
	*imm = pos;
	return put32(c, pos, 0);
}

u32 emit_count_arm(struct cache *c, u32 pos, u32 arm)
{
	pos = EMIT(c, pos, HOME_SEG, 0x48, 0x83, 0x04, 0x25); /* add qword [counts + 8 * arm], 1 */
	pos = put32(c, pos, (u32)c->mem.arm_counts + 8 * arm);
	return EMIT(c, pos, 1);
}
