// SPDX-License-Identifier: GPL-2.0-only
/* fuzz_p9.c: libFuzzer target: any bytes as messages to the 9p server, whose folder has a link out of it. Answers fit and are
 * answers, and the file outside stays as it is. Next file: p9_client.h. */
#define _GNU_SOURCE /* nftw() */
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../../userctl/p9.h"

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

enum { MESSAGES_MAX = 48, ROOM_MAX = 5000 };

static char top[] = "/tmp/ldbt-fuzz-p9-XXXXXX", folder[64], secret[64], path[128];

static void demand(int ok)
{
	if (!ok)
		abort();
}

static int remove_one(const char *name, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	return ftw->level ? remove(name) : 0;
}

static void write_file(const char *name, const char *text)
{
	int fd = open(name, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	demand(fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text));
	close(fd);
}

static void clean(void)
{
	nftw(folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
	remove(secret);
	remove(folder);
	remove(top);
}

static void make_folder(void)
{
	if (!folder[0]) {
		demand(mkdtemp(top) != NULL);
		atexit(clean);
		snprintf(folder, sizeof(folder), "%s/share", top);
		snprintf(secret, sizeof(secret), "%s/a", top);
		mkdir(folder, 0700);
		write_file(secret, "secret");
	}
	chmod(folder, 0700);
	nftw(folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
	snprintf(path, sizeof(path), "%s/a", folder);
	write_file(path, "inside");
	snprintf(path, sizeof(path), "%s/b", folder);
	demand(!symlink("..", path));
	snprintf(path, sizeof(path), "%s/c", folder);
	demand(!mkdir(path, 0700));
}

static void expect_secret(void)
{
	char text[16] = "";
	struct stat st;
	int fd = open(secret, O_RDONLY);

	demand(fd >= 0 && read(fd, text, sizeof(text)) == 6 && !memcmp(text, "secret", 6));
	demand(!fstat(fd, &st) && st.st_nlink == 1 && (st.st_mode & 07777) == 0600);
	close(fd);
	fd = open(top, O_RDONLY | O_DIRECTORY);
	demand(fd >= 0 && !fstat(fd, &st) && st.st_nlink == 3); /* no folder was made beside the share */
	close(fd);
}

/* The session's beginning, so that not every input has to find it: fid 0 is the folder. */
static void attach(struct p9 *p9)
{
	static const uint8_t version[] = "\x15\0\0\0\x64\0\0\0\x20\0\0\x08\0"
					 "9P2000.L";
	static const uint8_t tattach[] = "\x17\0\0\0\x68\0\0\0\0\0\0\xff\xff\xff\xff\0\0\0\0\0\0\0\0";
	uint8_t answer[64];

	demand(p9_serve(p9, version, 21, answer, sizeof(answer)) == 21);
	demand(p9_serve(p9, tattach, 23, answer, sizeof(answer)) == 20 && answer[4] == 105);
}

/* Length byte, then a message without its first six bytes; the type may be any. */
static size_t serve_one(struct p9 *p9, const unsigned char *data, size_t size)
{
	size_t bytes = data[0] < size - 1 ? data[0] : size - 1,
	       room = data[0] & 1 ? ROOM_MAX : P9_ERROR_BYTES + data[0], n;
	uint32_t length = (uint32_t)bytes + 6;
	uint8_t *request = malloc(bytes + 6), *answer = malloc(room);

	demand(request && answer);
	memcpy(request, &length, 4);
	request[4] = bytes ? data[1] & 0x7e : 0;
	request[5] = 1;
	if (bytes)
		memcpy(request + 6, data + 2, bytes - 1);
	n = p9_serve(p9, request, bytes + 5, answer, room);
	if (bytes > 1) {
		request[0]--;
		n = p9_serve(p9, request, bytes + 5, answer, room);
		demand(n >= 7 && n <= room && answer[0] == (n & 0xff));
	}
	demand(n <= room);
	free(request);
	free(answer);
	return bytes + 1;
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	struct p9 *p9;
	int messages = 0;

	make_folder();
	p9 = p9_create(folder, size && data[0] == 0xff);
	demand(p9 != NULL);
	attach(p9);
	while (size > 1 && messages++ < MESSAGES_MAX) {
		size_t used = serve_one(p9, data, size);

		data += used < size ? used : size;
		size -= used < size ? used : size;
	}
	p9_destroy(p9);
	expect_secret();
	return 0;
}
