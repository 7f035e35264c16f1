// SPDX-License-Identifier: GPL-2.0-only
#include "measure/invocation.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/error.h"
#include "base/xalloc.h"
#include "events/perf_pmu.h"

static int probe(const struct invocation *v)
{
	struct point_files files = {
		.o = &v->s->o,
		.several = v->devices.together || v->points,
	};

	return point_files_probe(&files);
}

/* Locks and opens each of them; before any runs. */
static int begin(struct invocation *v, const char *const *names, unsigned int nr)
{
	struct devices *d = &v->devices;
	int ret;

	d->members = xcalloc(nr, sizeof(*d->members));
	d->limit_ns = v->s->o.run_limit_ns;
	d->lenient = v->lenient;
	v->sessions = xcalloc(nr, sizeof(*v->sessions));
	while (d->nr < nr) {
		struct session *s = v->s;

		if (d->together) {
			s = &v->sessions[d->nr];
			*s = *v->s;
			s->o.device = names[d->nr];
		}
		d->members[d->nr++].s = s;
		ret = session_begin(s, v->domain_type);
		if (!ret)
			ret = v->check(v->arg, s);
		if (ret)
			return ret;
	}
	return EXIT_DONE;
}

static int connect_and_measure(struct invocation *v)
{
	int ret = devices_connect(&v->devices, v->threads ? v->threads(v->arg) : v->s->o.threads);

	return ret ? ret : v->measure(v->arg);
}

static int end(struct invocation *v)
{
	struct devices *d = &v->devices;
	int ret;

	/* It may not even have begun. */
	if (!d->together && !d->nr)
		return session_end(v->s);
	ret = devices_end(d);
	if (d->together) {
		perf_pmu_names_free(&v->s->o.events);
		close(v->s->signals);
	}
	return ret;
}

int invocation_run(struct invocation *v)
{
	const struct options *o = &v->s->o;
	unsigned int i, found = 0;
	char **names = NULL;
	int ret, ended;

	v->devices.together = options_several(o);
	ret = probe(v);
	if (!ret)
		session_repair();
	if (!ret && o->all_devices)
		ret = device_list(&names, &found);
	if (!ret && v->devices.together)
		ret = begin(v, names ? (const char *const *)names : (const char *const *)o->devices,
			    names ? found : o->nr_devices);
	else if (!ret)
		ret = begin(v, NULL, 1);
	if (!ret)
		ret = connect_and_measure(v);
	ended = end(v);
	if (!ret && v->conclude)
		ret = v->conclude(v->arg);
	for (i = 0; i < found; i++)
		free(names[i]);
	free(names);
	return ret ? ret : ended;
}

void invocation_free(struct invocation *v)
{
	free(v->devices.members);
	free(v->sessions);
}
