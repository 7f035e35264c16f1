/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What has to be put back on a device, kept where the next measurement finds it.
 *
 * Before something is changed for a while, a file /run/iommubench/DEVICE.SUFFIX says what was
 * there. It is on disk before the change, and lasts until all is back. Who works with a device
 * holds a lock on /run/iommubench/DEVICE.lock, which the kernel drops when the process dies: so a
 * file without a lock is what a crash left.
 */
#ifndef IOMMUBENCH_DEVICE_SAVED_STATE_H
#define IOMMUBENCH_DEVICE_SAVED_STATE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/lines.h"

#define SAVED_STATE_DIR	"/run/iommubench"
/* Endings of files: the group's domain type, and that the device is with our second driver. */
#define SAVED_STATE_TYPE	".restore"
#define SAVED_STATE_DRIVER	".rebound"

/**
 * saved_state_lock() - keep other invocations of the tool off a device
 * @device: name of the device
 *
 * Return: a lock that saved_state_unlock() gives back; or -1 with errno, which is EWOULDBLOCK when
 * another process has it, and otherwise after a line on stderr for who wants details.
 */
int saved_state_lock(const char *device);

/**
 * saved_state_owner() - the process that has the lock
 * @device: name of the device
 * @pid: receives its number, "?" when not told
 * @n: room at @pid
 */
void saved_state_owner(const char *device, char *pid, size_t n);

/**
 * saved_state_unlock() - give a lock back
 * @device: name of the device
 * @lock: from saved_state_lock()
 */
void saved_state_unlock(const char *device, int lock);

/**
 * saved_state_keep() - write down what was there; all of it is on disk then, or nothing
 * @device: a device that is locked
 * @suffix: ending of the file's name, with its dot
 * @text: what it says
 *
 * Return: 0, or -1 with errno set.
 */
int saved_state_keep(const char *device, const char *suffix, const char *text);

/**
 * saved_state_kept() - is something written down?
 * @device: name of the device
 * @suffix: ending of the file's name, which tells what is written down
 */
bool saved_state_kept(const char *device, const char *suffix);

/**
 * saved_state_read() - what is written down
 * @device: name of the device
 * @suffix: ending of the file's name
 * @text: receives the line without its end
 * @n: room at @text
 *
 * Return: 0, or -1 with errno set.
 */
int saved_state_read(const char *device, const char *suffix, char *text, size_t n);

/**
 * saved_state_forget() - all is back: remove the file, if it is there
 * @device: name of the device
 * @suffix: ending of the file's name
 */
void saved_state_forget(const char *device, const char *suffix);

/**
 * saved_state_left() - which devices have to be put right, and nobody is at work on them
 * @devices: receives their names, each once
 *
 * Changes nothing. Whoever is not root sees none.
 */
void saved_state_left(struct lines *devices);

/**
 * saved_state_repair() - go through the files with one suffix, before a measurement
 * @suffix: ending of the files' names
 * @repair: is called with the name of each file's device, while no signal can come; it locks the
 *	device, and leaves alone what is locked
 */
void saved_state_repair(const char *suffix, void (*repair)(const char *device));

#endif
