// SPDX-License-Identifier: GPL-2.0-only
/* watch.c: one poll() over everything that can happen to a run from outside. Next file: cmd_run.c. */
#include "watch.h"

#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <time.h>
#include <unistd.h>

#include "ctl.h"
#include "term.h"

enum {
	ESCAPE = 1,    /* Ctrl-A */
	KICK_MS = 20,  /* between kicks, until the run has ended */
	ROOM_MS = 10,  /* until a console without room is asked again */
	TOHOST_MS = 1, /* between looks at tohost */
};

enum { POLL_SIGNAL, POLL_END, POLL_INPUT, POLL_COUNT };

static const char help[] = "\nCtrl-A x  ends the guest\n"
			   "Ctrl-A h  this help\n"
			   "Ctrl-A Ctrl-A  sends Ctrl-A\n";

static void make_set(sigset_t *set)
{
	static const int signals[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP, SIGCONT, SIGXCPU };
	unsigned int i;

	sigemptyset(set);
	for (i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
		sigaddset(set, signals[i]);
}

void watch_block_signals(void)
{
	sigset_t set;

	make_set(&set);
	pthread_sigmask(SIG_BLOCK, &set, NULL);
	signal(SIGPIPE, SIG_IGN); /* write() says it too */
}

void watch_unblock_signals(void)
{
	sigset_t set;

	make_set(&set);
	pthread_sigmask(SIG_UNBLOCK, &set, NULL);
}

static uint64_t now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000000000 + (uint64_t)ts.tv_nsec;
}

/* ---- what can happen ---- */

static void take_signal(struct watch *watch)
{
	struct signalfd_siginfo info;

	if (read(watch->signal_fd, &info, sizeof(info)) != sizeof(info))
		return;
	switch (info.ssi_signo) {
	case SIGTSTP:
		term_leave();
		kill(getpid(), SIGSTOP);
		break;
	case SIGCONT: term_reenter(); break;
	default: loop_stop(watch->loop, LOOP_SIGNAL, (int)info.ssi_signo);
	}
}

static void escaped(struct watch *watch, uint8_t byte)
{
	switch (byte) {
	case 'x':
	case 'X': loop_stop(watch->loop, LOOP_QUIT, 0); break;
	case ESCAPE: watch->console->model->receive(watch->console, ESCAPE); break;
	case 'h':
	case '?': fputs(help, stderr); break;
	default: break; /* a slip of the fingers goes nowhere */
	}
}

void watch_input(struct watch *watch, uint8_t byte)
{
	if (watch->is_escaped) {
		watch->is_escaped = false;
		escaped(watch, byte);
	} else if (watch->has_escape && byte == ESCAPE) {
		watch->is_escaped = true;
	} else {
		watch->console->model->receive(watch->console, byte);
	}
}

/* Byte by byte: what the console has no room for stays in the pipe. A terminal is read even then, for its escape key. */
static void take_input(struct watch *watch)
{
	uint8_t byte;
	ssize_t n = read(STDIN_FILENO, &byte, 1);

	if (n == 1)
		watch_input(watch, byte);
	else if (!n || (errno != EINTR && errno != EAGAIN))
		watch->input_ended = true;
}

/* Bit 0: the program has ended, the rest is its status (riscv-tests); anything else asks a host for system calls. */
static void look_at_tohost(struct watch *watch)
{
	uint64_t value = *watch->tohost, status = value >> 1;

	if (!value)
		return;
	if (value & 1) {
		loop_stop(watch->loop, LOOP_POWER_OFF, status & 0xff || !status ? (int)(status & 0xff) : 1);
		return;
	}
	ctl_error("tohost: found %#" PRIx64 ", expected an odd value: system calls for the guest are not offered",
		  value);
	loop_stop(watch->loop, LOOP_FAILED, 0);
}

/* ---- the thread ---- */

/* A console without room is asked again soon; a terminal is read nevertheless, for its escape key. */
static bool wants_input(struct watch *watch)
{
	if (!watch->console || watch->input_ended)
		return false;
	return watch->has_escape || watch->console->model->room(watch->console);
}

static int min_ms(int a, int b)
{
	return a < 0 || b < a ? b : a;
}

/* Milliseconds until something has to be looked at; -1: never */
static int poll_ms(struct watch *watch, bool wants)
{
	int ms = -1;

	if (watch->deadline_ns) {
		uint64_t now = now_ns(), left = watch->deadline_ns > now ? watch->deadline_ns - now : 0;

		ms = left > 3600000000000 ? 3600000 : (int)((left + 999999) / 1000000);
	}
	if (watch->tohost)
		ms = min_ms(ms, TOHOST_MS);
	if (watch->console && !watch->input_ended && !wants)
		ms = min_ms(ms, ROOM_MS);
	return loop_verdict(watch->loop).end ? min_ms(ms, KICK_MS) : ms;
}

static void look_around(struct watch *watch, const struct pollfd *fds)
{
	if (fds[POLL_SIGNAL].revents & POLLIN)
		take_signal(watch);
	if (fds[POLL_INPUT].revents)
		take_input(watch);
	if (watch->tohost)
		look_at_tohost(watch);
	if (watch->deadline_ns && now_ns() >= watch->deadline_ns) {
		loop_stop(watch->loop, LOOP_TIMEOUT, 0);
		watch->deadline_ns = 0;
	}
}

static void *watch_thread(void *arg)
{
	struct watch *watch = arg;
	struct pollfd fds[POLL_COUNT];

	for (;;) {
		bool wants = wants_input(watch);

		fds[POLL_SIGNAL] = (struct pollfd){ .fd = watch->signal_fd, .events = POLLIN };
		fds[POLL_END] = (struct pollfd){ .fd = watch->end_fd, .events = POLLIN };
		fds[POLL_INPUT] = (struct pollfd){ .fd = wants ? STDIN_FILENO : -1, .events = POLLIN };
		if (poll(fds, POLL_COUNT, poll_ms(watch, wants)) < 0 && errno != EINTR)
			return NULL;
		if (fds[POLL_END].revents)
			return NULL;
		look_around(watch, fds);
		if (loop_verdict(watch->loop).end)
			loop_kick(watch->loop);
	}
}

static int open_fds(struct watch *watch)
{
	sigset_t set;

	make_set(&set);
	watch->signal_fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	watch->end_fd = eventfd(0, EFD_CLOEXEC);
	return watch->signal_fd < 0 || watch->end_fd < 0 ? -errno : 0;
}

static void close_fds(struct watch *watch)
{
	if (watch->signal_fd >= 0)
		close(watch->signal_fd);
	if (watch->end_fd >= 0)
		close(watch->end_fd);
}

/* It must not take the kicks that are for the vCPU's thread. */
static int create_thread(struct watch *watch)
{
	sigset_t all, old;
	int err;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	err = pthread_create(&watch->thread, NULL, watch_thread, watch);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	return -err;
}

int watch_start(struct watch *watch)
{
	int ret = open_fds(watch);

	if (watch->timeout_s)
		watch->deadline_ns = now_ns() + watch->timeout_s * 1000000000;
	if (!ret)
		ret = create_thread(watch);
	if (ret) {
		ctl_error("cannot watch the terminal: %s", strerror(-ret));
		close_fds(watch);
	}
	return ret;
}

void watch_end(struct watch *watch)
{
	uint64_t one = 1;

	while (write(watch->end_fd, &one, sizeof(one)) < 0 && errno == EINTR)
		;
	pthread_join(watch->thread, NULL);
	close_fds(watch);
}
