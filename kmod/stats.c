// SPDX-License-Identifier: GPL-2.0-only
/* stats.c: gathers the counters of vCPU, world and code cache. Next file: run.c. */
#include "stats.h"

#include <linux/debugfs.h>
#include <linux/sched.h>
#include <linux/seq_file.h>

#include "space.h"
#include "vcpu.h"
#include "vm.h"
#include "world/hart.h"

#define CREATE_TRACE_POINTS
#include "trace.h"

static struct dentry *root;

/* ---- gathering ---- */

static void add_vcpu(const struct vcpu *v, struct ldbt_stats *out)
{
	const struct space_stats *world = space_stats(v->space);
	u32 i;

	for (i = 0; i < LDBT_STAT_EXITS_MAX; i++)
		out->leaves[i] += v->stats.leaves[i];
	out->enters += world->enters;
	out->host_irqs += world->irqs;
	out->host_nmis += world->nmis + world->machine_checks;
	out->page_fills += world->page_fills;
	out->huge_fills += world->huge_fills;
	out->view_switches += world->view_switches;
	out->guest_traps += v->hart->traps + world->short_traps;
	out->guest_irqs += v->hart->irqs;
	out->monitor_exits += v->hart->exits + world->short_exits;
	out->monitor_misses += v->hart->misses;
	out->shadow_evictions += world->evictions;
	out->user_exits += v->stats.user_exits;
	out->sbi_calls += v->stats.sbi_calls;
	out->guest_traps += v->stats.guest_traps;
	out->guest_irqs += v->stats.guest_irqs;
	out->interpreted_insns += v->stats.interpreted_insns;
}

/* The code cache is the VM's. */
static void add_cache(const struct vm *vm, struct ldbt_stats *out)
{
	const struct cache_stats *cache = &vm->cache.stats;

	out->blocks = cache->blocks;
	out->huge_blocks = vm->space ? space_vm_huge_blocks(vm->space) : 0;
	out->translated_insns = cache->guest_insns;
	out->translated_by_rule = cache->rule_insns;
	out->translated_guest_bytes = cache->guest_bytes;
	out->translated_host_bytes = cache->host_bytes;
	out->evictions = cache->evictions;
	out->invalidations = cache->invalidations;
}

void stats_of_vcpu(struct vcpu *v, struct ldbt_stats *out)
{
	memset(out, 0, sizeof(*out));
	add_vcpu(v, out);
	add_cache(v->vm, out);
}

void stats_of_vm(struct vm *vm, struct ldbt_stats *out)
{
	u32 i;

	memset(out, 0, sizeof(*out));
	mutex_lock(&vm->lock);
	for (i = 0; i < VM_VCPUS_MAX; i++)
		if (vm->vcpu[i])
			add_vcpu(vm->vcpu[i], out);
	mutex_unlock(&vm->lock);
	add_cache(vm, out);
}

/* ---- files ---- */

static const struct {
	const char *name;
	size_t offset;
} fields[] = {
#define FIELD(name)                                                                                                    \
	{                                                                                                              \
#name, offsetof(struct ldbt_stats, name)                                                               \
	}
	FIELD(enters),
	FIELD(host_irqs),
	FIELD(host_nmis),
	FIELD(user_exits),
	FIELD(page_fills),
	FIELD(huge_fills),
	FIELD(huge_blocks),
	FIELD(guest_traps),
	FIELD(guest_irqs),
	FIELD(view_switches),
	FIELD(monitor_exits),
	FIELD(monitor_misses),
	FIELD(sbi_calls),
	FIELD(blocks),
	FIELD(translated_insns),
	FIELD(translated_by_rule),
	FIELD(translated_guest_bytes),
	FIELD(translated_host_bytes),
	FIELD(interpreted_insns),
	FIELD(evictions),
	FIELD(invalidations),
	FIELD(shadow_evictions),
};

/* Names of EXIT_* of translator/abi.h. */
static const char *const exit_names[LDBT_STAT_EXITS_MAX] = {
	[EXIT_LINK] = "link",	[EXIT_MISS] = "miss",		[EXIT_FALLBACK] = "fallback",
	[EXIT_ECALL] = "ecall", [EXIT_EBREAK] = "ebreak",	[EXIT_FENCE_I] = "fence_i",
	[EXIT_WFI] = "wfi",	[EXIT_ILLEGAL] = "illegal",	[EXIT_PAGE_END] = "page_end",
	[EXIT_FAULT] = "fault", [EXIT_INTERRUPT] = "interrupt", [EXIT_SYSTEM] = "system",
};

static void show(struct seq_file *file, const struct ldbt_stats *stats)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(fields); i++)
		seq_printf(file, "%s %llu\n", fields[i].name, *(const u64 *)((const u8 *)stats + fields[i].offset));
	for (i = 0; i < LDBT_STAT_EXITS_MAX; i++)
		if (exit_names[i])
			seq_printf(file, "leaves_%s %llu\n", exit_names[i], stats->leaves[i]);
}

static int vm_stats_show(struct seq_file *file, void *unused)
{
	struct ldbt_stats stats;

	stats_of_vm(file->private, &stats);
	show(file, &stats);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(vm_stats);

static int vcpu_stats_show(struct seq_file *file, void *unused)
{
	struct ldbt_stats stats;

	stats_of_vcpu(file->private, &stats);
	show(file, &stats);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(vcpu_stats);

void stats_add_vm(struct vm *vm)
{
	static atomic_t number;
	char name[48];

	snprintf(name, sizeof(name), "vm-%d-%d", task_tgid_nr(current), atomic_inc_return(&number));
	vm->debugfs = debugfs_create_dir(name, root);
	debugfs_create_file("stats", 0444, vm->debugfs, vm, &vm_stats_fops);
}

void stats_remove_vm(struct vm *vm)
{
	debugfs_remove_recursive(vm->debugfs);
}

void stats_add_vcpu(struct vcpu *v)
{
	struct dentry *dir;
	char name[16];

	snprintf(name, sizeof(name), "vcpu%u", v->hartid);
	dir = debugfs_create_dir(name, v->vm->debugfs);
	debugfs_create_file("stats", 0444, dir, v, &vcpu_stats_fops);
}

void stats_init(void)
{
	root = debugfs_create_dir("ldbt", NULL);
}

void stats_exit(void)
{
	debugfs_remove_recursive(root);
}
