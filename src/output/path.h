/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where a result goes to, looked at before anything is measured.
 */
#ifndef IOMMUBENCH_OUTPUT_PATH_H
#define IOMMUBENCH_OUTPUT_PATH_H

#include <stdbool.h>

/**
 * output_is_folder() - are results to have names of their own there?
 * @path: as the user gave it
 *
 * Return: it has a slash at its end, or is a folder already.
 */
bool output_is_folder(const char *path);

/**
 * output_probe() - can a result be written to this file, which is no folder?
 * @path: the file; it is left as it is
 *
 * A temporary file next to it is made as large as a result gets, and removed.
 *
 * Return: an enum exit_status, after one line on stderr unless EXIT_DONE.
 */
int output_probe(const char *path);

/**
 * output_probe_points() - the same for several results of one invocation
 * @path: see output_point_path(); a folder that is named with a slash at its end is made
 *
 * Names may get longer than that of the index, so there has to be room for them.
 *
 * Return: an enum exit_status, after one line on stderr unless EXIT_DONE.
 */
int output_probe_points(const char *path);

/**
 * output_point_path() - where one of several results goes
 * @path: a folder, with a slash at its end or there already, or the name of a file
 * @point: a word for what the result is about
 *
 * Return: FOLDER/POINT.json, or NAME-POINT.json for a file NAME.json, in memory that the
 * caller frees.
 */
char *output_point_path(const char *path, const char *point);

/**
 * output_one_path() - where the only result goes
 * @path: a folder as in output_point_path(), or the file itself
 * @name: a word for the result, for a folder
 *
 * Return: the file, in memory that the caller frees.
 */
char *output_one_path(const char *path, const char *name);

#endif
