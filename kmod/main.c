// SPDX-License-Identifier: GPL-2.0-only
/* main.c: the module's init ladder and its mirror image.
 * Next file: dev.c, then vm.c, vcpu.c, run.c. */
#include <linux/module.h>

#include "dev.h"
#include "space.h"
#include "stats.h"

static int __init ldbt_init(void)
{
	int err = space_init();

	if (err)
		return err;
	stats_init();
	err = dev_register();
	if (err)
		goto err_stats;
	return 0;

err_stats:
	stats_exit();
	space_exit();
	return err;
}

/* The last fd is closed: each holds a reference on the module. */
static void __exit ldbt_exit(void)
{
	dev_unregister();
	stats_exit();
	space_exit();
}

module_init(ldbt_init);
module_exit(ldbt_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Runs riscv64 guests by rule-based dynamic binary translation");
MODULE_VERSION(LDBT_VERSION);
