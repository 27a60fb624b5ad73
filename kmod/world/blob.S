/* SPDX-License-Identifier: GPL-2.0-only */
/* blob.S: the linked monitor as constants of the module; space.c copies it to plain pages. */
	.section .rodata, "a", @progbits
	.balign	16
	.globl	monitor_blob, monitor_blob_end
monitor_blob:
	.incbin	WORLD_MONITOR_BIN
monitor_blob_end:
	.section .note.GNU-stack, "", @progbits
