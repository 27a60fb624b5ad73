// SPDX-License-Identifier: GPL-2.0-only
/* dev.c: the system fd. Next file: vm.c. */
#include "dev.h"

#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/module.h>

#include "sbi.h"
#include "uapi/ldbt.h"
#include "vm.h"

long dev_check_cap(unsigned long number)
{
	switch (number) {
	case LDBT_CAP_VCPUS: return VM_VCPUS_MAX;
	case LDBT_CAP_MEMORY_SLOTS: return LDBT_MEMORY_SLOTS;
	case LDBT_CAP_IRQFD: return PLIC_SOURCES;
	case LDBT_CAP_IOEVENTFD: return 1;
	case LDBT_CAP_STATS: return 1;
	case LDBT_CAP_CODE_MAP: return 1;
	case LDBT_CAP_SBI: return SBI_SPEC_VERSION;
	default: return 0;
	}
}

static long create_vm(unsigned long guest_type)
{
	return guest_type == LDBT_GUEST_RISCV64 ? vm_create_fd() : -EINVAL;
}

static long dev_ioctl(struct file *file, unsigned int number, unsigned long arg)
{
	switch (number) {
	case LDBT_GET_API_VERSION: return arg ? -EINVAL : LDBT_API_VERSION;
	case LDBT_CHECK_CAP: return dev_check_cap(arg);
	case LDBT_CREATE_VM: return create_vm(arg);
	default: return -ENOTTY;
	}
}

static const struct file_operations dev_fops = {
	.owner = THIS_MODULE,
	.unlocked_ioctl = dev_ioctl,
	.llseek = noop_llseek,
};

static struct miscdevice dev = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "ldbt",
	.fops = &dev_fops,
	.mode = 0660,
};

int dev_register(void)
{
	return misc_register(&dev);
}

void dev_unregister(void)
{
	misc_deregister(&dev);
}
