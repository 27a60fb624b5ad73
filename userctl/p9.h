/* SPDX-License-Identifier: GPL-2.0-only */
/* p9.h: a file server for one folder, in 9P2000.L: the messages that Linux's client sends.
 *
 * Owns:    the fids of one client and every descriptor behind them.
 * Promise: nothing outside of the folder is ever reached: a file is named by a descriptor and one entry's name below it,
 *          never by a path, and symbolic links are the guest's to follow. No device node and no set-user-ID file is made,
 *          and nothing but files and folders is opened.             [checked: tests/virtio/unit_9p, fuzz_p9]
 * Locks:   none; one thread.
 * Context: any thread; may sleep in I/O.
 * Errors:  negative errno inside; Rlerror to the client.
 * Next file: p9_impl.h. */
#ifndef LDBTCTL_P9_H
#define LDBTCTL_P9_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { P9_MESSAGE_BYTES_MAX = 512 << 10, P9_MESSAGE_BYTES_MIN = 4096, P9_ERROR_BYTES = 11 };

struct p9;

/* NULL after a message. */
struct p9 *p9_create(const char *folder, bool is_readonly);
void p9_destroy(struct p9 *p9);
void p9_reset(struct p9 *p9); /* as if the client had gone */

/* Answers one request; returns the answer's length, 0 if it is no message. room: P9_ERROR_BYTES at least. */
size_t p9_serve(struct p9 *p9, const uint8_t *request, size_t bytes, uint8_t *answer, size_t room);

#endif
