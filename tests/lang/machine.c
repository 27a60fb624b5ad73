// SPDX-License-Identifier: GPL-2.0-only
/* machine.c: memory, primitives and effects for the evaluator. Next file: exec_test.c. */
#include "machine.h"

#include <inttypes.h>
#include <string.h>

typedef __int128 s128;

static bool in_memory(uint64_t addr, unsigned int size)
{
	return addr >= MEMORY_BASE && addr - MEMORY_BASE <= MEMORY_BYTES - size;
}

uint64_t machine_load(const struct machine *m, uint64_t addr, unsigned int size)
{
	uint64_t value = 0;

	memcpy(&value, &m->memory[addr - MEMORY_BASE], size);
	return value;
}

void machine_store(struct machine *m, uint64_t addr, unsigned int size, uint64_t value)
{
	memcpy(&m->memory[addr - MEMORY_BASE], &value, size);
}

static int on_access(void *ctx, enum mem_kind kind, unsigned int size, uint64_t addr, bv_t *value, bv_t expected)
{
	struct machine *m = ctx;
	uint64_t old;

	if (!in_memory(addr, size))
		return 1;
	old = machine_load(m, addr, size);
	switch (kind) {
	case MEM_LOAD:
	case MEM_AMO: *value = old; break;
	case MEM_STORE: machine_store(m, addr, size, *value); break;
	case MEM_CAS:
		if (old == (uint64_t)expected)
			machine_store(m, addr, size, *value);
		*value = old;
		break;
	}
	return 0;
}

static int64_t as_signed(bv_t value, unsigned int width)
{
	return width == 32 ? (int32_t)value : (int64_t)value;
}

/* A primitive asked outside its domain counts as a failure of the description. */
static int divide(const char *name, const bv_t *arg, unsigned int width, bv_t *result)
{
	int64_t a = as_signed(arg[0], width), b = as_signed(arg[1], width);
	bool is_unsigned = name[3] == 'u';
	bool is_quotient = name[0] == 'd';

	if (!b || (!is_unsigned && b == -1 && a == (width == 32 ? INT32_MIN : INT64_MIN))) {
		check(false, "%s is asked for %" PRId64 " and %" PRId64, name, a, b);
		return 1;
	}
	if (is_unsigned)
		*result = is_quotient ? (uint64_t)arg[0] / (uint64_t)arg[1] : (uint64_t)arg[0] % (uint64_t)arg[1];
	else
		*result = is_quotient ? a / b : a % b;
	return 0;
}

static int primitive(const char *name, const bv_t *arg, unsigned int width, bv_t *result)
{
	if (!strncmp(name, "div", 3) || !strncmp(name, "rem", 3))
		return divide(name, arg, width, result);
	if (!strcmp(name, "mulhu"))
		*result = arg[0] * arg[1] >> 64;
	else if (!strcmp(name, "mulh"))
		*result = (bv_t)((s128)(int64_t)arg[0] * (int64_t)arg[1]) >> 64;
	else if (!strcmp(name, "mulhsu"))
		*result = (bv_t)((s128)(int64_t)arg[0] * (s128)(uint64_t)arg[1]) >> 64;
	else
		return 1;
	*result &= UINT64_MAX;
	return 0;
}

static int on_callee(void *ctx, const struct callee *callee, const bv_t *arg, const unsigned int *arg_width,
		     bv_t *result)
{
	struct machine *m = ctx;
	size_t at = strlen(m->log);

	if (!callee->is_effect)
		return primitive(callee->name, arg, arg_width[0], result);
	at += snprintf(m->log + at, LOG_BYTES - at, "%s(", callee->name);
	for (unsigned int i = 0; i < callee->nargs; i++)
		at += snprintf(m->log + at, LOG_BYTES - at, "%s%" PRIx64, i ? "," : "", (uint64_t)arg[i]);
	snprintf(m->log + at, LOG_BYTES - at, ") ");
	result[0] = m->csr;
	return m->trapping && !strcmp(m->trapping, callee->name);
}

void machine_init(struct machine *m, const struct isa *isa)
{
	memset(m, 0, sizeof(*m));
	m->eval.isa = isa;
	m->eval.reg[0] = m->x;
	m->eval.access = on_access;
	m->eval.callee = on_callee;
	m->eval.ctx = m;
	m->eval.state[isa->pc_state] = 0x8000;
}

/* The value of a slot of the base instruction: a field of the compressed one, or a constant. */
static int64_t slot_value(const struct insn_desc *desc, unsigned int slot, uint32_t word)
{
	const struct ex *e = desc->expand_arg[slot];

	return e->kind == EX_FIELD ? field_extract(&desc->field[e->index], word) : (int64_t)e->value;
}

enum eval_end machine_word(struct machine *m, uint32_t word)
{
	const struct insn_desc *desc = eval_decode(m->eval.isa, word), *base;
	enum eval_end end;

	if (!desc) {
		m->eval.trap_cause = 2;
		return EVAL_TRAP;
	}
	base = desc->expand ? desc->expand : desc;
	m->eval.ilen_bytes = desc->bits / 8;
	for (unsigned int i = 0; i < base->nfields; i++)
		m->eval.field[i] = desc->expand ? slot_value(desc, i, word) : field_extract(&base->field[i], word);
	end = eval_insn(&m->eval, base);
	if (end != EVAL_NEXT)
		return end;
	m->eval.state[m->eval.isa->pc_state] =
		m->eval.has_next_pc ? m->eval.next_pc
				    : (uint64_t)m->eval.state[m->eval.isa->pc_state] + m->eval.ilen_bytes;
	return end;
}

uint32_t machine_encode_rd(const struct isa *isa, const char *name, unsigned int rd, int64_t imm)
{
	const struct insn_desc *desc = isa_find_insn(isa, name);
	uint32_t word;

	if (!desc) {
		check(false, "instruction %s is missing", name);
		return 0;
	}
	word = desc->match;
	for (unsigned int i = 0; i < desc->nfields; i++) {
		const struct field *field = &desc->field[i];
		int64_t value = imm;

		if (!strcmp(field->name, "aq") || !strcmp(field->name, "rl"))
			value = 0;
		else if (field->kind == FIELD_REG)
			value = field->name[1] == 'd' ? rd : (unsigned int)(field->name[2] - '0');
		word |= field_insert(field, value);
	}
	return word;
}

uint32_t machine_encode(const struct isa *isa, const char *name, int64_t imm)
{
	return machine_encode_rd(isa, name, 3, imm);
}

uint64_t machine_state(const struct machine *m, const char *name)
{
	return m->eval.state[isa_find_state(m->eval.isa, name)];
}
