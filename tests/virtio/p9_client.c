// SPDX-License-Identifier: GPL-2.0-only
/* p9_client.c: see p9_client.h. Next file: unit_9p.c. */
#define _GNU_SOURCE /* nftw() */
#include "p9_client.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* top/share is the folder; top/secret must stay as it is. */
static char top[] = "/tmp/ldbt-unit-9p-XXXXXX";
struct p9 *p9;
uint8_t request[BYTES], answer[BYTES];
size_t nrequest, at;

/* ---- client ---- */

void put(uint64_t value, uint32_t bytes)
{
	memcpy(request + nrequest, &value, bytes);
	nrequest += bytes;
}

void put_text(const char *text)
{
	put(strlen(text), 2);
	memcpy(request + nrequest, text, strlen(text));
	nrequest += strlen(text);
}

uint64_t get(uint32_t bytes)
{
	uint64_t value = 0;

	memcpy(&value, answer + at, bytes);
	at += bytes;
	return value;
}

void begin(uint8_t type, uint32_t fid)
{
	nrequest = 4;
	put(type, 1);
	put(77, 2);
	put(fid, 4);
}

/* 0, or the error's number; the answer is read by get() from `at` on. */
int call(void)
{
	uint8_t type = request[4];
	uint32_t size = (uint32_t)nrequest;
	size_t n;

	memcpy(request, &size, sizeof(size));
	n = p9_serve(p9, request, nrequest, answer, sizeof(answer));
	at = 0;
	assert_int_equal(get(4), n);
	n = (size_t)get(1);
	assert_int_equal(get(2), 77);
	if (n == 7)
		return (int)get(4);
	assert_int_equal(n, type + 1);
	return 0;
}

int walk(uint32_t from, uint32_t to, const char *name)
{
	begin(WALK, from);
	put(to, 4);
	put(name ? 1 : 0, 2);
	if (name)
		put_text(name);
	return call();
}

int clunk(uint32_t fid)
{
	begin(CLUNK, fid);
	return call();
}

int lopen(uint32_t fid, uint32_t flags)
{
	begin(LOPEN, fid);
	put(flags, 4);
	return call();
}

/* A copy of dir becomes the open file. */
int create(uint32_t dir, uint32_t fid, const char *name, uint32_t flags, uint32_t mode)
{
	int ret = walk(dir, fid, NULL);

	if (ret)
		return ret;
	begin(LCREATE, fid);
	put_text(name);
	put(flags, 4);
	put(mode, 4);
	put(getgid(), 4);
	ret = call();
	if (ret)
		clunk(fid);
	return ret;
}

int write_text(uint32_t fid, uint64_t off, const char *text)
{
	begin(WRITE, fid);
	put(off, 8);
	put(strlen(text), 4);
	memcpy(request + nrequest, text, strlen(text));
	nrequest += strlen(text);
	return call();
}

int make_dir(uint32_t dir, const char *name)
{
	begin(MKDIR, dir);
	put_text(name);
	put(0755, 4);
	put(getgid(), 4);
	return call();
}

int unlink_at(uint32_t dir, const char *name, uint32_t flags)
{
	begin(UNLINKAT, dir);
	put_text(name);
	put(flags, 4);
	return call();
}

int rename_at(uint32_t from, const char *old, uint32_t to, const char *new)
{
	begin(RENAMEAT, from);
	put_text(old);
	put(to, 4);
	put_text(new);
	return call();
}

int make_link(uint32_t dir, const char *name, const char *target)
{
	begin(SYMLINK, dir);
	put_text(name);
	put_text(target);
	put(getgid(), 4);
	return call();
}

int set_mode(uint32_t fid, uint32_t mode)
{
	uint32_t i;

	begin(SETATTR, fid);
	put(1, 4);
	put(mode, 4);
	for (i = 0; i < 6; i++)
		put(0, 8);
	return call();
}

/* ---- set up ---- */

char *in_top(const char *name)
{
	static char path[4][256];
	static uint32_t next;
	char *to = path[next++ % 4];

	snprintf(to, sizeof(path[0]), "%s/%s", top, name);
	return to;
}

void write_host(const char *name, const char *text)
{
	int fd = open(in_top(name), O_WRONLY | O_CREAT | O_TRUNC, 0644);

	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	close(fd);
}

void expect_host(const char *name, const char *text)
{
	char found[64] = "";
	int fd = open(in_top(name), O_RDONLY);
	ssize_t n = read(fd, found, sizeof(found) - 1);

	close(fd);
	assert_true(n >= 0);
	assert_string_equal(found, text);
}

void start_session(void)
{
	begin(VERSION, BYTES);
	put_text("9P2000.L");
	assert_int_equal(call(), 0);
	begin(ATTACH, ROOT);
	put(~0U, 4);
	put_text("user");
	put_text("");
	put(getuid(), 4);
	assert_int_equal(call(), 0);
	assert_int_equal(get(1), 0x80);
}

static int make_server(bool is_readonly)
{
	strcpy(top + strlen(top) - 6, "XXXXXX");
	if (!mkdtemp(top) || mkdir(in_top("share"), 0755) || mkdir(in_top("share/sub"), 0755))
		return -1;
	write_host("secret", "secret");
	write_host("share/hello", "hello");
	p9 = p9_create(in_top("share"), is_readonly);
	if (!p9)
		return -1;
	start_session();
	return 0;
}

int setup(void **state)
{
	(void)state;
	return make_server(false);
}

int setup_ro(void **state)
{
	(void)state;
	return make_server(true);
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

int teardown(void **state)
{
	(void)state;
	expect_host("secret", "secret");
	p9_destroy(p9);
	return nftw(top, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}
