/* SPDX-License-Identifier: GPL-2.0-only */
/* objdump.h: disassembles many words with one run of GNU objdump.
 *
 * Owns:    struct objdump from objdump_open() to objdump_close(): the child process and its input file.
 * Promise: words come back in order, as text without trailing comment: "addi\tx1,x2,3"; ".4byte\t0x..." and the like
 *          for what objdump does not know.
 * Errors:  -1 after a message on stderr: objdump missing, failed, or out of step with the words.
 * Next file: objdump.c. */
#ifndef LDBT_TESTS_OBJDUMP_H
#define LDBT_TESTS_OBJDUMP_H

#include <stdint.h>
#include <stdio.h>

enum { OBJDUMP_TEXT_MAX = 160, OBJDUMP_PATH_MAX = 64 };

struct objdump {
	FILE *pipe;
	char path[OBJDUMP_PATH_MAX];
	uint64_t addr; /* of the next word */
};

/* All words have the same size: 2 or 4 bytes; word i lies at address i * word_bytes. */
int objdump_open(struct objdump *dump, const uint32_t *word, size_t count, unsigned int word_bytes);
int objdump_next(struct objdump *dump, unsigned int word_bytes, char text[OBJDUMP_TEXT_MAX]);
int objdump_close(struct objdump *dump);

#endif
