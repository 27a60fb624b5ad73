// SPDX-License-Identifier: GPL-2.0-only
/* names.c: the names of translator/abi.h and of the host CPU that rules may use. Next file: tmpl_parse.c. */
#include <string.h>

#include "abi.h"
#include "rulec/src.h"

static const struct {
	const char *name;
	int number;
} exits[] = {
	{ "FALLBACK", EXIT_FALLBACK }, { "ECALL", EXIT_ECALL }, { "EBREAK", EXIT_EBREAK },
	{ "FENCE_I", EXIT_FENCE_I },   { "WFI", EXIT_WFI },	{ "ILLEGAL", EXIT_ILLEGAL },
	{ "SYSTEM", EXIT_SYSTEM },
};

/* Offsets in the state area. */
static const struct {
	const char *name;
	enum state_place place;
	int offset;
} slots[] = {
	{ "pc_page", STATE_HOME, ABI_HOME + ABI_HOME_PC_PAGE },
	{ "resv", STATE_HOME, ABI_HOME + ABI_HOME_RESV },
	{ "resv_value", STATE_HOME, ABI_HOME + ABI_HOME_RESV_VALUE },
	{ "frm", STATE_HOME, ABI_HOME + ABI_HOME_FRM },
	{ "fflags", STATE_HOME, ABI_HOME + ABI_HOME_FFLAGS },
	{ "sstatus", STATE_CSR, ABI_CSR + ABI_CSR_SSTATUS },
	{ "sscratch", STATE_CSR, ABI_CSR + ABI_CSR_SSCRATCH },
	{ "sepc", STATE_CSR, ABI_CSR + ABI_CSR_SEPC },
	{ "scause", STATE_CSR, ABI_CSR + ABI_CSR_SCAUSE },
	{ "stval", STATE_CSR, ABI_CSR + ABI_CSR_STVAL },
	{ "stvec", STATE_CSR, ABI_CSR + ABI_CSR_STVEC },
	{ "pending", STATE_CSR, ABI_CSR + ABI_CSR_PENDING },
	{ "time_mult", STATE_TABLE, ABI_TABLE + ABI_TABLE_TIME_MULT },
	{ "time_mult_s", STATE_TABLE, ABI_TABLE + ABI_TABLE_TIME_MULT_S },
	{ "time_mult_u", STATE_TABLE, ABI_TABLE + ABI_TABLE_TIME_MULT_U },
	{ "time_offset", STATE_TABLE, ABI_TABLE + ABI_TABLE_TIME_OFFSET },
};

static const struct {
	const char *name;
	unsigned int shift, bits;
} block_bits[] = {
	{ "priv", ABI_BLOCK_PRIV_SHIFT, ABI_BLOCK_PRIV_BITS },
	{ "fpu", ABI_BLOCK_FPU_SHIFT, ABI_BLOCK_FPU_BITS },
};

int exit_find(const char *name)
{
	/* The name of the trap that follows is understood too. */
	if (!strncmp(name, "TRAP_", 5))
		name += 5;
	for (unsigned int i = 0; i < sizeof(exits) / sizeof(exits[0]); i++)
		if (!strcmp(exits[i].name, name))
			return exits[i].number;
	return -1;
}

int slot_offset(enum state_place place, const char *name)
{
	for (unsigned int i = 0; i < sizeof(slots) / sizeof(slots[0]); i++)
		if (slots[i].place == place && !strcmp(slots[i].name, name))
			return slots[i].offset;
	return -1;
}

bool block_state_find(const char *name, unsigned int *shift, unsigned int *bits)
{
	for (unsigned int i = 0; i < sizeof(block_bits) / sizeof(block_bits[0]); i++) {
		if (strcmp(block_bits[i].name, name))
			continue;
		*shift = block_bits[i].shift;
		*bits = block_bits[i].bits;
		return true;
	}
	return false;
}

const char *host_feature_name(const struct isa *host, unsigned int index)
{
	for (unsigned int i = 0; i < host->nforms; i++) {
		const char *name = host->form[i]->feature;
		bool is_known = !name;

		for (unsigned int j = 0; j < i && !is_known; j++)
			is_known = host->form[j]->feature && !strcmp(host->form[j]->feature, name);
		if (!is_known && !index--)
			return name;
	}
	return NULL;
}

int host_feature_find(const struct isa *host, const char *name)
{
	const char *known;

	for (unsigned int i = 0; (known = host_feature_name(host, i)); i++)
		if (!strcmp(known, name))
			return i;
	return -1;
}
