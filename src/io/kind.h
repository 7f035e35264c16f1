/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Results of io as a kind.
 */
#ifndef IOMMUBENCH_IO_KIND_H
#define IOMMUBENCH_IO_KIND_H

#include "points/kind.h"

extern const struct result_kind io_kind;

#endif
