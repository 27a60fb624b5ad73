// SPDX-License-Identifier: GPL-2.0-only
/* cmd_doctor.c: ldbtctl doctor: runs the checks and prints one line each, with advice below it.
 * Next file: doctor_module.c, doctor_cpu.c. */
#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>

#include "ctl.h"
#include "doctor.h"

static const char usage[] = "Usage: ldbtctl doctor [OPTION]...\n"
			    "Says whether this host can run ldbt, and if not, why and what to do about it.\n\n"
			    "      --root=DIR      look at the system below DIR (its /proc, /sys, /dev, /lib/modules)\n"
			    "      --release=NAME  its kernel release (that of the running kernel)\n"
			    "      --help, --version\n\n"
			    "The exit status is 0 when nothing stands in the way (warnings allowed), else 1.\n";

static const struct option options[] = {
	{ "root", required_argument, NULL, 'r' },
	{ "release", required_argument, NULL, 'k' },
	{ "help", no_argument, NULL, 'h' },
	{ "version", no_argument, NULL, 'V' },
	{ NULL, 0, NULL, 0 },
};

void doctor_found(struct doctor_report *report, enum doctor_result result, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(report->found, sizeof(report->found), format, args);
	va_end(args);
	report->result = result;
}

void doctor_advise(struct doctor_report *report, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(report->advice, sizeof(report->advice), format, args);
	va_end(args);
}

void doctor_path(const struct doctor_host *host, char *path, size_t bytes, const char *format, ...)
{
	int len = snprintf(path, bytes, "%s", host->root);
	va_list args;

	if (len < 0 || (size_t)len >= bytes)
		return; /* a path cut short names nothing */
	va_start(args, format);
	vsnprintf(path + len, bytes - (size_t)len, format, args);
	va_end(args);
}

bool doctor_read_line(const char *path, char *line, size_t bytes)
{
	FILE *f = fopen(path, "r");
	bool ok = f && fgets(line, (int)bytes, f);

	if (ok)
		line[strcspn(line, "\n")] = 0;
	if (f)
		fclose(f);
	return ok;
}

/* Number of checks that say no. */
static int run_checks(const struct doctor_host *host, const struct doctor_check *check)
{
	static const char *const word[] = { [DOCTOR_OK] = "ok", [DOCTOR_WARN] = "warn", [DOCTOR_NO] = "no" };
	int bad = 0;

	for (; check->name; check++) {
		struct doctor_report report = { 0 };

		check->run(host, &report);
		printf("%-5s %-16s %s\n", word[report.result], check->name, report.found);
		if (report.advice[0])
			printf("      %-16s -> %s\n", "", report.advice);
		bad += report.result == DOCTOR_NO;
	}
	return bad;
}

static int doctor_main(int argc, char **argv)
{
	struct doctor_host host = { .root = "" };
	struct utsname uts;
	int c, bad;

	uname(&uts);
	host.release = uts.release;
	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		switch (c) {
		case 'r': host.root = optarg; break;
		case 'k': host.release = optarg; break;
		case 'h':
		case 'V': fputs(c == 'h' ? usage : "ldbtctl " LDBTCTL_VERSION "\n", stdout); return STATUS_OK;
		default: fputs("Try 'ldbtctl doctor --help'.\n", stderr); return STATUS_USAGE;
		}
	}
	if (optind != argc) {
		ctl_error("expected no argument, found '%s'; try 'ldbtctl doctor --help'", argv[optind]);
		return STATUS_USAGE;
	}
	bad = run_checks(&host, doctor_cpu_checks) + run_checks(&host, doctor_bug_checks) +
	      run_checks(&host, doctor_module_checks);
	if (bad)
		printf("This host cannot run ldbt yet: %d of the above say no.\n", bad);
	else
		puts("This host can run ldbt.");
	return bad ? STATUS_FAILED : STATUS_OK;
}

const struct command cmd_doctor = { "doctor", "says whether this host can run ldbt, and what to do", doctor_main };
