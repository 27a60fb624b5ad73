// SPDX-License-Identifier: GPL-2.0-only
/* dev_virtio_blk.c: a disk (virtio 1.2, section 5.2): requests of one queue, one after the other. Next file: disk.h. */
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "ctl.h"
#include "disk.h"
#include "virtio.h"

enum {
	DEVICE_ID = 2,
	QUEUE_SIZE = 256,
	SECTOR_SHIFT = 9,
	ID_BYTES = 20,
	RANGES_MAX = 32,
	DISCARD_SECTORS_MAX = 1 << 21,
	ZERO_SECTORS_MAX = 1 << 16,
	DISCARD_ALIGN_SECTORS = 8,

	/* features, by bit */
	F_SEG_MAX = 1 << 2,
	F_RO = 1 << 5,
	F_BLK_SIZE = 1 << 6,
	F_FLUSH = 1 << 9,
	F_DISCARD = 1 << 13,
	F_WRITE_ZEROES = 1 << 14,

	TYPE_IN = 0,
	TYPE_OUT = 1,
	TYPE_FLUSH = 4,
	TYPE_GET_ID = 8,
	TYPE_DISCARD = 11,
	TYPE_WRITE_ZEROES = 13,

	BLK_S_OK = 0,
	BLK_S_IOERR = 1,
	BLK_S_UNSUPP = 2,

	RANGE_UNMAP = 1,
};

struct header {
	uint32_t type;
	uint32_t reserved;
	uint64_t sector;
};

struct range {
	uint64_t sector;
	uint32_t sectors;
	uint32_t flags;
};

/* [5.2.4] */
struct __attribute__((packed)) config {
	uint64_t capacity; /* sectors */
	uint32_t size_max, seg_max;
	uint8_t geometry[4];
	uint32_t blk_size;
	uint8_t topology[8];
	uint8_t writeback, unused0;
	uint16_t num_queues;
	uint32_t max_discard_sectors, max_discard_seg, discard_sector_alignment;
	uint32_t max_write_zeroes_sectors, max_write_zeroes_seg;
	uint8_t write_zeroes_may_unmap, unused1[3];
};
_Static_assert(sizeof(struct config) == 60, "virtio 1.2, section 5.2.4");

struct blk {
	struct disk disk;
	bool is_writethrough; /* the driver cannot flush: a write is done when it is on the medium [5.2.6.2] */
	uint32_t said;	      /* bit per type: its errors were said */
};

/* What a request is made of. */
struct request {
	struct header header;
	struct iov_list in, out; /* data: without header and status */
	size_t in_bytes, out_bytes;
	struct iovec in_iov[VIRTQ_IOV_MAX], out_iov[VIRTQ_IOV_MAX];
};

/* ---- requests ---- */

/* In bytes; false: not within the disk. */
static bool find_range(const struct blk *blk, uint64_t sector, uint64_t bytes, uint64_t *off)
{
	uint64_t sectors = blk->disk.bytes >> SECTOR_SHIFT;

	*off = sector << SECTOR_SHIFT;
	return sector <= sectors && bytes <= (sectors - sector) << SECTOR_SHIFT && !(bytes & ((1 << SECTOR_SHIFT) - 1));
}

static int do_in(struct blk *blk, const struct request *req)
{
	uint64_t off;

	if (!find_range(blk, req->header.sector, req->in_bytes, &off))
		return -ERANGE;
	return disk_read(&blk->disk, off, req->in);
}

static int do_out(struct blk *blk, const struct request *req)
{
	uint64_t off;

	if (!find_range(blk, req->header.sector, req->out_bytes, &off))
		return -ERANGE;
	return disk_write(&blk->disk, off, req->out);
}

static int do_flush(struct blk *blk, const struct request *req)
{
	(void)req;
	return disk_flush(&blk->disk);
}

/* The last part of the file's name; not ended by 0 if it fills the field. */
static int do_get_id(struct blk *blk, const struct request *req)
{
	const char *name = strrchr(blk->disk.path, '/');
	char id[ID_BYTES] = { 0 };

	name = name ? name + 1 : blk->disk.path;
	memcpy(id, name, strnlen(name, sizeof(id)));
	return iov_copy_to(req->in, 0, id, sizeof(id)) == sizeof(id) ? 0 : -ERANGE;
}

static int do_range(struct blk *blk, uint32_t type, const struct range *range)
{
	bool is_zero = type == TYPE_WRITE_ZEROES;
	uint64_t off, bytes = (uint64_t)range->sectors << SECTOR_SHIFT;

	if (range->flags & ~(uint32_t)(is_zero ? RANGE_UNMAP : 0))
		return -EOPNOTSUPP; /* [5.2.6.2] */
	if (range->sectors > (is_zero ? ZERO_SECTORS_MAX : DISCARD_SECTORS_MAX) ||
	    !find_range(blk, range->sector, bytes, &off))
		return -ERANGE;
	return is_zero ? disk_zero(&blk->disk, off, bytes, range->flags & RANGE_UNMAP)
		       : disk_discard(&blk->disk, off, bytes);
}

static int do_ranges(struct blk *blk, const struct request *req)
{
	struct range ranges[RANGES_MAX];
	size_t n = req->out_bytes / sizeof(ranges[0]), i;
	int ret = 0;

	if (!n || n > RANGES_MAX || req->out_bytes % sizeof(ranges[0]))
		return -ERANGE;
	iov_copy_from(req->out, 0, ranges, n * sizeof(ranges[0]));
	for (i = 0; i < n && !ret; i++)
		ret = do_range(blk, req->header.type, &ranges[i]);
	return ret;
}

static const struct {
	uint32_t type;
	bool has_written; /* its data goes to the guest */
	bool is_write;
	const char *name;
	int (*run)(struct blk *blk, const struct request *req);
} types[] = {
	{ TYPE_IN, true, false, "read", do_in },
	{ TYPE_OUT, false, true, "write", do_out },
	{ TYPE_FLUSH, false, false, "flush", do_flush },
	{ TYPE_GET_ID, true, false, "name", do_get_id },
	{ TYPE_DISCARD, false, false, "discard", do_ranges },
	{ TYPE_WRITE_ZEROES, false, true, "write of zeroes", do_ranges },
};

enum { TYPES = sizeof(types) / sizeof(types[0]) };

/* The host's errors are news to whoever runs the guest; the guest's own mistakes are not. */
static void say(struct blk *blk, uint32_t i, int err, const struct request *req)
{
	if (err == -ERANGE || err == -EOPNOTSUPP || err == -EROFS || blk->said & 1U << i)
		return;
	blk->said |= 1U << i;
	ctl_error("disk %s: %s at sector %" PRIu64 " fails: %s; the guest sees an I/O error (said once)",
		  blk->disk.path, types[i].name, req->header.sector, strerror(-err));
}

static uint8_t run(struct blk *blk, const struct request *req, uint32_t *written)
{
	uint32_t i = 0;
	int err;

	while (i < TYPES && types[i].type != req->header.type)
		i++;
	if (i == TYPES)
		return BLK_S_UNSUPP;
	err = types[i].run(blk, req);
	if (!err && types[i].is_write && blk->is_writethrough)
		err = disk_flush(&blk->disk);
	if (!err && types[i].has_written)
		*written = (uint32_t)req->in_bytes;
	if (err)
		say(blk, i, err, req);
	return !err ? BLK_S_OK : err == -EOPNOTSUPP ? BLK_S_UNSUPP : BLK_S_IOERR;
}

/* How a driver cuts a request into buffers is its own affair: header first, status last [5.2.6]. */
static uint32_t serve(struct virtio_dev *dev, const struct virtq_chain *chain)
{
	struct request req;
	uint32_t written = 0;
	uint8_t status;

	if (chain->read_bytes < sizeof(req.header) || !chain->write_bytes) {
		virtio_break(dev, "a request has no header or no status");
		return 0;
	}
	iov_copy_from(virtq_readable(chain), 0, &req.header, sizeof(req.header));
	req.in_bytes = chain->write_bytes - 1;
	req.out_bytes = chain->read_bytes - sizeof(req.header);
	req.in = iov_slice(virtq_writable(chain), 0, req.in_bytes, req.in_iov);
	req.out = iov_slice(virtq_readable(chain), sizeof(req.header), req.out_bytes, req.out_iov);
	status = run(dev->state, &req, &written);
	iov_copy_to(virtq_writable(chain), req.in_bytes, &status, 1);
	return written + 1;
}

static void blk_handle(struct virtio_dev *dev, uint32_t queue)
{
	virtio_each(dev, &dev->queue[queue], serve);
}

/* ---- the model ---- */

static int blk_open(struct virtio_dev *dev, const char *arg)
{
	struct blk *blk = dev->state;
	int ret = disk_open(&blk->disk, arg);
	struct config config = {
		.capacity = blk->disk.bytes >> SECTOR_SHIFT,
		.seg_max = QUEUE_SIZE - 2,
		.blk_size = blk->disk.block_bytes,
		.num_queues = 1,
		.max_discard_sectors = DISCARD_SECTORS_MAX,
		.max_discard_seg = RANGES_MAX,
		.discard_sector_alignment = DISCARD_ALIGN_SECTORS,
		.max_write_zeroes_sectors = ZERO_SECTORS_MAX,
		.max_write_zeroes_seg = RANGES_MAX,
		.write_zeroes_may_unmap = 1,
	};

	memcpy(dev->config, &config, sizeof(config));
	dev->features = F_SEG_MAX | F_BLK_SIZE | F_FLUSH;
	dev->features |= blk->disk.is_readonly ? F_RO : F_DISCARD | F_WRITE_ZEROES;
	return ret;
}

static void blk_start(struct virtio_dev *dev)
{
	((struct blk *)dev->state)->is_writethrough = !(dev->accepted & F_FLUSH);
}

static void blk_close(struct virtio_dev *dev)
{
	disk_close(&((struct blk *)dev->state)->disk);
}

static struct virtio_model blk = {
	.name = "disk",
	.help = "      --disk=FILE[,ro][,snapshot]\n"
		"                      a raw image or a block device; ro: not to be written;\n"
		"                      snapshot: writes go to a temporary file and are lost at the end\n",
	.device_id = DEVICE_ID,
	.nqueues = 1,
	.queue_size = QUEUE_SIZE,
	.config_bytes = sizeof(struct config),
	.state_bytes = sizeof(struct blk),
	.open = blk_open,
	.close = blk_close,
	.start = blk_start,
	.handle = blk_handle,
};
VIRTIO_MODEL(blk)
