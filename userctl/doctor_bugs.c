// SPDX-License-Identifier: GPL-2.0-only
/* doctor_bugs.c: the processor's vulnerabilities: what stands against each where a guest is entered and left, and what does not.
 *
 * Linux mitigates most of them where it enters or leaves user space, a way the sealed world does not take: the module does
 * the same work itself, and its parameter `mitigations` tells which. Next file: doctor.h. */
#include <stdio.h>
#include <string.h>

#include "doctor.h"

enum { PATH_BYTES = 512, LINE_BYTES = 512, LIST_BYTES = DOCTOR_TEXT_BYTES / 3 };

/* Words of the parameter, any of which stands against the bug. NULL: nothing has to be done at the border, because */
#define BY_LAYOUT NULL

static const struct bug {
	const char *name; /* its file in the vulnerabilities folder */
	const char *words;
} bugs[] = {
	{ "gather_data_sampling", BY_LAYOUT },	    /* the processor itself holds the data back */
	{ "indirect_target_selection", BY_LAYOUT }, /* the kernel's indirect branches are placed out of reach */
	{ "itlb_multihit", "small-gate" },
	{ "l1tf", BY_LAYOUT }, /* an entry that is not present is 0 in all tables of the world */
	{ "mds", "verw verw-guest" },
	{ "meltdown", BY_LAYOUT }, /* the world maps nothing of the host's memory */
	{ "mmio_stale_data", "verw verw-guest" },
	{ "reg_file_data_sampling", "verw verw-guest" },
	{ "retbleed", "ibrs untrain-returns untrain-alias ibpb" },
	{ "spec_rstack_overflow", "untrain-returns untrain-alias ibpb ibpb-guest" },
	{ "spectre_v2", "return-stack branch-history ibrs" },
	{ "srbds", BY_LAYOUT }, /* the processor itself holds the data back */
	{ "tsa", "verw verw-guest" },
	{ "tsx_async_abort", "verw verw-guest" },
	{ "vmscape", "" }, /* would need a barrier before each return to ldbtctl */
};

/* One word of a list that is separated by blanks. */
static bool has_word(const char *list, const char *word, size_t len)
{
	const char *at;

	for (at = list; (at = strstr(at, word)); at++) {
		char end = at[len];

		if ((at == list || at[-1] == ' ') && (!end || end == ' '))
			return true;
	}
	return false;
}

static bool has_any(const char *list, const char *words)
{
	char word[LINE_BYTES];
	size_t len;

	for (; *words; words += len + (words[len] == ' ')) {
		len = strcspn(words, " ");
		snprintf(word, sizeof(word), "%.*s", (int)len, words);
		if (has_word(list, word, len))
			return true;
	}
	return false;
}

static void list_add(char *list, const char *name)
{
	size_t len = strlen(list);

	snprintf(list + len, LIST_BYTES - len, "%s%s", len ? " " : "", name);
}

enum state { NOT_AFFECTED, MITIGATED, VULNERABLE };

static enum state state_of(const struct doctor_host *host, const char *bug)
{
	char path[PATH_BYTES], line[LINE_BYTES];

	doctor_path(host, path, sizeof(path), "/sys/devices/system/cpu/vulnerabilities/%s", bug);
	if (!doctor_read_line(path, line, sizeof(line)) || !strncmp(line, "Not affected", strlen("Not affected")))
		return NOT_AFFECTED;
	/* "Mitigation: Clear CPU buffers; SMT vulnerable" speaks of the neighbour on the same core */
	return strncmp(line, "Vulnerable", strlen("Vulnerable")) ? MITIGATED : VULNERABLE;
}

static bool stands_against(const struct bug *bug, enum state state, const char *mitigations)
{
	return !bug->words || (state == MITIGATED && has_any(mitigations, bug->words));
}

static void check_bugs(const struct doctor_host *host, struct doctor_report *report)
{
	char path[PATH_BYTES], mitigations[LINE_BYTES] = "", open[LIST_BYTES] = "", closed[LIST_BYTES] = "";
	bool is_told;
	size_t i;

	doctor_path(host, path, sizeof(path), "/sys/module/ldbt/parameters/mitigations");
	is_told = doctor_read_line(path, mitigations, sizeof(mitigations));
	for (i = 0; i < sizeof(bugs) / sizeof(bugs[0]); i++) {
		enum state state = state_of(host, bugs[i].name);

		if (state != NOT_AFFECTED)
			list_add(stands_against(&bugs[i], state, mitigations) ? closed : open, bugs[i].name);
	}
	if (!open[0] && !closed[0]) {
		doctor_found(report, DOCTOR_OK, "this processor needs no care where guests enter and leave");
		return;
	}
	if (!open[0]) {
		doctor_found(report, DOCTOR_OK, "the module stands against: %s", closed);
		return;
	}
	if (!is_told) {
		doctor_found(report, DOCTOR_WARN, "guests may spy on this host unless the module stands against: %s",
			     open);
		doctor_advise(report, "modprobe ldbt, then run this again: it tells what it does");
		return;
	}
	doctor_found(report, DOCTOR_WARN, "guests may spy on this host by: %s%s%s", open,
		     closed[0] ? "; the module stands against: " : "", closed);
	doctor_advise(report, "run only guests that you trust; what Linux calls vulnerable, the module leaves open too "
			      "(kernel options mitigations=, microcode)");
}

const struct doctor_check doctor_bug_checks[] = {
	{ "vulnerabilities", check_bugs },
	{ NULL, NULL },
};
