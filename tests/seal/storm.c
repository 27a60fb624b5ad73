// SPDX-License-Identifier: GPL-2.0-only
/* storm.c: stays under NMIs from another CPU, and on ever other CPUs. Nothing to do on a machine with one CPU but stays.
 * Next file: kmod/gate.S (which is tested). */
#include <linux/cpumask.h>
#include <linux/jiffies.h>
#include <linux/kthread.h>
#include <linux/sched.h>
#include <asm/apic.h>
#include <asm/nmi.h>

#include "seal.h"

enum { ANSWER_TRIES = 1000000, MIGRATIONS = 500 };

static atomic_t nmis;

static int count_nmi(unsigned int type, struct pt_regs *regs)
{
	atomic_inc(&nmis);
	return NMI_HANDLED;
}

/* Sends one NMI after the other to CPU 0: they merge, so each is waited for. */
static int send_nmis(void *unused)
{
	while (!kthread_should_stop()) {
		int before = atomic_read(&nmis), tries = 0;

		apic->send_IPI(0, NMI_VECTOR);
		while (atomic_read(&nmis) == before && tries++ < ANSWER_TRIES)
			cpu_relax();
		cond_resched();
	}
	return 0;
}

static bool spin_counts(struct world *w, u64 times)
{
	w->frame->reg[ABI_RBP] = times;
	w->frame->reg[ABI_R11] = 0;
	return seal_run(w, SEAL_SPIN) == SPACE_EXIT && !w->frame->reg[ABI_RBP] && w->frame->reg[ABI_R11] == times;
}

static struct task_struct *start_sender(void)
{
	struct task_struct *sender;

	if (num_online_cpus() == 1 || register_nmi_handler(NMI_LOCAL, count_nmi, 0, "seal"))
		return NULL;
	sender = kthread_create(send_nmis, NULL, "seal_nmi");
	if (IS_ERR(sender)) {
		unregister_nmi_handler(NMI_LOCAL, "seal");
		return NULL;
	}
	kthread_bind(sender, cpumask_next(0, cpu_online_mask));
	wake_up_process(sender);
	return sender;
}

void seal_try_storm(struct world *w, u32 seconds)
{
	unsigned long end = jiffies + seconds * HZ;
	const struct space_stats *stats = space_stats(w->space);
	u64 stays = 0, arrived = stats->nmis;
	struct task_struct *sender;
	bool is_good = true;

	set_cpus_allowed_ptr(current, cpumask_of(0));
	sender = start_sender();
	while (is_good && time_before(jiffies, end)) {
		is_good = spin_counts(w, 1 + stays * 7 % 3000);
		stays++;
		cond_resched();
	}
	if (sender) {
		kthread_stop(sender);
		unregister_nmi_handler(NMI_LOCAL, "seal");
	}
	set_cpus_allowed_ptr(current, cpu_possible_mask);
	seal_check(w, is_good, "registers survive interrupts and NMIs");
	seal_check(w, !sender || stats->nmis > arrived, "NMIs hit the world");
	pr_info("seal: storm: %llu stays, %llu interrupts, %llu NMIs inside of %u\n", stays, stats->irqs,
		stats->nmis - arrived, atomic_read(&nmis));
}

void seal_try_migration(struct world *w)
{
	u32 i, wrong = 0, cpu = 0;

	for (i = 0; i < MIGRATIONS; i++) {
		cpu = cpumask_next(cpu, cpu_online_mask);
		if (cpu >= nr_cpu_ids)
			cpu = cpumask_first(cpu_online_mask);
		set_cpus_allowed_ptr(current, cpumask_of(cpu));
		wrong += !spin_counts(w, 100);
	}
	set_cpus_allowed_ptr(current, cpu_possible_mask);
	seal_check(w, !wrong, "registers survive migration");
}
