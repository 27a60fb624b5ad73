/* SPDX-License-Identifier: GPL-2.0-only */
/* entry.S: what the switcher calls in the monitor, at addresses that layout.h knows.
 * Next file: monitor.c (faults), exit.c (exits of translated code). */
	.section .text.entry, "ax", @progbits
	jmp	monitor_page_fault
	.balign	16, 0xcc
	jmp	monitor_exit
	.balign	16, 0xcc
	.section .note.GNU-stack, "", @progbits
