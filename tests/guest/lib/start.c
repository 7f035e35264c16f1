// SPDX-License-Identifier: GPL-2.0-only
/*
 * start [-n] COMMAND...: run a command as a terminal would, with SIGINT and SIGQUIT
 * doing what they usually do (a shell's background jobs ignore them), and with -n
 * as nobody.
 */
#include <errno.h>
#include <grp.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	char **command = argv + 1;

	signal(SIGINT, SIG_DFL);
	signal(SIGQUIT, SIG_DFL);
	if (argc > 1 && !strcmp(argv[1], "-n")) {
		command++;
		if (setgroups(0, NULL) || setgid(65534) || setuid(65534)) {
			fprintf(stderr, "start: cannot become nobody: %s\n", strerror(errno));
			return 125;
		}
	}
	execvp(command[0], command);
	fprintf(stderr, "start: %s: %s\n", command[0], strerror(errno));
	return 127;
}
