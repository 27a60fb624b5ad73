/* SPDX-License-Identifier: GPL-2.0-only */
/* arena.h: memory that is freed all at once.
 *
 * Owns:    every block it handed out, until arena_destroy().
 * Promise: memory is zeroed and aligned for any type; never NULL (out of memory ends the program with a message).
 * Locks:   none; single threaded programs of user space.
 * Errors:  none.
 * Next file: lex.h. */
#ifndef LDBT_RULES_ARENA_H
#define LDBT_RULES_ARENA_H

#include <stddef.h>

struct arena;

struct arena *arena_create(void);
void arena_destroy(struct arena *arena);
void *arena_alloc(struct arena *arena, size_t bytes);
/* Copy of text[0..len), terminated. */
char *arena_text(struct arena *arena, const char *text, size_t len);
char *arena_printf(struct arena *arena, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* An array that grows: returns old with room for element n (n elements are in use). Capacities are powers of two. */
void *arena_grow(struct arena *arena, void *old, unsigned int n, size_t element_bytes);

#endif
