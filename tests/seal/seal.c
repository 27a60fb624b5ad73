// SPDX-License-Identifier: GPL-2.0-only
/* seal.c: the test's world, its code, and the checks of one CPU: stays, fills, faults, what ring 3 can reach.
 * Next file: views.c, storm.c. */
#include <linux/io.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <asm/processor-flags.h>
#include <asm/trapnr.h>

#include "gate.h"
#include "seal.h"
#include "space_map.h"

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("tests of ldbt's sealed world");

static int stays = 10000;
module_param(stays, int, 0);
MODULE_PARM_DESC(stays, "how often the world is entered and left");
static int doors = 5000;
module_param(doors, int, 0);
MODULE_PARM_DESC(doors, "exits with random arguments, and tries to reach the host");
static int seconds = 2;
module_param(seconds, int, 0);
MODULE_PARM_DESC(seconds, "length of the NMI storm");
static unsigned long long seed = 0x1db7ULL;
module_param(seed, ullong, 0);
MODULE_PARM_DESC(seed, "of the random tests, not 0");
static int steps = 20000;
module_param(steps, int, 0);
MODULE_PARM_DESC(steps, "of the random test");
static int measure;
module_param(measure, int, 0);
MODULE_PARM_DESC(measure, "how often an operation is timed; no test is run then");
static bool probe;
module_param(probe, bool, 0);
MODULE_PARM_DESC(probe, "stays until a debugger ends them; no test is run then");

bool seal_check(struct world *w, bool is_good, const char *what)
{
	if (is_good)
		w->passed++;
	else
		w->failed++;
	if (!is_good)
		pr_err("seal: FAILED: %s (vector %llu, error %#llx, address %#llx, rip %#llx)\n", what,
		       w->frame->vector, w->frame->error, space_fault_address(w->space) - WORLD_GUEST_BASE,
		       w->frame->rip);
	return is_good;
}

u64 *seal_ram(struct world *w, u32 page)
{
	return page_address(w->ram[page]);
}

gpa_t seal_gpa(u32 page)
{
	return page < SEAL_RAM_PAGES ? SEAL_RAM + (u64)page * 4096
				     : SEAL_HUGE_RAM + (u64)(page - SEAL_RAM_PAGES) * 4096;
}

enum space_leave seal_run(struct world *w, u32 code)
{
	enum space_leave leave;

	w->frame->rip = WORLD_CODE + code;
	space_begin(w->space);
	while ((leave = space_enter(w->space)) == SPACE_HOST && !fatal_signal_pending(current)) {
		w->returns++;
		if (!space_must_end())
			continue;
		space_end(w->space);
		local_bh_disable(); /* softirqs that waited */
		local_bh_enable();
		cond_resched();
		space_begin(w->space);
	}
	space_end(w->space);
	return leave;
}

/* ---- code ---- */

struct piece {
	u32 at, len;
	const char *bytes;
	bool exits; /* a jump to SEAL_COUNT's exit follows */
};

#define PIECE(at, bytes, exits)                                                                                        \
	{                                                                                                              \
		at, sizeof(bytes) - 1, bytes, exits                                                                    \
	}
#define SEAL_EXIT (SEAL_COUNT + 3) /* behind the inc */

static const struct piece pieces[] = {
	/* inc rbx ; mov eax, SEAL_WORD ; mov ecx, SEAL_ARG ; mov edx, SEAL_VALUE ; jmp exit stub */
	PIECE(SEAL_COUNT,
	      "\x48\xff\xc3\xb8\x23\x01\x0b\x00\xb9\x4d\x00\x00\x00\xba\x05\x00\x00\x00\xe9\xe9\xfd\xff\xff", false),
	PIECE(SEAL_LOAD, "\x64\x48\x8b\x06", true),
	PIECE(SEAL_STORE, "\x64\x48\x89\x1e", true),
	/* mov fs:[rsi], rbx ; add rsi, 4096 ; cmp rsi, rdi ; jb */
	PIECE(SEAL_SWEEP, "\x64\x48\x89\x1e\x48\x81\xc6\x00\x10\x00\x00\x48\x39\xfe\x72\xf0", true),
	/* inc r11 ; dec rbp ; jnz */
	PIECE(SEAL_SPIN, "\x49\xff\xc3\x48\xff\xcd\x75\xf8", true),
	PIECE(SEAL_LOOP, "\xeb\xfe", false),
	PIECE(SEAL_RAW_LOAD, "\x48\x8b\x06", true),
	PIECE(SEAL_RAW_STORE, "\x48\x89\x06", true),
	PIECE(SEAL_FETCH, "\x64\x48\x8b\x1e", true),
	PIECE(SEAL_CSR, "\x65\x48\x89\x04\x25\x00\x10\x00\x00", true),
	/* mov rax, rsi ; mov rcx, rdi ; mov rdx, r8 ; jmp exit stub */
	PIECE(SEAL_DOOR, "\x48\x89\xf0\x48\x89\xf9\x4c\x89\xc2\xe9\xba\xfc\xff\xff", false),
	/* mov rax, rsi ; syscall ; ud2 */
	PIECE(SEAL_RAW_DOOR, "\x48\x89\xf0\x0f\x05\x0f\x0b", false),
	/* mov rdx, gs:[rbx+16] ; test rdx, rdx ; jz 1f ; mov rdx, fs:[rdx] ;
	 * 1: mov rax, gs:[rbx] ; mov rcx, gs:[rbx+8] ; add rbx, 24 ; jmp exit stub */
	PIECE(SEAL_STEP,
	      "\x65\x48\x8b\x53\x10\x48\x85\xd2\x74\x04\x64\x48\x8b\x12\x65\x48"
	      "\x8b\x03\x65\x48\x8b\x4b\x08\x48\x83\xc3\x18\xe9\x70\xfc\xff\xff",
	      false),
	/* mov eax, EXIT_FALLBACK << 16 ; jmp exit stub */
	PIECE(SEAL_STOP, "\xb8\x00\x00\x03\x00\xe9\x56\xfc\xff\xff", false),
	/* dec rbp ; jz 2f ; mov rax, fs:[rsi] ; mov eax, EXIT_ECALL << 16 | 0xffe ; jmp exit stub ; 2: as SEAL_STOP */
	PIECE(SEAL_CALLS,
	      "\x48\xff\xcd\x74\x0e\x64\x48\x8b\x06\xb8\xfe\x0f\x04\x00\xe9\x3d\xfc\xff\xff"
	      "\xb8\x00\x00\x03\x00\xe9\x33\xfc\xff\xff",
	      false),
	/* mov rax, fs:[r8] ; mov eax, EXIT_SYSTEM << 16 | 0x100 ; mov ecx, the instruction ; jmp exit stub */
	PIECE(SEAL_S_SUM, "\x64\x49\x8b\x00\xb8\x00\x01\x0c\x00\xb9\x73\xa0\x06\x10\xe9\x1d\xfc\xff\xff", false),
	PIECE(SEAL_S_CLEAR, "\x64\x48\x8b\x06\xb8\x04\x01\x0c\x00\xb9\x73\xb0\x06\x10\xe9\xfd\xfb\xff\xff", false),
	PIECE(SEAL_S_RETURN, "\x49\xff\xc3\xb8\x08\x01\x0c\x00\xb9\x73\x00\x20\x10\xe9\xde\xfb\xff\xff", false),
};

static void write_code(u8 *code)
{
	u32 i, end;
	s32 rel;

	space_exit_stub(code);
	for (i = 0; i < ARRAY_SIZE(pieces); i++) {
		memcpy(code + pieces[i].at, pieces[i].bytes, pieces[i].len);
		if (!pieces[i].exits)
			continue;
		end = pieces[i].at + pieces[i].len;
		rel = SEAL_EXIT - (s32)(end + 5);
		code[end] = 0xe9;
		memcpy(code + end + 1, &rel, sizeof(rel));
	}
}

/* ---- checks ---- */

static void try_stays(struct world *w)
{
	struct space_frame *f = w->frame;
	u32 i;

	for (i = 0; i < 16; i++)
		f->reg[i] = 0x1111 * i;
	f->reg[ABI_RBX] = 0;
	for (i = 0; (int)i < stays; i++) {
		enum space_leave leave;

		f->reg[ABI_R11] = i; /* its home slot is written by the stub */
		leave = seal_run(w, SEAL_COUNT);
		if (leave != SPACE_EXIT || f->reg[ABI_RAX] != SEAL_WORD || f->reg[ABI_RCX] != SEAL_ARG ||
		    f->reg[ABI_RDX] != SEAL_VALUE || f->reg[ABI_R11] != i || f->reg[ABI_RBX] != i + 1)
			break;
	}
	seal_check(w, (int)i == stays, "every stay ends at the exit stub");
	for (i = ABI_RBP; i < 16; i++)
		seal_check(w, i == ABI_R11 || f->reg[i] == 0x1111 * i, "pins keep their values");
}

static enum space_leave at(struct world *w, u32 code, u64 rsi)
{
	w->frame->reg[ABI_RSI] = rsi;
	return seal_run(w, code);
}

static bool faults_at(struct world *w, u32 code, u64 gva, u64 error)
{
	return at(w, code, gva) == SPACE_FAULT && w->frame->vector == X86_TRAP_PF && w->frame->error == error &&
	       space_fault_address(w->space) - WORLD_GUEST_BASE == gva && w->frame->rip == WORLD_CODE + code;
}

static void try_memory(struct world *w)
{
	struct space_frame *f = w->frame;
	u64 fills = space_stats(w->space)->page_fills;
	u32 i, wrong = 0;

	f->reg[ABI_RBX] = 0x123456789abcdef0;
	f->reg[ABI_RDI] = SEAL_RAM_END;
	seal_check(w, at(w, SEAL_SWEEP, SEAL_RAM) == SPACE_EXIT, "all RAM can be written");
	for (i = 0; i < SEAL_RAM_PAGES; i++)
		wrong += *seal_ram(w, i) != f->reg[ABI_RBX];
	seal_check(w, !wrong, "stores arrive in their pages");
	fills = space_stats(w->space)->page_fills - fills;
	seal_check(w, fills == SEAL_RAM_PAGES, "each page is filled once");
	seal_check(w, faults_at(w, SEAL_LOAD, SEAL_RAM_END, 4), "behind RAM");
	seal_check(w, faults_at(w, SEAL_STORE, SEAL_RAM - 4096, 6), "before RAM");
	seal_check(w, faults_at(w, SEAL_LOAD, -4096UL, 4), "the window's lower half");
	seal_check(w, at(w, SEAL_LOAD, 0x4000000000000000) == SPACE_FAULT && f->vector == X86_TRAP_GP, "not canonical");
}

static void try_protection(struct world *w)
{
	gpa_t gpa = SEAL_RAM + 5 * 4096;

	space_protect_page(w->vm, gpa);
	seal_check(w, faults_at(w, SEAL_STORE, gpa, 7), "a store to a protected page");
	seal_check(w, at(w, SEAL_LOAD, gpa) == SPACE_EXIT, "a load from a protected page");
	seal_check(w, at(w, SEAL_STORE, gpa + 4096) == SPACE_EXIT, "the page beside it");
	space_unprotect_page(w->vm, gpa);
	seal_check(w, at(w, SEAL_STORE, gpa) == SPACE_EXIT, "a store after the protection");
}

/* Ring 3 reaches nothing of the host or of the supervisor's side, whatever address it makes up. */
static void try_seal(struct world *w)
{
	const u64 closed[] = {
		(u64)gate_text,	      (u64)space_state(w->space),
		PAGE_OFFSET,	      (u64)w->frame & PAGE_MASK,
		(u64)w->vm,	      WORLD_BLOCK,
		WORLD_MONITOR,	      WORLD_POOL,
		WORLD_POOL_PA,	      WORLD_STATE_RW,
		WORLD_RAM + SEAL_RAM, WORLD_FRAMES + (SEAL_RAM >> 9),
		0xffffffffff600000,   0,
	};
	u32 i;

	for (i = 0; i < ARRAY_SIZE(closed); i++) {
		bool loads = at(w, SEAL_RAW_LOAD, closed[i]) == SPACE_FAULT && (w->frame->error & 4);
		bool stores = at(w, SEAL_RAW_STORE, closed[i]) == SPACE_FAULT && (w->frame->error & 6) == 6;

		seal_check(w, loads && w->frame->vector == X86_TRAP_PF, "supervisor pages cannot be read");
		seal_check(w, stores && w->frame->vector == X86_TRAP_PF, "supervisor pages cannot be written");
	}
	seal_check(w, at(w, SEAL_RAW_STORE, WORLD_CODE) == SPACE_FAULT && (w->frame->error & 7) == 7,
		   "code is not writable");
	seal_check(w, at(w, SEAL_RAW_LOAD, WORLD_CODE) == (space_has_keys ? SPACE_FAULT : SPACE_EXIT),
		   "code is readable without protection keys");
}

static void try_steps_and_kicks(struct world *w)
{
	struct space_frame *f = w->frame;

	f->reg[ABI_RBP] = 5;
	f->rflags = X86_EFLAGS_TF;
	seal_check(w, seal_run(w, SEAL_SPIN) == SPACE_FAULT && f->vector == X86_TRAP_DB, "single step");
	seal_check(w, f->rip == WORLD_CODE + SEAL_SPIN + 3, "single step goes one instruction");
	f->rflags = 0;
	f->rip = WORLD_CODE + SEAL_LOOP;
	space_kick(w->space);
	space_begin(w->space);
	seal_check(w, space_enter(w->space) == SPACE_HOST, "a kick before the stay");
	seal_check(w, space_enter(w->space) == SPACE_HOST, "an endless loop is left for the host");
	space_end(w->space);
	seal_check(w, f->rip == WORLD_CODE + SEAL_LOOP, "and would go on where it was");
}

/* ---- the world ---- */

static void free_world(struct world *w)
{
	u32 i;

	if (w->space)
		space_destroy(w->space);
	if (w->vm)
		space_vm_destroy(w->vm);
	for (i = 0; i < SEAL_RAM_PAGES; i++)
		if (w->ram[i])
			__free_page(w->ram[i]);
	for (i = SEAL_RAM_PAGES; i < SEAL_PAGES; i += 512)
		if (w->ram[i])
			__free_pages(w->ram[i], 9);
	if (w->code)
		__free_page(w->code);
	kvfree(w);
}

static int make_world(struct world *w)
{
	struct space_region regions[] = {
		{ SEAL_RAM, SEAL_RAM_PAGES, w->ram },
		{ SEAL_HUGE_RAM, SEAL_PAGES - SEAL_RAM_PAGES, w->ram + SEAL_RAM_PAGES },
	};
	struct space_config config = { regions, ARRAY_SIZE(regions), 1, &w->code };
	u32 i;
	int err;

	w->code = alloc_page(GFP_KERNEL | __GFP_ZERO);
	if (!w->code)
		return -ENOMEM;
	for (i = 0; i < SEAL_RAM_PAGES; i++) {
		w->ram[i] = alloc_page(GFP_KERNEL | __GFP_ZERO);
		if (!w->ram[i])
			return -ENOMEM;
	}
	for (i = SEAL_RAM_PAGES; i < SEAL_PAGES; i++) {
		w->ram[i] = i % 512 ? w->ram[i - 1] + 1 : alloc_pages(GFP_KERNEL | __GFP_ZERO, 9);
		if (!w->ram[i])
			return -ENOMEM;
	}
	write_code(page_address(w->code));
	err = space_vm_create(&w->vm, &config);
	err = err ?: space_create(&w->space, w->vm);
	if (!err)
		w->frame = space_frame(w->space);
	return err;
}

static int sum_up(const struct world *w)
{
	pr_info("seal: %u passed, %u failed, 0 skipped\n", w->passed, w->failed);
	return w->failed ? -EINVAL : 0;
}

static int run_checks(struct world *w)
{
	if (probe) {
		seal_probe(w);
		return sum_up(w);
	}
	try_stays(w);
	try_memory(w);
	try_protection(w);
	try_seal(w);
	try_steps_and_kicks(w);
	seal_try_refusals(w);
	seal_try_views(w);
	seal_try_shadow(w);
	seal_try_model(w, seed, steps);
	seal_try_doors(w, doors, seed);
	seal_try_reach(w, doors, seed);
	seal_try_ways(w, seed);
	seal_try_storm(w, seconds);
	seal_try_migration(w);
	pr_info("seal: views by %s\n", space_has_keys ? "keys" : "roots");
	return sum_up(w);
}

static int __init seal_init(void)
{
	struct world *w = kvzalloc(sizeof(*w), GFP_KERNEL);
	int err;

	if (!w)
		return -ENOMEM;
	err = space_init();
	if (err) {
		kvfree(w);
		return err;
	}
	err = make_world(w);
	if (!err && measure)
		seal_measure(w, measure);
	else if (!err)
		err = run_checks(w);
	free_world(w);
	space_exit();
	return err;
}

static void __exit seal_exit(void)
{
}

module_init(seal_init);
module_exit(seal_exit);
