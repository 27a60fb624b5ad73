/* SPDX-License-Identifier: GPL-2.0-only */
/* space.h: the sealed world of one vCPU: its address space, and staying in it.
 *
 * Owns:    page-table roots, the block, the state area; struct space_vm what all vCPUs of a VM share. Guest and code
 *          pages are the caller's and stay alive until space_vm_destroy().
 * Promise: no mapping exists that space_table[] does not list, none is global, none is writable and executable.
 *          [checked: space_verify()]
 * Locks:   a space is used by its vCPU's thread only, but for space_kick(). Calls on a space_vm: the caller's VM lock.
 * Context: process, may sleep; space_begin() to space_end(): preemption is off; space_enter() turns interrupts off and
 *          on again.
 * Errors:  -ENOMEM, -EOPNOTSUPP (this host cannot run sealed worlds, the log says why); on error nothing changed.
 * Next file: world/layout.h, gate.S. */
#ifndef LDBT_SPACE_H
#define LDBT_SPACE_H

#include "abi.h"
#include "port.h"
#include "walk.h"
#include "world/layout.h"

struct hart;
struct fence;
struct page;
struct space;
struct space_vm;

struct space_region {
	gpa_t gpa; /* page aligned; gpa + npages * 4096 <= WORLD_GPA_END */
	u64 npages;
	struct page **pages; /* read during space_vm_create() only */
};

struct space_config {
	const struct space_region *regions; /* they do not overlap */
	u32 nregions;			    /* at most SPACE_REGIONS_MAX */
	u32 ncode_pages;
	struct page **code_pages; /* of the code cache; read during space_vm_create() only */
	void *keys;		  /* keys of links; from vmalloc(), as meta, or NULL */
	u64 key_bytes;
	void *meta; /* of the code cache's tables what its views need */
	u64 meta_bytes;
};

#define SPACE_REGIONS_MAX 8

/* Registers of translated code between two stays. The caller sets reg[] (by host register number of abi.h) and rip, an
 * address in the code cache; rflags: the arithmetic flags, DF and TF (TF: single step, comes back as SPACE_FAULT, vector
 * 1) are used, the rest is fixed by space_enter(). Left alone after SPACE_HOST, the code goes on where it was. */
struct space_frame {
	u64 reg[16];
	u64 vector, error;
	u64 rip, cs, rflags, rsp, ss;
};

enum space_leave {
	SPACE_EXIT,  /* the exit stub: reg[RAX], reg[RCX], reg[RDX] are its arguments, as in abi.h; all pins in reg[] */
	SPACE_GUEST, /* the monitor served an exit: pins in reg[], the guest goes on at space_hart()->g.pc */
	SPACE_FAULT, /* exception in translated code: frame->vector, error, rip; space_fault_address() for #PF */
	SPACE_HOST,  /* an interrupt of the host was served, or space_kick(): look around, then enter again */
	SPACE_FATAL, /* a broken promise inside the world, logged: this VM must end */
};

struct space_stats {
	u64 enters, irqs, nmis, machine_checks, migrations, page_fills, evictions;
	u64 huge_fills;				     /* among page_fills: entries of 2 MiB */
	u64 view_switches, short_exits, short_traps; /* exits that entry.S served alone, traps among them */
};

/* Says whether this host can run sealed worlds; 0, or -EOPNOTSUPP with the reason in the log. At module init. */
int space_init(void);
void space_exit(void);

int space_vm_create(struct space_vm **out, const struct space_config *config);
void space_vm_destroy(struct space_vm *vm);	     /* all its spaces are destroyed */
u64 space_vm_huge_blocks(const struct space_vm *vm); /* of 2 MiB that one shadow entry can map */

/* The page gets translations: from the return on no store of any vCPU reaches it without SPACE_FAULT. Call before the
 * page is read for translation. Not between space_begin() and space_end() of a VM with several vCPUs. */
void space_protect_page(struct space_vm *vm, gpa_t gpa);
/* Stores go through again. */
void space_unprotect_page(struct space_vm *vm, gpa_t gpa);

int space_create(struct space **out, struct space_vm *vm);
void space_destroy(struct space *space);

/* How loads and stores are translated from the next stay on; bare at creation. Windows are kept by regime and satp with
 * its ASID. priv: the hart's mode, which MPRV may make differ from regime->priv; U-mode does not see the CSR page. The
 * monitor may have switched since the last call. Not between space_begin() and space_end(). */
void space_set_regime(struct space *space, const struct walk_regime *regime, u64 satp, u8 priv);
/* sfence.vma, see world/fence.h. Memory without translation is not concerned. */
void space_fence(struct space *space, const struct fence *fence);

void *space_state(
	struct space *space); /* state area, at this address in the world too: ABI_STATE_BYTES, zeroed at creation */
struct hart *space_hart(struct space *space); /* zeroed at creation; the caller fills it */
struct space_frame *space_frame(struct space *space);
void *space_fpu(struct space *space);		    /* XSAVE area; the registers' while in an FPU section */
u64 space_fault_address(const struct space *space); /* CR2; guest address = this - WORLD_GUEST_BASE */
const struct space_stats *space_stats(struct space *space);

/* Between these two the vCPU has the CPU's FPU; no sleeping. End it when space_must_end() says so. */
void space_begin(struct space *space);
void space_end(struct space *space);
/* A reschedule, a softirq or a signal waits: end the section, serve it, begin again. */
bool space_must_end(void);

/* One stay, between space_begin() and space_end(), interrupts on. */
enum space_leave space_enter(struct space *space);

/* From any thread or interrupt: the stay under way, or the next one, ends with SPACE_HOST. */
void space_kick(struct space *space);

/* Writes the exit stub (cache.h exit_stub) and the one behind it, at most SPACE_STUB_BYTES; returns their length. */
u32 space_exit_stub(u8 *stub);

#define SPACE_STUB_BYTES 48

#endif
