// SPDX-License-Identifier: GPL-2.0-only
/*
 * What distributions call the packages of their kernels.
 */
#include <stdlib.h>
#include <string.h>

#include "base/fs.h"
#include "base/xalloc.h"
#include "doctor/internal.h"

/*
 * What is installed by which command, under the ID or ID_LIKE of os-release(5). The release of the
 * kernel belongs behind a name that ends in a dash.
 */
static const struct {
	const char *id;
	const char *what;
	const char *command;
} packages[] = {
	{ "ubuntu", "headers", "apt install linux-headers-" },
	{ "ubuntu", "cpupower", "apt install linux-tools-" },
	{ "debian", "headers", "apt install linux-headers-" },
	{ "debian", "cpupower", "apt install linux-cpupower" },
	{ "fedora", "headers", "dnf install kernel-devel-" },
	{ "fedora", "cpupower", "dnf install kernel-tools" },
};

/* Of os-release: the value of a key without its quotes, a string that the caller frees. */
static char *value_of(const char *text, const char *key)
{
	size_t n = strlen(key);
	const char *at;
	char *value;

	for (at = text; at; at = strchr(at, '\n') ? strchr(at, '\n') + 1 : NULL) {
		if (strncmp(at, key, n) || at[n] != '=')
			continue;
		at += n + 1;
		at += *at == '"';
		value = xasprintf("%.*s", (int)strcspn(at, "\"\n"), at);
		return value;
	}
	return xstrdup("");
}

static bool type_one(const struct doctor_facts *facts, struct doctor_finding *f, const char *ids,
		     const char *what)
{
	size_t i;

	for (i = 0; i < sizeof(packages) / sizeof(packages[0]); i++) {
		const char *command = packages[i].command;

		if (strcmp(packages[i].what, what) || !line_has_word(ids, packages[i].id))
			continue;
		doctor_type(f, "%s%s", command,
			    command[strlen(command) - 1] == '-' ? facts->topo.kernel : "");
		return true;
	}
	return false;
}

void doctor_type_install(const struct doctor_facts *facts, struct doctor_finding *f,
			 const char *what)
{
	char *id, *like;
	size_t n;
	char *text = (char *)fs_bytes(facts->root, &n, "/etc/os-release");

	if (!text)
		return;
	id = value_of(text, "ID");
	like = value_of(text, "ID_LIKE");
	if (!type_one(facts, f, id, what))
		type_one(facts, f, like, what);
	free(like);
	free(id);
	free(text);
}
