// SPDX-License-Identifier: GPL-2.0-only
#include "text/json.h"

#include "base/plain.h"

static void plain_keys(json_t *object)
{
	const char *key;
	json_t *value;
	void *next;

	json_object_foreach_safe(object, next, key, value) {
		char *name;

		if (is_plain(key))
			continue;
		name = plain(xstrdup(key));
		json_incref(value);
		json_object_del(object, key);
		xjson_put(object, name, value);
		free(name);
	}
}

void json_make_plain(json_t *j)
{
	const char *key;
	json_t *value;
	char *text;
	size_t i;

	switch (j ? json_typeof(j) : JSON_NULL) {
	case JSON_STRING:
		if (is_plain(json_string_value(j)))
			break;
		text = plain(xstrdup(json_string_value(j)));
		if (json_string_set(j, text))
			xcheck(NULL);
		free(text);
		break;
	case JSON_ARRAY:
		json_array_foreach(j, i, value)
			json_make_plain(value);
		break;
	case JSON_OBJECT:
		plain_keys(j);
		json_object_foreach(j, key, value)
			json_make_plain(value);
		break;
	default:
		break;
	}
}
