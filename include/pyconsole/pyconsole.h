/* All of pyconsole's C API but <pyconsole/python.h>, which needs Python.h. */
#ifndef PYCONSOLE_PYCONSOLE_H
#define PYCONSOLE_PYCONSOLE_H

#include <pyconsole/assist.h>
#include <pyconsole/console.h>
#include <pyconsole/main.h>
#include <pyconsole/session.h>
#include <pyconsole/shared.h>
#include <pyconsole/status.h>

#endif
