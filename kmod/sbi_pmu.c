// SPDX-License-Identifier: GPL-2.0-only
/* sbi_pmu.c: which counter counts what. cycle and instret are the hart's own, stopped by mcountinhibit; a firmware counter is
 * the difference of an event's count. Next file: sbi.c. */
#include "sbi_pmu.h"

#include <linux/bits.h>

#include "csr.h"
#include "sbi.h"
#include "vcpu.h"

enum {
	INFO_WIDTH_SHIFT = 12,
	WIDTH_64 = 63, /* one less than the width */
	EVENT_TYPE_SHIFT = 16,
	EVENT_CODE = 0xffff,
	EVENT_HARDWARE = 0, /* types */
	EVENT_FIRMWARE = 15,
	HARDWARE_CYCLES = 1, /* codes */
	HARDWARE_INSTRUCTIONS = 2,
	CONFIG_SKIP_MATCH = 1, /* flags */
	CONFIG_CLEAR_VALUE = 2,
	CONFIG_AUTO_START = 4,
	START_SET_VALUE = 1,
	STOP_RESET = 1,
};

#define INFO_FIRMWARE (1ULL << 63)

/* Of the hart's own counters: CSR to read, CSR to write, bit of mcountinhibit. */
static const struct {
	u16 csr, machine_csr, inhibit;
} own[] = {
	[SBI_PMU_CYCLE] = { CSR_CYCLE, CSR_MCYCLE, 1 },
	[SBI_PMU_INSTRET] = { CSR_INSTRET, CSR_MINSTRET, 4 },
};

void sbi_pmu_count(struct vcpu *v, enum sbi_fw_event event)
{
	v->sbi.pmu.event_count[event]++;
}

/* ---- one counter ---- */

static u64 inhibited(struct vcpu *v)
{
	u64 value = 0;

	csr_get(v->g, CSR_MCOUNTINHIBIT, &value);
	return value;
}

static bool is_started(struct vcpu *v, u32 n)
{
	return n < SBI_PMU_FIRMWARE ? !(inhibited(v) & own[n].inhibit) : v->sbi.pmu.counter[n].is_started;
}

static void set_value(struct vcpu *v, u32 n, u64 value)
{
	if (n < SBI_PMU_FIRMWARE)
		csr_set(v->g, own[n].machine_csr, value);
	else
		v->sbi.pmu.counter[n].value = value;
}

/* Of a counter that is stopped. */
static void start(struct vcpu *v, u32 n)
{
	struct sbi_pmu_counter *counter = &v->sbi.pmu.counter[n];

	if (n < SBI_PMU_FIRMWARE) {
		csr_set(v->g, CSR_MCOUNTINHIBIT, inhibited(v) & ~(u64)own[n].inhibit);
		return;
	}
	counter->value -= v->sbi.pmu.event_count[counter->event];
	counter->is_started = true;
}

/* Of a counter that is started. */
static void stop(struct vcpu *v, u32 n)
{
	struct sbi_pmu_counter *counter = &v->sbi.pmu.counter[n];

	if (n < SBI_PMU_FIRMWARE) {
		csr_set(v->g, CSR_MCOUNTINHIBIT, inhibited(v) | own[n].inhibit);
		return;
	}
	counter->value += v->sbi.pmu.event_count[counter->event];
	counter->is_started = false;
}

/* ---- which counter ---- */

/* The counters base + i of the bits i of mask, as a mask of all; 0: one of them does not exist, or none is named. */
static u64 counters_of(u64 base, u64 mask)
{
	if (base >= SBI_PMU_COUNTERS || mask & ~GENMASK_ULL(SBI_PMU_COUNTERS - 1 - base, 0))
		return 0;
	return mask << base;
}

static bool event_exists(u64 event)
{
	u64 code = event & EVENT_CODE;

	if (event >> EVENT_TYPE_SHIFT == EVENT_HARDWARE)
		return code == HARDWARE_CYCLES || code == HARDWARE_INSTRUCTIONS;
	return event >> EVENT_TYPE_SHIFT == EVENT_FIRMWARE && code < SBI_FW_EVENTS;
}

static bool counts(struct vcpu *v, u32 n, u64 event)
{
	if (event >> EVENT_TYPE_SHIFT == EVENT_FIRMWARE)
		return n >= SBI_PMU_FIRMWARE && !v->sbi.pmu.counter[n].is_configured;
	return n == ((event & EVENT_CODE) == HARDWARE_CYCLES ? SBI_PMU_CYCLE : SBI_PMU_INSTRET);
}

static int find_counter(struct vcpu *v, u64 counters, u64 event)
{
	u32 n;

	for (n = 0; n < SBI_PMU_COUNTERS; n++)
		if (counters >> n & 1 && counts(v, n, event))
			return (int)n;
	return -1;
}

/* ---- functions ---- */

int sbi_pmu_num_counters(struct vcpu *v, const u64 *arg, u64 *value)
{
	*value = SBI_PMU_COUNTERS;
	return SBI_SUCCESS;
}

int sbi_pmu_info(struct vcpu *v, const u64 *arg, u64 *value)
{
	if (arg[0] >= SBI_PMU_COUNTERS)
		return SBI_ERR_INVALID_PARAM;
	*value = INFO_FIRMWARE;
	if (arg[0] < SBI_PMU_FIRMWARE)
		*value = own[arg[0]].csr | WIDTH_64 << INFO_WIDTH_SHIFT;
	return SBI_SUCCESS;
}

/* counter_config_matching: base, mask, flags, event, data. Filters by mode are hints, which no counter here can follow. */
int sbi_pmu_config(struct vcpu *v, const u64 *arg, u64 *value)
{
	u64 counters = counters_of(arg[0], arg[1]), event = arg[3];
	struct sbi_pmu_counter *counter;
	int n;

	if (!counters)
		return SBI_ERR_INVALID_PARAM;
	if (arg[2] & CONFIG_SKIP_MATCH) { /* the lowest one, which was configured before */
		n = __builtin_ctzll(counters);
		if (!v->sbi.pmu.counter[n].is_configured)
			return SBI_ERR_FAILED;
	} else {
		n = event_exists(event) ? find_counter(v, counters, event) : -1;
		if (n < 0)
			return SBI_ERR_NOT_SUPPORTED;
	}
	counter = &v->sbi.pmu.counter[n];
	if (!(arg[2] & CONFIG_SKIP_MATCH)) {
		counter->event = event & EVENT_CODE;
		counter->is_configured = true;
	}
	if (arg[2] & CONFIG_CLEAR_VALUE)
		set_value(v, (u32)n, 0);
	if (arg[2] & CONFIG_AUTO_START && !is_started(v, (u32)n))
		start(v, (u32)n);
	*value = (u64)n;
	return SBI_SUCCESS;
}

/* counter_start: base, mask, flags, value. */
int sbi_pmu_start(struct vcpu *v, const u64 *arg, u64 *value)
{
	u64 counters = counters_of(arg[0], arg[1]);
	int err = SBI_SUCCESS;
	u32 n;

	if (!counters || arg[2] & ~(u64)START_SET_VALUE)
		return SBI_ERR_INVALID_PARAM;
	for (n = 0; n < SBI_PMU_COUNTERS; n++) {
		if (!(counters >> n & 1))
			continue;
		if (n >= SBI_PMU_FIRMWARE && !v->sbi.pmu.counter[n].is_configured)
			return SBI_ERR_INVALID_PARAM;
		if (is_started(v, n)) {
			err = SBI_ERR_ALREADY_STARTED;
			continue;
		}
		if (arg[2] & START_SET_VALUE)
			set_value(v, n, arg[3]);
		start(v, n);
	}
	return err;
}

/* counter_stop: base, mask, flags. A reset forgets the event. */
int sbi_pmu_stop(struct vcpu *v, const u64 *arg, u64 *value)
{
	u64 counters = counters_of(arg[0], arg[1]);
	int err = SBI_SUCCESS;
	u32 n;

	if (!counters || arg[2] & ~(u64)STOP_RESET)
		return SBI_ERR_INVALID_PARAM;
	for (n = 0; n < SBI_PMU_COUNTERS; n++) {
		if (!(counters >> n & 1))
			continue;
		if (is_started(v, n))
			stop(v, n);
		else
			err = SBI_ERR_ALREADY_STOPPED;
		if (arg[2] & STOP_RESET)
			v->sbi.pmu.counter[n].is_configured = false;
	}
	return err;
}

int sbi_pmu_fw_read(struct vcpu *v, const u64 *arg, u64 *value)
{
	const struct sbi_pmu_counter *counter;

	if (arg[0] < SBI_PMU_FIRMWARE || arg[0] >= SBI_PMU_COUNTERS)
		return SBI_ERR_INVALID_PARAM;
	counter = &v->sbi.pmu.counter[arg[0]];
	*value = counter->value + (counter->is_started ? v->sbi.pmu.event_count[counter->event] : 0);
	return SBI_SUCCESS;
}

/* The upper half on RV32. */
int sbi_pmu_fw_read_hi(struct vcpu *v, const u64 *arg, u64 *value)
{
	return arg[0] >= SBI_PMU_FIRMWARE && arg[0] < SBI_PMU_COUNTERS ? SBI_SUCCESS : SBI_ERR_INVALID_PARAM;
}
