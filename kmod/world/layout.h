/* SPDX-License-Identifier: GPL-2.0-only */
/* layout.h: every fixed address of the sealed world, and the block of memory through which host and world meet.
 *
 * Owns:    nothing; numbers only, also readable by the assembler and by the monitor's linker script (__ASSEMBLER__).
 * Promise: whatever lies at these addresses is in space_table[] of space_map.c, and nothing else is mapped.
 *          [checked: space_verify()]
 * Errors:  none.
 * Next file: ../space.h, then ../gate.S. */
#ifndef LDBT_WORLD_LAYOUT_H
#define LDBT_WORLD_LAYOUT_H

#ifdef __ASSEMBLER__
#define WORLD_UL(x) x
#else
#define WORLD_UL(x) x##UL
#endif

/* ---- the world's lower half ----
 *
 * Code of the monitor and the switcher must trust neither GS (ring 3 may write its base) nor RSP (syscall keeps ring
 * 3's), so what it needs lies below 2 GiB, where an absolute 32-bit displacement reaches it.
 *
 *   address             size        ring 3   what
 *   WORLD_MONITOR       64 KiB               the monitor's text and constants: read, execute
 *   WORLD_BLOCK         64 KiB               the vCPU's block (below) a second time
 *   WORLD_STATE_RW      state area           writable alias of the state area of abi.h
 *   WORLD_SHADOW        64 KiB               struct shadow_state of shadow.h, as all up to WORLD_HEADS
 *   WORLD_POOL          up to 64 MiB         pages for shadow tables
 *   WORLD_POOL_PA       u64 per pool page    their physical addresses: read
 *   WORLD_POOL_INFO     8 bytes per page     struct pool_info
 *   WORLD_LINKS         4 KiB per pool page  struct shadow_link of each entry
 *   WORLD_HEADS         u32 per guest page   lists of writable shadow entries
 *   WORLD_WINDOW        512 GiB     RW       guest memory window, no execute; FS base = its middle
 *   WORLD_RAM           256 GiB              guest RAM at WORLD_RAM + gpa: read, write (walks, A and D bits)
 *   WORLD_FRAMES        u64 per page         what is known of guest page gpa >> 12, see GPAGE_*: read
 *   WORLD_CODE          code cache  X        the host writes it through its own mapping; also R without protection keys
 *   WORLD_KEYS          8 bytes a link  R    keys of links between pages, compared by translated code
 *   WORLD_META          tables               which blocks the code cache has, and their access records: read
 *   WORLD_STATE_FIRST   state area  RW / R   GS base: random page of the 64 slots from here, another one in each VM
 */
#define WORLD_MONITOR	    0x10000000
#define WORLD_MONITOR_BYTES 0x10000
/* Fixed places of entry.S; monitor_page_fault() is the first. What an NMI finds there: gate.S */
#define WORLD_TAIL	      (WORLD_MONITOR + 0x10) /* from the last look at `pending` to sysret */
#define WORLD_TAIL_END	      (WORLD_MONITOR + 0x20)
#define WORLD_SYSCALL	      (WORLD_MONITOR + 0x20) /* LSTAR */
#define WORLD_SYSCALL_STACKED (WORLD_MONITOR + 0x28) /* has a stack */
#define WORLD_BLOCK	      0x10100000
#define WORLD_STATE_RW	      0x10200000
#define WORLD_SHADOW	      0x10300000
#define WORLD_SHADOW_BYTES    0x10000
#define WORLD_POOL	      0x20000000
#define WORLD_POOL_PAGES      16384
#define WORLD_POOL_PA	      0x28000000
#define WORLD_POOL_INFO	      0x28100000
#define WORLD_LINKS	      0x2c000000
#define WORLD_HEADS	      0x30000000

#define WORLD_SLOT_BYTES  WORLD_UL(0x8000000000) /* what one entry of a level-4 table maps */
#define WORLD_WINDOW	  WORLD_UL(0x8000000000)
#define WORLD_GUEST_BASE  WORLD_UL(0xc000000000) /* FS base: where guest address 0 lies */
#define WORLD_RAM	  WORLD_UL(0x18000000000)
#define WORLD_FRAMES	  WORLD_UL(0x28000000000)
#define WORLD_CODE	  WORLD_UL(0x38000000000)
#define WORLD_KEYS	  (WORLD_CODE + 0x40000000) /* within 2 GiB of all code */
#define WORLD_META	  WORLD_UL(0x48000000000)
#define WORLD_STATE_FIRST WORLD_UL(0x200000000000)
#define WORLD_STATE_SLOTS 64

#define WORLD_GPA_END WORLD_UL(0x4000000000) /* guest physical addresses end here: the upper half of the window */

/* Guest page entries at WORLD_FRAMES: the host physical address, with flags in the low bits. 0: no memory there. */
#define GPAGE_PRESENT  1
#define GPAGE_READONLY 2 /* no store may go through: the page has translations */
#define GPAGE_HUGE     4 /* first page of 2 MiB that are aligned, in one region, and one piece of host memory */
/* There, above the address: how many of the pages are GPAGE_READONLY. */
#define GPAGE_READONLY_SHIFT 52

/* ---- the block of one vCPU ----
 *
 * Naturally aligned, at the same address in the host (its direct mapping) and in the world, so handlers find it by
 * masking RSP. A second time at WORLD_BLOCK.
 */
#define BLOCK_ORDER	  4
#define BLOCK_BYTES	  0x10000
#define BLOCK_MASK	  (-0x10000)
#define BLOCK_GATE	  0x0000 /* struct gate_state */
#define BLOCK_MONITOR	  0x0800 /* struct monitor_state */
#define BLOCK_IDT	  0x1000
#define BLOCK_GDT_WORLD	  0x2000 /* copy of this CPU's GDT whose TSS is the world's */
#define BLOCK_GDT_HOST	  0x2100 /* copy whose TSS is the host's: to load TR on the way out */
#define BLOCK_GDT_BYTES	  0x80
#define BLOCK_TSS	  0x2200
#define BLOCK_STACK_TOP	  0x5000 /* IST 1: all vectors but those below; the register frame lies on its top */
#define BLOCK_NMI_TOP	  0x6000 /* IST 2, as in Linux */
#define BLOCK_DEBUG_TOP	  0x7000 /* IST 3, as in Linux: unused, #DB can come only from ring 3 and takes IST 1 */
#define BLOCK_MACHINE_TOP 0x8000 /* IST 4: #MC and #DF */
#define BLOCK_FPU	  0x8000 /* XSAVE area of the guest */
#define BLOCK_FPU_BYTES	  0x2000
#define BLOCK_HART	  0xa000 /* struct hart */
#define BLOCK_HART_BYTES  0x1000
#define BLOCK_SHORT	  0xb000 /* struct short_ways of short.h */
#define BLOCK_NOTES	  0xb800 /* struct csr_note[1 << NOTE_BITS] */

/* ---- struct space_frame: registers of translated code, as the entry stubs push them ---- */
#define FRAME_REG(n) ((n)*8)
#define FRAME_VECTOR 128
#define FRAME_ERROR  136
#define FRAME_RIP    144
#define FRAME_CS     152
#define FRAME_RFLAGS 160
#define FRAME_RSP    168
#define FRAME_SS     176
#define FRAME_BYTES  184
#define BLOCK_FRAME  (BLOCK_STACK_TOP - FRAME_BYTES)

/* ---- struct gate_state of state.h ---- */
#define GATE_HOST_RSP	 0x00
#define GATE_HOST_CR3	 0x08
#define GATE_HOST_CR4	 0x10
#define GATE_HOST_FS	 0x18
#define GATE_HOST_GS	 0x20
#define GATE_HOST_LSTAR	 0x28
#define GATE_WORLD_CR3	 0x30
#define GATE_WORLD_CR4	 0x38
#define GATE_WORLD_FS	 0x40
#define GATE_WORLD_GS	 0x48
#define GATE_WORLD_LSTAR 0x50
#define GATE_FRAME	 0x58 /* the frame's address in the host's direct mapping */
#define GATE_CR2	 0x60
#define GATE_HOST_GDTR	 0x68 /* 10 bytes each, in 16 */
#define GATE_HOST_IDTR	 0x78
#define GATE_GDTR_WORLD	 0x88
#define GATE_GDTR_HOST	 0x98
#define GATE_IDTR_WORLD	 0xa8
#define GATE_LEAVE	 0xb8 /* u32, LEAVE_* */
#define GATE_PENDING	 0xbc /* u16: byte 0 NMI, byte 1 machine check */
#define GATE_PENDING_NMI 0xbc
#define GATE_PENDING_MC	 0xbd
#define GATE_SWITCH_CR4	 0xbe /* u8: the world's CR4 differs from the host's */
#define GATE_NMI_WINDOW	 0xc0 /* u32 each: where NMI and machine checks hit: enter or leave, */
#define GATE_NMI_MONITOR 0xc4 /* the monitor, */
#define GATE_NMI_RESUME	 0xc8 /* the way back to ring 3, */
#define GATE_NMI_GUEST	 0xcc /* translated code */
#define GATE_SPEC_CTRL	 0xd0 /* the host's, where it sets IBRS at each entry */
#define GATE_VERW	 0xd8 /* u16: a selector that can be written, for VERW */
#define GATE_LEAVE_AT	 0xe0 /* address of gate_leave */
#define GATE_BYTES	 0xe8

/* Why the world was left. */
#define LEAVE_EXIT    1 /* translated code came to the exit stub */
#define LEAVE_IRQ     2 /* host vector frame.vector */
#define LEAVE_PENDING 3 /* NMI or machine check */
#define LEAVE_FAULT   4 /* exception frame.vector in translated code */
#define LEAVE_FATAL   5 /* exception in ring 0 of the world: a bug of ours */
#define LEAVE_GUEST                                                                                                    \
	6 /* an exit or fault that the monitor has served: the guest goes on at hart.g.pc, which has no block yet */

/* ---- what entry.S reads and writes: offsets in the structs, proved by short.h ---- */
#define MONITOR_ROOT_NOW      0x0c /* struct monitor_state: root_now, and view_now in the upper half */
#define MONITOR_PKRU	      0x14
#define MONITOR_CR3_NOFLUSH   0x18
#define MONITOR_REGIME_MODE   0x28 /* of regime all but root */
#define MONITOR_VIEW_SWITCHES 0x30
#define ROOT_CR3	      0x00 /* struct monitor_root */
#define ROOT_MUST_FLUSH	      0x08
#define HART_SERVES	      0x00 /* struct hart: serves, */
#define HART_CODE_WRITTEN     0x04 /* code_written, */
#define HART_PRIV	      0x28 /* g.priv, */
#define HART_MSTATUS	      0x30 /* g.csr.mstatus, */
#define HART_MIE	      0x50 /* g.csr.mie, */
#define HART_MIP	      0x88 /* g.csr.mip */

/* struct short_ways: struct short_way for U, S, S with SUM, each twice: FS not dirty and dirty; then the rest */
#define SHORT_WAY_BYTES 0x20
#define SHORT_TO_U	0
#define SHORT_TO_S	2
#define SHORT_TO_SUM	4
#define SHORT_WAYS	6
#define WAY_TAG		0x00
#define WAY_REGIME_MODE 0x08
#define WAY_ROOT_VIEW	0x10
#define WAY_ROOT	0x18
#define WAY_PKRU	0x1c
#define SHORT_CLOSED	0xc0 /* a struct monitor_root that must be flushed, always */
#define SHORT_KEEP	0xd0 /* u32: fields of sstatus that traps leave as they are, without MXR */
#define SHORT_SERVED	0xd8
#define SHORT_TRAPS	0xe0
#define SHORT_BYTES	0xe8

/* struct csr_note of note.h, found by a hash of the instruction */
#define NOTE_BITS      5
#define NOTE_HASH      0x9e3779b1
#define NOTE_SHIFT     6 /* of a note's size */
#define NOTE_KEY       0x00
#define NOTE_AT	       0x08
#define NOTE_BY	       0x0c
#define NOTE_OTHER     0x10
#define NOTE_RS1       0x14
#define NOTE_RD	       0x18
#define NOTE_DENIED    0x1c
#define NOTE_MASK      0x20
#define NOTE_KIND      0x30
#define NOTE_KIND_READ 0
#define NOTE_KIND_RW   1 /* as funct3 of Zicsr */
#define NOTE_KIND_RS   2
#define NOTE_KIND_RC   3

/* ---- the exit stub at ABI_STUB_EXIT, and behind it the resume stub ----
 *
 *   mov gs:[home slot of r11's pin], r11 ; shl rcx, 32 ; or rax, rcx ; syscall ; ud2
 *   mov r11, gs:[the same slot] ; xor ecx, ecx ; jmp rdx
 *
 * syscall overwrites rcx and r11, so the argument travels in the upper half of rax. sysret too: entry.S goes back by the
 * resume stub, with the block's address in rdx, and in rax its guest address, for the stub of empty entries (emit.c).
 */
#define WORLD_EXIT_ARG_SHIFT 32
#define WORLD_STUB_RESUME    20 /* offset in the code cache */

#endif
