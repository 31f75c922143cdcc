/* Candidates: keyword arguments of the call around the cursor. */
#include "engine/completion.h"
#include "engine/signature.h"
#include "engine/unrun.h"

static int
offer_parameters(struct pc_completion *c, const struct pc_signature *signature)
{
    for (size_t i = 0; i < signature->count; i++) {
        const struct pc_parameter *parameter = &signature->items[i];
        if (parameter->kind != PC_POSITIONAL_OR_KEYWORD &&
            parameter->kind != PC_KEYWORD_ONLY) {
            continue;
        }
        pc_auto_py PyObject *text = PyUnicode_FromFormat("%U=", parameter->name);
        if (text == NULL ||
            pc_completion_offer(c, text, PYCONSOLE_CANDIDATE_ARGUMENT, NULL) < 0) {
            return -1;
        }
    }
    return 0;
}

int
pc_offer_arguments(struct pc_completion *completion)
{
    struct pc_completion *c = completion;
    if (!c->at.call.begins) {
        return 0;
    }
    pc_auto_py PyObject *callee =
        pc_unrun_evaluate(&c->scope, c->text, c->len, c->at.call.callee);
    pc_auto_free struct pc_signature *signature = calloc(1, sizeof *signature);
    if (signature == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    int offered = callee != NULL && pc_signature_of(signature, callee)
                      ? offer_parameters(c, signature)
                      : 0;
    pc_signature_fini(signature);
    return offered;
}
