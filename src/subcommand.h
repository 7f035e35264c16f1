/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A subcommand is one row of the table in iommubench.c and one file.
 */
#ifndef IOMMUBENCH_SUBCOMMAND_H
#define IOMMUBENCH_SUBCOMMAND_H

/**
 * struct subcommand - one row of the table
 * @name: what the user types
 * @summary: one line for the list of subcommands
 * @run: gets "iommubench NAME" as argv[0] and what follows the name after it;
 *	returns an enum exit_status
 */
struct subcommand {
	const char *name;
	const char *summary;
	int (*run)(int argc, char **argv);
};

int doctor_main(int argc, char **argv);
int io_main(int argc, char **argv);
int iopf_main(int argc, char **argv);
int list_events_main(int argc, char **argv);
int map_unmap_main(int argc, char **argv);
int pasid_main(int argc, char **argv);
int report_main(int argc, char **argv);
int tlb_flush_main(int argc, char **argv);
int topo_main(int argc, char **argv);

#endif
