/* SPDX-License-Identifier: GPL-2.0-only */
/* plic_model.h: the platform-level interrupt controller of QEMU's virt board, without locks and without harts: registers,
 * gateways, and which contexts ask for an interrupt.
 *
 * Owns:    nothing; plain C, the same for the module and for tests/plic.
 * Promise: no request is lost: a level that is high when the source is completed asks again, and an edge that comes while
 *          the source is served is kept (one of them). A source is claimed by one context only.   [checked: tests/plic]
 * Locks:   the caller's. Context: any; every call is bounded.
 * Errors:  -ENODEV: no access of that size or alignment.
 * Source:  RISC-V Platform-Level Interrupt Controller Specification 1.0.0; places and numbers as QEMU's virt board has.
 * Next file: plic.h, which gives it harts. */
#ifndef LDBT_KMOD_PLIC_MODEL_H
#define LDBT_KMOD_PLIC_MODEL_H

#include "port.h"

enum {
	PLIC_BYTES = 0x600000,
	PLIC_SOURCES = 95, /* 1 .. 95; 0 means none */
	PLIC_WORDS = (PLIC_SOURCES + 32) / 32,
	PLIC_PRIORITY_MAX = 7, /* also of thresholds; higher bits are not kept */
	PLIC_HARTS_MAX = 8,
	PLIC_CONTEXTS_MAX = 2 * PLIC_HARTS_MAX, /* of hart h: 2h is its M-mode, 2h + 1 its S-mode */
};

/* Who may hold a line up; it is high while one does. */
enum plic_input {
	PLIC_INPUT_LINE, /* the controller */
	PLIC_INPUT_FD,	 /* an irqfd with a resample fd; falls by itself when the source is completed */
	PLIC_INPUTS,
};

struct plic_context {
	u32 enable[PLIC_WORDS];
	u32 threshold;
};

struct plic_model {
	u32 level[PLIC_INPUTS][PLIC_WORDS];
	u32 pending[PLIC_WORDS];
	u32 served[PLIC_WORDS]; /* claimed and not completed: the gateway is shut */
	u32 kept[PLIC_WORDS];	/* an edge came meanwhile */
	u8 priority[PLIC_SOURCES + 1];
	u32 ncontexts;
	struct plic_context context[PLIC_CONTEXTS_MAX];
};

void plic_model_init(struct plic_model *m, u32 ncontexts);

static inline bool plic_model_has(u32 source)
{
	return source >= 1 && source <= PLIC_SOURCES;
}

/* Of a source that plic_model_has(). */
void plic_model_set_level(struct plic_model *m, u32 source, enum plic_input input, bool is_high);
void plic_model_edge(struct plic_model *m, u32 source);

/* Does the context ask for an interrupt? */
bool plic_model_asks(const struct plic_model *m, u32 context);

/* Registers at off < PLIC_BYTES. Places without one read as zero. */
int plic_model_load(struct plic_model *m, u32 off, u32 len_bytes, u64 *value);
/* *completed: the source whose service ended by it, or 0. */
int plic_model_store(struct plic_model *m, u32 off, u32 len_bytes, u64 value, u32 *completed);

#endif
