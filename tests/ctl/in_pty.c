// SPDX-License-Identifier: GPL-2.0-only
/* in_pty.c: runs a program on a terminal of its own and types on it, where no script language is at hand.
 * Usage: in_pty [EXPECT KEYS]... -- PROGRAM [ARGUMENT]...     KEYS may hold ^A to ^Z for control characters.
 * Types KEYS as soon as EXPECT has been printed. What the program prints is copied to standard output.
 * Exit status: the program's (128 + signal); 200 an EXPECT did not come; 201 the terminal is not as it was before. */
#define _GNU_SOURCE
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>
#include <utmp.h>

enum {
	STATUS_SILENT = 200,
	STATUS_TERMINAL = 201,
	STATUS_USAGE = 202,
	POLL_MS = 100,
	POLLS_MAX = 6000,
	SEEN_BYTES = 1 << 16
};

static char seen[SEEN_BYTES + 1];
static size_t nseen;
static pid_t child;

/* Looks for text behind what was expected before; true: *from is behind it now. */
static bool find(const char *text, size_t *from)
{
	char *at = strstr(seen + *from, text);

	if (!at)
		return false;
	*from = (size_t)(at - seen) + strlen(text);
	return true;
}

/* The terminal's other side is open here too, so its end says nothing. */
static bool has_ended(void)
{
	siginfo_t info = { 0 };

	return waitid(P_PID, (id_t)child, &info, WEXITED | WNOHANG | WNOWAIT) || info.si_pid;
}

/* false: nothing more comes, or not in time */
static bool wait_for_text(int terminal)
{
	struct pollfd fd = { .fd = terminal, .events = POLLIN };
	int i;

	for (i = 0; i < POLLS_MAX; i++) {
		bool ended = has_ended();

		if (poll(&fd, 1, POLL_MS) > 0)
			return true;
		if (ended)
			return false;
	}
	return false;
}

static bool read_some(int terminal)
{
	ssize_t n;

	if (nseen == SEEN_BYTES || !wait_for_text(terminal))
		return false;
	n = read(terminal, seen + nseen, SEEN_BYTES - nseen);
	if (n <= 0)
		return false;
	fwrite(seen + nseen, 1, (size_t)n, stdout);
	fflush(stdout);
	nseen += (size_t)n;
	return true;
}

static void type(int terminal, const char *keys)
{
	for (; *keys; keys++) {
		char key = *keys == '^' && keys[1] ? (char)(*++keys & 0x1f) : *keys;

		if (write(terminal, &key, 1) != 1)
			return;
	}
}

/* 0, or the status that says what did not happen */
static int talk(int terminal, char **steps)
{
	size_t from = 0;

	for (; strcmp(steps[0], "--"); steps += 2) {
		while (!find(steps[0], &from))
			if (!read_some(terminal)) {
				fprintf(stderr, "in_pty: '%s' was not printed\n", steps[0]);
				return STATUS_SILENT;
			}
		type(terminal, steps[1]);
	}
	while (read_some(terminal))
		;
	return 0;
}

static int status_of_child(bool kill_first)
{
	int status;

	if (kill_first)
		kill(child, SIGKILL);
	if (waitpid(child, &status, 0) != child)
		return STATUS_SILENT;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static char **program(int argc, char **argv)
{
	int i;

	for (i = 1; i + 1 < argc; i += 2)
		if (!strcmp(argv[i], "--"))
			return argv + i + 1;
	return NULL;
}

int main(int argc, char **argv)
{
	struct termios before = { 0 }, after = { 0 }; /* padding too */
	int terminal, side, failed, status;
	char **command = program(argc, argv);

	if (!command || openpty(&terminal, &side, NULL, NULL, NULL) || tcgetattr(side, &before)) {
		fprintf(stderr, "usage: in_pty [EXPECT KEYS]... -- PROGRAM [ARGUMENT]...\n");
		return STATUS_USAGE;
	}
	child = fork();
	if (!child) {
		close(terminal);
		login_tty(side);
		execvp(command[0], command);
		_exit(127);
	}
	failed = child > 0 ? talk(terminal, argv + 1) : STATUS_SILENT;
	status = status_of_child(failed || !has_ended());
	if (tcgetattr(side, &after) || memcmp(&before, &after, sizeof(before)))
		return STATUS_TERMINAL;
	return failed ? failed : status;
}
