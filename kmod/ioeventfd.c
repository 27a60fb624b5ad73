// SPDX-License-Identifier: GPL-2.0-only
/* ioeventfd.c: the list of doorbells of one VM. Next file: run.c, which asks it at each MMIO store. */
#include "ioeventfd.h"

#include <linux/eventfd.h>
#include <linux/slab.h>

#include "compat/compat.h"

struct ioeventfd {
	struct list_head node;
	struct eventfd_ctx *ctx;
	gpa_t gpa;
	u64 datamatch;
	u32 len_bytes; /* 0: any */
	bool has_datamatch;
};

void ioeventfds_init(struct ioeventfds *ios)
{
	mutex_init(&ios->lock);
	INIT_LIST_HEAD(&ios->list);
}

static void remove(struct ioeventfds *ios, struct ioeventfd *io)
{
	list_del(&io->node);
	eventfd_ctx_put(io->ctx);
	kfree(io);
	ios->count--;
}

void ioeventfds_destroy(struct ioeventfds *ios)
{
	struct ioeventfd *io, *next;

	list_for_each_entry_safe(io, next, &ios->list, node) remove(ios, io);
}

/* ---- the call ---- */

static int check_arg(const struct mem *mem, const struct ldbt_ioeventfd *arg)
{
	bool is_matching = arg->flags & LDBT_IOEVENTFD_DATAMATCH;
	u32 len = arg->len_bytes;

	if (arg->pad || (arg->flags & ~(LDBT_IOEVENTFD_DEASSIGN | LDBT_IOEVENTFD_DATAMATCH)))
		return -EINVAL;
	if (len ? len > 8 || !is_power_of_2(len) : is_matching)
		return -EINVAL;
	if ((len && (arg->gpa & (len - 1))) || arg->gpa + 8 < arg->gpa)
		return -EINVAL;
	return mem_touches(mem, arg->gpa, len ? len : 1) ? -EINVAL : 0;
}

static bool is_same_match(const struct ioeventfd *io, const struct ldbt_ioeventfd *arg)
{
	bool is_matching = arg->flags & LDBT_IOEVENTFD_DATAMATCH;

	return io->gpa == arg->gpa && io->len_bytes == arg->len_bytes && io->has_datamatch == is_matching &&
	       (!is_matching || io->datamatch == arg->datamatch);
}

static struct ioeventfd *find_same(struct ioeventfds *ios, const struct ldbt_ioeventfd *arg)
{
	struct ioeventfd *io;

	list_for_each_entry(io, &ios->list, node) if (is_same_match(io, arg)) return io;
	return NULL;
}

static int assign(struct ioeventfds *ios, const struct ldbt_ioeventfd *arg, struct eventfd_ctx *ctx)
{
	struct ioeventfd *io;

	if (find_same(ios, arg))
		return -EEXIST;
	if (ios->count == LDBT_IOEVENTFDS_MAX)
		return -ENOSPC;
	io = kzalloc(sizeof(*io), GFP_KERNEL_ACCOUNT);
	if (!io)
		return -ENOMEM;
	io->ctx = ctx;
	io->gpa = arg->gpa;
	io->len_bytes = arg->len_bytes;
	io->has_datamatch = arg->flags & LDBT_IOEVENTFD_DATAMATCH;
	io->datamatch = arg->datamatch;
	list_add_tail(&io->node, &ios->list);
	ios->count++;
	return 0;
}

static int deassign(struct ioeventfds *ios, const struct ldbt_ioeventfd *arg, struct eventfd_ctx *ctx)
{
	struct ioeventfd *io = find_same(ios, arg);

	if (!io || io->ctx != ctx)
		return -ENOENT;
	remove(ios, io);
	return 0;
}

int ioeventfd_call(struct ioeventfds *ios, const struct mem *mem, const struct ldbt_ioeventfd *arg)
{
	bool is_assign = !(arg->flags & LDBT_IOEVENTFD_DEASSIGN);
	int err = check_arg(mem, arg);
	struct eventfd_ctx *ctx;

	if (err)
		return err;
	ctx = eventfd_ctx_fdget(arg->fd);
	if (IS_ERR(ctx))
		return -EBADF;
	mutex_lock(&ios->lock);
	err = is_assign ? assign(ios, arg, ctx) : deassign(ios, arg, ctx);
	mutex_unlock(&ios->lock);
	if (err || !is_assign) /* the list keeps the reference of a new entry */
		eventfd_ctx_put(ctx);
	return err;
}

/* ---- the store ---- */

bool ioeventfd_signal(struct ioeventfds *ios, gpa_t gpa, u32 len_bytes, u64 value)
{
	struct ioeventfd *io;
	bool is_taken = false;

	if (!READ_ONCE(ios->count))
		return false;
	mutex_lock(&ios->lock);
	list_for_each_entry(io, &ios->list, node)
	{
		is_taken = io->gpa == gpa && (!io->len_bytes || io->len_bytes == len_bytes) &&
			   (!io->has_datamatch || io->datamatch == value);
		if (is_taken) {
			compat_eventfd_signal(io->ctx);
			break;
		}
	}
	mutex_unlock(&ios->lock);
	return is_taken;
}
