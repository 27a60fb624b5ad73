// SPDX-License-Identifier: GPL-2.0-only
/* loop.c: one switch over exit_reason, and what devices may ask of the machine. Next file: watch.c. */
#include "loop.h"

#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "ctl.h"
#include "sbi.h"

enum { KICK_SIGNAL = SIGUSR1, PAGE_SHIFT = 12, PIPE_PART_BYTES = 512 /* a pipe with room has that much */ };

/* Of the vCPU's thread, for its signal handler. */
static struct ldbt_run *volatile running;

/* Setting the flag and not only interrupting closes the window between the loop's last look and LDBT_RUN. */
static void on_kick(int signo)
{
	(void)signo;
	if (running)
		running->immediate_exit = 1;
}

/* ---- what devices ask for ---- */

static void host_put(struct dev_host *host, uint8_t byte)
{
	struct loop *loop = (struct loop *)host;

	while (write(STDOUT_FILENO, &byte, 1) < 0) {
		/* nobody reads any more: the guest goes on without; nobody reads for now: until the run ends */
		if ((errno != EINTR && errno != EAGAIN) || loop_verdict(loop).end)
			return;
		if (errno == EAGAIN)
			usleep(1000);
	}
}

/* Where nobody reads any more the bytes are gone. */
static size_t host_put_some(struct dev_host *host, const uint8_t *bytes, size_t n)
{
	struct pollfd pfd = { .fd = host->put_fd, .events = POLLOUT };
	ssize_t done;

	if (poll(&pfd, 1, 0) <= 0)
		return 0;
	done = write(host->put_fd, bytes, n < PIPE_PART_BYTES ? n : PIPE_PART_BYTES);
	if (done < 0)
		return errno == EINTR || errno == EAGAIN ? 0 : n;
	return (size_t)done;
}

static void host_set_irq(struct dev_host *host, uint32_t irq, bool level)
{
	machine_set_irq(((struct loop *)host)->machine, irq, level);
}

static void host_power_off(struct dev_host *host, int status)
{
	loop_stop((struct loop *)host, LOOP_POWER_OFF, status);
}

static void host_restart(struct dev_host *host)
{
	loop_stop((struct loop *)host, LOOP_RESTART, 0);
}

/* ---- verdict ---- */

void loop_init(struct loop *loop, struct machine *machine)
{
	struct sigaction kick = { .sa_handler = on_kick }; /* no SA_RESTART: system calls shall return */

	*loop = (struct loop){
		.host = {
			.put = host_put,
			.put_some = host_put_some,
			.put_fd = STDOUT_FILENO,
			.set_irq = host_set_irq,
			.power_off = host_power_off,
			.restart = host_restart,
		},
		.machine = machine,
		.thread = pthread_self(),
		.strange_gpa = UINT64_MAX,
	};
	sigaction(KICK_SIGNAL, &kick, NULL);
}

void loop_stop(struct loop *loop, enum loop_end end, int number)
{
	uint64_t old = 0;

	atomic_compare_exchange_strong(&loop->verdict, &old, (uint64_t)end << 32 | (uint32_t)number);
}

void loop_kick(struct loop *loop)
{
	pthread_kill(loop->thread, KICK_SIGNAL);
}

struct loop_verdict loop_verdict(struct loop *loop)
{
	uint64_t verdict = atomic_load(&loop->verdict);

	return (struct loop_verdict){ (enum loop_end)(verdict >> 32), (int)(uint32_t)verdict };
}

void loop_clear(struct loop *loop)
{
	uint64_t old = (uint64_t)LOOP_RESTART << 32;

	atomic_compare_exchange_strong(&loop->verdict, &old, 0);
}

/* ---- exits ---- */

/* A place without a device: the guest gets an access fault; said once per page in a row. */
static void strange_access(struct loop *loop, struct ldbt_run *run)
{
	if (loop->strange_gpa != run->mmio.gpa >> PAGE_SHIFT)
		ctl_error("guest %s %u bytes at %#" PRIx64 ", where no device is",
			  run->mmio.is_write ? "stores" : "loads", run->mmio.len_bytes, (uint64_t)run->mmio.gpa);
	loop->strange_gpa = run->mmio.gpa >> PAGE_SHIFT;
	run->mmio.is_refused = 1;
}

static void exit_mmio(struct loop *loop, struct ldbt_run *run)
{
	uint32_t len = run->mmio.len_bytes;

	run->mmio.is_refused = 0;
	if (len > sizeof(run->mmio.data)) {
		ctl_error("module: found an access of %u bytes, expected at most %zu", len, sizeof(run->mmio.data));
		loop_stop(loop, LOOP_FAILED, 0);
	} else if (dev_access(loop->devs, run->mmio.gpa, run->mmio.data, len, run->mmio.is_write)) {
		strange_access(loop, run);
	}
}

static void exit_error(struct loop *loop, const struct ldbt_run *run)
{
	static const char *const reason[] = {
		[LDBT_ERROR_BAD_FETCH] = "it fetches instructions where no memory is, and has no trap handler",
		[LDBT_ERROR_TRAP_LOOP] = "its trap handler traps at its first instruction",
		[LDBT_ERROR_INTERNAL] = "error inside the module; the kernel log has it",
	};
	uint32_t number = run->error.reason;
	const char *text = number < sizeof(reason) / sizeof(reason[0]) ? reason[number] : NULL;

	ctl_error("guest cannot go on: %s (reason %u, pc %#" PRIx64 ", value %#" PRIx64 ")",
		  text ? text : "unknown reason", number, (uint64_t)run->error.pc_gva, (uint64_t)run->error.value);
	loop_stop(loop, LOOP_ERROR, (int)number);
}

static void handle_exit(struct loop *loop, struct ldbt_run *run)
{
	switch (run->exit_reason) {
	case LDBT_EXIT_NONE: break;
	case LDBT_EXIT_MMIO: exit_mmio(loop, run); break;
	case LDBT_EXIT_SHUTDOWN: loop_stop(loop, LOOP_POWER_OFF, (int)(run->system.code & 0xff)); break;
	case LDBT_EXIT_RESET: loop_stop(loop, LOOP_RESTART, 0); break;
	case LDBT_EXIT_ERROR: exit_error(loop, run); break;
	case LDBT_EXIT_SBI: sbi_serve(loop->machine, &loop->host, dev_console(loop->devs), run); break;
	default:
		ctl_error("module: found exit reason %u, which this ldbtctl does not know", run->exit_reason);
		loop_stop(loop, LOOP_FAILED, 0);
	}
}

void loop_run(struct loop *loop)
{
	struct machine *m = loop->machine;

	running = m->run;
	while (!loop_verdict(loop).end) {
		int ret = api_run(m->vcpu_fd);

		if (ret == -EINTR) {
			m->run->immediate_exit = 0; /* before the verdict is read: a kick comes after it is written */
		} else if (ret < 0) {
			ctl_error("the vCPU does not run: %s", strerror(-ret));
			loop_stop(loop, LOOP_FAILED, 0);
		} else {
			handle_exit(loop, m->run);
		}
	}
	running = NULL;
}
