/* SPDX-License-Identifier: GPL-2.0-only */
/* tables.h: the constant tables of translator/rule.h in memory, before they are printed.
 *
 * Owns:    struct tables owns its pools, from tables_build() to tables_free().
 * Promise: equal sequences are stored once: templates, holes, accesses and bytes are shared between rules.
 * Errors:  -EINVAL with a message when an index would not fit in the u16 that holds it.
 * Next file: out_rules.c. */
#ifndef LDBT_RULEC_TABLES_H
#define LDBT_RULEC_TABLES_H

#include "rulec/crule.h"

/* Elements of one size; equal runs are found by hash. */
struct pool {
	const char *name;
	unsigned int element_bytes, n, capacity, limit;
	unsigned char *data;
	struct pool_run *run;
	unsigned int nruns, run_capacity;
	unsigned int *bucket;
};

enum byte_mark { BYTE_PLAIN, BYTE_HOME_SEG, BYTE_GMEM_SEG };

struct table_byte {
	uint8_t byte, mark;
};

struct tables {
	const struct ruleset *set;
	struct pool node, rule, role, value, equal, arm, cond, variant, tmpl, hole, access, byte;
	uint16_t *root;	       /* per base instruction, in description order */
	const struct ex **let; /* expressions of the lets, by number */
	unsigned int nlets;
};

int tables_build(struct tables *tables, const struct ruleset *set, struct diag *diag);
void tables_free(struct tables *tables);
void tables_print_stats(const struct tables *tables, FILE *out);

/* Number of a base instruction in enum op of gen/ops.h: OP_ILLEGAL is 0, then the order of the description. */
unsigned int op_number(const struct isa *isa, const struct insn_desc *insn);

/* pool.c */
void pool_init(struct pool *pool, const char *name, unsigned int element_bytes, unsigned int limit);
void pool_free(struct pool *pool);
unsigned int pool_put(struct pool *pool, const void *data, unsigned int count);	   /* index of an equal run */
unsigned int pool_append(struct pool *pool, const void *data, unsigned int count); /* never shared */
bool pool_is_full(const struct pool *pool);

/* decision.c */
void decision_build(struct tables *tables);

#endif
