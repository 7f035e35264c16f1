/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Devices that stand for what is asked of a driver of the kernel's: see client.c.
 */
#ifndef IOMMUBENCH_CLIENT_H
#define IOMMUBENCH_CLIENT_H

int bench_clients_register(void);
void bench_clients_unregister(void);

#endif /* IOMMUBENCH_CLIENT_H */
