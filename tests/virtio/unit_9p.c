// SPDX-License-Identifier: GPL-2.0-only
/* unit_9p.c: the file server: what a client may do with a folder, and that nothing leads out of it.
 * Next file: fuzz_p9.c. */
#define _GNU_SOURCE /* O_PATH and the like */
#include "p9_client.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../../userctl/virtio.h"

/* ---- what it does ---- */

static void files(void **state)
{
	(void)state;
	assert_int_equal(create(ROOT, FILE1, "new", O_RDWR | O_EXCL, 0640), 0);
	assert_int_equal(write_text(FILE1, 3, "abc"), 0);
	assert_int_equal(get(4), 3);
	begin(FSYNC, FILE1);
	put(1, 4);
	assert_int_equal(call(), 0);
	begin(READ, FILE1);
	put(0, 8);
	put(100, 4);
	assert_int_equal(call(), 0);
	assert_int_equal(get(4), 6);
	assert_memory_equal(answer + at, "\0\0\0abc", 6);
	begin(GETATTR, FILE1);
	put(0x7ff, 8);
	assert_int_equal(call(), 0);
	at += 8 + 13;
	assert_int_equal(get(4), S_IFREG | 0640);
	at += 4 + 4 + 8 + 8;
	assert_int_equal(get(8), 6);
	assert_int_equal(clunk(FILE1), 0);
	assert_int_equal(create(ROOT, FILE1, "new", O_RDWR | O_EXCL, 0640), EEXIST);
	assert_int_equal(walk(ROOT, FILE1, "new"), 0);
	assert_int_equal(lopen(FILE1, O_WRONLY | O_TRUNC), 0);
	assert_int_equal(write_text(FILE1, 0, "xyz"), 0);
	expect_host("share/new", "xyz");
	assert_int_equal(rename_at(ROOT, "new", ROOT, "newer"), 0);
	expect_host("share/newer", "xyz");
	assert_int_equal(unlink_at(ROOT, "newer", 0), 0);
	assert_int_equal(access(in_top("share/newer"), F_OK), -1);
	assert_int_equal(write_text(FILE1, 3, "!"), 0); /* still open */
}

static void attributes(void **state)
{
	struct stat st;

	(void)state;
	assert_int_equal(walk(ROOT, FILE1, "hello"), 0);
	assert_int_equal(set_mode(FILE1, 0600), 0);
	begin(SETATTR, FILE1);
	put(8 | 0x20 | 0x100, 4); /* size, mtime to */
	put(0, 4);
	put(0, 8);
	put(2, 8);
	put(0, 8);
	put(0, 8);
	put(1000000000, 8);
	put(5, 8);
	assert_int_equal(call(), 0);
	expect_host("share/hello", "he");
	stat(in_top("share/hello"), &st);
	assert_int_equal(st.st_mode, S_IFREG | 0600);
	assert_int_equal(st.st_mtim.tv_sec, 1000000000);
	assert_int_equal(st.st_mtim.tv_nsec, 5);
	begin(STATFS, FILE1);
	assert_int_equal(call(), 0);
	begin(LOCK, FILE1);
	assert_int_equal(call(), 0);
	assert_int_equal(get(1), 0);
}

static void folders(void **state)
{
	(void)state;
	assert_int_equal(make_dir(ROOT, "dir"), 0);
	assert_int_equal(make_dir(ROOT, "dir"), EEXIST);
	assert_int_equal(walk(ROOT, DIR1, "dir"), 0);
	assert_int_equal(create(DIR1, FILE1, "inside", O_WRONLY, 0644), 0);
	assert_int_equal(unlink_at(ROOT, "dir", 0x200), ENOTEMPTY);
	assert_int_equal(unlink_at(ROOT, "dir", 0), EISDIR);
	assert_int_equal(rename_at(DIR1, "inside", ROOT, "outside"), 0);
	assert_int_equal(unlink_at(ROOT, "dir", 0x200), 0);
	assert_int_equal(lopen(FILE1, 0), EBUSY);
	assert_int_equal(walk(FILE1, SPARE, "x"), ENOTDIR);
}

/* As many as fit a time; each once. */
static void lists(void **state)
{
	uint64_t off = 0, seen = 0;
	char name[32];
	uint32_t i;

	(void)state;
	for (i = 0; i < 500; i++) {
		snprintf(name, sizeof(name), "share/sub/entry%u", i);
		write_host(name, "");
	}
	assert_int_equal(walk(ROOT, DIR1, "sub"), 0);
	assert_int_equal(lopen(DIR1, O_DIRECTORY), 0);
	for (;;) {
		size_t end;

		begin(READDIR, DIR1);
		put(off, 8);
		put(1000, 4);
		assert_int_equal(call(), 0);
		end = (size_t)get(4);
		if (!end)
			break;
		assert_in_range(end, 1, 1000);
		for (end += at; at < end;) {
			at += 13;
			off = get(8);
			at += 1;
			at += get(2);
			seen++;
		}
		assert_int_equal(at, end);
	}
	assert_int_equal(seen, 502); /* with . and .. */
	begin(READ, DIR1);
	put(0, 8);
	put(100, 4);
	assert_int_equal(call(), EISDIR);
}

static void links(void **state)
{
	(void)state;
	assert_int_equal(make_link(ROOT, "soft", "../secret"), 0);
	assert_int_equal(walk(ROOT, FILE1, "soft"), 0);
	begin(READLINK, FILE1);
	assert_int_equal(call(), 0);
	assert_int_equal(get(2), 9);
	assert_memory_equal(answer + at, "../secret", 9);
	assert_int_equal(walk(ROOT, DIR1, "hello"), 0);
	begin(LINK, ROOT);
	put(DIR1, 4);
	put_text("hard");
	assert_int_equal(call(), 0);
	expect_host("share/hard", "hello");
	begin(READLINK, DIR1);
	assert_int_equal(call(), EINVAL);
	/* a link to the link, not to what it names */
	begin(LINK, ROOT);
	put(FILE1, 4);
	put_text("hardsoft");
	assert_int_equal(call(), 0);
	assert_int_equal(unlink(in_top("share/hardsoft")), 0);
}

static void walks(void **state)
{
	(void)state;
	begin(WALK, ROOT);
	put(FILE1, 4);
	put(3, 2);
	put_text("sub");
	put_text("..");
	put_text("hello");
	assert_int_equal(call(), 0);
	assert_int_equal(get(2), 3);
	/* as far as it goes, and no fid */
	begin(WALK, ROOT);
	put(SPARE, 4);
	put(2, 2);
	put_text("sub");
	put_text("nothing");
	assert_int_equal(call(), 0);
	assert_int_equal(get(2), 1);
	assert_int_equal(clunk(SPARE), EBADF);
	assert_int_equal(walk(ROOT, SPARE, "nothing"), ENOENT);
	assert_int_equal(walk(ROOT, FILE1, "sub"), EEXIST);
	assert_int_equal(walk(SPARE, DIR1, "sub"), EBADF);
	assert_int_equal(walk(FILE1, FILE1, NULL), 0); /* onto itself */
	assert_int_equal(clunk(FILE1), 0);
	assert_int_equal(clunk(FILE1), EBADF);
	begin(REMOVE, ROOT);
	assert_int_equal(call(), EOPNOTSUPP);
	assert_int_equal(clunk(ROOT), EBADF); /* gone all the same */
	start_session();		      /* drops all fids */
	assert_int_equal(walk(ROOT, FILE1, "hello"), 0);
}

/* ---- the way out ---- */

static const char *const bad_names[] = { "",	  ".",	"..", "../secret", "/etc/passwd", "sub/../../secret",
					 "sub/x", "a/", "/" };

static void no_name_leads_out(void **state)
{
	uint32_t i;

	(void)state;
	assert_int_equal(walk(ROOT, DIR1, "sub"), 0);
	for (i = 0; i < sizeof(bad_names) / sizeof(bad_names[0]); i++) {
		const char *name = bad_names[i];

		if (strcmp(name, ".") && strcmp(name, ".."))
			assert_int_equal(walk(ROOT, SPARE, name), EINVAL);
		assert_int_equal(create(DIR1, SPARE, name, O_WRONLY, 0644), EINVAL);
		assert_int_equal(make_dir(DIR1, name), EINVAL);
		assert_int_equal(make_link(DIR1, name, "x"), EINVAL);
		assert_int_equal(unlink_at(DIR1, name, 0), EINVAL);
		assert_int_equal(unlink_at(DIR1, name, 0x200), EINVAL);
		assert_int_equal(rename_at(DIR1, name, ROOT, "x"), EINVAL);
		assert_int_equal(rename_at(ROOT, "hello", DIR1, name), EINVAL);
		begin(LINK, DIR1);
		put(ROOT, 4);
		put_text(name);
		assert_int_equal(call(), EINVAL);
		begin(MKNOD, DIR1);
		put_text(name);
		put(S_IFREG | 0644, 4);
		put(0, 8);
		put(0, 4);
		assert_int_equal(call(), EINVAL);
	}
	/* a name with a 0 inside */
	begin(WALK, ROOT);
	put(SPARE, 4);
	put(1, 2);
	put(6, 2);
	put(0x6f6c6c6568, 6);
	assert_int_equal(call(), EINVAL);
}

static uint64_t ino_of(uint32_t fid)
{
	begin(GETATTR, fid);
	put(0x7ff, 8);
	assert_int_equal(call(), 0);
	at += 8 + 5;
	return get(8);
}

static void dots_stay_inside(void **state)
{
	struct stat st;

	(void)state;
	stat(in_top("share"), &st);
	assert_int_equal(walk(ROOT, SPARE, ".."), 0);
	assert_int_equal(ino_of(SPARE), st.st_ino);
	assert_int_equal(clunk(SPARE), 0);
	/* the host moves a folder away while the guest stands in it */
	assert_int_equal(walk(ROOT, DIR1, "sub"), 0);
	assert_int_equal(rename(in_top("share/sub"), in_top("away")), 0);
	assert_int_equal(walk(DIR1, SPARE, ".."), 0);
	assert_int_equal(ino_of(SPARE), st.st_ino);
	assert_int_equal(walk(SPARE, FILE1, "secret"), ENOENT);
}

static void symlinks_are_not_followed(void **state)
{
	(void)state;
	assert_int_equal(symlink("..", in_top("share/out")), 0);
	assert_int_equal(symlink("../secret", in_top("share/file")), 0);
	assert_int_equal(symlink("/proc/self/root", in_top("share/magic")), 0);
	begin(WALK, ROOT);
	put(SPARE, 4);
	put(2, 2);
	put_text("out");
	put_text("secret");
	assert_int_equal(call(), 0);
	assert_int_equal(get(2), 1); /* the link, nothing behind it */
	assert_int_equal(walk(ROOT, FILE1, "file"), 0);
	assert_int_equal(lopen(FILE1, O_RDONLY), ELOOP);
	assert_int_equal(lopen(FILE1, O_WRONLY | O_TRUNC), ELOOP);
	assert_int_equal(set_mode(FILE1, 0777), EOPNOTSUPP);
	assert_int_equal(create(ROOT, SPARE, "file", O_WRONLY | O_TRUNC, 0644), ELOOP);
	assert_int_equal(walk(ROOT, DIR1, "magic"), 0);
	assert_int_equal(make_dir(DIR1, "x"), ENOTDIR);
	assert_int_equal(walk(DIR1, SPARE, "etc"), ENOTDIR);
	begin(SETATTR, FILE1); /* size */
	put(8, 4);
	put(0, 4);
	put(0, 8);
	put(0, 8);
	put(0, 8);
	put(0, 8);
	put(0, 8);
	put(0, 8);
	assert_int_equal(call(), ELOOP);
}

/* What would wait for another side, or reach a device, is not opened. */
static void only_files_are_opened(void **state)
{
	(void)state;
	assert_int_equal(mkfifo(in_top("share/pipe"), 0644), 0);
	assert_int_equal(walk(ROOT, FILE1, "pipe"), 0);
	assert_int_equal(lopen(FILE1, O_RDONLY), ENXIO);
	assert_int_equal(lopen(FILE1, O_WRONLY), ENXIO);
	assert_int_not_equal(create(ROOT, SPARE, "pipe", O_RDONLY, 0644), 0);
	assert_int_not_equal(create(ROOT, SPARE, "pipe", O_WRONLY, 0644), 0);
	assert_int_not_equal(create(ROOT, SPARE, "pipe", O_RDWR, 0644), 0);
	begin(MKNOD, ROOT);
	put_text("null");
	put(S_IFCHR | 0666, 4);
	put(1 | 3ULL << 32, 8);
	put(0, 4);
	assert_int_equal(call(), EPERM);
	begin(MKNOD, ROOT);
	put_text("fifo");
	put(S_IFIFO | 0666, 4);
	put(0, 8);
	put(getgid(), 4);
	assert_int_equal(call(), 0);
}

static void no_set_id(void **state)
{
	struct stat st;

	(void)state;
	assert_int_equal(create(ROOT, FILE1, "x", O_WRONLY, 06755), 0);
	stat(in_top("share/x"), &st);
	assert_int_equal(st.st_mode & 07000, 0);
	assert_int_equal(set_mode(FILE1, 06755), 0);
	stat(in_top("share/x"), &st);
	assert_int_equal(st.st_mode & 07777, 0755);
	begin(MKNOD, ROOT);
	put_text("y");
	put(S_IFREG | 06755, 4);
	put(0, 8);
	put(getgid(), 4);
	assert_int_equal(call(), 0);
	stat(in_top("share/y"), &st);
	assert_int_equal(st.st_mode & 07000, 0);
}

static void readonly_changes_nothing(void **state)
{
	static const uint8_t changes[] = { LCREATE, SYMLINK,  MKNOD,	RENAME, SETATTR, LINK,
					   MKDIR,   RENAMEAT, UNLINKAT, WRITE,	REMOVE };
	uint32_t i;

	(void)state;
	for (i = 0; i < sizeof(changes); i++) {
		begin(changes[i], ROOT);
		assert_int_equal(call(), EROFS);
	}
	assert_int_equal(walk(ROOT, FILE1, "hello"), 0);
	assert_int_equal(lopen(FILE1, O_WRONLY), EROFS);
	assert_int_equal(lopen(FILE1, O_RDWR), EROFS);
	assert_int_equal(lopen(FILE1, O_RDONLY | O_TRUNC), EROFS);
	assert_int_equal(lopen(FILE1, O_RDONLY), 0);
	expect_host("share/hello", "hello");
}

/* ---- damaged messages ---- */

static void short_messages(void **state)
{
	uint32_t type, len;

	(void)state;
	for (type = 0; type < 256; type++) {
		for (len = 0; len < 64; len++) {
			uint8_t *exact = malloc(len ? len : 1); /* so that a read behind it is seen */

			memset(request, 0, sizeof(request));
			request[0] = (uint8_t)len;
			request[4] = (uint8_t)type;
			request[7] = ROOT;
			memcpy(exact, request, len);
			assert_int_equal(p9_serve(p9, exact, len, answer, sizeof(answer)) >= 7, len >= 7);
			free(exact);
		}
	}
	start_session();
	/* longer than it is; no room for an answer */
	request[0] = 8;
	assert_int_equal(p9_serve(p9, request, 7, answer, sizeof(answer)), 0);
	request[0] = 7;
	assert_int_equal(p9_serve(p9, request, 7, answer, 10), 0);
}

static void answers_fit(void **state)
{
	uint8_t *exact;
	size_t room, n;
	uint32_t size;

	(void)state;
	assert_int_equal(walk(ROOT, FILE1, "hello"), 0);
	assert_int_equal(lopen(FILE1, O_RDONLY), 0);
	begin(READ, FILE1);
	put(0, 8);
	put(5, 4);
	size = (uint32_t)nrequest;
	memcpy(request, &size, 4);
	for (room = P9_ERROR_BYTES; room < 20; room++) {
		exact = malloc(room);
		n = p9_serve(p9, request, nrequest, exact, room);
		assert_int_equal(n, room < 16 ? room : 16);
		free(exact);
	}
	begin(GETATTR, FILE1);
	put(0x7ff, 8);
	size = (uint32_t)nrequest;
	memcpy(request, &size, 4);
	exact = malloc(30);
	assert_int_equal(p9_serve(p9, request, nrequest, exact, 30), P9_ERROR_BYTES);
	assert_int_equal(exact[4], 7);
	free(exact);
}

/* ---- through the device ---- */

static void by_virtio(void **state)
{
	const struct virtio_model *model = virtio_models();
	const struct drv_buffer parts[] = { { DRV_BUFFERS, 21, 0 }, { DRV_BUFFERS + 0x1000, 30, VIRTQ_DESC_WRITE } };
	const struct drv_buffer bad[] = { { DRV_BUFFERS, 6, 0 }, { DRV_BUFFERS + 0x1000, 30, VIRTQ_DESC_WRITE } };
	char arg[300];

	(void)state;
	snprintf(arg, sizeof(arg), "%s,tag=mine,ro", in_top("share"));
	for (; model; model = model->next)
		if (!strcmp(model->name, "share"))
			virtio_add(model, arg);
	assert_true(drv_create());
	assert_int_equal(drv_read(0, VIRTIO_MMIO_DEVICE_ID), 9);
	assert_int_equal(drv_config(0, 0, 2), 4);
	assert_int_equal(drv_config(0, 2, 4), 0x656e696d); /* "mine" */
	drv_start(0, 1);
	begin(VERSION, BYTES);
	put_text("9P2000.L");
	request[0] = 21;
	memcpy(drv_at(DRV_BUFFERS), request, nrequest);
	drv_add(0, parts, 2);
	assert_int_equal(drv_wait(0, NULL), 21);
	assert_int_equal(((uint8_t *)drv_at(DRV_BUFFERS + 0x1000))[4], 101);
	drv_add(0, bad, 2);
	drv_wait_broken();
	drv_destroy();
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(files),
		TEST(attributes),
		TEST(folders),
		TEST(lists),
		TEST(links),
		TEST(walks),
		TEST(no_name_leads_out),
		TEST(dots_stay_inside),
		TEST(symlinks_are_not_followed),
		TEST(only_files_are_opened),
		TEST(no_set_id),
		cmocka_unit_test_setup_teardown(readonly_changes_nothing, setup_ro, teardown),
		TEST(short_messages),
		TEST(answers_fit),
		TEST(by_virtio),
	};

	umask(0);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
