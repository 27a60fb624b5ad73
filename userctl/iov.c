// SPDX-License-Identifier: GPL-2.0-only
/* iov.c: one walk over the pieces, three uses. Next file: virtq.c. */
#include "iov.h"

#include <string.h>

/* At most `bytes` from *off on that lie together; moves on behind them. 0: the end. */
static size_t next_part(struct iov_list *list, size_t *off, size_t bytes, uint8_t **at)
{
	size_t part;

	while (list->n && *off >= list->iov->iov_len) {
		*off -= list->iov->iov_len;
		list->iov++;
		list->n--;
	}
	if (!list->n)
		return 0;
	*at = (uint8_t *)list->iov->iov_base + *off;
	part = list->iov->iov_len - *off < bytes ? list->iov->iov_len - *off : bytes;
	*off += part;
	return part;
}

struct iov_list iov_slice(struct iov_list list, size_t off, size_t bytes, struct iovec *to)
{
	uint32_t n = 0;
	uint8_t *at;
	size_t part;

	while (bytes && (part = next_part(&list, &off, bytes, &at))) {
		to[n++] = (struct iovec){ at, part };
		bytes -= part;
	}
	return (struct iov_list){ to, n };
}

size_t iov_bytes(struct iov_list list)
{
	size_t bytes = 0;
	uint32_t i;

	for (i = 0; i < list.n; i++)
		bytes += list.iov[i].iov_len;
	return bytes;
}

size_t iov_copy_from(struct iov_list list, size_t off, void *to, size_t bytes)
{
	size_t done = 0, part;
	uint8_t *at;

	while (done < bytes && (part = next_part(&list, &off, bytes - done, &at))) {
		memcpy((uint8_t *)to + done, at, part);
		done += part;
	}
	return done;
}

size_t iov_copy_to(struct iov_list list, size_t off, const void *from, size_t bytes)
{
	size_t done = 0, part;
	uint8_t *at;

	while (done < bytes && (part = next_part(&list, &off, bytes - done, &at))) {
		memcpy(at, (const uint8_t *)from + done, part);
		done += part;
	}
	return done;
}
