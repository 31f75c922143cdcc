/* Names and meanings of the statuses, from their one list. */
#include <pyconsole/status.h>

#define PYCONSOLE_NAME_CASE(name, number, text)                                        \
    case number:                                                                       \
        return "PYCONSOLE_" #name;
#define PYCONSOLE_TEXT_CASE(name, number, text)                                        \
    case number:                                                                       \
        return text;

const char *
pyconsole_status_name(int status)
{
    switch (status) {
        PYCONSOLE_STATUSES(PYCONSOLE_NAME_CASE)
    default:
        return "PYCONSOLE_?";
    }
}

const char *
pyconsole_status_text(int status)
{
    switch (status) {
        PYCONSOLE_STATUSES(PYCONSOLE_TEXT_CASE)
    default:
        return "not a status";
    }
}

int
pyconsole_version_number(void)
{
    return PYCONSOLE_VERSION_NUMBER;
}
