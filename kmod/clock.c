// SPDX-License-Identifier: GPL-2.0-only
/* clock.c: see clock.h. Next file: clint.c. */
#include "clock.h"

#include <linux/jiffies.h>
#include <linux/ktime.h>

#include <asm/tsc.h>

#include "clint.h"
#include "tsc.h"

enum {
	FOLLOW_JIFFIES = HZ / 10,
	FOLLOW_TICKS = CLINT_HZ / 10, /* within which a difference is made up for */
	SLEW_MAX_TICKS = FOLLOW_TICKS / 16,
	LAG_MAX_TICKS = CLINT_HZ / 1000,
	RATE_SHIFT = 3, /* a measured rate counts an eighth: it has the noise of two readings */
	RATE_TOLERANCE =
		256,	 /* a rate further off than this part is no measurement: the machine slept, or was stopped */
	DELTA_BITS = 30, /* a second: products of what is measured fit 64 bits */
};

#define MULT_PER_NS (U64_MAX / CLINT_NS_PER_TICK) /* 2^64 times the ticks of a nanosecond */

static void set_locked(struct clock *c, u64 mult, u64 offset)
{
	unsigned long flags;

	local_irq_save(flags); /* alarms read it from interrupts */
	write_seqcount_begin(&c->seq);
	c->mult = mult;
	c->offset = offset;
	write_seqcount_end(&c->seq);
	local_irq_restore(flags);
}

/* Both clocks at one moment. */
static void look(u64 *tsc, u64 *ns)
{
	unsigned long flags;

	local_irq_save(flags);
	*ns = ktime_get_ns();
	*tsc = tsc_read();
	local_irq_restore(flags);
}

void clock_init(struct clock *c, u64 ticks)
{
	seqcount_init(&c->seq);
	look(&c->tsc_seen, &c->ns_seen);
	c->next = jiffies + FOLLOW_JIFFIES;
	c->rate = 0;
	if (!check_tsc_unstable() && tsc_khz > CLINT_HZ / 1000)
		c->rate = U64_MAX / tsc_khz * (CLINT_HZ / 1000);
	c->mult = c->rate;
	c->offset = ticks - tsc_ticks(c->tsc_seen, c->mult, 0);
}

bool clock_read(const struct clock *c, u64 *ticks)
{
	u64 mult, offset;
	unsigned int seq;

	do {
		seq = read_seqcount_begin(&c->seq);
		mult = c->mult;
		offset = c->offset;
	} while (read_seqcount_retry(&c->seq, seq));
	*ticks = tsc_ticks(tsc_read(), mult, offset);
	return mult;
}

void clock_shift(struct clock *c, u64 ticks)
{
	set_locked(c, c->mult, c->offset + ticks);
}

bool clock_is_due(const struct clock *c)
{
	return c->mult && time_after_eq(jiffies, c->next);
}

/* The scale at which the TSC would have kept up with the host, over the time since the last look; 0: none can be told. */
static u64 measure_rate(u64 ns, u64 tsc)
{
	while (ns >> DELTA_BITS || tsc >> (DELTA_BITS + 2)) {
		ns >>= 1;
		tsc >>= 1;
	}
	if (!ns || tsc <= ns / 64)
		return 0;
	return MULT_PER_NS / tsc * ns + MULT_PER_NS % tsc * ns / tsc;
}

static void note_rate(struct clock *c, u64 rate)
{
	s64 diff = (s64)(rate - c->rate);

	if (abs(diff) <= (s64)(c->rate / RATE_TOLERANCE))
		c->rate += (u64)(diff >> RATE_SHIFT);
}

u64 clock_follow(struct clock *c, u64 host_offset)
{
	u64 tsc, ns, now, mult;
	s64 lag;

	look(&tsc, &ns);
	now = tsc_ticks(tsc, c->mult, c->offset);
	lag = (s64)(ns / CLINT_NS_PER_TICK + host_offset - now);
	if (check_tsc_unstable() || tsc <= c->tsc_seen) {
		set_locked(c, 0, 0);
		return lag < 0 && tsc > c->tsc_seen ? (u64)-lag : 0;
	}
	note_rate(c, measure_rate(ns - c->ns_seen, tsc - c->tsc_seen));
	if (lag > LAG_MAX_TICKS) {
		now += (u64)lag;
		lag = 0;
	}
	lag = clamp_t(s64, lag, -SLEW_MAX_TICKS, SLEW_MAX_TICKS);
	mult = c->rate + (u64)((s64)(c->rate / FOLLOW_TICKS) * lag);
	set_locked(c, mult, now - tsc_ticks(tsc, mult, 0));
	c->tsc_seen = tsc;
	c->ns_seen = ns;
	c->next = jiffies + FOLLOW_JIFFIES;
	return 0;
}
