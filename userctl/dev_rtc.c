// SPDX-License-Identifier: GPL-2.0-only
/* dev_rtc.c: Google's goldfish RTC: nanoseconds since 1970, which the guest may set, and one alarm with an interrupt.
 * The alarm is a thread that waits for it, made when the first one is set.
 * Source for the registers: Linux, drivers/rtc/rtc-goldfish.c. Next file: loop.c. */
#include "dev.h"

#include <libfdt.h>
#include <pthread.h>
#include <string.h>
#include <time.h>

#include "board.h"

enum {
	RTC_BYTES = 0x1000,
	RTC_TIME_LOW = 0x00,  /* reading it latches the high half; writing it sets the time */
	RTC_TIME_HIGH = 0x04, /* written before the low half */
	RTC_ALARM_LOW = 0x08, /* writing it sets the alarm */
	RTC_ALARM_HIGH = 0x0c,
	RTC_IRQ_ENABLED = 0x10,
	RTC_CLEAR_ALARM = 0x14,
	RTC_ALARM_STATUS = 0x18,
	RTC_CLEAR_INTERRUPT = 0x1c,
	REGISTER_BYTES = 4,
};

#define NS_PER_S 1000000000ULL

struct rtc {
	uint64_t offset; /* guest's time less the host's, modulo 2^64 */
	uint64_t alarm;	 /* guest's time */
	uint32_t time_high, alarm_high;
	bool is_armed, is_pending, is_enabled, has_thread, is_ending;
	pthread_t thread;
};

/* The vCPU's thread and the alarm's meet here; `changed`: alarm, time or end. */
static pthread_mutex_t rtc_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;

static uint64_t host_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return (uint64_t)now.tv_sec * NS_PER_S + (uint64_t)now.tv_nsec;
}

static uint64_t guest_ns(const struct rtc *rtc)
{
	return host_ns() + rtc->offset;
}

/* ---- the alarm ---- */

static void update_irq(struct dev *dev)
{
	const struct rtc *rtc = dev->state;

	dev->host->set_irq(dev->host, BOARD_RTC_IRQ, rtc->is_pending && rtc->is_enabled);
}

/* Rings if it is time, or waits until something changes or it may be time. The lock is held. */
static void wait_or_ring(struct dev *dev)
{
	struct rtc *rtc = dev->state;
	uint64_t at = rtc->alarm - rtc->offset;
	struct timespec until = { (time_t)(at / NS_PER_S), (long)(at % NS_PER_S) };

	if (!rtc->is_armed) {
		pthread_cond_wait(&changed, &rtc_lock);
	} else if (guest_ns(rtc) < rtc->alarm) {
		pthread_cond_timedwait(&changed, &rtc_lock, &until);
	} else {
		rtc->is_armed = false;
		rtc->is_pending = true;
		update_irq(dev);
	}
}

static void *alarm_thread(void *arg)
{
	struct dev *dev = arg;
	const struct rtc *rtc = dev->state;

	pthread_mutex_lock(&rtc_lock);
	while (!rtc->is_ending)
		wait_or_ring(dev);
	pthread_mutex_unlock(&rtc_lock);
	return NULL;
}

static void set_alarm(struct dev *dev, uint64_t when)
{
	struct rtc *rtc = dev->state;

	rtc->alarm = when;
	rtc->is_armed = true;
	if (!rtc->has_thread)
		rtc->has_thread = !pthread_create(&rtc->thread, NULL, alarm_thread, dev);
	pthread_cond_signal(&changed);
}

/* ---- registers ---- */

static uint32_t read_register(struct rtc *rtc, uint64_t off)
{
	uint64_t now;

	switch (off) {
	case RTC_TIME_LOW:
		now = guest_ns(rtc);
		rtc->time_high = (uint32_t)(now >> 32);
		return (uint32_t)now;
	case RTC_TIME_HIGH: return rtc->time_high;
	case RTC_ALARM_LOW: return (uint32_t)rtc->alarm;
	case RTC_ALARM_HIGH: return (uint32_t)(rtc->alarm >> 32);
	case RTC_IRQ_ENABLED: return rtc->is_enabled;
	case RTC_ALARM_STATUS: return rtc->is_armed;
	default: return 0;
	}
}

static void write_register(struct dev *dev, uint64_t off, uint32_t value)
{
	struct rtc *rtc = dev->state;

	switch (off) {
	case RTC_TIME_LOW:
		rtc->offset = ((uint64_t)rtc->time_high << 32 | value) - host_ns();
		pthread_cond_signal(&changed);
		break;
	case RTC_TIME_HIGH: rtc->time_high = value; break;
	case RTC_ALARM_LOW: set_alarm(dev, (uint64_t)rtc->alarm_high << 32 | value); break;
	case RTC_ALARM_HIGH: rtc->alarm_high = value; break;
	case RTC_IRQ_ENABLED:
		rtc->is_enabled = value & 1;
		update_irq(dev);
		break;
	case RTC_CLEAR_ALARM: rtc->is_armed = false; break;
	case RTC_CLEAR_INTERRUPT:
		rtc->is_pending = false;
		update_irq(dev);
		break;
	default: break;
	}
}

static void rtc_access(struct dev *dev, uint64_t off, uint8_t *data, uint32_t len_bytes, bool is_write)
{
	uint32_t value = 0;

	if (len_bytes != REGISTER_BYTES) {
		if (!is_write)
			memset(data, 0, len_bytes);
		return;
	}
	pthread_mutex_lock(&rtc_lock);
	if (is_write) {
		memcpy(&value, data, sizeof(value));
		write_register(dev, off, value);
	} else {
		value = read_register(dev->state, off);
		memcpy(data, &value, sizeof(value));
	}
	pthread_mutex_unlock(&rtc_lock);
}

/* ---- life ---- */

/* The time that the guest has set stays, as in a clock with a battery. */
static void rtc_reset(struct dev *dev)
{
	struct rtc *rtc = dev->state;

	pthread_mutex_lock(&rtc_lock);
	rtc->is_armed = rtc->is_pending = rtc->is_enabled = false;
	rtc->time_high = rtc->alarm_high = 0;
	pthread_mutex_unlock(&rtc_lock);
}

static void rtc_destroy(struct dev *dev)
{
	struct rtc *rtc = dev->state;

	if (!rtc->has_thread)
		return;
	pthread_mutex_lock(&rtc_lock);
	rtc->is_ending = true;
	pthread_cond_signal(&changed);
	pthread_mutex_unlock(&rtc_lock);
	pthread_join(rtc->thread, NULL);
}

static int rtc_describe(void *fdt)
{
	uint64_t reg[2] = { cpu_to_fdt64(BOARD_RTC_GPA), cpu_to_fdt64(RTC_BYTES) };
	int err = fdt_begin_node(fdt, "rtc@101000");

	err = err ? err : fdt_property_string(fdt, "compatible", "google,goldfish-rtc");
	err = err ? err : fdt_property(fdt, "reg", reg, sizeof(reg));
	err = err ? err : fdt_property_u32(fdt, "interrupts", BOARD_RTC_IRQ);
	err = err ? err : fdt_property_u32(fdt, "interrupt-parent", BOARD_PHANDLE_PLIC);
	return err ? err : fdt_end_node(fdt);
}

static struct dev_model rtc = {
	.name = "rtc",
	.gpa = BOARD_RTC_GPA,
	.size_bytes = RTC_BYTES,
	.state_bytes = sizeof(struct rtc),
	.describe = rtc_describe,
	.reset = rtc_reset,
	.destroy = rtc_destroy,
	.access = rtc_access,
};
DEV_MODEL(rtc)
