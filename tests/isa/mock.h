/* SPDX-License-Identifier: GPL-2.0-only */
/* mock.h: one machine for both the interpreter and the evaluator: memory, effects, and a log of what was done to them.
 *
 * Owns:    struct mock, a plain value.
 * Promise: equal sequences of calls give equal values, faults and logs, whoever makes them. Memory that was never
 *          written holds a function of its address; access number fault_at faults, effect number trap_at traps.
 * Next file: mock.c, test_interp.c. */
#ifndef LDBT_TESTS_MOCK_H
#define LDBT_TESTS_MOCK_H

#include "guest.h"

enum { MOCK_EVENTS_MAX = 8, MOCK_BYTES_MAX = 16, MOCK_NEVER = -1 };
enum mock_kind { MOCK_LOAD, MOCK_STORE, MOCK_ATOMIC, MOCK_EFFECT };
enum { MOCK_ARGS = 3 }; /* of effects, at most */
enum { MOCK_LOAD_CAUSE = 13, MOCK_STORE_CAUSE = 15, MOCK_EFFECT_CAUSE = 24 };

struct mock_event {
	enum mock_kind kind;
	const char *name; /* of an effect */
	u64 a, b, value;  /* address, size and value; or the arguments */
};

struct mock {
	u64 seed;
	int fault_at, trap_at;
	enum step effect_end; /* what effects that happen return */
	struct mock_event event[MOCK_EVENTS_MAX];
	u32 nevents, naccesses, neffects;
	u64 fault_addr;
	int fault_cause; /* of the access that faulted */
	struct {
		u64 addr;
		u8 value;
	} byte[MOCK_BYTES_MAX];
	u32 nbytes;
	u64 fs;						      /* the state that the machine keeps */
	u64 time_mult, time_mult_s, time_mult_u, time_offset; /* of its table page */
};

extern const struct guest_ops mock_ops;

/* 0 or the cause of the fault. mock_atomic() logs one event for all tries of one instruction. */
int mock_load(struct mock *m, u64 addr, u32 size, u64 *value);
int mock_store(struct mock *m, u64 addr, u32 size, u64 value);
int mock_atomic(struct mock *m, u64 addr, u32 size, u64 *old);
void mock_write(struct mock *m, u64 addr, u32 size, u64 value); /* the writing half of an atomic access */
/* STEP_TRAP or m->effect_end. */
enum step mock_effect(struct mock *m, const char *name, const u64 arg[MOCK_ARGS], u64 *result);

#endif
