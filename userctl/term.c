// SPDX-License-Identifier: GPL-2.0-only
/* term.c: raw input; output keeps its translation of line ends, since guests' text is made for a terminal like that.
 * Next file: watch.c. */
#include "term.h"

#include <signal.h>
#include <stdlib.h>
#include <termios.h>
#include <unistd.h>

static struct termios found, raw;
static volatile sig_atomic_t is_terminal;

/* A fault of ours: restore, then die of it. */
static void on_fault(int signo)
{
	term_leave();
	raise(signo); /* its default action: SA_RESETHAND */
}

static void catch_faults(void)
{
	static const int signals[] = { SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT };
	struct sigaction act = { .sa_handler = on_fault, .sa_flags = (int)(SA_RESETHAND | SA_NODEFER) };
	unsigned int i;

	for (i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
		sigaction(signals[i], &act, NULL);
}

bool term_enter(void)
{
	if (!isatty(STDIN_FILENO) || tcgetpgrp(STDIN_FILENO) != getpgrp() || tcgetattr(STDIN_FILENO, &found))
		return false;
	raw = found;
	cfmakeraw(&raw);
	raw.c_oflag = found.c_oflag;
	atexit(term_leave);
	catch_faults();
	is_terminal = 1;
	term_reenter();
	return true;
}

void term_reenter(void)
{
	if (is_terminal)
		tcsetattr(STDIN_FILENO, TCSANOW, &raw);
}

/* TCSANOW: waiting for output to drain could take for ever when nobody reads it. */
void term_leave(void)
{
	if (is_terminal)
		tcsetattr(STDIN_FILENO, TCSANOW, &found);
}
