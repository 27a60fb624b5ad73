// SPDX-License-Identifier: GPL-2.0-only
/* mock.c: one machine for both the interpreter and the evaluator. */
#include "mock.h"
#include "effects.h"
#include "trap.h"

/* ---- memory ---- */

static u8 byte_read(const struct mock *m, u64 addr)
{
	u64 hash = (addr ^ m->seed) * 0x9e3779b97f4a7c15ULL;
	u32 i;

	for (i = 0; i < m->nbytes; i++)
		if (m->byte[i].addr == addr)
			return m->byte[i].value;
	return (u8)(hash >> 56);
}

static void byte_write(struct mock *m, u64 addr, u8 value)
{
	u32 i = 0;

	while (i < m->nbytes && m->byte[i].addr != addr)
		i++;
	if (i == MOCK_BYTES_MAX)
		return; /* more than any instruction writes: the comparison of logs shows it */
	if (i == m->nbytes)
		m->nbytes++;
	m->byte[i].addr = addr;
	m->byte[i].value = value;
}

static u64 memory_read(const struct mock *m, u64 addr, u32 size)
{
	u64 value = 0;
	u32 i;

	for (i = 0; i < size; i++)
		value |= (u64)byte_read(m, addr + i) << (8 * i);
	return value;
}

void mock_write(struct mock *m, u64 addr, u32 size, u64 value)
{
	u32 i;

	for (i = 0; i < size; i++)
		byte_write(m, addr + i, (u8)(value >> (8 * i)));
}

static void event_add(struct mock *m, enum mock_kind kind, const char *name, u64 a, u64 b, u64 value)
{
	if (m->nevents < MOCK_EVENTS_MAX)
		m->event[m->nevents] = (struct mock_event){ kind, name, a, b, value };
	m->nevents++;
}

/* The cause when this access is the one that faults, else 0. Pages of this machine have 8 bytes: of an access over two
 * of them the second one faults. */
static int fault(struct mock *m, u64 addr, u32 size, int cause)
{
	if ((int)m->naccesses++ != m->fault_at)
		return 0;
	m->fault_addr = (addr ^ (addr + size - 1)) >> 3 ? (addr + size - 1) & ~7ULL : addr;
	m->fault_cause = cause;
	return cause;
}

int mock_load(struct mock *m, u64 addr, u32 size, u64 *value)
{
	if (fault(m, addr, size, MOCK_LOAD_CAUSE))
		return MOCK_LOAD_CAUSE;
	*value = memory_read(m, addr, size);
	event_add(m, MOCK_LOAD, "", addr, size, *value);
	return 0;
}

int mock_store(struct mock *m, u64 addr, u32 size, u64 value)
{
	if (fault(m, addr, size, MOCK_STORE_CAUSE))
		return MOCK_STORE_CAUSE;
	mock_write(m, addr, size, value);
	event_add(m, MOCK_STORE, "", addr, size, value);
	return 0;
}

int mock_atomic(struct mock *m, u64 addr, u32 size, u64 *old)
{
	const struct mock_event *last = m->nevents ? &m->event[m->nevents - 1] : NULL;

	if (last && last->kind == MOCK_ATOMIC && last->a == addr && last->b == size) {
		*old = last->value;
		return 0;
	}
	if (fault(m, addr, size, MOCK_STORE_CAUSE))
		return MOCK_STORE_CAUSE;
	*old = memory_read(m, addr, size);
	event_add(m, MOCK_ATOMIC, "", addr, size, *old);
	return 0;
}

/* ---- the interpreter's way to it ---- */

static int report(struct guest *g, int cause)
{
	const struct mock *m = g->opaque;

	if (cause)
		g->trap_tval = m->fault_addr;
	return cause;
}

/* Garbage above the access size: the interpreter must not rely on it. */
static u64 dirty(u64 value, u32 size)
{
	return size < 8 ? value | 0xa5a5a5a5a5a5a5a5ULL << (8 * size) : value;
}

static int ops_load(struct guest *g, gva_t addr, u32 size, u64 *value)
{
	int cause = mock_load(g->opaque, addr, size, value);

	if (!cause)
		*value = dirty(*value, size);
	return report(g, cause);
}

static int ops_store(struct guest *g, gva_t addr, u32 size, u64 value)
{
	return report(g, mock_store(g->opaque, addr, size, value));
}

static int ops_cas(struct guest *g, gva_t addr, u32 size, u64 expected, u64 desired, u64 *old)
{
	int cause = mock_atomic(g->opaque, addr, size, old);

	if (cause)
		return report(g, cause);
	if (*old == expected)
		mock_write(g->opaque, addr, size, desired);
	*old = dirty(*old, size);
	return 0;
}

const struct guest_ops mock_ops = { .load = ops_load, .store = ops_store, .cas = ops_cas };

/* ---- effects ---- */

enum step trap_raise(struct guest *g, u64 cause, u64 tval)
{
	g->trap_cause = cause;
	g->trap_tval = tval;
	return STEP_TRAP;
}

u64 state_fs(const struct guest *g)
{
	return ((const struct mock *)g->opaque)->fs;
}

void set_state_fs(struct guest *g, u64 value)
{
	((struct mock *)g->opaque)->fs = value;
}

u64 state_time_mult(const struct guest *g)
{
	return ((const struct mock *)g->opaque)->time_mult;
}

u64 state_time_mult_s(const struct guest *g)
{
	return ((const struct mock *)g->opaque)->time_mult_s;
}

u64 state_time_mult_u(const struct guest *g)
{
	return ((const struct mock *)g->opaque)->time_mult_u;
}

u64 state_time_offset(const struct guest *g)
{
	return ((const struct mock *)g->opaque)->time_offset;
}

enum step mock_effect(struct mock *m, const char *name, const u64 arg[MOCK_ARGS], u64 *result)
{
	if ((int)m->neffects++ == m->trap_at)
		return STEP_TRAP;
	event_add(m, MOCK_EFFECT, name, arg[0], arg[1], arg[2]);
	if (result)
		*result = (arg[0] ^ m->seed) * 0x9e3779b97f4a7c15ULL;
	return m->effect_end;
}

static enum step effect(struct guest *g, const char *name, const u64 arg[MOCK_ARGS], u64 *result)
{
	enum step step = mock_effect(g->opaque, name, arg, result);

	return step == STEP_TRAP ? trap_raise(g, MOCK_EFFECT_CAUSE, 0) : step;
}

enum step effect_ecall(struct guest *g)
{
	return effect(g, "ecall", (u64[MOCK_ARGS]){ 0 }, NULL);
}

enum step effect_clock_read(struct guest *g, u64 *value)
{
	return effect(g, "clock_read", (u64[MOCK_ARGS]){ 0 }, value);
}

enum step effect_csr_read(struct guest *g, u64 number, u64 *value)
{
	return effect(g, "csr_read", (u64[MOCK_ARGS]){ number }, value);
}

enum step effect_csr_write(struct guest *g, u64 number, u64 value)
{
	return effect(g, "csr_write", (u64[MOCK_ARGS]){ number, value }, NULL);
}

enum step effect_csr_set(struct guest *g, u64 number, u64 was, u64 bits)
{
	return effect(g, "csr_set", (u64[MOCK_ARGS]){ number, was, bits }, NULL);
}

enum step effect_csr_clear(struct guest *g, u64 number, u64 was, u64 bits)
{
	return effect(g, "csr_clear", (u64[MOCK_ARGS]){ number, was, bits }, NULL);
}

enum step effect_fence(struct guest *g, u64 pred, u64 succ)
{
	return effect(g, "fence", (u64[MOCK_ARGS]){ pred, succ }, NULL);
}

enum step effect_fence_i(struct guest *g)
{
	return effect(g, "fence_i", (u64[MOCK_ARGS]){ 0 }, NULL);
}

enum step effect_mret(struct guest *g, u64 *pc)
{
	return effect(g, "mret", (u64[MOCK_ARGS]){ 0 }, pc);
}

enum step effect_sret(struct guest *g, u64 *pc)
{
	return effect(g, "sret", (u64[MOCK_ARGS]){ 0 }, pc);
}

enum step effect_wfi(struct guest *g)
{
	return effect(g, "wfi", (u64[MOCK_ARGS]){ 0 }, NULL);
}

enum step effect_sfence_vma(struct guest *g, u64 addr, u64 asid)
{
	return effect(g, "sfence_vma", (u64[MOCK_ARGS]){ addr, asid }, NULL);
}
