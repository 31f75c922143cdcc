/* The interpreter of a C host: taken over or started; see <pyconsole/console.h>. */
#include "embed/handle.h"

#include <string.h>

bool
pc_copy_options(void *known, size_t size, const void *options)
{
    if (options == NULL) {
        return true;
    }
    size_t given = 0;
    memcpy(&given, options, sizeof given);
    if (given < 2 * sizeof given) {
        return false;
    }
    memcpy(known, options, given < size ? given : size);
    memcpy(known, &size, sizeof size);
    return true;
}

static int
fail(pyconsole_error *error, int status, const char *message)
{
    if (error != NULL) {
        error->status = status;
        pc_copy_message(error->message, sizeof error->message, message);
    }
    return status;
}

static PyStatus
configure(PyConfig *config, const pyconsole_python_options *options)
{
    config->parse_argv = 0;
    config->install_signal_handlers = 0;
    config->configure_c_stdio = 0;
    if (options->executable == NULL) {
        return PyStatus_Ok();
    }
    PyStatus status =
        PyConfig_SetBytesString(config, &config->program_name, options->executable);
    if (PyStatus_Exception(status)) {
        return status;
    }
    return PyConfig_SetBytesString(config, &config->executable, options->executable);
}

static PyStatus
start_interpreter(const pyconsole_python_options *options)
{
    PyPreConfig preconfig;
    PyConfig config;
    if (options->isolated) {
        PyPreConfig_InitIsolatedConfig(&preconfig);
        PyConfig_InitIsolatedConfig(&config);
    }
    else {
        PyPreConfig_InitPythonConfig(&preconfig);
        PyConfig_InitPythonConfig(&config);
    }
    preconfig.configure_locale = 0;
    preconfig.utf8_mode = 1;
    PyStatus status = Py_PreInitialize(&preconfig);
    if (!PyStatus_Exception(status)) {
        status = configure(&config, options);
    }
    if (!PyStatus_Exception(status)) {
        status = Py_InitializeFromConfig(&config);
    }
    PyConfig_Clear(&config);
    return status;
}

int
pyconsole_python_start(const pyconsole_python_options *options,
                       pyconsole_python **ret_python, pyconsole_error *error)
{
    pyconsole_python_options known = PYCONSOLE_PYTHON_OPTIONS_INIT;
    if (ret_python == NULL || !pc_copy_options(&known, sizeof known, options)) {
        return fail(error, PYCONSOLE_EINVAL,
                    "ret_python or options->size is not valid");
    }
    pc_auto_free struct pyconsole_python *python = calloc(1, sizeof *python);
    if (python == NULL) {
        return fail(error, PYCONSOLE_ENOMEM, pyconsole_status_text(PYCONSOLE_ENOMEM));
    }
    if (!Py_IsInitialized()) {
        PyStatus status = start_interpreter(&known);
        if (PyStatus_Exception(status)) {
            return fail(error, PYCONSOLE_ESTART,
                        status.err_msg != NULL
                            ? status.err_msg
                            : pyconsole_status_text(PYCONSOLE_ESTART));
        }
        python->main = PyEval_SaveThread();
    }
    *ret_python = pc_take(&python);
    return PYCONSOLE_OK;
}

void
pyconsole_python_stop(pyconsole_python *python)
{
    if (python != NULL && python->main != NULL) {
        PyEval_RestoreThread(python->main);
        (void)Py_FinalizeEx();
    }
    free(python);
}
