// SPDX-License-Identifier: GPL-2.0-only
/*
 * A module that misbehaves on demand, to show that the test machine notices: insmod faulty.ko what=NAME
 * NAME: none, warn, oops, sleep (in atomic context), lockup (spins with preemption off), leak (a slab object outlives its cache).
 */
#include <linux/delay.h>
#include <linux/module.h>
#include <linux/slab.h>

static char *what = "none";
module_param(what, charp, 0);
MODULE_PARM_DESC(what, "the fault to provoke");

#define SPIN_S	     40 /* longer than the watchdog's 20 s */
#define OBJECT_BYTES 192

static void fault_warn(void)
{
	WARN(1, "provoked");
}

static void fault_oops(void)
{
	*(volatile int *)8;
}

static void fault_sleep(void)
{
	preempt_disable();
	msleep(20);
	preempt_enable();
}

static void fault_lockup(void)
{
	int i;

	preempt_disable();
	for (i = 0; i < SPIN_S * 1000; i++)
		mdelay(1);
	preempt_enable();
}

/* A cache with a constructor is not merged with others of its size, so that it is destroyed for good. */
static void object_init(void *object)
{
	memset(object, 0, OBJECT_BYTES);
}

static void fault_leak(void)
{
	struct kmem_cache *cache;

	cache = kmem_cache_create("faulty", OBJECT_BYTES, 0, 0, object_init);
	if (!cache)
		return;
	if (!kmem_cache_alloc(cache, GFP_KERNEL))
		pr_info("no object to leak\n");
	kmem_cache_destroy(cache);
}

static const struct {
	const char *name;
	void (*provoke)(void);
} faults[] = {
	{ "warn", fault_warn },	    { "oops", fault_oops }, { "sleep", fault_sleep },
	{ "lockup", fault_lockup }, { "leak", fault_leak },
};

static int __init faulty_init(void)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(faults); i++) {
		if (!strcmp(what, faults[i].name))
			faults[i].provoke();
	}
	pr_info("faulty: %s done\n", what);
	return 0;
}

static void __exit faulty_exit(void)
{
}

module_init(faulty_init);
module_exit(faulty_exit);
MODULE_DESCRIPTION("Provokes kernel faults for the tests of the test machine");
MODULE_LICENSE("GPL");
