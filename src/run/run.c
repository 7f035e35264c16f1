// SPDX-License-Identifier: GPL-2.0-only
#include "run/run.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#include "base/error.h"
#include "run/series.h"
#include "text/progress.h"

/* Return: the exit status that a refusal of the module deserves. */
static int refusal_status(int err)
{
	switch (err) {
	case -EINVAL:
	case -E2BIG:
	case -ERANGE:
		return EXIT_USAGE;
	case -EPROTO:
		return EXIT_CHECK_FAILED;
	default:
		return EXIT_UNABLE;
	}
}

static int fetch_result(struct run_link *link, struct run_outcome *o)
{
	struct iommubench_result result = {
		.size = sizeof(result),
		.message = (uintptr_t)o->message,
		.message_bytes = sizeof(o->message),
	};
	int ret;

	ret = run_command(link, IOMMUBENCH_IOC_RESULT, &result);
	o->message[sizeof(o->message) - 1] = '\0';
	if (ret == -ENODEV) {
		o->end = IOMMUBENCH_END_REMOVED;
		return 0;
	}
	if (ret)
		return ret;
	o->end = (int)result.end;
	o->error = result.error;
	o->batch = result.batch;
	o->window = result.window;
	memcpy(o->checks, result.checks, sizeof(o->checks));
	return 0;
}

int run_prepare(struct run_link *link, struct iommubench_run *desc, void **area)
{
	char message[IOMMUBENCH_MESSAGE_BYTES] = "";
	int ret;

	desc->message = (uintptr_t)message;
	desc->message_bytes = sizeof(message);
	if (link->memory)
		memory_report_begin(link->memory);
	ret = run_command(link, IOMMUBENCH_IOC_PREPARE, desc);
	message[sizeof(message) - 1] = '\0';
	desc->message = 0;
	desc->message_bytes = 0;
	if (ret)
		return error_fail(refusal_status(ret), "%s", *message ? message : strerror(-ret));
	if (!run_layout_ok(desc))
		return error_fail(EXIT_UNABLE,
				  "the module describes its pages in a way that cannot be: install module and tool of the same version");
	*area = mmap(NULL, desc->mmap_bytes, PROT_READ, MAP_SHARED, link->fd, 0);
	if (*area == MAP_FAILED)
		return error_fail(EXIT_UNABLE, "cannot map the module's histograms: %m");
	if (link->prepared)
		link->prepared(link->prepared_arg);
	return EXIT_DONE;
}

int run_start_failed(int err)
{
	return error_fail(refusal_status(err), "cannot start the run: %s", strerror(-err));
}

void run_collect(struct run_link *link, const struct iommubench_run *desc, void *area, int waited,
		 struct run_outcome *o)
{
	int ret;

	if (waited == -ECANCELED) {
		o->abandoned = true;
	} else if (waited == -ENODEV) {
		o->end = IOMMUBENCH_END_REMOVED;
	} else if (waited) {
		o->end = IOMMUBENCH_END_ERROR;
		o->error = -waited;
		snprintf(o->message, sizeof(o->message), "cannot wait for the end of the run: %s",
			 strerror(-waited));
	}
	/* The result is told once the run's domains are gone. */
	if (!o->abandoned && link->memory)
		memory_report_end(link->memory, link->fd);
	if (!o->abandoned) {
		ret = fetch_result(link, o);
		if (ret) {
			o->end = IOMMUBENCH_END_ERROR;
			o->error = -ret;
			snprintf(o->message, sizeof(o->message),
				 "cannot fetch the result of the run: %s", strerror(-ret));
		}
	}
	run_collect_pages(o, desc, area);
	if (link->series)
		series_run_ended(link->series, o);
	munmap(area, desc->mmap_bytes);
}

int run_execute(struct run_link *link, struct iommubench_run *desc, const char *label, bool quiet,
		const struct run_gates *gates, struct run_outcome *o)
{
	struct progress own;
	struct run_awaited run = { .link = link, .desc = desc };
	struct run_wait w = {
		.runs = &run,
		.nr = 1,
		.ring = &link->ring,
		.gates = gates,
		.progress = link->progress,
	};
	void *area;
	int ret;

	*o = (struct run_outcome){ .end = IOMMUBENCH_END_STOPPED };
	if (run_interrupted(link))
		return EXIT_DONE;
	if (gates)
		desc->flags |= IOMMUBENCH_RUN_GATES;
	if (gates && gates->phase)
		desc->flags |= IOMMUBENCH_RUN_PHASES;
	ret = run_prepare(link, desc, &area);
	if (ret)
		return ret;
	run.area = area;
	ret = run_start_all(&w);
	if (!ret)
		ret = run.err;
	if (ret) {
		munmap(area, desc->mmap_bytes);
		return run_start_failed(ret);
	}
	if (!w.progress) {
		w.progress = &own;
		progress_start(&own, label,
			       desc->duration_ns ? desc->duration_ns + desc->warmup_ns : 0,
			       desc->count, quiet);
	}
	run_wait_all(&w);
	progress_end(w.progress);
	run_collect(link, desc, area, run.waited, o);
	return EXIT_DONE;
}
