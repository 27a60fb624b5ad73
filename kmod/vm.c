// SPDX-License-Identifier: GPL-2.0-only
/* vm.c: the VM fd: its calls, and what it makes when the first vCPU comes. Next file: vcpu.c. */
#include "vm.h"

#include <linux/anon_inodes.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include <asm/cpufeature.h>

#include "dev.h"
#include "rules.h"
#include "space.h"
#include "stats.h"
#include "trace.h"
#include "vcpu.h"
#include "world/hart.h"

/* Without the parameter: a share of guest memory, as larger guests run larger programs (docs/GUESTS.md). */
enum { CODE_MIB_MAX = 512, CODE_SHARE = 16, CODE_SHARE_MIB_MIN = 16, CODE_SHARE_MIB_MAX = 64 };

static unsigned int code_cache_mib;
module_param(code_cache_mib, uint, 0444);
MODULE_PARM_DESC(
	code_cache_mib,
	"code cache of one VM in MiB, 1 to 512 (its tables take twice as much); 0: 1/16 of guest memory, 16 to 64");

/* ---- made with the first vCPU ---- */

static u32 host_features(void)
{
	return (boot_cpu_has(X86_FEATURE_BMI1) ? 1U << HOST_BMI1 : 0) |
	       (boot_cpu_has(X86_FEATURE_BMI2) ? 1U << HOST_BMI2 : 0) |
	       (boot_cpu_has(X86_FEATURE_POPCNT) ? 1U << HOST_POPCNT : 0) |
	       (boot_cpu_has(X86_FEATURE_ABM) ? 1U << HOST_LZCNT : 0) | /* what Linux calls LZCNT */
	       (boot_cpu_has(X86_FEATURE_FMA) && boot_cpu_has(X86_FEATURE_AVX) ? 1U << HOST_FMA : 0);
}

static u32 code_bytes(u64 guest_pages)
{
	u64 share_mib = guest_pages / CODE_SHARE >> (20 - PAGE_SHIFT);
	u32 mib = (u32)clamp_t(u64, share_mib, CODE_SHARE_MIB_MIN, CODE_SHARE_MIB_MAX);

	return (code_cache_mib ? min(code_cache_mib, (u32)CODE_MIB_MAX) : mib) << 20;
}

static int make_cache(struct vm *vm)
{
	u8 stub[SPACE_STUB_BYTES];
	struct cache_memory mem = {
		.code_rw = vm->text.code,
		.code_exec = WORLD_CODE,
		.keys_rw = vm->text.keys,
		.keys_exec = WORLD_KEYS,
		.code_bytes = vm->text.code_bytes,
		.meta = vm->text.meta,
		.meta_bytes = vm->text.meta_bytes,
		.exit_stub = stub,
		.exit_stub_bytes = space_exit_stub(stub),
		.host_features = host_features(),
	};
	u64 npages;

	mem_span(&vm->mem, &mem.ram_gpa, &npages);
	mem.npages = (u32)npages;
	return cache_create(&vm->cache, &mem);
}

static int make_space(struct vm *vm)
{
	struct space_region regions[LDBT_MEMORY_SLOTS];
	struct space_config config = {
		.regions = regions,
		.ncode_pages = vm->text.code_bytes >> PAGE_SHIFT,
		.code_pages = vm->text.page,
		.keys = vm->text.keys,
		.key_bytes = cache_key_bytes(vm->text.code_bytes),
		.meta = vm->text.meta,
		.meta_bytes = cache_view_bytes(&vm->cache),
	};
	u32 i;

	for (i = 0; i < LDBT_MEMORY_SLOTS; i++)
		if (vm->mem.region[i].npages)
			regions[config.nregions++] = (struct space_region){
				.gpa = vm->mem.region[i].gpa,
				.npages = vm->mem.region[i].npages,
				.pages = vm->mem.region[i].page,
			};
	return space_vm_create(&vm->space, &config);
}

static int vm_start(struct vm *vm)
{
	gpa_t gpa;
	u64 npages;
	int err;

	if (vm->space)
		return 0;
	mem_span(&vm->mem, &gpa, &npages);
	if (!npages)
		return -ENXIO;
	err = text_create(&vm->text, code_bytes(npages), (u32)npages);
	if (err)
		return err;
	err = make_cache(vm);
	if (!err)
		err = make_space(vm);
	if (err)
		text_destroy(&vm->text);
	else
		smp_store_release(&vm->is_started, true); /* partner: vm_mmap() */
	return err;
}

/* ---- code ---- */

static u32 drop_page(struct vm *vm, gpa_t gpa)
{
	u32 blocks = cache_invalidate_page(&vm->cache, gpa);

	if (blocks)
		trace_ldbt_flush(gpa, blocks);
	return blocks;
}

/* While no page with translations was stored to, fence.i is the monitor's. code_lock is held. */
static void tell_harts(struct vm *vm, bool is_written)
{
	u32 i;

	for (i = 0; i < VM_VCPUS_MAX; i++)
		if (vm->vcpu[i])
			WRITE_ONCE(vm->vcpu[i]->hart->code_written, is_written);
}

void vm_fence_i(struct vm *vm)
{
	gpa_t gpa;

	mutex_lock(&vm->code_lock);
	while (mem_next_written(&vm->mem, &gpa))
		drop_page(vm, gpa);
	tell_harts(vm, false);
	mutex_unlock(&vm->code_lock);
}

static bool note_page_write(struct vm *vm, gpa_t gpa)
{
	if (!mem_note_write(&vm->mem, gpa))
		return false;
	tell_harts(vm, true); /* before the page can be stored to */
	space_unprotect_page(vm->space, gpa & PAGE_MASK);
	return true;
}

bool vm_note_write(struct vm *vm, gpa_t gpa, u32 len_bytes)
{
	gpa_t last = gpa + len_bytes - 1;
	bool is_noted;

	if (!mem_is_write_protected(mem_flags(&vm->mem, gpa)) && !mem_is_write_protected(mem_flags(&vm->mem, last)))
		return false;
	mutex_lock(&vm->code_lock);
	is_noted = note_page_write(vm, gpa);
	is_noted |= note_page_write(vm, last);
	mutex_unlock(&vm->code_lock);
	return is_noted;
}

static void kick_all(struct vm *vm)
{
	u32 i;

	for (i = 0; i < VM_VCPUS_MAX; i++)
		if (vm->vcpu[i])
			vcpu_kick(vm->vcpu[i]);
}

static u32 forget_page(struct vm *vm, gpa_t gpa)
{
	u32 blocks;

	mutex_lock(&vm->code_lock);
	blocks = drop_page(vm, gpa);
	if (mem_forget_code(&vm->mem, gpa))
		space_unprotect_page(vm->space, gpa);
	mutex_unlock(&vm->code_lock);
	return blocks;
}

/* vm->lock is held. */
static int vm_mem_written(struct vm *vm, const struct ldbt_range *range)
{
	gpa_t gpa = range->gpa & PAGE_MASK;
	u32 blocks = 0;

	if (range->gpa + range->len_bytes < range->gpa || !mem_holds(&vm->mem, range->gpa, range->len_bytes))
		return -EINVAL;
	if (!vm->space || !range->len_bytes)
		return 0;
	for (; gpa < range->gpa + range->len_bytes; gpa += PAGE_SIZE) {
		if (!mem_flags(&vm->mem, gpa))
			continue;
		blocks += forget_page(vm, gpa);
		cond_resched();
	}
	if (blocks) {
		WRITE_ONCE(vm->drops, vm->drops + 1);
		kick_all(vm);
	}
	return 0;
}

/* ---- calls ---- */

static long call_set_memory(struct vm *vm, unsigned long arg)
{
	struct ldbt_memory memory;
	long err;

	if (copy_from_user(&memory, (void __user *)arg, sizeof(memory)))
		return -EFAULT;
	mutex_lock(&vm->lock);
	err = vm->space ? -EBUSY : mem_set(&vm->mem, &memory);
	mutex_unlock(&vm->lock);
	return err;
}

static long call_create_vcpu(struct vm *vm, unsigned long arg)
{
	struct vcpu *v;
	long err;

	if (arg >= VM_VCPUS_MAX)
		return -EINVAL;
	mutex_lock(&vm->lock);
	err = vm->vcpu[arg] ? -EEXIST : vm_start(vm);
	if (err)
		goto out;
	v = vcpu_create(vm, (u32)arg);
	err = PTR_ERR_OR_ZERO(v);
	if (err)
		goto out;
	vm->vcpu[arg] = v;
	plic_attach(&vm->plic, (u32)arg, v);
	err = vcpu_publish(v);
	if (err < 0) {
		plic_detach(&vm->plic, (u32)arg);
		vm->vcpu[arg] = NULL;
		vcpu_destroy(v);
	}
out:
	mutex_unlock(&vm->lock);
	return err;
}

static long call_set_sbi(struct vm *vm, unsigned long arg)
{
	long err = 0;

	if (arg)
		return -EINVAL;
	mutex_lock(&vm->lock);
	if (vm->space)
		err = -EBUSY;
	else
		vm->has_sbi = true;
	mutex_unlock(&vm->lock);
	return err;
}

static long call_irq_line(struct vm *vm, unsigned long arg)
{
	struct ldbt_irq_line line;

	if (copy_from_user(&line, (void __user *)arg, sizeof(line)))
		return -EFAULT;
	if (line.level > 1 || !plic_model_has(line.irq))
		return -EINVAL;
	plic_set_level(&vm->plic, line.irq, PLIC_INPUT_LINE, line.level);
	return 0;
}

static long call_irqfd(struct vm *vm, unsigned long arg)
{
	struct ldbt_irqfd irqfd;

	if (copy_from_user(&irqfd, (void __user *)arg, sizeof(irqfd)))
		return -EFAULT;
	return irqfd_call(&vm->irqfds, &irqfd);
}

static long call_ioeventfd(struct vm *vm, unsigned long arg)
{
	struct ldbt_ioeventfd io;
	long err;

	if (copy_from_user(&io, (void __user *)arg, sizeof(io)))
		return -EFAULT;
	mutex_lock(&vm->lock);
	err = ioeventfd_call(&vm->ioeventfds, &vm->mem, &io);
	mutex_unlock(&vm->lock);
	return err;
}

static long call_mem_written(struct vm *vm, unsigned long arg)
{
	struct ldbt_range range;
	long err;

	if (copy_from_user(&range, (void __user *)arg, sizeof(range)))
		return -EFAULT;
	mutex_lock(&vm->lock);
	err = vm_mem_written(vm, &range);
	mutex_unlock(&vm->lock);
	return err;
}

static long call_get_stats(struct vm *vm, unsigned long arg)
{
	struct ldbt_stats stats;

	stats_of_vm(vm, &stats);
	return copy_to_user((void __user *)arg, &stats, sizeof(stats)) ? -EFAULT : 0;
}

static long call_check_cap(struct vm *vm, unsigned long arg)
{
	return dev_check_cap(arg);
}

static const struct {
	unsigned int number;
	long (*call)(struct vm *vm, unsigned long arg);
} calls[] = {
	{ LDBT_CHECK_CAP, call_check_cap },
	{ LDBT_SET_MEMORY, call_set_memory },
	{ LDBT_CREATE_VCPU, call_create_vcpu },
	{ LDBT_IRQ_LINE, call_irq_line },
	{ LDBT_IRQFD, call_irqfd },
	{ LDBT_IOEVENTFD, call_ioeventfd },
	{ LDBT_MEM_WRITTEN, call_mem_written },
	{ LDBT_GET_STATS, call_get_stats },
	{ LDBT_SET_SBI, call_set_sbi },
};

static long vm_ioctl(struct file *file, unsigned int number, unsigned long arg)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(calls); i++)
		if (calls[i].number == number)
			return calls[i].call(file->private_data, arg);
	return -ENOTTY;
}

/* The caller's mmap_lock is held, which vm->lock may wait for. */
static int vm_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct vm *vm = file->private_data;

	return smp_load_acquire(&vm->is_started) ? mem_map_code(&vm->mem, vma) : -ENXIO;
}

/* ---- life ---- */

/* No file refers to the VM or a vCPU of it any more, so no thread runs one and no call is under way. */
static void vm_destroy(struct kref *ref)
{
	struct vm *vm = container_of(ref, struct vm, ref);
	u32 i;

	stats_remove_vm(vm);
	irqfds_destroy(&vm->irqfds); /* they kick vCPUs */
	for (i = 0; i < VM_VCPUS_MAX; i++)
		if (vm->vcpu[i])
			vcpu_destroy(vm->vcpu[i]);
	if (vm->space)
		space_vm_destroy(vm->space);
	text_destroy(&vm->text);
	ioeventfds_destroy(&vm->ioeventfds);
	mem_destroy(&vm->mem);
	kvfree(vm);
}

void vm_put(struct vm *vm)
{
	kref_put(&vm->ref, vm_destroy);
}

static int vm_release(struct inode *inode, struct file *file)
{
	vm_put(file->private_data);
	return 0;
}

static const struct file_operations vm_fops = {
	.owner = THIS_MODULE,
	.release = vm_release,
	.unlocked_ioctl = vm_ioctl,
	.mmap = vm_mmap,
	.llseek = noop_llseek,
};

/* The fd is installed last: from then on another thread may use and close it. */
static int vm_publish(struct vm *vm)
{
	int fd = get_unused_fd_flags(O_CLOEXEC);
	struct file *file;

	if (fd < 0)
		return fd;
	file = anon_inode_getfile("ldbt-vm", &vm_fops, vm, O_RDWR);
	if (IS_ERR(file)) {
		put_unused_fd(fd);
		return PTR_ERR(file);
	}
	stats_add_vm(vm);
	fd_install(fd, file);
	return fd;
}

int vm_create_fd(void)
{
	struct vm *vm = kvzalloc(sizeof(*vm), GFP_KERNEL_ACCOUNT);
	int fd;

	if (!vm)
		return -ENOMEM;
	kref_init(&vm->ref);
	mutex_init(&vm->lock);
	mutex_init(&vm->code_lock);
	mem_create(&vm->mem);
	clint_init(&vm->clint);
	BUILD_BUG_ON(VM_VCPUS_MAX > (int)PLIC_HARTS_MAX);
	plic_init(&vm->plic, VM_VCPUS_MAX);
	irqfds_init(&vm->irqfds, &vm->plic);
	ioeventfds_init(&vm->ioeventfds);
	fd = vm_publish(vm);
	if (fd < 0)
		vm_put(vm);
	return fd;
}
