// SPDX-License-Identifier: GPL-2.0-only
/* plic_model.c: gateways, priorities, claim and complete. Next file: plic.c. */
#include "plic_model.h"

/* Specification 1.0.0, chapter "Memory Map" */
enum {
	PRIORITY = 0x0,	      /* 4 bytes a source */
	PENDING = 0x1000,     /* a bit a source */
	ENABLE = 0x2000,      /* ENABLE_EACH bytes a context, a bit a source */
	THRESHOLD = 0x200000, /* CONTEXT_EACH bytes a context; behind it claim and complete */
	ENABLE_EACH = 0x80,
	CONTEXT_EACH = 0x1000,
	CLAIM = 4, /* from the context's THRESHOLD */
};

void plic_model_init(struct plic_model *m, u32 ncontexts)
{
	memset(m, 0, sizeof(*m));
	m->ncontexts = ncontexts;
}

/* ---- bits ---- */

static bool get(const u32 *words, u32 source)
{
	return words[source / 32] >> (source % 32) & 1;
}

static void put(u32 *words, u32 source, bool is_set)
{
	u32 bit = 1U << (source % 32);

	words[source / 32] = is_set ? words[source / 32] | bit : words[source / 32] & ~bit;
}

/* ---- gateways: chapter "Interrupt Gateways" ---- */

static bool is_high(const struct plic_model *m, u32 source)
{
	return get(m->level[PLIC_INPUT_LINE], source) || get(m->level[PLIC_INPUT_FD], source);
}

/* A request that was made stays, also when the line falls before it is claimed. */
void plic_model_set_level(struct plic_model *m, u32 source, enum plic_input input, bool is_set)
{
	put(m->level[input], source, is_set);
	if (is_set && !get(m->served, source))
		put(m->pending, source, true);
}

void plic_model_edge(struct plic_model *m, u32 source)
{
	put(get(m->served, source) ? m->kept : m->pending, source, true);
}

/* ---- contexts ---- */

/* The source that the context is to serve next: highest priority, then lowest number; 0: none. Priority 0 means never.
 * Chapters "Interrupt Priorities" and "Interrupt Claim Process" */
static u32 best_source(const struct plic_model *m, const struct plic_context *c)
{
	u32 best = 0, source, word;

	for (word = 0; word < PLIC_WORDS; word++) {
		u32 bits = m->pending[word] & c->enable[word];

		for (; bits; bits &= bits - 1) {
			source = word * 32 + (u32)__builtin_ctz(bits);
			if (m->priority[source] > m->priority[best])
				best = source;
		}
	}
	return best;
}

bool plic_model_asks(const struct plic_model *m, u32 context)
{
	const struct plic_context *c = &m->context[context];

	return m->priority[best_source(m, c)] > c->threshold;
}

/* The threshold does not matter to it. */
static u32 claim(struct plic_model *m, const struct plic_context *c)
{
	u32 source = best_source(m, c);

	if (source) {
		put(m->pending, source, false);
		put(m->served, source, true);
	}
	return source;
}

/* Chapter "Interrupt Completion": of a source that is not enabled for the context, it is ignored. */
static u32 complete(struct plic_model *m, const struct plic_context *c, u32 source)
{
	if (!plic_model_has(source) || !get(c->enable, source) || !get(m->served, source))
		return 0;
	put(m->served, source, false);
	put(m->level[PLIC_INPUT_FD], source, false); /* before the look: its owner is told, and raises it anew */
	if (get(m->kept, source) || is_high(m, source))
		put(m->pending, source, true);
	put(m->kept, source, false);
	return source;
}

/* ---- registers ---- */

/* The context whose registers, of each_bytes, hold off; NULL: none. *off becomes the place among them. */
static struct plic_context *context_at(struct plic_model *m, u32 *off, u32 each_bytes)
{
	u32 context = *off / each_bytes;

	*off %= each_bytes;
	return context < m->ncontexts ? &m->context[context] : NULL;
}

static u32 load_context(struct plic_model *m, u32 off)
{
	const struct plic_context *c = context_at(m, &off, CONTEXT_EACH);

	if (!c)
		return 0;
	if (off == CLAIM)
		return claim(m, c);
	return off ? 0 : c->threshold;
}

static u32 load_enable(struct plic_model *m, u32 off)
{
	const struct plic_context *c = context_at(m, &off, ENABLE_EACH);

	return c && off / 4 < PLIC_WORDS ? c->enable[off / 4] : 0;
}

static bool is_access(u32 off, u32 len_bytes)
{
	return len_bytes == 4 && !(off & 3);
}

int plic_model_load(struct plic_model *m, u32 off, u32 len_bytes, u64 *value)
{
	if (!is_access(off, len_bytes))
		return -ENODEV;
	if (off >= THRESHOLD)
		*value = load_context(m, off - THRESHOLD);
	else if (off >= ENABLE)
		*value = load_enable(m, off - ENABLE);
	else if (off >= PENDING)
		*value = (off - PENDING) / 4 < PLIC_WORDS ? m->pending[(off - PENDING) / 4] : 0;
	else
		*value = off / 4 <= PLIC_SOURCES ? m->priority[off / 4] : 0;
	return 0;
}

static u32 store_context(struct plic_model *m, u32 off, u32 value)
{
	struct plic_context *c = context_at(m, &off, CONTEXT_EACH);

	if (!c)
		return 0;
	if (off == CLAIM)
		return complete(m, c, value);
	if (!off)
		c->threshold = value & PLIC_PRIORITY_MAX;
	return 0;
}

/* Source 0 cannot be enabled. */
static void store_enable(struct plic_model *m, u32 off, u32 value)
{
	struct plic_context *c = context_at(m, &off, ENABLE_EACH);

	if (c && off / 4 < PLIC_WORDS)
		c->enable[off / 4] = off ? value : value & ~1U;
}

int plic_model_store(struct plic_model *m, u32 off, u32 len_bytes, u64 value, u32 *completed)
{
	*completed = 0;
	if (!is_access(off, len_bytes))
		return -ENODEV;
	if (off >= THRESHOLD)
		*completed = store_context(m, off - THRESHOLD, (u32)value);
	else if (off >= ENABLE)
		store_enable(m, off - ENABLE, (u32)value);
	else if (off < PENDING && plic_model_has(off / 4)) /* the pending bits are read-only */
		m->priority[off / 4] = value & PLIC_PRIORITY_MAX;
	return 0;
}
