// SPDX-License-Identifier: GPL-2.0-only
/* irqfd.c: the list of interrupt eventfds of one VM. Next file: plic.c. */
#include "irqfd.h"

#include <linux/eventfd.h>
#include <linux/file.h>
#include <linux/poll.h>
#include <linux/slab.h>
#include <linux/wait.h>

#include "compat/compat.h"
#include "plic.h"

struct irqfd {
	struct list_head node;
	struct plic *plic;
	struct eventfd_ctx *ctx;
	struct eventfd_ctx *resample; /* NULL: signals are edges */
	u32 source;
	bool is_closed; /* by its last user */
	wait_queue_entry_t wait;
	poll_table poll;
};

void irqfds_init(struct irqfds *fds, struct plic *plic)
{
	mutex_init(&fds->lock);
	INIT_LIST_HEAD(&fds->list);
	fds->plic = plic;
}

/* ---- signals ---- */

static void raise_source(const struct irqfd *f)
{
	if (f->resample)
		plic_set_level(f->plic, f->source, PLIC_INPUT_FD, true);
	else
		plic_edge(f->plic, f->source);
}

/* The eventfd's lock is held: take its count, so that it never fills up. */
static int signalled(wait_queue_entry_t *wait, unsigned int mode, int sync, void *key)
{
	struct irqfd *f = container_of(wait, struct irqfd, wait);
	__poll_t events = key_to_poll(key);
	u64 count;

	if (events & EPOLLIN) {
		eventfd_ctx_do_read(f->ctx, &count);
		raise_source(f);
	}
	if (events & EPOLLHUP)
		WRITE_ONCE(f->is_closed, true);
	return 0;
}

static void queue(struct file *file, wait_queue_head_t *head, poll_table *poll)
{
	add_wait_queue(head, &container_of(poll, struct irqfd, poll)->wait);
}

void irqfd_completed(struct irqfds *fds, u32 source)
{
	struct irqfd *f;

	if (!READ_ONCE(fds->nresample))
		return;
	mutex_lock(&fds->lock);
	list_for_each_entry(f, &fds->list, node)
	{
		if (f->source == source && f->resample)
			compat_eventfd_signal(f->resample);
	}
	mutex_unlock(&fds->lock);
}

/* ---- the list; its lock is held ---- */

static void irqfd_free(struct irqfd *f)
{
	if (f->resample)
		eventfd_ctx_put(f->resample);
	eventfd_ctx_put(f->ctx);
	kfree(f);
}

static void remove(struct irqfds *fds, struct irqfd *f)
{
	u64 count;

	eventfd_ctx_remove_wait_queue(f->ctx, &f->wait, &count); /* waits for a signal under way */
	if (f->resample) {
		plic_set_level(fds->plic, f->source, PLIC_INPUT_FD, false);
		fds->nresample--;
	}
	list_del(&f->node);
	irqfd_free(f);
}

static void remove_closed(struct irqfds *fds)
{
	struct irqfd *f, *next;

	list_for_each_entry_safe(f, next, &fds->list, node) if (READ_ONCE(f->is_closed)) remove(fds, f);
}

void irqfds_destroy(struct irqfds *fds)
{
	struct irqfd *f, *next;

	list_for_each_entry_safe(f, next, &fds->list, node) remove(fds, f);
}

static bool is_taken(struct irqfds *fds, const struct irqfd *wanted)
{
	struct irqfd *f;

	list_for_each_entry(f, &fds->list, node) if (f->ctx == wanted->ctx || f->source == wanted->source) return true;
	return false;
}

static int deassign(struct irqfds *fds, struct eventfd_ctx *ctx, u32 source)
{
	struct irqfd *f;

	list_for_each_entry(f, &fds->list, node)
	{
		if (f->ctx != ctx || f->source != source)
			continue;
		remove(fds, f);
		return 0;
	}
	return -ENOENT;
}

/* A signal from before counts as well. */
static int assign(struct irqfds *fds, struct irqfd *f, struct file *file)
{
	if (is_taken(fds, f))
		return -EBUSY;
	list_add_tail(&f->node, &fds->list);
	if (f->resample)
		WRITE_ONCE(fds->nresample, fds->nresample + 1);
	init_waitqueue_func_entry(&f->wait, signalled);
	init_poll_funcptr(&f->poll, queue);
	if (vfs_poll(file, &f->poll) & EPOLLIN)
		raise_source(f);
	return 0;
}

/* ---- the call ---- */

static int check_arg(const struct ldbt_irqfd *arg)
{
	if (arg->flags & ~(LDBT_IRQFD_DEASSIGN | LDBT_IRQFD_RESAMPLE))
		return -EINVAL;
	if (arg->flags == (LDBT_IRQFD_DEASSIGN | LDBT_IRQFD_RESAMPLE))
		return -EINVAL;
	if (arg->resample_fd && !(arg->flags & LDBT_IRQFD_RESAMPLE))
		return -EINVAL;
	return plic_model_has(arg->irq) ? 0 : -EINVAL;
}

static struct irqfd *irqfd_make(struct irqfds *fds, const struct ldbt_irqfd *arg, struct eventfd_ctx *ctx)
{
	struct irqfd *f = kzalloc(sizeof(*f), GFP_KERNEL_ACCOUNT);
	struct eventfd_ctx *resample = NULL;

	if (!f)
		return ERR_PTR(-ENOMEM);
	if (arg->flags & LDBT_IRQFD_RESAMPLE) {
		resample = eventfd_ctx_fdget(arg->resample_fd);
		if (IS_ERR(resample)) {
			kfree(f);
			return ERR_PTR(-EBADF);
		}
	}
	f->plic = fds->plic;
	f->ctx = ctx;
	f->resample = resample;
	f->source = arg->irq;
	return f;
}

static int call_assign(struct irqfds *fds, const struct ldbt_irqfd *arg, struct file *file, struct eventfd_ctx *ctx)
{
	struct irqfd *f = irqfd_make(fds, arg, ctx);
	int err;

	if (IS_ERR(f)) {
		eventfd_ctx_put(ctx);
		return PTR_ERR(f);
	}
	mutex_lock(&fds->lock);
	remove_closed(fds);
	err = assign(fds, f, file);
	mutex_unlock(&fds->lock);
	if (err)
		irqfd_free(f);
	return err;
}

static int call_deassign(struct irqfds *fds, const struct ldbt_irqfd *arg, struct eventfd_ctx *ctx)
{
	int err;

	mutex_lock(&fds->lock);
	err = deassign(fds, ctx, arg->irq);
	remove_closed(fds);
	mutex_unlock(&fds->lock);
	eventfd_ctx_put(ctx);
	return err;
}

int irqfd_call(struct irqfds *fds, const struct ldbt_irqfd *arg)
{
	int err = check_arg(arg);
	struct eventfd_ctx *ctx;
	struct file *file;

	if (err)
		return err;
	file = fget(arg->fd);
	if (!file)
		return -EBADF;
	ctx = eventfd_ctx_fileget(file);
	if (IS_ERR(ctx))
		err = -EBADF;
	else if (arg->flags & LDBT_IRQFD_DEASSIGN)
		err = call_deassign(fds, arg, ctx);
	else
		err = call_assign(fds, arg, file, ctx);
	fput(file);
	return err;
}
