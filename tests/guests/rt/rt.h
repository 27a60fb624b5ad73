/* SPDX-License-Identifier: GPL-2.0-only */
/* rt.h: what a bare-metal guest may call: text on the UART, the end of the machine, memory functions.
 * Owns:    the UART at 0x10000000 (ns16550a) and the syscon finisher at 0x100000 of QEMU's virt machine.
 * Promise: the same ELF runs in QEMU and in ldbt; in the native build the same names are libc's.
 * Locks:   none; one hart.
 * Context: M-mode, no paging, interrupts off.
 * Errors:  none returned; a trap prints its cause and ends the machine with status RT_STATUS_TRAP. */
#ifndef GUEST_RT_H
#define GUEST_RT_H

#include <stddef.h>
#include <stdint.h>

enum { RT_STATUS_TRAP = 99 };

#ifdef GUEST_NATIVE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#define rt_printf printf
#define rt_exit	  exit
#else
void rt_putc(int c);
/* %s %c %d %u %x %lu %ld %lx %%, and a zero-padded width as in %08x: nothing else. */
void rt_printf(const char *format, ...) __attribute__((format(printf, 1, 2)));
void rt_exit(int status) __attribute__((noreturn)); /* status 0..255 */
void rt_trap(uint64_t cause, uint64_t pc, uint64_t tval);

void *memcpy(void *to, const void *from, size_t bytes);
void *memmove(void *to, const void *from, size_t bytes);
void *memset(void *to, int value, size_t bytes);
int memcmp(const void *a, const void *b, size_t bytes);
size_t strlen(const char *text);
int strcmp(const char *a, const char *b);
#endif
#endif
