/* SPDX-License-Identifier: GPL-2.0-only */
/* texts.h: a set of C texts in which equal ones share a number (field layouts, conditions of the decoder).
 *
 * Owns:    its copies of the texts, from first texts_add() to texts_free().
 * Promise: numbers count from 0 in order of first appearance.
 * Errors:  -1: more than TEXTS_MAX different texts, or no memory.
 * Next file: texts.c. */
#ifndef LDBT_RULEC_TEXTS_H
#define LDBT_RULEC_TEXTS_H

enum { TEXTS_MAX = 256 };

struct texts {
	char *text[TEXTS_MAX];
	unsigned int count;
};

/* Takes over `text` (from malloc; NULL gives -1). */
int texts_add(struct texts *texts, char *text);
void texts_free(struct texts *texts);

#endif
