/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How a case of a life cycle went.
 */
#ifndef IOMMUBENCH_PASID_LIFECYCLE_OUTCOME_H
#define IOMMUBENCH_PASID_LIFECYCLE_OUTCOME_H

#include <stdint.h>

enum lifecycle_verdict {
	LIFECYCLE_PASSED = 0,
	LIFECYCLE_FAILED,
	LIFECYCLE_SKIPPED,
};

/**
 * struct lifecycle_outcome - how a case went
 * @verdict: enum lifecycle_verdict
 * @text: what happened, in plain words
 * @processes: processes that were bound and ended
 * @sva_missing: why processes cannot be bound, NULL when they can
 */
struct lifecycle_outcome {
	enum lifecycle_verdict verdict;
	char text[256];
	uint64_t processes;
	const char *sva_missing;
};

/**
 * lifecycle_judge() - note how a case went; the first failure counts
 * @o: the outcome
 * @v: enum lifecycle_verdict
 * @fmt: what happened, in plain words
 */
void lifecycle_judge(struct lifecycle_outcome *o, enum lifecycle_verdict v, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

#define FAILED(o, ...)	lifecycle_judge(o, LIFECYCLE_FAILED, __VA_ARGS__)
#define PASSED(o, ...)	lifecycle_judge(o, LIFECYCLE_PASSED, __VA_ARGS__)
#define SKIPPED(o, ...)	lifecycle_judge(o, LIFECYCLE_SKIPPED, __VA_ARGS__)

#endif
