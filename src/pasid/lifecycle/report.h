/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Cases of what becomes of PASIDs, done one after the other and written down.
 */
#ifndef IOMMUBENCH_PASID_LIFECYCLE_REPORT_H
#define IOMMUBENCH_PASID_LIFECYCLE_REPORT_H

#include <stdint.h>

#include "measure/session.h"

/**
 * lifecycle_report() - do cases, look for leaks after each, and deliver the result
 * @s: session with an open device that nobody else uses
 * @wanted: bit i: entry i of lifecycle_cases
 * @max_pasids: PASIDs that the device has
 *
 * Return: an enum exit_status, after one line on stderr unless EXIT_DONE. Cases that this machine
 * cannot do are no failure unless all are.
 */
int lifecycle_report(struct session *s, uint32_t wanted, uint32_t max_pasids);

#endif
