// SPDX-License-Identifier: GPL-2.0-only
/* texts.c: a set of C texts. Next file: out_decode.c, its reader. */
#include "rulec/texts.h"

#include <stdlib.h>
#include <string.h>

int texts_add(struct texts *texts, char *text)
{
	unsigned int i;

	if (!text)
		return -1;
	for (i = 0; i < texts->count; i++) {
		if (!strcmp(texts->text[i], text)) {
			free(text);
			return (int)i;
		}
	}
	if (texts->count == TEXTS_MAX) {
		free(text);
		return -1;
	}
	texts->text[texts->count] = text;
	return (int)texts->count++;
}

void texts_free(struct texts *texts)
{
	while (texts->count)
		free(texts->text[--texts->count]);
}
