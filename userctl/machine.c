// SPDX-License-Identifier: GPL-2.0-only
/* machine.c: creates and destroys what machine.h lists, and explains what the module refuses. Next file: loop.c. */
#include "machine.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "board.h"
#include "ctl.h"

enum { REG_A0 = 10, REG_A1 = 11, REG_A2 = 12, MODE_S = 1, MODE_M = 3, HARTID = 0 };

static int open_module(struct machine *m)
{
	int version;

	m->sys_fd = api_open(API_DEVICE);
	if (m->sys_fd < 0) {
		ctl_error("%s: %s: %s; 'ldbtctl doctor' says more", API_DEVICE, strerror(-m->sys_fd),
			  m->sys_fd == -EACCES ? "expected a member of group ldbt" : "is the module ldbt loaded?");
		return m->sys_fd;
	}
	version = api_version(m->sys_fd);
	if (version == LDBT_API_VERSION)
		return 0;
	if (version < 0)
		ctl_error("%s: no answer about its API version: %s", API_DEVICE, strerror(-version));
	else
		ctl_error(
			"%s: found a module of API version %d, expected %d: install module and ldbtctl of one release",
			API_DEVICE, version, LDBT_API_VERSION);
	return version < 0 ? version : -EPROTO;
}

int machine_create(struct machine *m, uint64_t ram_bytes, bool is_hugetlb)
{
	int ret;

	*m = (struct machine){ .sys_fd = -1, .vm_fd = -1, .vcpu_fd = -1 };
	pthread_mutex_init(&m->vm_lock, NULL);
	ret = open_module(m);
	if (!ret)
		ret = ram_map(&m->ram, ram_bytes, is_hugetlb);
	if (ret)
		machine_destroy(m);
	return ret;
}

void machine_destroy(struct machine *m)
{
	machine_power_off(m);
	ram_unmap(&m->ram);
	api_close(m->sys_fd);
	pthread_mutex_destroy(&m->vm_lock);
}

static int create_vm(struct machine *m)
{
	int fd = api_create_vm(m->sys_fd, LDBT_GUEST_RISCV64);

	if (fd < 0) {
		ctl_error("cannot make a VM: %s%s", strerror(-fd),
			  fd == -EOPNOTSUPP
				  ? ": this host cannot run guests; 'ldbtctl doctor' and the kernel log say why"
				  : "");
		return fd;
	}
	pthread_mutex_lock(&m->vm_lock);
	m->vm_fd = fd;
	pthread_mutex_unlock(&m->vm_lock);
	return 0;
}

static int set_memory(struct machine *m)
{
	int ret = api_set_memory(m->vm_fd, 0, BOARD_RAM_GPA, m->ram.at, m->ram.bytes);
	struct rlimit limit = { 0, 0 };

	if (!ret)
		return 0;
	getrlimit(RLIMIT_MEMLOCK, &limit);
	if (ret == -ENOMEM && limit.rlim_cur < m->ram.bytes)
		ctl_error("guest memory of %" PRIu64 " MiB is over the limit of locked memory (ulimit -l), %" PRIu64
			  " KiB: raise it in /etc/security/limits.conf, or use a smaller --mem",
			  m->ram.bytes >> 20, (uint64_t)limit.rlim_cur >> 10);
	else
		ctl_error("guest memory of %" PRIu64 " MiB is refused: %s", m->ram.bytes >> 20, strerror(-ret));
	return ret;
}

static int set_sbi(struct machine *m)
{
	int ret = api_set_sbi(m->vm_fd);

	if (ret)
		ctl_error("the module is no SBI for guests in S-mode: %s; --mode=m or --bios go without",
			  strerror(-ret));
	return ret;
}

static int create_vcpu(struct machine *m)
{
	int ret;

	m->vcpu_fd = api_create_vcpu(m->vm_fd, HARTID);
	ret = m->vcpu_fd < 0 ? m->vcpu_fd : api_map_run(m->vcpu_fd, &m->run);
	if (ret)
		ctl_error("cannot make a vCPU: %s", strerror(-ret));
	return ret;
}

static int map_code(struct machine *m)
{
	int ret;

	m->mem = (struct gmem){ .ram = m->ram.at, .gpa = BOARD_RAM_GPA, .bytes = m->ram.bytes, .vm_fd = m->vm_fd };
	ret = api_map_code(m->vm_fd, m->ram.bytes, &m->mem.code_map);
	if (ret)
		ctl_error("cannot map which pages hold code: %s", strerror(-ret));
	return ret;
}

int machine_power_on(struct machine *m, bool has_sbi)
{
	int ret = m->was_on ? ram_clear(&m->ram) : 0;

	m->was_on = true;
	if (!ret)
		ret = create_vm(m);
	if (!ret)
		ret = set_memory(m);
	if (!ret && has_sbi)
		ret = set_sbi(m);
	if (!ret)
		ret = create_vcpu(m);
	if (!ret)
		ret = map_code(m);
	if (ret)
		machine_power_off(m);
	return ret;
}

void machine_power_off(struct machine *m)
{
	if (m->run)
		api_unmap_run(m->run);
	if (m->mem.code_map)
		api_unmap_code(m->mem.code_map, m->ram.bytes);
	m->mem.code_map = NULL;
	api_close(m->vcpu_fd);
	pthread_mutex_lock(&m->vm_lock);
	api_close(m->vm_fd);
	m->vm_fd = -1;
	pthread_mutex_unlock(&m->vm_lock);
	m->vcpu_fd = -1;
	m->run = NULL;
}

int machine_set_start(struct machine *m, const struct boot_start *start)
{
	const struct {
		uint64_t id, value;
	} regs[] = {
		{ LDBT_REG_CORE_MODE, start->is_s_mode ? MODE_S : MODE_M },
		{ LDBT_REG_CORE_PC, start->pc },
		{ LDBT_REG_CORE + REG_A0, HARTID },
		{ LDBT_REG_CORE + REG_A1, start->tree_gpa },
		{ LDBT_REG_CORE + REG_A2, start->info_gpa },
	};
	uint32_t i;

	for (i = 0; i < sizeof(regs) / sizeof(regs[0]); i++) {
		int ret = api_set_reg(m->vcpu_fd, regs[i].id, regs[i].value);

		if (ret) {
			ctl_error("register %#" PRIx64 " of the vCPU: %s", regs[i].id, strerror(-ret));
			return ret;
		}
	}
	return 0;
}

void machine_set_irq(struct machine *m, uint32_t irq, bool level)
{
	int ret = 0;

	pthread_mutex_lock(&m->vm_lock);
	if (m->vm_fd >= 0)
		ret = api_irq_line(m->vm_fd, irq, level);
	pthread_mutex_unlock(&m->vm_lock);
	if (ret)
		ctl_error("interrupt line %" PRIu32 ": %s", irq, strerror(-ret));
}
