// SPDX-License-Identifier: GPL-2.0-only
/* ldbtctl.c: picks the command. Next file: cmd_run.c. */
#include "ctl.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const struct command *const commands[] = { &cmd_run, &cmd_mkimg, &cmd_stat, &cmd_doctor };

enum { COMMANDS = sizeof(commands) / sizeof(commands[0]), NAME_BYTES = 32 };

static void print_help(void)
{
	int i;

	printf("Usage: ldbtctl COMMAND [OPTION]... [ARGUMENT]...\n"
	       "Runs riscv64 guests on the kernel module ldbt.\n\n");
	for (i = 0; i < COMMANDS; i++)
		printf("  %-8s %s\n", commands[i]->name, commands[i]->summary);
	printf("\n'ldbtctl COMMAND --help' lists the options of COMMAND; more in ldbtctl(1).\n");
}

static int run_command(const struct command *command, int argc, char **argv)
{
	char name[NAME_BYTES];

	snprintf(name, sizeof(name), "ldbtctl %s", command->name);
	argv[0] = name; /* getopt_long() puts it before its messages */
	return command->run(argc, argv);
}

/* Who starts us may have closed some: a file of ours must not get such a number and be taken for the terminal. */
static void open_standard_files(void)
{
	int fd = STDIN_FILENO;

	while (fd >= 0 && fd <= STDERR_FILENO)
		fd = open("/dev/null", O_RDWR);
	if (fd > STDERR_FILENO)
		close(fd);
}

int main(int argc, char **argv)
{
	int i;

	open_standard_files();
	if (argc < 2) {
		ctl_error("expected a command; try 'ldbtctl --help'");
		return STATUS_USAGE;
	}
	if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h") || !strcmp(argv[1], "help")) {
		print_help();
		return STATUS_OK;
	}
	if (!strcmp(argv[1], "--version") || !strcmp(argv[1], "-V")) {
		puts("ldbtctl " LDBTCTL_VERSION);
		return STATUS_OK;
	}
	for (i = 0; i < COMMANDS; i++)
		if (!strcmp(argv[1], commands[i]->name))
			return run_command(commands[i], argc - 1, argv + 1);
	ctl_error("%s: found '%s', expected run, mkimg, stat or doctor; try 'ldbtctl --help'",
		  argv[1][0] == '-' ? "unknown option" : "unknown command", argv[1]);
	return STATUS_USAGE;
}
