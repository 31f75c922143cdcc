/* What a shared session's code prints and reads; see body.h.
 *
 * What is printed becomes messages of whole characters, bytes that are no UTF-8 as \xNN.
 * What the socket does not take waits in the control's backlog; beyond the host's mark who
 * prints waits, or output is dropped and counted. The caller's own thread never waits for
 * its host alone: it pumps, or what it prints is dropped beyond our own cap. */
#include "runtime/body.h"

#include <string.h>
#include <unistd.h>

#define OUTPUT_HIGH  ((size_t)1 << 18)
#define BACKLOG_MOST ((size_t)1 << 24)
enum { PIECE = 1 << 16, WAIT_AT_A_TIME = 50 /* ms */ };

/* ---- room ---- */

/* Nobody takes events while code runs on the caller's thread, but from its pump. */
static bool
may_wait(const struct pc_body *body)
{
    return !body->options.drop_output &&
           (body->options.thread == PYCONSOLE_OWN_THREAD || body->options.pump != NULL);
}

static size_t
mark_of(const struct pc_body *body)
{
    if (body->options.thread == PYCONSOLE_CALLERS_THREAD &&
        body->options.pump == NULL) {
        return BACKLOG_MOST;
    }
    return body->options.output_high > 0 ? body->options.output_high : OUTPUT_HIGH;
}

/* Is there room, at once or after a while? *ret_interrupted: it is not waited for. */
static bool
has_room(struct pc_body *body, bool *ret_interrupted)
{
    struct pc_control *control = &body->worker.control;
    int slice = may_wait(body) ? WAIT_AT_A_TIME : 0;
    bool room = false;
    *ret_interrupted = false;
    for (;;) {
        Py_BEGIN_ALLOW_THREADS
        room = pc_control_wait_for_room(control, mark_of(body), slice);
        Py_END_ALLOW_THREADS
        if (room || slice == 0 || pc_body_is_closed(body)) {
            return room;
        }
        if (pc_kick_check(body) != 0) {
            *ret_interrupted = true;
            return true;
        }
        if (!body->has_timer) {
            pc_kick_pump(body);
        }
    }
}

static int
send_now(struct pc_body *body, json_t *message)
{
    int sent = 0;
    Py_BEGIN_ALLOW_THREADS
    sent = pc_control_send(&body->worker.control, message);
    Py_END_ALLOW_THREADS
    return sent;
}

static void
tell_dropped(struct pc_body *body)
{
    json_int_t dropped = (json_int_t)body->dropped;
    body->dropped = 0;
    if (dropped > 0) {
        (void)send_now(body,
                       json_pack("{s:s, s:I}", "event", "dropped", "status", dropped));
    }
}

/* Sends what there may be any amount of (steals `message`), or counts it. -1 with an
 * exception set: interrupted. */
static int
send_or_drop(struct pc_body *body, json_t *message)
{
    bool interrupted = false;
    if (!has_room(body, &interrupted)) {
        body->dropped += pc_wire_text_len(message, "text");
        json_decref(message);
        return 0;
    }
    tell_dropped(body);
    (void)send_now(body, message);
    return interrupted && PyErr_Occurred() ? -1 : 0;
}

/* ---- printing ---- */

static json_t *
output(int stream, const char *utf8, size_t len)
{
    return json_pack("{s:s, s:i, s:o}", "event", "output", "stream", stream, "text",
                     json_stringn(utf8, len));
}

/* Up to so many bytes, and no character in two. */
static size_t
piece_of(const char *utf8, size_t len)
{
    size_t piece = len < PIECE ? len : PIECE;
    while (piece < len && ((unsigned char)utf8[piece] & 0xC0) == 0x80) {
        piece--;
    }
    return piece;
}

static int
print(struct pc_body *body, int stream, PyObject *text)
{
    pc_auto_py PyObject *bytes =
        PyUnicode_AsEncodedString(text, "utf-8", "backslashreplace");
    if (bytes == NULL) {
        return -1;
    }
    const char *utf8 = PyBytes_AS_STRING(bytes);
    size_t len = (size_t)PyBytes_GET_SIZE(bytes);
    while (len > 0) {
        size_t piece = piece_of(utf8, len);
        if (send_or_drop(body, output(stream, utf8, piece)) < 0) {
            return -1;
        }
        utf8 += piece;
        len -= piece;
    }
    return 0;
}

/* Takes what begins a character at the end of the bytes for later. */
static PyObject *
decode(struct pc_tail *tail, const char *bytes, size_t len)
{
    Py_ssize_t used = 0;
    pc_auto_py PyObject *text =
        PyUnicode_DecodeUTF8Stateful(bytes, (Py_ssize_t)len, "backslashreplace", &used);
    size_t left = len - (size_t)used;
    if (text != NULL && left < sizeof tail->bytes) {
        memcpy(tail->bytes, bytes + used, left);
        tail->len = left;
    }
    return pc_take(&text);
}

static PyObject *
text_of(struct pc_tail *tail, const Py_buffer *data)
{
    if (tail->len == 0) {
        return decode(tail, data->buf, (size_t)data->len);
    }
    pc_auto_py PyObject *both =
        PyBytes_FromStringAndSize(NULL, (Py_ssize_t)tail->len + data->len);
    if (both == NULL) {
        return NULL;
    }
    memcpy(PyBytes_AS_STRING(both), tail->bytes, tail->len);
    memcpy(PyBytes_AS_STRING(both) + tail->len, data->buf, (size_t)data->len);
    tail->len = 0;
    return decode(tail, PyBytes_AS_STRING(both), (size_t)PyBytes_GET_SIZE(both));
}

static PyObject *
write_bytes(PyObject *self, PyObject *object, int stream)
{
    struct pc_body *body = (struct pc_body *)self;
    Py_buffer data;
    if (PyObject_GetBuffer(object, &data, PyBUF_SIMPLE) < 0) {
        return NULL;
    }
    Py_ssize_t len = data.len;
    pc_auto_py PyObject *text = text_of(&body->tail[stream - 1], &data);
    PyBuffer_Release(&data);
    if (text == NULL) {
        return NULL;
    }
    if (pc_body_is_closed(body)) { /* nobody is there to see it */
        return PyLong_FromSsize_t(len);
    }
    pc_body_use(body);
    int printed = print(body, stream, text);
    pc_body_release(body);
    return printed < 0 ? NULL : PyLong_FromSsize_t(len);
}

PyObject *
pc_body_write_out(PyObject *self, PyObject *data)
{
    return write_bytes(self, data, 1);
}

PyObject *
pc_body_write_err(PyObject *self, PyObject *data)
{
    return write_bytes(self, data, 2);
}

/* ---- events ---- */

/* Of what sys.stdout or sys.stderr is for the session, whatever becomes of it. An
 * interrupt meanwhile is for the code, which gets it afterwards. */
static void
flush(struct pc_body *body, const char *name)
{
    pc_auto_py PyObject *attributes = PyObject_GetAttrString(body->glue, "attributes");
    pc_auto_py PyObject *stream =
        attributes == NULL ? NULL : PyMapping_GetItemString(attributes, name);
    bool again = stream != NULL && stream != Py_None;
    bool interrupted = false;
    while (again) {
        pc_auto_py PyObject *result = PyObject_CallMethod(stream, "flush", NULL);
        again = result == NULL && !interrupted &&
                PyErr_ExceptionMatches(PyExc_KeyboardInterrupt);
        interrupted = interrupted || again;
        PyErr_Clear();
    }
    PyErr_Clear();
    if (interrupted) {
        pc_kick_again(body);
    }
}

int
pc_body_send(struct pc_worker *worker, json_t *message)
{
    struct pc_body *body = pc_body_of_worker(worker);
    if (pc_body_is_closed(body)) {
        json_decref(message);
        return -1;
    }
    pc_auto_py PyObject *in_flight = pc_exception_take();
    pc_body_use(body);
    flush(body, "stdout");
    flush(body, "stderr");
    int sent = 0;
    if (strcmp(pc_wire_text(message, "event"), "result") == 0) {
        if (send_or_drop(body, message) < 0) {
            PyErr_Clear();
            pc_kick_again(body);
        }
    }
    else {
        tell_dropped(body);
        sent = send_now(body, message);
    }
    pc_body_release(body);
    if (in_flight != NULL) {
        pc_exception_raise(pc_take(&in_flight));
    }
    return sent;
}

/* ---- reading ---- */

json_t *
pc_body_wait_for_answer(struct pc_worker *worker)
{
    struct pc_body *body = pc_body_of_worker(worker);
    /* An interrupt that came before it was asked rings no more. */
    while (pc_kick_check(body) >= 0) {
        json_t *answer = NULL;
        bool ended = false;
        int slice = pc_kick_slice(body);
        Py_BEGIN_ALLOW_THREADS
        answer = pc_control_input(&worker->control, slice);
        ended = answer == NULL && pc_control_has_ended(&worker->control);
        Py_END_ALLOW_THREADS
        if (answer != NULL || ended) {
            return answer;
        }
        if (slice >= 0) {
            pc_kick_pump(body);
        }
    }
    return NULL;
}

PyObject *
pc_body_read_line(PyObject *self, PyObject *password)
{
    struct pc_body *body = (struct pc_body *)self;
    int hidden = PyObject_IsTrue(password);
    if (hidden < 0 || pc_body_is_closed(body)) {
        return hidden < 0 ? NULL : PyUnicode_FromString("");
    }
    pc_body_use(body);
    PyObject *line = pc_worker_read_line(&body->worker, hidden);
    pc_body_release(body);
    return line;
}
