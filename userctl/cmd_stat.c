// SPDX-License-Identifier: GPL-2.0-only
/* cmd_stat.c: ldbtctl stat: counters of running VMs, from the module's folder in debugfs: one folder per VM, named
 * vm-PID-NUMBER, whose file stats has "name value" lines. Next file: stats.c. */
#include <cjson/cJSON.h>
#include <dirent.h>
#include <errno.h>
#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctl.h"
#include "stats.h"

#define STAT_DIR  "/sys/kernel/debug/ldbt"
#define VM_PREFIX "vm-"

enum { PATH_BYTES = 512 };

struct stat_options {
	bool json;
	const char *dir;
	const char *vm; /* PID or PID-NUMBER; NULL: all */
};

static const char usage[] = "Usage: ldbtctl stat [OPTION]... [PID]\n"
			    "Prints the counters of running VMs, or of those of process PID. 'ldbtctl run --stat' "
			    "prints them at the end.\n\n"
			    "      --json          one JSON object, with one member per VM\n"
			    "      --dir=DIR       look in DIR (" STAT_DIR ")\n"
			    "      --help, --version\n\n"
			    "The exit status is 0 if a VM was found, 1 if none was, 2 if an option is wrong.\n";

static const struct option options[] = {
	{ "json", no_argument, NULL, 'j' },
	{ "dir", required_argument, NULL, 'd' },
	{ "help", no_argument, NULL, 'h' },
	{ "version", no_argument, NULL, 'V' },
	{ NULL, 0, NULL, 0 },
};

/* true: go on; else the process ends with *status. */
static bool parse_options(int argc, char **argv, struct stat_options *opt, int *status)
{
	int c;

	*status = STATUS_USAGE;
	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		switch (c) {
		case 'j': opt->json = true; break;
		case 'd': opt->dir = optarg; break;
		case 'h':
		case 'V':
			fputs(c == 'h' ? usage : "ldbtctl " LDBTCTL_VERSION "\n", stdout);
			*status = STATUS_OK;
			return false;
		default: fputs("Try 'ldbtctl stat --help'.\n", stderr); return false;
		}
	}
	if (argc - optind > 1) {
		ctl_error("expected at most one PID, found %d; try 'ldbtctl stat --help'", argc - optind);
		return false;
	}
	opt->vm = argv[optind];
	return true;
}

/* vm-17-5 is VM 5 of process 17: "17" means every VM of that process, "17-5" one of them. */
static bool is_meant(const struct stat_options *opt, const char *name)
{
	size_t len;

	if (strncmp(name, VM_PREFIX, strlen(VM_PREFIX)))
		return false;
	if (!opt->vm)
		return true;
	name += strlen(VM_PREFIX);
	len = strlen(opt->vm);
	return !strncmp(name, opt->vm, len) && (!name[len] || name[len] == '-');
}

/* false: no VM, or it has just ended */
static bool read_vm(const struct stat_options *opt, const char *name, struct stats_list *list)
{
	char path[PATH_BYTES];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s/stats", opt->dir, name);
	f = fopen(path, "r");
	if (!f)
		return false;
	stats_from_text(f, list);
	fclose(f);
	return list->count > 0;
}

static int print_all(const struct stat_options *opt, DIR *dir, cJSON *all)
{
	struct stats_list list;
	struct dirent *entry;
	int found = 0;

	while ((entry = readdir(dir))) {
		if (!is_meant(opt, entry->d_name) || !read_vm(opt, entry->d_name, &list))
			continue;
		found++;
		if (all) {
			cJSON_AddItemToObject(all, entry->d_name, stats_to_json(&list));
			continue;
		}
		printf("%s\n", entry->d_name);
		stats_print_text(stdout, &list);
	}
	return found;
}

static int print_json(const struct stat_options *opt, DIR *dir)
{
	cJSON *all = cJSON_CreateObject();
	int found = print_all(opt, dir, all);
	char *text = all ? cJSON_Print(all) : NULL;

	puts(text ? text : "{}");
	cJSON_free(text);
	cJSON_Delete(all);
	return found;
}

static int stat_main(int argc, char **argv)
{
	struct stat_options opt = { .dir = STAT_DIR };
	int status, found;
	DIR *dir;

	if (!parse_options(argc, argv, &opt, &status))
		return status;
	dir = opendir(opt.dir);
	if (!dir) {
		ctl_error("%s: %s; expected the module loaded, debugfs mounted, and root", opt.dir, strerror(errno));
		return STATUS_FAILED;
	}
	found = opt.json ? print_json(&opt, dir) : print_all(&opt, dir, NULL);
	closedir(dir);
	if (!found)
		ctl_error("found no running VM%s%s", opt.vm ? " of process " : "", opt.vm ? opt.vm : "");
	return found ? STATUS_OK : STATUS_FAILED;
}

const struct command cmd_stat = { "stat", "prints the counters of running guests", stat_main };
