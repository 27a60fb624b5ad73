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
#include "space_impl.h"

enum { ANSWER_TRIES = 1000000, MIGRATIONS = 500, STORM_SECONDS_MAX = 120 };

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

/* Half of what a stay this short does is entering and leaving. */
static bool short_stays(struct world *w)
{
	enum { STAYS = 20 };
	u32 i = 0;

	while (i < STAYS && spin_counts(w, 1))
		i++;
	return i == STAYS;
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

/* NMIs were there at each kind of place: gate.S. */
static bool hit_all(const struct gate_state *now, const struct gate_state *before)
{
	return now->nmi_window != before->nmi_window && now->nmi_monitor != before->nmi_monitor &&
	       now->nmi_resume != before->nmi_resume && now->nmi_guest != before->nmi_guest;
}

static void print_hits(const struct gate_state *now, const struct gate_state *before)
{
	pr_info("seal: storm: NMIs in windows %u, monitor %u, way back %u, guest %u\n",
		now->nmi_window - before->nmi_window, now->nmi_monitor - before->nmi_monitor,
		now->nmi_resume - before->nmi_resume, now->nmi_guest - before->nmi_guest);
}

void seal_try_storm(struct world *w, u32 seconds)
{
	unsigned long start = jiffies;
	const struct space_stats *stats = space_stats(w->space);
	const struct gate_state *gate = w->space->gate, before = *gate;
	u64 stays = 0, arrived = stats->nmis, calls = stats->short_traps;
	struct task_struct *sender;
	bool is_good = true;

	set_cpus_allowed_ptr(current, cpumask_of(0));
	sender = start_sender();
	seal_calls_begin(w);
	while (is_good &&
	       (time_before(jiffies, start + seconds * HZ) ||
		(sender && !hit_all(gate, &before) && time_before(jiffies, start + STORM_SECONDS_MAX * HZ)))) {
		is_good = spin_counts(w, 1 + stays * 7 % 3000) && seal_calls(w, 1 + stays * 5 % 300) && short_stays(w);
		stays++;
		cond_resched();
	}
	if (sender) {
		kthread_stop(sender);
		unregister_nmi_handler(NMI_LOCAL, "seal");
	}
	set_cpus_allowed_ptr(current, cpu_possible_mask);
	stats = space_stats(w->space);
	seal_check(w, is_good, "registers and calls survive interrupts and NMIs");
	seal_check(w, !sender || stats->nmis > arrived, "NMIs hit the world");
	seal_check(w, !sender || hit_all(gate, &before), "NMIs hit each kind of place");
	print_hits(gate, &before);
	pr_info("seal: storm: %llu stays, %llu interrupts, %llu NMIs inside of %u, %llu calls by the short way\n",
		stays, stats->irqs, stats->nmis - arrived, atomic_read(&nmis), stats->short_traps - calls);
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
