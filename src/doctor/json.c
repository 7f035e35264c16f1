// SPDX-License-Identifier: GPL-2.0-only
/*
 * The report as JSON; results/schema/iommubench-doctor-1.schema.json tells what is in it.
 */
#include "doctor/doctor.h"
#include "text/json.h"

static json_t *text_or_null(const char *s)
{
	return s && *s ? xjson_text(s) : json_null();
}

static json_t *checks(const struct doctor_report *report)
{
	json_t *array = xjson(json_array());
	size_t i, k;

	for (i = 0; i < report->n; i++) {
		const struct doctor_finding *f = &report->findings[i];
		json_t *check = xjson(json_object()), *commands = xjson(json_array());

		for (k = 0; k < f->commands.n; k++)
			xjson_add(commands, xjson_text(f->commands.line[k]));
		json_put_text(check, "name", f->name);
		json_put_text(check, "state", doctor_state_word(f->state));
		json_put_text(check, "text", f->text);
		xjson_put(check, "commands", commands);
		xjson_add(array, check);
	}
	return array;
}

json_t *doctor_json(const struct doctor_report *report, const struct doctor_facts *facts)
{
	json_t *doctor = xjson(json_object()), *tool = xjson(json_object());
	json_t *machine = xjson(json_object());

	json_put_text(tool, "name", "iommubench");
	json_put_text(tool, "version", IOMMUBENCH_VERSION);
	json_put_text(tool, "subcommand", "doctor");
	xjson_put(machine, "virtual", xjson(json_boolean(facts->topo.is_virtual)));
	xjson_put(machine, "kernel", text_or_null(facts->topo.kernel));
	xjson_put(machine, "model", text_or_null(facts->topo.model));
	json_put_text(doctor, "schema", DOCTOR_SCHEMA);
	xjson_put(doctor, "tool", tool);
	xjson_put(doctor, "machine", machine);
	xjson_put(doctor, "measurable", xjson(json_boolean(!report->count[DOCTOR_FAIL])));
	json_put_text(doctor, "summary", report->summary);
	xjson_put(doctor, "first_command", text_or_null(report->first));
	xjson_put(doctor, "disk_command", text_or_null(report->disk));
	xjson_put(doctor, "checks", checks(report));
	return doctor;
}
