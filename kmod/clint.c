// SPDX-License-Identifier: GPL-2.0-only
/* clint.c: guest time and its alarms on hrtimers. Next file: run.c, which turns lines into guest interrupts. */
#include "clint.h"

#include <linux/ktime.h>

#include "compat/compat.h"
#include "csr.h"
#include "trap.h"
#include "vcpu.h"
#include "vm.h"

enum { CLINT_MSIP = 0, CLINT_MTIMECMP = 0x4000, CLINT_MTIME = 0xbff8 };

/* Of CLOCK_MONOTONIC. */
static u64 host_ticks(void)
{
	return ktime_get_ns() / CLINT_NS_PER_TICK;
}

void clint_init(struct clint *c)
{
	spin_lock_init(&c->lock);
	c->offset = -host_ticks();
	clock_init(&c->clock, 0);
}

u64 clint_time(const struct clint *c)
{
	u64 ticks;

	return clock_read(&c->clock, &ticks) ? ticks : host_ticks() + READ_ONCE(c->offset);
}

/* The scale for this thread: rdtsc faults in ring 3 where the process has asked for that (prctl PR_SET_TSC). */
static u64 usable_mult(const struct vcpu *v)
{
	return test_thread_flag(TIF_NOTSC) ? 0 : v->vm->clint.clock.mult;
}

void clint_follow(struct vcpu *v)
{
	struct clint *c = &v->vm->clint;

	if (clock_is_due(&c->clock)) {
		spin_lock(&c->lock);
		c->offset += clock_follow(&c->clock, c->offset);
		spin_unlock(&c->lock);
	}
	v->cv.table->time_mult = usable_mult(v);
	v->cv.table->time_offset = READ_ONCE(c->clock.offset);
	csr_update_time(v->g);
}

bool clint_is_due(const struct vcpu *v)
{
	const struct clock *clock = &v->vm->clint.clock;
	u64 mult = usable_mult(v);

	return clock_is_due(clock) || v->cv.table->time_mult != mult ||
	       (mult && v->cv.table->time_offset != READ_ONCE(clock->offset));
}

/* ---- alarms ---- */

/* Guest time may be a little behind the host's: then the line is not high yet. */
static enum hrtimer_restart alarm_fired(struct hrtimer *timer)
{
	struct clint_alarm *alarm = container_of(timer, struct clint_alarm, timer);
	s64 early = (s64)(READ_ONCE(alarm->when) - clint_time(&alarm->vcpu->vm->clint));

	if (early > 0 && early < CLINT_HZ) {
		hrtimer_forward_now(timer, ns_to_ktime(early * CLINT_NS_PER_TICK));
		return HRTIMER_RESTART;
	}
	vcpu_kick(alarm->vcpu);
	return HRTIMER_NORESTART;
}

/* The clint's lock is held. An alarm too far away to be written in nanoseconds (146 years) never comes; for one that is
 * over the caller kicks. */
static void alarm_set(struct clint_alarm *alarm)
{
	struct clint *c = &alarm->vcpu->vm->clint;
	u64 when = alarm->when, now = clint_time(c);

	if (when > now && when - now < KTIME_MAX / CLINT_NS_PER_TICK / 2)
		hrtimer_start(&alarm->timer, ktime_add_ns(ktime_get(), (when - now) * CLINT_NS_PER_TICK),
			      HRTIMER_MODE_ABS);
	else
		hrtimer_try_to_cancel(&alarm->timer);
}

void clint_hart_init(struct vcpu *v)
{
	struct clint_alarm *alarm;

	for (alarm = v->clint.alarm; alarm < v->clint.alarm + CLINT_ALARMS; alarm++) {
		compat_hrtimer_setup(&alarm->timer, alarm_fired, CLOCK_MONOTONIC, HRTIMER_MODE_ABS);
		alarm->vcpu = v;
		alarm->when = ~0ULL;
	}
}

void clint_hart_destroy(struct vcpu *v)
{
	u32 i;

	for (i = 0; i < CLINT_ALARMS; i++)
		hrtimer_cancel(&v->clint.alarm[i].timer);
}

u64 clint_lines(struct vcpu *v)
{
	u64 lines = 0, now = clint_time(&v->vm->clint);

	if (now >= READ_ONCE(v->clint.alarm[CLINT_ALARM_M].when))
		lines |= 1ULL << IRQ_M_TIMER;
	if (now >= READ_ONCE(v->clint.alarm[CLINT_ALARM_S].when))
		lines |= 1ULL << IRQ_S_TIMER;
	if (READ_ONCE(v->clint.msip))
		lines |= 1ULL << IRQ_M_SOFT;
	return lines;
}

void clint_set_s_alarm(struct vcpu *v, u64 when)
{
	spin_lock(&v->vm->clint.lock);
	WRITE_ONCE(v->clint.alarm[CLINT_ALARM_S].when, when);
	alarm_set(&v->clint.alarm[CLINT_ALARM_S]);
	spin_unlock(&v->vm->clint.lock);
}

/* ---- registers ---- */

/* Part of a 64-bit register, at byte `off` within it. */
static u64 merge(u64 old, u32 off, u32 len_bytes, u64 value)
{
	u64 mask = (len_bytes == 8 ? ~0ULL : 0xffffffffULL) << (off * 8);

	return (old & ~mask) | (value << (off * 8) & mask);
}

static void alarms_set_all(struct vm *vm)
{
	u32 i, of;

	for (i = 0; i < VM_VCPUS_MAX; i++)
		for (of = 0; vm->vcpu[i] && of < CLINT_ALARMS; of++)
			alarm_set(&vm->vcpu[i]->clint.alarm[of]);
}

static u64 access_msip(struct vcpu *v, bool is_write, u64 value)
{
	if (is_write)
		WRITE_ONCE(v->clint.msip, value & 1);
	return v->clint.msip;
}

static u64 access_mtimecmp(struct vcpu *v, u32 off, u32 len_bytes, bool is_write, u64 value)
{
	struct clint_alarm *alarm = &v->clint.alarm[CLINT_ALARM_M];

	if (is_write) {
		WRITE_ONCE(alarm->when, merge(alarm->when, off & 7, len_bytes, value));
		alarm_set(alarm);
	}
	return alarm->when >> ((off & 7) * 8);
}

static void set_time_locked(struct vm *vm, u64 now, u64 mtime)
{
	WRITE_ONCE(vm->clint.offset, vm->clint.offset + (mtime - now));
	clock_shift(&vm->clint.clock, mtime - now);
	alarms_set_all(vm);
}

void clint_set_time(struct vm *vm, u64 mtime)
{
	u32 i;

	spin_lock(&vm->clint.lock);
	set_time_locked(vm, clint_time(&vm->clint), mtime);
	spin_unlock(&vm->clint.lock);
	for (i = 0; i < VM_VCPUS_MAX; i++)
		if (vm->vcpu[i])
			vcpu_kick(vm->vcpu[i]);
}

static u64 access_mtime(struct vm *vm, u32 off, u32 len_bytes, bool is_write, u64 value)
{
	u64 now = clint_time(&vm->clint);

	if (is_write)
		set_time_locked(vm, now, merge(now, off & 7, len_bytes, value));
	return now >> ((off & 7) * 8);
}

/* The hart whose register of `each_bytes` stands at off, or NULL: it then reads as zero, as in QEMU. */
static struct vcpu *hart_at(struct vm *vm, u32 off, u32 each_bytes)
{
	u32 hart = off / each_bytes;

	return hart < VM_VCPUS_MAX ? vm->vcpu[hart] : NULL;
}

static u64 access_locked(struct vm *vm, u32 off, u32 len_bytes, bool is_write, u64 value, struct vcpu **kicked)
{
	if (off >= CLINT_MTIME) {
		*kicked = is_write ? vm->vcpu[0] : NULL;
		return access_mtime(vm, off, len_bytes, is_write, value);
	}
	if (off >= CLINT_MTIMECMP) {
		*kicked = hart_at(vm, off - CLINT_MTIMECMP, 8);
		return *kicked ? access_mtimecmp(*kicked, off, len_bytes, is_write, value) : 0;
	}
	*kicked = hart_at(vm, off, 4);
	return *kicked ? access_msip(*kicked, is_write, value) : 0;
}

int clint_access(struct vm *vm, u32 off, u32 len_bytes, bool is_write, u64 *value)
{
	struct vcpu *kicked = NULL;
	u64 now;

	if (len_bytes < 4 || off >= CLINT_MTIME + 8 || (len_bytes == 8 && off < CLINT_MTIMECMP))
		return -ENODEV;
	spin_lock(&vm->clint.lock);
	now = access_locked(vm, off, len_bytes, is_write, *value, &kicked);
	spin_unlock(&vm->clint.lock);
	if (!is_write)
		*value = now;
	else if (kicked)
		vcpu_kick(kicked);
	return 0;
}
