/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The part of completion that is the same for all subcommands, in each shell's own language. What
 * completion.c prints before has a function for each subcommand.
 */
#ifndef IOMMUBENCH_CLI_COMPLETION_TEXT_H
#define IOMMUBENCH_CLI_COMPLETION_TEXT_H

/*
 * The function of a subcommand sets $options, and for an option $kind and $words; it fails for one
 * without a value. bash takes a word of the command line for several where there is a "=" or ":" in
 * it, and wants what is to be in place of the last of these only.
 */
#define COMPLETION_BASH \
	" --help --version --completion'\n" \
	"\n" \
	"_iommubench()\n" \
	"{\n" \
	"\tlocal line=${COMP_LINE:0:COMP_POINT} option='' value='' lead='' cut='' c='' before='' sub=''\n" \
	"\tlocal options='' kind=options words='' list=''\n" \
	"\tlocal -a all\n" \
	"\n" \
	"\tCOMPREPLY=()\n" \
	"\tvalue=${line##*[[:space:]]}\n" \
	"\tread -ra all <<<\"${line%\"$value\"}\"\n" \
	"\tfor c in = :; do\n" \
	"\t\tbefore=${value%\"${value##*\"$c\"}\"}\n" \
	"\t\t[[ $COMP_WORDBREAKS != *\"$c\"* ]] || ((${#before} <= ${#cut})) || cut=$before\n" \
	"\tdone\n" \
	"\tsub=_iommubench_${all[1]-}\n" \
	"\tif ((${#all[@]} < 2)); then\n" \
	"\t\toptions=$_iommubench_subcommands\n" \
	"\telif [[ ${all[1]} == --completion ]]; then\n" \
	"\t\tkind=word words='bash zsh'\n" \
	"\telif ! declare -F \"$sub\" >/dev/null; then\n" \
	"\t\treturn\n" \
	"\telif [[ $value == --*=* ]]; then\n" \
	"\t\tlead=${value%%=*}= value=${value#*=}\n" \
	"\t\t\"$sub\" \"${lead%=}\" || return\n" \
	"\telif ((${#all[@]} > 2)) && \"$sub\" \"${all[-1]}\"; then\n" \
	"\t\t:\n" \
	"\telif [[ $value == -* ]]; then\n" \
	"\t\t\"$sub\" --help\n" \
	"\telse\n" \
	"\t\t\"$sub\" ''\n" \
	"\tfi\n" \
	"\tcase $kind in\n" \
	"\toptions) list=$(compgen -W \"$options\" -- \"$value\") ;;\n" \
	"\tword) list=$(compgen -W \"$words\" -- \"$value\") ;;\n" \
	"\tlist)\n" \
	"\t\tbefore=${value%\"${value##*,}\"}\n" \
	"\t\tlist=$(compgen -P \"$before\" -W \"$words\" -- \"${value##*,}\")\n" \
	"\t\t;;\n" \
	"\tdevice)\n" \
	"\t\tlist=$(compgen -W \"$words $(cd /dev/iommubench 2>/dev/null && echo *)\" -- \"$value\") ;;\n" \
	"\tfile) list=$(compgen -f -- \"$value\") ;;\n" \
	"\tfolder) list=$(compgen -d -- \"$value\") ;;\n" \
	"\tesac\n" \
	"\t[[ -n $list ]] || return\n" \
	"\tmapfile -t COMPREPLY <<<\"$list\"\n" \
	"\tCOMPREPLY=(\"${COMPREPLY[@]/#/$lead}\")\n" \
	"\tCOMPREPLY=(\"${COMPREPLY[@]#\"$cut\"}\")\n" \
	"\tcase $kind in\n" \
	"\tfile | folder) compopt -o filenames 2>/dev/null ;;\n" \
	"\tesac\n" \
	"\t[[ ${COMPREPLY[0]} != *= ]] || compopt -o nospace 2>/dev/null\n" \
	"}\n" \
	"\n" \
	"complete -F _iommubench iommubench\n"

/* The function of a subcommand completes what comes after its name. */
#define COMPLETION_ZSH \
	"\t)\n" \
	"\t_describe subcommand subcommands\n" \
	"}\n" \
	"\n" \
	"_iommubench()\n" \
	"{\n" \
	"\tif ((CURRENT == 2)); then\n" \
	"\t\t_iommubench_subcommands\n" \
	"\t\t_arguments '(-)'{-h,--help}'[what there is]' '(-)'{-V,--version}'[the version]' \\\n" \
	"\t\t\t'(-)--completion[what a shell needs to complete command lines]:SHELL:(bash zsh)'\n" \
	"\telif [[ $words[2] == --completion ]]; then\n" \
	"\t\tcompadd -- bash zsh\n" \
	"\telif (($+functions[_iommubench_$words[2]])); then\n" \
	"\t\tshift words\n" \
	"\t\t((CURRENT--))\n" \
	"\t\t_iommubench_$words[1]\n" \
	"\tfi\n" \
	"}\n" \
	"\n" \
	"((!$+functions[compdef])) || compdef _iommubench iommubench\n"

#endif
