/* SPDX-License-Identifier: GPL-2.0-only */
/* machine.h: a bare riscv64 machine with one hart in a user-space process, for tests and benches. No sandbox.
 *
 * Owns:    the guest-memory window (512 GiB of addresses), the RAM, the state area, the code cache and its translator,
 *          the signal handlers. One machine per process: GS, signals and timer are the process's.
 * Promise: RAM at MACHINE_RAM_GPA, UART, CLINT and finisher where QEMU's virt board has them; M, S and U mode; while
 *          address translation is on, the interpreter alone; RAM behaves the same under the interpreter and under translated code.
 * Locks:   none; one thread. Signal handlers run on their own stack; synchronous ones interrupt translated code only.
 * Errors:  0 or -errno after a message on stderr.
 * Next file: main.c, then run.c. */
#ifndef LDBT_HOST_MACHINE_H
#define LDBT_HOST_MACHINE_H

#include <signal.h>
#include <stdio.h>
#include <time.h>

#include "cache.h"
#include "guest.h"
#include "insn.h"

#define MACHINE_RAM_GPA 0x80000000ULL
/* Space tag, one for each mode, as blocks are; bit 1 as abi.h says. */
#define MACHINE_TAG(state) ((u64)(state) << 60 | 2)

enum {
	MACHINE_CODE_BYTES = 64 << 20,
	MACHINE_TICKS_PER_US = 10,    /* mtime: 10 MHz, as QEMU's virt board */
	MACHINE_KICK_STEPS_MAX = 512, /* host instructions from any point to the next guest boundary */
	MACHINE_LOG_MAX = 512,	      /* MMIO accesses of one block in lockstep */
	CONSOLE_BYTES = 4096,
};

/* Flags of one page of the RAM. */
enum {
	PAGE_WATCHED = 1,  /* holds tohost: always read-only in the window, stores are emulated */
	PAGE_HAS_CODE = 2, /* was translated from since the last fence.i; read-only in the window unless written */
	PAGE_WRITTEN = 4,  /* written since: its blocks go at the next fence.i */
};

/* Offsets used by enter.S. */
struct enter_frame {
	u64 reg[16]; /* by host register number */
	u64 target;
	volatile u32 kick; /* do not enter, or leave at the next boundary */
	u32 step;	   /* enter with the trap flag set */
	u64 xmm[16][2];
	u32 mxcsr;
};

_Static_assert(offsetof(struct enter_frame, step) == 140 && offsetof(struct enter_frame, xmm) == 144 &&
		       offsetof(struct enter_frame, mxcsr) == 400,
	       "enter.S");
_Static_assert(offsetof(struct enter_frame, target) == 128 && offsetof(struct enter_frame, kick) == 136, "enter.S");

struct mmio_log {
	u64 addr, value;
	u32 size_bytes;
	u8 is_store, cause;
};

struct console {
	char out[CONSOLE_BYTES];
	u32 used;
	int rx;	   /* byte received, or -1 */
	u8 reg[8]; /* what was written to LCR, IER ... */
	u8 divisor[2];
};

struct machine_options {
	u64 ram_bytes;
	u32 code_bytes;
	u32 isa;     /* GUEST_ISA_* beyond RV64IMAC */
	bool interp; /* everything by the interpreter */
	bool check;  /* lockstep */
	bool stat;
	bool count_insns;
	const char *arms; /* name of the file that gets the executions of each arm, or NULL */
	bool plain_host;  /* rules that need a feature of the host beyond x86-64 are not used */
	u64 count_steps;  /* host instructions to single-step, 0: none */
	u64 count_warmup_us;
	u64 max_insns; /* interpreter: stop after so many, 0: never */
};

struct machine_stats {
	u64 exits[EXIT_COUNT];
	u64 interpreted, entries, mmio, traps, interrupts, kick_steps_max, translate_ns, translate_calls;
	u64 steps_cache, steps_guest; /* --count-steps */
};

/* How the machine is single-stepping, if at all. */
enum stepping { STEPPING_NONE, STEPPING_KICK, STEPPING_COUNT };

struct shadow;
struct paging;

struct machine {
	struct guest g;
	struct machine_options opt;
	struct enter_frame frame;
	struct cache cache;
	struct cache_vcpu vcpu;
	u64 *arm_counts; /* [rule_arm_count], below 2 GiB, or NULL */
	u8 *state;	 /* the state area, below 2 GiB; g.home is its start */
	u8 *window;	 /* host address of guest address 0 */
	u8 *ram;	 /* the same RAM, always writable: for everything but translated code */
	u8 *code_rw, *code_exec;
	u8 *page_flags; /* [RAM pages] */
	u32 *written;	/* numbers of pages with PAGE_WRITTEN */
	u32 nwritten, npages;
	u64 tohost; /* guest address, 0: none */
	u64 mtimecmp, time_offset;
	u64 frozen_time; /* lockstep: what time reads until the next block */
	u32 msip;
	timer_t timer;
	struct console con;
	u64 fault_cause, fault_tval; /* argument of EXIT_FAULT */
	volatile u32 is_stopped;
	int exit_status;
	enum stepping stepping;
	u64 steps;	      /* since stepping began */
	struct mmio_log *log; /* lockstep: accesses of this block; else NULL */
	u32 nlog;
	struct shadow *shadow;
	struct machine_stats stats;
};

/* machine.c */
int machine_create(struct machine *m, const struct machine_options *opt);
void machine_destroy(struct machine *m);
void machine_load_state(struct machine *m); /* registers from home to frame */
void machine_save_state(struct machine *m);

/* enter.S */
void machine_enter(struct enter_frame *frame);
extern const u8 machine_enter_begin[], machine_enter_end[], machine_exit[];

/* ram.c: 0 or an exception cause */
bool ram_holds(const struct machine *m, gva_t addr, u64 size_bytes);
int ram_load(struct machine *m, gva_t addr, u32 size_bytes, u64 *value);
int ram_store(struct machine *m, gva_t addr, u32 size_bytes, u64 value);
void ram_note_write(struct machine *m, gva_t addr, u32 size_bytes);
void ram_note_code(struct machine *m, gva_t addr);
void ram_fence_i(struct machine *m);
int ram_watch(struct machine *m, gva_t addr);
extern const struct paging ram_paging; /* ops of the machine's hart */

/* dev.c */
int dev_access(struct machine *m, gva_t addr, u32 size_bytes, bool is_store, u64 *value);
void dev_poll(struct machine *m); /* interrupt lines from time */
u64 dev_time(struct machine *m);
void dev_wait(struct machine *m); /* wfi: until a line may have changed */
void dev_flush(struct machine *m);
int dev_start(struct machine *m);
void machine_stop(struct machine *m, int status);

/* fault.c */
int fault_install(struct machine *m);
int fault_plan_counting(u64 delay_us);
void fault_start_counting(struct machine *m);

/* run.c */
int machine_run(struct machine *m);
enum step machine_interpret(struct machine *m);
int machine_fetch(struct guest *g, const struct guest_ops *ops, u32 *word, gva_t *tval);
int machine_block(struct machine *m, u32 *block);

/* check.c */
int shadow_create(struct machine *m);
int shadow_run(struct machine *m);

#endif
