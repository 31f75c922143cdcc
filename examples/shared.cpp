// A C++ program with Python inside that lets its user touch one of its objects: a session
// in this process, on this thread, shares it, and the program goes on with what was done.
//
//     c++ -std=c++17 shared.cpp $(pkg-config --cflags --libs pyconsole-embed python3-embed)
#include <pyconsole/python.h>

#include <iostream>
#include <memory>
#include <string>

namespace {

struct Free {
    void operator()(pyconsole_session *session) const { pyconsole_session_free(session); }
    void operator()(pyconsole_python *python) const { pyconsole_python_stop(python); }
};

// Takes the GIL for a scope.
class Gil {
  public:
    Gil() : state_(PyGILState_Ensure()) {}
    ~Gil() { PyGILState_Release(state_); }
    Gil(const Gil &) = delete;
    Gil &operator=(const Gil &) = delete;

  private:
    PyGILState_STATE state_;
};

// What the program works with: a list of numbers, as Python sees it.
class Samples {
  public:
    Samples() : list_(PyList_New(0)) {}
    ~Samples() { Py_XDECREF(list_); }
    Samples(const Samples &) = delete;
    Samples &operator=(const Samples &) = delete;

    PyObject *object() const { return list_; }
    double sum() const
    {
        double sum = 0;
        for (Py_ssize_t i = 0; i < PyList_GET_SIZE(list_); i++) {
            sum += PyFloat_AsDouble(PyList_GET_ITEM(list_, i));
        }
        return sum;
    }

  private:
    PyObject *list_;
};

// Runs a source in the session, here, and shows what comes of it.
void run(pyconsole_session *session, const std::string &source)
{
    pyconsole_session_execute(session, source.data(), source.size(), nullptr);
    pyconsole_shared_run(session, 0);
    const pyconsole_event *event = nullptr;
    while (pyconsole_session_next(session, &event) == PYCONSOLE_OK && event != nullptr) {
        if (event->kind == PYCONSOLE_EVENT_OUTPUT || event->kind == PYCONSOLE_EVENT_ERROR) {
            std::cout << event->text;
        }
        else if (event->kind == PYCONSOLE_EVENT_RESULT) {
            std::cout << event->text << '\n';
        }
    }
}

} // namespace

int main()
{
    pyconsole_python *python = nullptr;
    pyconsole_session *session = nullptr;
    pyconsole_error error = {0, ""};
    pyconsole_shared_options options = PYCONSOLE_SHARED_OPTIONS_INIT;
    options.thread = PYCONSOLE_CALLERS_THREAD;
    if (pyconsole_python_start(nullptr, &python, &error) < 0 ||
        pyconsole_session_new_shared(python, &options, &session, &error) < 0) {
        std::cerr << error.message << '\n';
        return 1;
    }
    std::unique_ptr<pyconsole_python, Free> python_owner(python);
    std::unique_ptr<pyconsole_session, Free> session_owner(session);
    Gil gil;
    Samples samples;
    pyconsole_shared_set_object(session, "samples", samples.object());
    for (std::string line; std::getline(std::cin, line);) {
        run(session, line);
    }
    std::cout << "the sum is " << samples.sum() << '\n';
    return 0;
}
