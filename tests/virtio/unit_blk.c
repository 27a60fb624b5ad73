// SPDX-License-Identifier: GPL-2.0-only
/* unit_blk.c: disks: requests in any cut, snapshots beside a model, errors of the host and mistakes of the guest.
 * Next file: unit_net.c. */
#define _GNU_SOURCE /* reallocarray() and the like in headers */
#include "driver.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../../userctl/virtio.h"

enum {
	DISK = 0,
	SECTOR = 512,
	DISK_BYTES = 1 << 20,
	W = VIRTQ_DESC_WRITE,
	IN = 0,
	OUT = 1,
	FLUSH = 4,
	GET_ID = 8,
	DISCARD = 11,
	ZEROES = 13,
	OK = 0,
	IOERR = 1,
	UNSUPP = 2,
	F_FLUSH = 1 << 9,
};

#define HEADER DRV_BUFFERS
#define STATUS (DRV_BUFFERS + 0x800)
#define DATA   (DRV_BUFFERS + 0x1000)

static char path[] = "/tmp/ldbt-unit-blk-XXXXXX";
static char arg[64];
static unsigned int syncs;
static int sync_error;

/* In place of libc's. */
int fdatasync(int fd)
{
	(void)fd;
	syncs++;
	errno = sync_error;
	return sync_error ? -1 : 0;
}

static void fill_file(void)
{
	uint8_t *bytes = malloc(DISK_BYTES);
	int fd = open(path, O_WRONLY | O_TRUNC), i;

	for (i = 0; i < DISK_BYTES; i++)
		bytes[i] = (uint8_t)(i / SECTOR + i);
	assert_int_equal(write(fd, bytes, DISK_BYTES), DISK_BYTES);
	close(fd);
	free(bytes);
}

static bool open_disk(const char *text)
{
	const struct virtio_model *model = virtio_models();

	for (; model; model = model->next)
		if (!strcmp(model->name, "disk"))
			virtio_add(model, text);
	return drv_create();
}

static int setup_with(const char *suffix)
{
	strcpy(path + strlen(path) - 6, "XXXXXX");
	close(mkstemp(path));
	fill_file();
	syncs = 0;
	sync_error = 0;
	snprintf(arg, sizeof(arg), "%s%s", path, suffix);
	if (!open_disk(arg))
		return -1;
	drv_start(DISK, 0);
	return 0;
}

static int setup(void **state)
{
	(void)state;
	return setup_with("");
}

static int setup_ro(void **state)
{
	(void)state;
	return setup_with(",ro");
}

static int setup_snapshot(void **state)
{
	(void)state;
	return setup_with(",snapshot");
}

static int teardown(void **state)
{
	(void)state;
	drv_destroy();
	unlink(path);
	return 0;
}

/* ---- requests ---- */

static void put_header(uint32_t type, uint64_t sector)
{
	uint32_t *header = drv_at(HEADER);

	header[0] = type;
	header[1] = 0;
	memcpy(header + 2, &sector, sizeof(sector));
	*(uint8_t *)drv_at(STATUS) = 0xff;
}

static int request(uint32_t type, uint64_t sector, uint32_t bytes)
{
	struct drv_buffer parts[] = { { HEADER, 16, 0 },
				      { DATA, bytes, type == IN || type == GET_ID ? W : 0 },
				      { STATUS, 1, W } };

	put_header(type, sector);
	if (type == FLUSH)
		parts[1] = parts[2];
	drv_add(0, parts, type == FLUSH ? 2 : 3);
	drv_wait(0, NULL);
	return *(uint8_t *)drv_at(STATUS);
}

static int range(uint32_t type, uint64_t sector, uint32_t sectors, uint32_t flags)
{
	uint32_t *data = drv_at(DATA);

	memcpy(data, &sector, sizeof(sector));
	data[2] = sectors;
	data[3] = flags;
	return request(type, 0, 16);
}

static void read_file(uint64_t off, void *to, size_t bytes)
{
	int fd = open(path, O_RDONLY);

	assert_int_equal(pread(fd, to, bytes, (off_t)off), bytes);
	close(fd);
}

static uint8_t original(uint64_t i)
{
	return (uint8_t)(i / SECTOR + i);
}

/* ---- tests ---- */

static void config_tells_size(void **state)
{
	(void)state;
	assert_int_equal(drv_read(DISK, VIRTIO_MMIO_DEVICE_ID), 2);
	assert_int_equal(drv_config(DISK, 0, 8), DISK_BYTES / SECTOR);
	assert_int_equal(drv_config(DISK, 20, 4), SECTOR);
	assert_int_equal(drv_config(DISK, 60, 4), 0);
	drv_write(DISK, VIRTIO_MMIO_DEVICE_FEATURES_SEL, 0);
	assert_int_equal(drv_read(DISK, VIRTIO_MMIO_DEVICE_FEATURES), 0x30006244); /* with indirect and event index */
}

static void reads_and_writes(void **state)
{
	uint8_t bytes[SECTOR * 3];
	uint32_t i;

	(void)state;
	assert_int_equal(request(IN, 5, SECTOR * 2), OK);
	for (i = 0; i < SECTOR * 2; i++)
		assert_int_equal(((uint8_t *)drv_at(DATA))[i], original(5 * SECTOR + i));
	memset(drv_at(DATA), 0x5a, SECTOR * 3);
	assert_int_equal(request(OUT, 7, SECTOR * 3), OK);
	read_file(7 * SECTOR, bytes, sizeof(bytes));
	for (i = 0; i < sizeof(bytes); i++)
		assert_int_equal(bytes[i], 0x5a);
	assert_int_equal(request(IN, 7, SECTOR), OK);
	assert_int_equal(*(uint8_t *)drv_at(DATA), 0x5a);
	assert_int_equal(request(IN, 10, SECTOR), OK);
	assert_int_equal(*(uint8_t *)drv_at(DATA), original(10 * SECTOR));
}

/* The header in three pieces, one of them with data; the status in a buffer with data. */
static void any_cut_will_do(void **state)
{
	const struct drv_buffer out[] = {
		{ HEADER, 3, 0 }, { HEADER + 3, 10, 0 }, { HEADER + 13, 3 + 100, 0 }, { DATA, 412, 0 }, { STATUS, 1, W }
	};
	const struct drv_buffer in[] = { { HEADER, 16, 0 }, { DATA, 100, W }, { DATA + 0x1000, 413, W } };
	uint8_t *bytes = drv_at(DATA + 0x1000);

	(void)state;
	put_header(OUT, 3);
	memset(drv_at(HEADER + 16), 1, 100);
	memset(drv_at(DATA), 2, 412);
	drv_add(0, out, 5);
	assert_int_equal(drv_wait(0, NULL), 1);
	assert_int_equal(*(uint8_t *)drv_at(STATUS), OK);
	put_header(IN, 3);
	bytes[412] = 0xff;
	drv_add(0, in, 3);
	assert_int_equal(drv_wait(0, NULL), 513);
	assert_int_equal(bytes[412], OK);
	assert_int_equal(*(uint8_t *)drv_at(DATA + 99), 1);
	assert_int_equal(bytes[0], 2);
	assert_int_equal(bytes[411], 2);
}

static void flush_syncs(void **state)
{
	(void)state;
	assert_int_equal(request(FLUSH, 0, 0), OK);
	assert_int_equal(syncs, 1);
	sync_error = EIO;
	assert_int_equal(request(FLUSH, 0, 0), IOERR);
	sync_error = 0;
	assert_int_equal(request(FLUSH, 0, 0), OK);
	assert_int_equal(syncs, 3);
}

static void get_id(void **state)
{
	(void)state;
	assert_int_equal(request(GET_ID, 0, 20), OK);
	assert_memory_equal(drv_at(DATA), path + 5, 20); /* behind /tmp/ */
	assert_int_equal(request(GET_ID, 0, 19), IOERR);
}

static void guest_mistakes(void **state)
{
	(void)state;
	assert_int_equal(request(IN, DISK_BYTES / SECTOR - 1, SECTOR), OK);
	assert_int_equal(request(IN, DISK_BYTES / SECTOR - 1, SECTOR * 2), IOERR);
	assert_int_equal(request(IN, DISK_BYTES / SECTOR, SECTOR), IOERR);
	assert_int_equal(request(IN, UINT64_MAX, SECTOR), IOERR);
	assert_int_equal(request(OUT, UINT64_MAX / SECTOR, SECTOR), IOERR);
	assert_int_equal(request(OUT, UINT64_MAX / SECTOR + 1, SECTOR), IOERR);
	assert_int_equal(request(IN, 0, SECTOR - 1), IOERR);
	assert_int_equal(request(99, 0, SECTOR), UNSUPP);
	assert_int_equal(range(DISCARD, 0, 8, 1), UNSUPP);
	assert_int_equal(range(ZEROES, 0, 8, 2), UNSUPP);
	assert_int_equal(range(ZEROES, DISK_BYTES / SECTOR, 1, 0), IOERR);
	assert_int_equal(range(ZEROES, 0, UINT32_MAX, 0), IOERR);
	assert_int_equal(request(DISCARD, 0, 15), IOERR);
	assert_int_equal(request(DISCARD, 0, 33 * 16), IOERR);
}

static void half_a_request_breaks_it(void **state)
{
	const struct drv_buffer no_status = { HEADER, 16, 0 }, no_header = { STATUS, 1, W };

	(void)state;
	drv_add(0, &no_status, 1);
	drv_wait_broken();
	drv_start(DISK, 0);
	drv_add(0, &no_header, 1);
	drv_wait_broken();
	drv_start(DISK, 0);
	assert_int_equal(request(IN, 0, SECTOR), OK);
}

static void zeroes_and_holes(void **state)
{
	uint8_t bytes[4 * SECTOR];
	struct stat before, after;

	(void)state;
	assert_int_equal(range(ZEROES, 9, 3, 0), OK);
	read_file(8 * SECTOR, bytes, sizeof(bytes));
	assert_int_equal(bytes[SECTOR - 1], original(9 * SECTOR - 1));
	assert_int_equal(bytes[SECTOR], 0);
	assert_int_equal(bytes[4 * SECTOR - 1], 0);
	stat(path, &before);
	assert_int_equal(range(DISCARD, 64, 1024, 0), OK);
	assert_int_equal(range(ZEROES, 1100, 512, 1), OK);
	stat(path, &after);
	assert_int_equal(after.st_size, DISK_BYTES);
	assert_true(after.st_blocks < before.st_blocks);
	read_file(1100 * SECTOR, bytes, sizeof(bytes));
	assert_int_equal(bytes[0] | bytes[sizeof(bytes) - 1], 0);
}

static void readonly_stays(void **state)
{
	uint8_t byte;

	(void)state;
	drv_write(DISK, VIRTIO_MMIO_DEVICE_FEATURES_SEL, 0);
	assert_int_equal(drv_read(DISK, VIRTIO_MMIO_DEVICE_FEATURES) & 0x6020, 0x20);
	memset(drv_at(DATA), 0x77, SECTOR);
	assert_int_equal(request(OUT, 0, SECTOR), IOERR);
	assert_int_equal(range(ZEROES, 0, 8, 0), IOERR);
	assert_int_equal(range(DISCARD, 0, 8, 0), IOERR);
	assert_int_equal(request(FLUSH, 0, 0), OK);
	assert_int_equal(request(IN, 0, SECTOR), OK);
	read_file(3, &byte, 1);
	assert_int_equal(byte, original(3));
}

static void snapshot_beside_a_model(void **state)
{
	uint8_t *model = malloc(DISK_BYTES), *file = malloc(DISK_BYTES);
	uint32_t i;

	(void)state;
	srand(1);
	read_file(0, model, DISK_BYTES);
	for (i = 0; i < 3000; i++) {
		uint32_t sectors = 1 + (uint32_t)rand() % 40;
		uint32_t at = (uint32_t)rand() % (DISK_BYTES / SECTOR - sectors + 1);
		int what = rand() % 5;

		if (what < 2) {
			memset(drv_at(DATA), (int)i, sectors * SECTOR);
			memset(model + at * SECTOR, (int)i, sectors * SECTOR);
			assert_int_equal(request(OUT, at, sectors * SECTOR), OK);
		} else if (what == 2) {
			memset(model + at * SECTOR, 0, sectors * SECTOR);
			assert_int_equal(range(ZEROES, at, sectors, (uint32_t)rand() % 2), OK);
		} else {
			assert_int_equal(request(IN, at, sectors * SECTOR), OK);
			assert_memory_equal(drv_at(DATA), model + at * SECTOR, sectors * SECTOR);
		}
	}
	assert_int_equal(range(DISCARD, 0, 64, 0), OK);
	assert_int_equal(request(FLUSH, 0, 0), OK);
	read_file(0, file, DISK_BYTES);
	for (i = 0; i < DISK_BYTES; i++)
		assert_int_equal(file[i], original(i));
	free(model);
	free(file);
}

/* The limit stands for a full file system: here too the write() fails. */
static void full_disk(void **state)
{
	struct rlimit old, small = { DISK_BYTES / 2, RLIM_INFINITY };

	(void)state;
	getrlimit(RLIMIT_FSIZE, &old);
	small.rlim_max = old.rlim_max;
	setrlimit(RLIMIT_FSIZE, &small);
	assert_int_equal(request(OUT, DISK_BYTES / SECTOR - 1, SECTOR), IOERR);
	assert_int_equal(request(OUT, DISK_BYTES / SECTOR - 1, SECTOR), IOERR);
	setrlimit(RLIMIT_FSIZE, &old);
	assert_int_equal(request(OUT, DISK_BYTES / SECTOR - 1, SECTOR), OK);
}

static void file_gets_shorter(void **state)
{
	(void)state;
	assert_int_equal(truncate(path, DISK_BYTES / 2), 0);
	assert_int_equal(request(IN, DISK_BYTES / SECTOR - 1, SECTOR), IOERR);
	assert_int_equal(request(IN, 0, SECTOR), OK);
}

static void bad_files_are_refused(void **state)
{
	static const char *const bad[] = { "", "/nowhere", "/tmp", "/dev/null", "/nowhere,ro", ",ro", "x,ro,snapshot" };
	uint32_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_false(open_disk(bad[i]));
		drv_destroy();
	}
	setup_with("");
	drv_destroy();
	truncate(path, SECTOR + 1);
	assert_false(open_disk(path));
	drv_destroy();
	truncate(path, 0);
	assert_false(open_disk(path));
	drv_destroy();
	unlink(path);
}

/* Their first sectors are no disk's. */
static void other_formats_are_refused(void **state)
{
	static const struct {
		off_t off;
		const char *magic;
	} formats[] = {
		{ 0, "QFI\xfb" },  { 0, "KDMV" },     { 0, "# Disk DescriptorFile" },
		{ 0, "vhdxfile" }, { 0, "conectix" }, { 64, "\x7f\x10\xda\xbe" },
	};
	uint32_t i;

	(void)state;
	setup_with("");
	drv_destroy();
	for (i = 0; i < sizeof(formats) / sizeof(formats[0]); i++) {
		int fd;

		fill_file();
		fd = open(path, O_WRONLY);
		assert_true(pwrite(fd, formats[i].magic, strlen(formats[i].magic), formats[i].off) > 0);
		close(fd);
		assert_false(open_disk(path));
		drv_destroy();
	}
	fill_file();
	assert_true(open_disk(path));
	drv_destroy();
	unlink(path);
}

/* A driver that cannot flush finds its writes on the medium when they are answered. */
static void writes_through(void **state)
{
	(void)state;
	assert_int_equal(request(OUT, 0, SECTOR), OK);
	assert_int_equal(syncs, 1);
	assert_int_equal(range(ZEROES, 0, 8, 0), OK);
	assert_int_equal(syncs, 2);
	assert_int_equal(request(IN, 0, SECTOR), OK);
	assert_int_equal(syncs, 2);
	sync_error = EIO;
	assert_int_equal(request(OUT, 0, SECTOR), IOERR);
	sync_error = 0;
	syncs = 0;
	drv_start(DISK, F_FLUSH);
	assert_int_equal(request(OUT, 0, SECTOR), OK);
	assert_int_equal(syncs, 0);
	assert_int_equal(request(FLUSH, 0, 0), OK);
	assert_int_equal(syncs, 1);
}

static void one_writer(void **state)
{
	struct drv first = drv;
	char readers[80];

	(void)state;
	assert_false(open_disk(path));
	drv_destroy();
	snprintf(readers, sizeof(readers), "%s,snapshot", path);
	assert_false(open_disk(readers));
	drv_destroy();
	drv = first;
}

#define TEST(name)		cmocka_unit_test_setup_teardown(name, setup, teardown)
#define TEST_WITH(name, before) cmocka_unit_test_setup_teardown(name, before, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(config_tells_size),
		TEST(reads_and_writes),
		TEST(any_cut_will_do),
		TEST(flush_syncs),
		TEST(get_id),
		TEST(guest_mistakes),
		TEST(half_a_request_breaks_it),
		TEST(zeroes_and_holes),
		TEST_WITH(readonly_stays, setup_ro),
		TEST_WITH(snapshot_beside_a_model, setup_snapshot),
		TEST(full_disk),
		TEST(file_gets_shorter),
		TEST(one_writer),
		cmocka_unit_test(bad_files_are_refused),
		cmocka_unit_test(other_formats_are_refused),
		TEST(writes_through),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
