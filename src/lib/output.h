/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where a result goes to, looked at before anything is measured.
 */
#ifndef IOMMUBENCH_LIB_OUTPUT_H
#define IOMMUBENCH_LIB_OUTPUT_H

/**
 * output_probe() - can a result be written to this file?
 * @path: the file; it is left as it is
 *
 * A temporary file next to it is made as large as a result gets, and removed.
 *
 * Return: an enum exit_status, after one line on stderr unless EXIT_DONE.
 */
int output_probe(const char *path);

#endif
