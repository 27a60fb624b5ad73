/* SPDX-License-Identifier: GPL-2.0-only */
/* p9_client.h: a client of the 9p server for tests: one function per message they send often.
 *
 * Owns:    a folder below /tmp with the share in it and a secret beside it; the server.
 * Promise: teardown() fails the test if the secret has changed.
 * Locks:   none; the test's thread. Context: setup() first.
 * Errors:  0 or the number in Rlerror; a cmocka failure where an answer is no answer.
 * Next file: p9_client.c. */
#ifndef TEST_P9_CLIENT_H
#define TEST_P9_CLIENT_H

#include "driver.h"

#include "../../userctl/p9.h"

enum {
	STATFS = 8,
	LOPEN = 12,
	LCREATE = 14,
	SYMLINK = 16,
	MKNOD = 18,
	RENAME = 20,
	READLINK = 22,
	GETATTR = 24,
	SETATTR = 26,
	READDIR = 40,
	FSYNC = 50,
	LOCK = 52,
	LINK = 70,
	MKDIR = 72,
	RENAMEAT = 74,
	UNLINKAT = 76,
	VERSION = 100,
	ATTACH = 104,
	WALK = 110,
	READ = 116,
	WRITE = 118,
	CLUNK = 120,
	REMOVE = 122,
	ROOT = 1, /* fids */
	FILE1 = 2,
	DIR1 = 3,
	SPARE = 9,
	BYTES = 8192,
};

/* The request as it grows, and the answer as get() reads it from `at` on. */
extern struct p9 *p9;
extern uint8_t request[BYTES], answer[BYTES];
extern size_t nrequest, at;

void put(uint64_t value, uint32_t bytes);
void put_text(const char *text);
uint64_t get(uint32_t bytes);
void begin(uint8_t type, uint32_t fid);
int call(void);
int walk(uint32_t from, uint32_t to, const char *name);
int clunk(uint32_t fid);
int lopen(uint32_t fid, uint32_t flags);
int create(uint32_t dir, uint32_t fid, const char *name, uint32_t flags, uint32_t mode);
int write_text(uint32_t fid, uint64_t off, const char *text);
int make_dir(uint32_t dir, const char *name);
int unlink_at(uint32_t dir, const char *name, uint32_t flags);
int rename_at(uint32_t from, const char *old, uint32_t to, const char *new);
int make_link(uint32_t dir, const char *name, const char *target);
int set_mode(uint32_t fid, uint32_t mode);
char *in_top(const char *name);
void write_host(const char *name, const char *text);
void expect_host(const char *name, const char *text);
void start_session(void);
int setup(void **state);
int setup_ro(void **state);
int teardown(void **state);

#endif
