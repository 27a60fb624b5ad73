// SPDX-License-Identifier: GPL-2.0-only
/* test_irq.c: LDBT_IRQ_LINE and LDBT_IRQFD: their errors, and what arrives in the guest. Next file: test_run.c. */
#include "api.h"

#include <errno.h>
#include <pthread.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/time.h>
#include <unistd.h>

enum {
	T0 = 5,
	T1 = 6,
	T2 = 7,
	A0 = 10,
	LINE = 33,
	LINE_MAX = 95,
	CSR_MSTATUS = 0x300,
	CSR_MIE = 0x304,
	CSR_MTVEC = 0x305,
	MSTATUS_MIE = 1 << 3,
	MIE_MEIE = 1 << 11,
	PLIC_PAGE = 0xc000, /* for lui */
	CLAIM_PAGE = 0xc200,
	UART_PAGE = 0x10000,
	HANDLER = 12, /* word of the code below */
	GUARD_S = 20,
};

#define CSR(number) (LDBT_REG_CSR_NUMBER + (number))

static long irq_line(int vm, uint32_t irq, uint32_t level)
{
	struct ldbt_irq_line line = { .irq = irq, .level = level };

	return ioctl(vm, LDBT_IRQ_LINE, &line);
}

static long irqfd(int vm, int fd, uint32_t irq, uint32_t flags, int resample_fd)
{
	struct ldbt_irqfd arg = { .fd = fd, .irq = irq, .flags = flags, .resample_fd = resample_fd };

	return ioctl(vm, LDBT_IRQFD, &arg);
}

static int event_make(void)
{
	return eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
}

static void event_signal(int fd)
{
	const uint64_t one = 1;

	check("signal of an eventfd", write(fd, &one, sizeof(one)) == sizeof(one), "%s", strerror(errno));
}

/* How often it was signalled since the last look. */
static uint64_t event_count(int fd)
{
	uint64_t count = 0;

	return read(fd, &count, sizeof(count)) == sizeof(count) ? count : 0;
}

/* ---- errors ---- */

static void test_arguments(int vm)
{
	int event = event_make(), plain = dup(0);

	check("CHECK_CAP irqfd", ioctl(vm, LDBT_CHECK_CAP, LDBT_CAP_IRQFD) == LINE_MAX, "%d",
	      ioctl(vm, LDBT_CHECK_CAP, LDBT_CAP_IRQFD));
	check_errno("IRQ_LINE EINVAL level", irq_line(vm, 1, 2), EINVAL);
	check_errno("IRQ_LINE EINVAL line 0", irq_line(vm, 0, 1), EINVAL);
	check_errno("IRQ_LINE EINVAL line too large", irq_line(vm, LINE_MAX + 1, 1), EINVAL);
	check("IRQ_LINE the last line", !irq_line(vm, LINE_MAX, 1) && !irq_line(vm, LINE_MAX, 0), "%s",
	      strerror(errno));
	check_errno("IRQFD EBADF none", irqfd(vm, -1, 1, 0, 0), EBADF);
	check_errno("IRQFD EBADF not an eventfd", irqfd(vm, plain, 1, 0, 0), EBADF);
	check_errno("IRQFD EBADF the VM", irqfd(vm, vm, 1, 0, 0), EBADF);
	check_errno("IRQFD EBADF resample", irqfd(vm, event, 1, LDBT_IRQFD_RESAMPLE, plain), EBADF);
	check_errno("IRQFD EINVAL line 0", irqfd(vm, event, 0, 0, 0), EINVAL);
	check_errno("IRQFD EINVAL line too large", irqfd(vm, event, LINE_MAX + 1, 0, 0), EINVAL);
	check_errno("IRQFD EINVAL flags", irqfd(vm, event, 1, 4, 0), EINVAL);
	check_errno("IRQFD EINVAL flags together",
		    irqfd(vm, event, 1, LDBT_IRQFD_DEASSIGN | LDBT_IRQFD_RESAMPLE, event), EINVAL);
	check_errno("IRQFD EINVAL resample_fd without its flag", irqfd(vm, event, 1, 0, 1), EINVAL);
	close(event);
	close(plain);
}

static void test_lines(int vm)
{
	int one = event_make(), two = event_make(), event[LINE_MAX + 1], line, last;

	check("IRQFD", !irqfd(vm, one, 1, 0, 0), "%s", strerror(errno));
	check_errno("IRQFD EBUSY line has an fd", irqfd(vm, two, 1, 0, 0), EBUSY);
	check_errno("IRQFD EBUSY fd has a line", irqfd(vm, one, 2, 0, 0), EBUSY);
	check_errno("IRQFD ENOENT other fd", irqfd(vm, two, 1, LDBT_IRQFD_DEASSIGN, 0), ENOENT);
	check_errno("IRQFD ENOENT other line", irqfd(vm, one, 2, LDBT_IRQFD_DEASSIGN, 0), ENOENT);
	check("IRQFD deassign", !irqfd(vm, one, 1, LDBT_IRQFD_DEASSIGN, 0), "%s", strerror(errno));
	check("IRQFD line is free again", !irqfd(vm, two, 1, 0, 0), "%s", strerror(errno));
	close(two);
	check("IRQFD line of a closed fd", !irqfd(vm, one, 1, 0, 0), "%s", strerror(errno));
	for (last = 2; last <= LINE_MAX; last++) {
		event[last] = event_make();
		if (irqfd(vm, event[last], (uint32_t)last, 0, 0))
			break;
	}
	check("IRQFD every line", last == LINE_MAX + 1, "%d: %s", last, strerror(errno));
	for (line = 2; line < last; line++)
		close(event[line]);
	close(one);
}

/* ---- in the guest ---- */

/* Sleeps; its handler claims, stores the source to the UART, completes, and stores what it claims next. */
static void guest_make(struct machine *m)
{
	const uint32_t code[] = {
		RV_LUI(T2, CLAIM_PAGE),
		RV_ADDI(T2, T2, 4),
		RV_LUI(T0, PLIC_PAGE),
		RV_ADDI(T0, T0, 4 * LINE),
		RV_ADDI(T1, 0, 1),
		RV_STORE(2, T1, T0), /* priority 1 */
		RV_LUI(T0, PLIC_PAGE + 2),
		RV_ADDI(T0, T0, LINE / 32 * 4),
		RV_ADDI(T1, 0, 1 << LINE % 32),
		RV_STORE(2, T1, T0), /* enabled in M-mode: it may come now */
		RV_WFI,
		0xffdff06f, /* jal x0, -4 */
		[HANDLER] = RV_LOAD(2, A0, T2, 0),
		RV_LUI(T0, UART_PAGE),
		RV_STORE(0, A0, T0),
		RV_STORE(2, A0, T2),
		RV_LOAD(2, A0, T2, 0),
		RV_STORE(0, A0, T0),
		0xffdff06f, /* again what the controller wants: jal x0, -4 */
	};

	machine_make(m, code, sizeof(code) / sizeof(code[0]));
	reg_set(m, CSR(CSR_MTVEC), RAM_GPA + HANDLER * 4);
	reg_set(m, CSR(CSR_MIE), MIE_MEIE);
	reg_set(m, CSR(CSR_MSTATUS), MSTATUS_MIE);
}

/* The source that the guest's next store tells; -1: none came. */
static int told(struct machine *m)
{
	const struct itimerval guard = { .it_value = { .tv_sec = GUARD_S } }, off = { 0 };
	long result;

	setitimer(ITIMER_REAL, &guard, NULL);
	result = machine_run(m);
	setitimer(ITIMER_REAL, &off, NULL);
	return result || m->run->exit_reason != LDBT_EXIT_MMIO ? -1 : m->run->mmio.data[0];
}

static void expect_told(const char *name, struct machine *m, int wanted)
{
	int found = told(m);

	check(name, found == wanted, "claimed %d, expected %d", found, wanted);
}

static void *signal_soon(void *fd)
{
	usleep(100000);
	event_signal(*(int *)fd);
	return NULL;
}

/* From another thread, while the guest sleeps in wfi. */
static void test_wakeup(void)
{
	int event = event_make();
	struct machine m;
	pthread_t thread;

	guest_make(&m);
	check("IRQFD of a guest", !irqfd(m.vm, event, LINE, 0, 0), "%s", strerror(errno));
	pthread_create(&thread, NULL, signal_soon, &event);
	expect_told("an irqfd wakes a sleeping guest", &m, LINE);
	pthread_join(thread, NULL);
	expect_told("an irqfd is an edge", &m, 0);
	check("the module takes the count", event_count(event) == 0, "left");
	machine_destroy(&m);
	close(event);
}

/* Edges before the claim are one, one in service is kept. */
static void test_edges(void)
{
	int event = event_make();
	struct machine m;

	guest_make(&m);
	event_signal(event);
	check("IRQFD of a signalled fd", !irqfd(m.vm, event, LINE, 0, 0), "%s", strerror(errno));
	event_signal(event);
	expect_told("a signal from before counts", &m, LINE);
	event_signal(event);
	event_signal(event);
	expect_told("an edge in service is kept", &m, LINE);
	irqfd(m.vm, event, LINE, LDBT_IRQFD_DEASSIGN, 0);
	event_signal(event);
	check("a deassigned fd keeps its count", event_count(event) == 1, "taken");
	machine_destroy(&m);
	close(event);
}

static void test_level(void)
{
	struct machine m;

	guest_make(&m);
	irq_line(m.vm, LINE, 1);
	expect_told("a level", &m, LINE);
	expect_told("a level asks again", &m, LINE);
	machine_destroy(&m);
	guest_make(&m);
	irq_line(m.vm, LINE, 1);
	expect_told("a level of another VM", &m, LINE);
	irq_line(m.vm, LINE, 0);
	expect_told("a level that fell asks no more", &m, 0);
	machine_destroy(&m);
}

static void test_resample(void)
{
	int event = event_make(), resample = event_make();
	struct machine m;

	guest_make(&m);
	check("IRQFD with a resample fd", !irqfd(m.vm, event, LINE, LDBT_IRQFD_RESAMPLE, resample), "%s",
	      strerror(errno));
	event_signal(event);
	expect_told("a signal with a resample fd", &m, LINE);
	check("resample fd before completion", event_count(resample) == 0, "signalled");
	expect_told("completion lowers the line", &m, 0);
	check("resample fd after completion", event_count(resample) == 1, "not once");
	machine_destroy(&m);
	close(event);
	close(resample);
}

void test_irq(void)
{
	static const uint32_t code[] = { RV_LOOP };
	struct machine m;

	machine_make(&m, code, 1);
	test_arguments(m.vm);
	test_lines(m.vm);
	machine_destroy(&m);
	test_wakeup();
	test_edges();
	test_level();
	test_resample();
}
