/* SPDX-License-Identifier: GPL-2.0-only */
/* abi.h: the contract between translated code, the templates, the translator and whoever runs the code
 * (the monitor and module in the kernel, tests/host in user space).
 *
 * Owns:    nothing; numbers and small structs only, also readable by the assembler (__ASSEMBLER__).
 * Promise: a change here is a change of every template and of every host; nothing else knows these numbers.
 * Next file: rule.h (what rulec's tables look like). */
#ifndef LDBT_ABI_H
#define LDBT_ABI_H

/* ---- host registers ----
 *
 * rax rcx rdx   scratch: dead between guest instructions, at block entries and at every exit but its arguments
 * rsp           holds nothing of the guest; translated code never touches it
 * the other 12  each pins one guest register, the same one everywhere: nothing is saved at block edges,
 *               faults or interrupts. Guest registers without a pin live in slots of the home page.
 */
#define ABI_RAX		 0
#define ABI_RCX		 1
#define ABI_RDX		 2
#define ABI_RBX		 3
#define ABI_RSP		 4
#define ABI_RBP		 5
#define ABI_RSI		 6
#define ABI_RDI		 7
#define ABI_R8		 8
#define ABI_R9		 9
#define ABI_R10		 10
#define ABI_R11		 11
#define ABI_R12		 12
#define ABI_R13		 13
#define ABI_R14		 14
#define ABI_R15		 15
#define ABI_SCRATCH_MASK 0x0007 /* rax rcx rdx */

/* ---- the state area of one vCPU ----
 *
 * Translated code reaches it by HOME_SEG and a 32-bit displacement: state_disp + one of these offsets.
 * In the module HOME_SEG is GS, its base the area, state_disp 0. In user space glibc owns FS and guest memory
 * takes GS, so the area lies below 2 GiB, state_disp is its address and HOME_SEG a DS prefix without effect:
 * templates of the two builds differ in these bytes only and keep their length.
 */
#define ABI_HOME	 0x0000 /* home page, guest code may write it: never holds what others trust */
#define ABI_CSR		 0x1000 /* CSR page, writable in the S view */
#define ABI_TABLE	 0x2000 /* table page, read-only to guest code: struct abi_table */
#define ABI_JUMP	 0x3000 /* jump table, read-only to guest code: ABI_JUMP_ENTRIES * struct abi_jump */
#define ABI_JUMP_BITS	 12
#define ABI_JUMP_ENTRIES (1 << ABI_JUMP_BITS)
#define ABI_JUMP_BYTES	 (ABI_JUMP_ENTRIES * 16)
#define ABI_STATE_BYTES	 (ABI_JUMP + ABI_JUMP_BYTES)

/* slots of the home page */
#define ABI_HOME_X	    0	/* x[0..31], 8 bytes each; valid for guest registers without a pin */
#define ABI_HOME_PC_PAGE    256 /* guest virtual address of the page being executed, low 12 bits zero */
#define ABI_HOME_RESV	    264 /* LR reservation: address | 1 (8 bytes wide) or | 2 (4 bytes); 0 = none */
#define ABI_HOME_RESV_VALUE 272 /* value that LR loaded, sign-extended */
#define ABI_HOME_COUNT	    280 /* guest instructions executed, in caches made with count_insns only */
#define ABI_HOME_F	    320 /* f[0..31], 8 bytes each */
#define ABI_HOME_FRM	    576 /* rounding mode of fcsr, bits 2:0 */
#define ABI_HOME_FFLAGS	    584 /* accrued exceptions of fcsr, bits 4:0 */
#define ABI_HOME_STATES	    592 /* first byte behind the slots used today */

/* slots of the CSR page, 8 bytes each: what S-mode may write. Guest code writes the page in the S and M views, also by
 * mistake, so whoever uses a value masks it first (WARL), and trusts none of it. */
#define ABI_CSR_SSTATUS	 0 /* sstatus as S-mode reads it; the S fields of mstatus live here only */
#define ABI_CSR_SSCRATCH 8
#define ABI_CSR_SEPC	 16
#define ABI_CSR_SCAUSE	 24
#define ABI_CSR_STVAL	 32
#define ABI_CSR_STVEC	 40
#define ABI_CSR_PENDING                                                                                                \
	48		 /* not 0: S-mode would take an interrupt at once if sstatus.SIE were set; written by the
			     * vCPU's own thread, which kicks and looks at the real state by itself */
#define ABI_CSR_SLOTS 56 /* bytes of slots */

/* fields of the table page */
#define ABI_TABLE_TAG	      0 /* space tag: XORed into every guest address that is looked up */
#define ABI_TABLE_TIME_MULT   8 /* struct abi_table */
#define ABI_TABLE_TIME_OFFSET 16
#define ABI_TABLE_TIME_MULT_S 24
#define ABI_TABLE_TIME_MULT_U 32

/* ---- state of a block ----
 *
 * Part of a block's key (translate_request.state): what does not change while the block runs, and what conditions of
 * rules may ask for. Bits 1:0 are the privilege mode.
 */
#define ABI_BLOCK_PRIV_SHIFT 0
#define ABI_BLOCK_PRIV_BITS  2
#define ABI_BLOCK_FPU_SHIFT  2 /* 1: mstatus.FS is dirty, and fcsr.frm a mode that MXCSR has and is set to */
#define ABI_BLOCK_FPU_BITS   1

/* ---- conditions at every block entry ----
 *
 * pins and home slots hold the guest's registers; home.pc_page is the guest page of the block; DF = 0;
 * flags and scratch are undefined. A block is position independent with respect to its guest virtual page:
 * pc, links and pc-relative values are pc_page + an offset known when translated.
 *
 * ---- ways out of a block ----
 *
 * direct, same page      jmp rel32 / jcc rel32, linked. The rel32 never crosses an 8-byte boundary, so it is
 *                        patched by one aligned 8-byte store while other CPUs run.
 * direct, other page     home.pc_page ^ tag is compared with the link's key (8 bytes in a table of its own, read-only
 *                        to the guest, 0 = unset, written after the rel32); equal: pc_page += delta and a linked
 *                        jump; else as indirect.
 * indirect               rax = target gva, bit 0 ignored: jump table entry at ((rax >> 1) & (ENTRIES - 1)); when
 *                        entry.key == rax ^ tag: home.pc_page = rax & -4096 and jump to entry.host; else
 *                        EXIT_MISS (an odd rax equals no key; the miss clears bit 0).
 * exit                   eax = ABI_EXIT_WORD(code, offset of the guest pc in pc_page: 0..4096), ecx = argument,
 *                        jmp to the exit stub at offset 0 of the code cache. The one exit stub; it may
 *                        clobber r11 only after storing its pin home.
 */
#define ABI_EXIT_WORD(code, pc_offset) (((code) << 16) | (pc_offset))
#define ABI_STUB_EXIT		       0   /* offset of the exit stub in the code cache */
#define ABI_STUB_BYTES		       512 /* room for stubs; the first block starts behind */

#define EXIT_LINK     1 /* ecx = link number: a direct jump not linked yet; pc offset = the target's (same page) */
#define EXIT_MISS     2 /* rdx = target gva not in the jump table; pc offset unused */
#define EXIT_FALLBACK 3 /* interpret the instruction at pc, then go on */
#define EXIT_ECALL    4 /* the instruction at pc is ecall; nothing of it has happened */
#define EXIT_EBREAK   5 /* likewise ebreak */
#define EXIT_FENCE_I  6 /* likewise fence.i */
#define EXIT_WFI      7 /* likewise wfi */
#define EXIT_ILLEGAL  8 /* the word at pc is no instruction */
#define EXIT_PAGE_END                                                                                                  \
	9		  /* ecx = link number: like EXIT_LINK, to another page or to an instruction that straddles:
			 * target = pc_page + link.target; pc offset unused */
#define EXIT_FAULT     10 /* made by the fault handler, not by code: see access records */
#define EXIT_INTERRUPT 11 /* made by the host at an instruction boundary */
#define EXIT_SYSTEM    12 /* ecx = the word at pc: Zicsr, mret, sret, s{fence,inval}.vma; nothing of it has happened */
#define EXIT_COUNT     13

/* ---- the two segments ---- */
#ifdef __KERNEL__
#define GMEM_SEG 0x64 /* FS: guest memory window */
#define HOME_SEG 0x65 /* GS: state area */
#else
#define GMEM_SEG 0x65 /* GS: guest memory window */
#define HOME_SEG 0x3e /* DS: no effect in 64-bit mode */
#endif

#define ABI_WINDOW_BYTES (1ULL << 39) /* guest-memory window; its base is the start + 256 GiB */
#define ABI_WINDOW_HALF	 (1ULL << 38)

#ifndef __ASSEMBLER__
#include "port.h"

struct abi_table {
	u64 tag; /* bit 0 clear, bit 1 set: so no jump key is ~0 and no link key is 0 */
	/* time is (tsc * time_mult >> 64) + time_offset; mult 0: not by the TSC. The vCPU's own thread changes all at once, while
	 * the guest is at an instruction boundary. */
	u64 time_mult, time_offset;
	u64 time_mult_s,
		time_mult_u; /* time_mult, or 0 where the counter-enables keep S-mode, U-mode from reading time */
};

struct abi_jump {
	u64 key;  /* gva ^ tag; an empty entry holds ~0, which no gva with bit 0 clear equals */
	u64 host; /* host address of the block's entry, as guest code sees it */
};

/* Guest register -> host register, or ABI_HOMED. Chosen from dynamic counts: docs/PINS.md. */
#define ABI_HOMED 0xff
extern const u8 abi_pin[32];

_Static_assert(offsetof(struct abi_table, time_mult) == ABI_TABLE_TIME_MULT, "slots of the table page");
_Static_assert(offsetof(struct abi_table, time_offset) == ABI_TABLE_TIME_OFFSET, "slots of the table page");
_Static_assert(offsetof(struct abi_table, time_mult_s) == ABI_TABLE_TIME_MULT_S, "slots of the table page");
_Static_assert(offsetof(struct abi_table, time_mult_u) == ABI_TABLE_TIME_MULT_U, "slots of the table page");
_Static_assert(sizeof(struct abi_jump) == 16, "jump table entries are indexed by shift");
_Static_assert(ABI_HOME_PC_PAGE == ABI_HOME_X + 32 * 8, "slots follow the registers");
#endif
#endif
