// SPDX-License-Identifier: GPL-2.0-only
/* vcpu.c: the vCPU fd and what belongs to it. Next file: run.c, reg.c. */
#include "vcpu.h"

#include <linux/anon_inodes.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "access.h"
#include "compat/compat.h"
#include "csr.h"
#include "space.h"
#include "stats.h"
#include "vm.h"
#include "world/hart.h"

void vcpu_kick(struct vcpu *v)
{
	atomic_set(&v->is_kicked, 1); /* before the kick: who leaves the world looks at it */
	smp_mb__after_atomic();
	space_kick(v->space);
	wake_up(&v->wait);
}

/* STIP is a line only while it follows stimecmp. */
void vcpu_take_lines(struct vcpu *v)
{
	u64 mask = 1ULL << IRQ_M_TIMER | 1ULL << IRQ_M_SOFT | 1ULL << IRQ_M_EXT | 1ULL << IRQ_S_EXT;

	if (v->g->csr.menvcfg & MENVCFG_STCE)
		mask |= 1ULL << IRQ_S_TIMER;
	csr_set_lines(v->g, mask, clint_lines(v) | plic_lines(&v->vm->plic, v->hartid));
	sbi_take_ipi(v);
}

/* ---- calls ---- */

static long call_run(struct vcpu *v, unsigned long arg)
{
	long err;

	if (arg)
		return -EINVAL;
	if (mutex_lock_killable(&v->lock))
		return -EINTR;
	err = vcpu_run(v);
	mutex_unlock(&v->lock);
	return err;
}

static long call_one_reg(struct vcpu *v, unsigned long arg, bool is_set)
{
	struct ldbt_one_reg reg;
	void __user *at;
	u64 value = 0; /* little endian: a short one is its lower part */
	u32 len_bytes;
	long err;

	if (copy_from_user(&reg, (void __user *)arg, sizeof(reg)))
		return -EFAULT;
	at = u64_to_user_ptr(reg.x_hva);
	len_bytes = LDBT_REG_BYTES(reg.id);
	if (len_bytes > sizeof(value))
		return -ENOENT;
	if (is_set && copy_from_user(&value, at, len_bytes))
		return -EFAULT;
	if (!mutex_trylock(&v->lock))
		return -EBUSY;
	if (is_set)
		err = reg_set(v, reg.id, value);
	else
		err = reg_get(v, reg.id, &value);
	mutex_unlock(&v->lock);
	if (!err && !is_set && copy_to_user(at, &value, len_bytes))
		return -EFAULT;
	return err;
}

static long call_get_stats(struct vcpu *v, unsigned long arg)
{
	struct ldbt_stats stats;

	stats_of_vcpu(v, &stats);
	return copy_to_user((void __user *)arg, &stats, sizeof(stats)) ? -EFAULT : 0;
}

static long vcpu_ioctl(struct file *file, unsigned int number, unsigned long arg)
{
	struct vcpu *v = file->private_data;

	switch (number) {
	case LDBT_RUN: return call_run(v, arg);
	case LDBT_GET_ONE_REG: return call_one_reg(v, arg, false);
	case LDBT_SET_ONE_REG: return call_one_reg(v, arg, true);
	case LDBT_GET_STATS: return call_get_stats(v, arg);
	default: return -ENOTTY;
	}
}

static int vcpu_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct vcpu *v = file->private_data;

	if (vma->vm_pgoff || vma->vm_end - vma->vm_start != LDBT_RUN_BYTES)
		return -EINVAL;
	if (!(vma->vm_flags & VM_SHARED) || (vma->vm_flags & VM_EXEC))
		return -EINVAL;
	compat_vm_flags_set(vma, VM_DONTEXPAND | VM_DONTDUMP);
	return vm_insert_page(vma, vma->vm_start, v->run_page);
}

/* ---- life ---- */

static int vcpu_release(struct inode *inode, struct file *file)
{
	struct vcpu *v = file->private_data;

	vm_put(v->vm);
	return 0;
}

static const struct file_operations vcpu_fops = {
	.owner = THIS_MODULE,
	.release = vcpu_release,
	.unlocked_ioctl = vcpu_ioctl,
	.mmap = vcpu_mmap,
	.llseek = noop_llseek,
};

int vcpu_publish(struct vcpu *v)
{
	int fd = get_unused_fd_flags(O_CLOEXEC);
	struct file *file;

	if (fd < 0)
		return fd;
	file = anon_inode_getfile("ldbt-vcpu", &vcpu_fops, v, O_RDWR);
	if (IS_ERR(file)) {
		put_unused_fd(fd);
		return PTR_ERR(file);
	}
	BUILD_BUG_ON(VM_VCPUS_MAX > (int)CACHE_VCPUS_MAX); /* so there is room, and nothing below can fail */
	mutex_lock(&v->vm->code_lock);
	port_assert(!cache_add_vcpu(&v->vm->cache, &v->cv));
	mutex_unlock(&v->vm->code_lock);
	kref_get(&v->vm->ref);
	stats_add_vcpu(v);
	fd_install(fd, file);
	return fd;
}

static u32 guest_reg_in(u8 host_reg)
{
	u32 i = 31;

	while (i && abi_pin[i] != host_reg)
		i--;
	return i;
}

static void make_hart(struct vcpu *v)
{
	struct hart *hart = v->hart;

	cache_view(&hart->cache, &v->vm->cache, (void *)WORLD_META);
	hart->jump = v->cv.jump;
	hart->table = v->cv.table;
	hart->g.table = v->cv.table;
	hart->r11_home = &v->g->home->x[guest_reg_in(ABI_R11)];
}

static int make_state(struct vcpu *v)
{
	u8 *state;
	int err = space_create(&v->space, v->vm->space);

	if (err)
		return err;
	state = space_state(v->space);
	v->hart = space_hart(v->space);
	v->g = &v->hart->g;
	v->g->home = (struct guest_home *)(state + ABI_HOME);
	v->g->csr_page = (struct guest_csr_page *)(state + ABI_CSR);
	v->cv.jump = (struct abi_jump *)(state + ABI_JUMP);
	v->cv.table = (struct abi_table *)(state + ABI_TABLE);
	make_hart(v);
	v->g->ops = &access_ops;
	v->g->opaque = v;
	v->g->isa = GUEST_ISA_FD;
	csr_reset(v->g, v->hartid);
	if (v->vm->has_sbi)
		sbi_hart_init(v);
	return 0;
}

struct vcpu *vcpu_create(struct vm *vm, u32 hartid)
{
	struct vcpu *v = kvzalloc(sizeof(*v), GFP_KERNEL_ACCOUNT);
	int err = -ENOMEM;

	if (!v)
		return ERR_PTR(-ENOMEM);
	v->vm = vm;
	v->hartid = hartid;
	mutex_init(&v->lock);
	init_waitqueue_head(&v->wait);
	clint_hart_init(v);
	v->run_page = alloc_page(GFP_KERNEL_ACCOUNT | __GFP_ZERO);
	if (!v->run_page)
		goto err_free;
	v->run = page_address(v->run_page);
	err = make_state(v);
	if (err)
		goto err_page;
	return v;

err_page:
	__free_page(v->run_page);
err_free:
	kvfree(v);
	return ERR_PTR(err);
}

/* The alarm first: its callback kicks the world. */
void vcpu_destroy(struct vcpu *v)
{
	clint_hart_destroy(v);
	space_destroy(v->space);
	__free_page(v->run_page);
	kvfree(v);
}
