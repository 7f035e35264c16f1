# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# Completion of iommubench for bash. The tool makes it from its own tables of options, so that it is always of the one
# that is installed.
eval "$(iommubench --completion bash 2>/dev/null)"
