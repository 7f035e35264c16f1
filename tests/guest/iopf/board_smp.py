# SPDX-License-Identifier: GPL-2.0-only
"""What the results of board_smp.sh say."""


def check(tap, results, _out):
    tap.equal(results["cold"]["iopf"]["faulted"], 20, "each access to a file on disk faulted")
    tap.equal(results["cold"].check("read_data")["failures"], 0, "and read what is there")
    tap.equal(results["many"].check("written_data"),
              {"name": "written_data", "count": 200, "failures": 0}, "all data arrived")
    tap.equal(results["inflight"].check("answered")["failures"], 0, "every access ended")
