/* SPDX-License-Identifier: GPL-2.0-only */
/* sbi_pmu.h: counters of the SBI's PMU extension: cycle, instret, and firmware counters.
 *
 * Owns:    struct sbi_pmu: which event each counter counts, and how often each firmware event happened.
 * Promise: a counter that is not started keeps its value. Numbers of counters and events come from the guest: checked.
 * Locks:   as sbi.h. Context: process.
 * Errors:  SBI error numbers.
 * Source:  SBI 2.0, chapter "Performance Monitoring Unit Extension".
 * Next file: sbi_pmu.c. */
#ifndef LDBT_KMOD_SBI_PMU_H
#define LDBT_KMOD_SBI_PMU_H

#include "port.h"

/* Table "PMU Firmware Events": those that this firmware can have. */
enum sbi_fw_event {
	SBI_FW_SET_TIMER = 5,
	SBI_FW_IPI_SENT = 6,
	SBI_FW_IPI_RECEIVED = 7,
	SBI_FW_FENCE_I_SENT = 8,
	SBI_FW_FENCE_I_RECEIVED = 9,
	SBI_FW_SFENCE_VMA_SENT = 10,
	SBI_FW_SFENCE_VMA_RECEIVED = 11,
	SBI_FW_SFENCE_VMA_ASID_SENT = 12,
	SBI_FW_SFENCE_VMA_ASID_RECEIVED = 13,
	SBI_FW_EVENTS = 22,
};

enum {
	SBI_PMU_CYCLE,
	SBI_PMU_INSTRET,
	SBI_PMU_FIRMWARE, /* the first of them */
	SBI_PMU_COUNTERS = SBI_PMU_FIRMWARE + 16,
};

struct sbi_pmu_counter {
	bool is_configured, is_started;
	u32 event;
	u64 value; /* of a firmware counter: while started, less what event_count[] had then */
};

struct sbi_pmu {
	u64 event_count[SBI_FW_EVENTS];
	struct sbi_pmu_counter counter[SBI_PMU_COUNTERS];
};

struct vcpu;

void sbi_pmu_count(struct vcpu *v, enum sbi_fw_event event);

/* Functions of the extension: arguments a0 to a5, *value is a1 of the answer. */
int sbi_pmu_num_counters(struct vcpu *v, const u64 *arg, u64 *value);
int sbi_pmu_info(struct vcpu *v, const u64 *arg, u64 *value);
int sbi_pmu_config(struct vcpu *v, const u64 *arg, u64 *value);
int sbi_pmu_start(struct vcpu *v, const u64 *arg, u64 *value);
int sbi_pmu_stop(struct vcpu *v, const u64 *arg, u64 *value);
int sbi_pmu_fw_read(struct vcpu *v, const u64 *arg, u64 *value);
int sbi_pmu_fw_read_hi(struct vcpu *v, const u64 *arg, u64 *value);

#endif
