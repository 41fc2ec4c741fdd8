/* SPDX-License-Identifier: MIT */
#include "call/structs.h"

#include <string.h>

#define FIELD(owner, name, form)                                                                   \
    {                                                                                              \
#        name, CALL_FIELD_##form, PLATEN_KIND_POINTER, offsetof(owner, name)                       \
    }
#define HANDLES(owner, name, kind)                                                                 \
    {                                                                                              \
#        name, CALL_FIELD_HANDLE, PLATEN_KIND_##kind, offsetof(owner, name)                        \
    }
#define COUNT_OF(array) (uint16_t)(sizeof(array) / sizeof *(array))

static const struct call_field doc_info[] = {
    FIELD(DOC_INFO_2W, pDocName, TEXT),  FIELD(DOC_INFO_2W, pOutputFile, TEXT),
    FIELD(DOC_INFO_2W, pDatatype, TEXT), FIELD(DOC_INFO_2W, dwMode, NUMBER),
    FIELD(DOC_INFO_2W, JobId, NUMBER),
};

static const struct call_field port_info_1[] = {FIELD(PORT_INFO_1W, pName, TEXT)};

static const struct call_field port_info_2[] = {
    FIELD(PORT_INFO_2W, pPortName, TEXT),    FIELD(PORT_INFO_2W, pMonitorName, TEXT),
    FIELD(PORT_INFO_2W, pDescription, TEXT), FIELD(PORT_INFO_2W, fPortType, FLAGS),
    FIELD(PORT_INFO_2W, Reserved, NUMBER),
};

static const struct call_field port_info_3[] = {
    FIELD(PORT_INFO_3W, dwStatus, NUMBER),
    FIELD(PORT_INFO_3W, pszStatus, TEXT),
    FIELD(PORT_INFO_3W, dwSeverity, NUMBER),
};

static const struct call_field job_info_1[] = {
    FIELD(JOB_INFO_1W, JobId, NUMBER),      FIELD(JOB_INFO_1W, pPrinterName, TEXT),
    FIELD(JOB_INFO_1W, pMachineName, TEXT), FIELD(JOB_INFO_1W, pUserName, TEXT),
    FIELD(JOB_INFO_1W, pDocument, TEXT),    FIELD(JOB_INFO_1W, pDatatype, TEXT),
    FIELD(JOB_INFO_1W, pStatus, TEXT),      FIELD(JOB_INFO_1W, Status, FLAGS),
    FIELD(JOB_INFO_1W, Priority, NUMBER),   FIELD(JOB_INFO_1W, Position, NUMBER),
    FIELD(JOB_INFO_1W, TotalPages, NUMBER), FIELD(JOB_INFO_1W, PagesPrinted, NUMBER),
    FIELD(JOB_INFO_1W, Submitted, DATE),
};

static const struct call_field job_info_2[] = {
    FIELD(JOB_INFO_2W, JobId, NUMBER),
    FIELD(JOB_INFO_2W, pPrinterName, TEXT),
    FIELD(JOB_INFO_2W, pMachineName, TEXT),
    FIELD(JOB_INFO_2W, pUserName, TEXT),
    FIELD(JOB_INFO_2W, pDocument, TEXT),
    FIELD(JOB_INFO_2W, pNotifyName, TEXT),
    FIELD(JOB_INFO_2W, pDatatype, TEXT),
    FIELD(JOB_INFO_2W, pPrintProcessor, TEXT),
    FIELD(JOB_INFO_2W, pParameters, TEXT),
    FIELD(JOB_INFO_2W, pDriverName, TEXT),
    FIELD(JOB_INFO_2W, pDevMode, POINTER),
    FIELD(JOB_INFO_2W, pStatus, TEXT),
    FIELD(JOB_INFO_2W, pSecurityDescriptor, POINTER),
    FIELD(JOB_INFO_2W, Status, FLAGS),
    FIELD(JOB_INFO_2W, Priority, NUMBER),
    FIELD(JOB_INFO_2W, Position, NUMBER),
    FIELD(JOB_INFO_2W, StartTime, NUMBER),
    FIELD(JOB_INFO_2W, UntilTime, NUMBER),
    FIELD(JOB_INFO_2W, TotalPages, NUMBER),
    FIELD(JOB_INFO_2W, Size, NUMBER),
    FIELD(JOB_INFO_2W, Submitted, DATE),
    FIELD(JOB_INFO_2W, Time, NUMBER),
    FIELD(JOB_INFO_2W, PagesPrinted, NUMBER),
};

static const struct call_field job_info_3[] = {
    FIELD(JOB_INFO_3, JobId, NUMBER),
    FIELD(JOB_INFO_3, NextJobId, NUMBER),
    FIELD(JOB_INFO_3, Reserved, NUMBER),
};

static const struct call_field timeouts[] = {
    FIELD(COMMTIMEOUTS, ReadIntervalTimeout, NUMBER),
    FIELD(COMMTIMEOUTS, ReadTotalTimeoutMultiplier, NUMBER),
    FIELD(COMMTIMEOUTS, ReadTotalTimeoutConstant, NUMBER),
    FIELD(COMMTIMEOUTS, WriteTotalTimeoutMultiplier, NUMBER),
    FIELD(COMMTIMEOUTS, WriteTotalTimeoutConstant, NUMBER),
};

static const struct call_field monitor_init[] = {
    FIELD(MONITORINIT, cbSize, NUMBER),         HANDLES(MONITORINIT, hSpooler, SPOOLER),
    HANDLES(MONITORINIT, hckRegistryRoot, KEY), FIELD(MONITORINIT, pMonitorReg, REGISTRY),
    FIELD(MONITORINIT, bLocal, NUMBER),         FIELD(MONITORINIT, pszServerName, TEXT),
};

static const struct call_field defaults[] = {
    FIELD(PRINTER_DEFAULTSW, pDatatype, TEXT),
    FIELD(PRINTER_DEFAULTSW, pDevMode, POINTER),
    FIELD(PRINTER_DEFAULTSW, DesiredAccess, FLAGS),
};

static const struct call_field power[] = {
    FIELD(POWERBROADCAST_SETTING, PowerSetting, GUID),
    FIELD(POWERBROADCAST_SETTING, Data, DATA),
};

static const struct call_field bidi_request[] = {
    FIELD(BIDI_REQUEST_CONTAINER, Version, NUMBER),
    FIELD(BIDI_REQUEST_CONTAINER, Flags, NUMBER),
    FIELD(BIDI_REQUEST_CONTAINER, Count, NUMBER),
    FIELD(BIDI_REQUEST_CONTAINER, aData, ENTRIES),
};

static const struct call_field bidi_response[] = {
    FIELD(BIDI_RESPONSE_CONTAINER, Version, NUMBER),
    FIELD(BIDI_RESPONSE_CONTAINER, Flags, NUMBER),
    FIELD(BIDI_RESPONSE_CONTAINER, Count, NUMBER),
    FIELD(BIDI_RESPONSE_CONTAINER, aData, ENTRIES),
};

static const struct call_field bidi_asked[] = {
    FIELD(BIDI_REQUEST_DATA, dwReqNumber, NUMBER),
    FIELD(BIDI_REQUEST_DATA, pSchema, TEXT),
    FIELD(BIDI_REQUEST_DATA, data, VALUE),
};

static const struct call_field bidi_answered[] = {
    FIELD(BIDI_RESPONSE_DATA, dwResult, NUMBER),
    FIELD(BIDI_RESPONSE_DATA, dwReqNumber, NUMBER),
    FIELD(BIDI_RESPONSE_DATA, pSchema, TEXT),
    FIELD(BIDI_RESPONSE_DATA, data, VALUE),
};

/* In the order of levels. A level 1 document is the beginning of level 2. */
#define STRUCT(kind, level, type, fields)                                                          \
    {                                                                                              \
        PLATEN_KIND_##kind, level, sizeof(type), COUNT_OF(fields), fields                          \
    }
static const struct call_struct structs[] = {
    {PLATEN_KIND_DOC_INFO, 1, sizeof(DOC_INFO_1W), 3, doc_info},
    STRUCT(DOC_INFO, 2, DOC_INFO_2W, doc_info),
    STRUCT(PORT_INFO, 1, PORT_INFO_1W, port_info_1),
    STRUCT(PORT_INFO, 2, PORT_INFO_2W, port_info_2),
    STRUCT(PORT_INFO_IN, 1, PORT_INFO_1W, port_info_1),
    STRUCT(PORT_INFO_IN, 2, PORT_INFO_2W, port_info_2),
    STRUCT(PORT_STATUS, 3, PORT_INFO_3W, port_info_3),
    STRUCT(JOB_INFO, 1, JOB_INFO_1W, job_info_1),
    STRUCT(JOB_INFO, 2, JOB_INFO_2W, job_info_2),
    STRUCT(JOB_INFO, 3, JOB_INFO_3, job_info_3),
    STRUCT(JOB_INFO_IN, 1, JOB_INFO_1W, job_info_1),
    STRUCT(JOB_INFO_IN, 2, JOB_INFO_2W, job_info_2),
    STRUCT(JOB_INFO_IN, 3, JOB_INFO_3, job_info_3),
    STRUCT(COMMTIMEOUTS, 0, COMMTIMEOUTS, timeouts),
    STRUCT(MONITORINIT, 0, MONITORINIT, monitor_init),
    STRUCT(DEFAULTS, 0, PRINTER_DEFAULTSW, defaults),
    STRUCT(POWER, 0, POWERBROADCAST_SETTING, power),
    STRUCT(BIDI_REQUEST, 0, BIDI_REQUEST_CONTAINER, bidi_request),
    STRUCT(BIDI_RESPONSE, 0, BIDI_RESPONSE_CONTAINER, bidi_response),
};

const struct call_struct *call_struct_next(enum platen_kind kind, const struct call_struct *after)
{
    const struct call_struct *end = structs + sizeof structs / sizeof *structs;
    for (const struct call_struct *s = after == NULL ? structs : after + 1; s < end; s++) {
        if (s->kind == kind) {
            return s;
        }
    }
    return NULL;
}

const struct call_struct *call_struct_at(enum platen_kind kind, uint32_t level)
{
    const struct call_struct *s = call_struct_next(kind, NULL);
    while (s != NULL && s->level != 0 && s->level != level) {
        s = call_struct_next(kind, s);
    }
    return s;
}

const struct call_struct *call_struct_entry(enum platen_kind container)
{
    static const struct call_struct asked = STRUCT(BIDI_REQUEST, 0, BIDI_REQUEST_DATA, bidi_asked);
    static const struct call_struct answered =
        STRUCT(BIDI_RESPONSE, 0, BIDI_RESPONSE_DATA, bidi_answered);
    return container == PLATEN_KIND_BIDI_REQUEST ? &asked : &answered;
}

/* clang-format off */
#define NO_MEMBER(slot)
#define PLATEN_SLOT(table, result, slot, members) MEMBER_##table(slot)

#define MEMBER_ENTRY    NO_MEMBER
#define MEMBER_REGISTRY NO_MEMBER
#define MEMBER_WINSPOOL NO_MEMBER
#define MEMBER_MONITOR(slot) {#slot, offsetof(MONITOR2, pfn##slot)},
static const struct call_member monitor_members[] = {
#include "call/slots.def"
};
#undef MEMBER_REGISTRY
#undef MEMBER_MONITOR
#define MEMBER_MONITOR  NO_MEMBER
#define MEMBER_REGISTRY(slot) {#slot, offsetof(MONITORREG, fp##slot)},
static const struct call_member registry_members[] = {
#include "call/slots.def"
};
#undef PLATEN_SLOT
/* clang-format on */

const struct call_member *call_table_members(enum platen_table table, size_t *count)
{
    bool registry = table == PLATEN_TABLE_REGISTRY;
    *count = registry ? COUNT_OF(registry_members) : COUNT_OF(monitor_members);
    return registry ? registry_members : monitor_members;
}

const struct call_bidi_member *call_bidi_member(uint32_t type)
{
    static const struct call_bidi_member members[] = {
        [BIDI_NULL] = {NULL, CALL_BIDI_INT},       [BIDI_INT] = {"iData", CALL_BIDI_INT},
        [BIDI_FLOAT] = {"fData", CALL_BIDI_FLOAT}, [BIDI_BOOL] = {"bData", CALL_BIDI_BOOL},
        [BIDI_STRING] = {"sData", CALL_BIDI_TEXT}, [BIDI_TEXT] = {"sData", CALL_BIDI_TEXT},
        [BIDI_ENUM] = {"sData", CALL_BIDI_TEXT},   [BIDI_BLOB] = {"biData", CALL_BIDI_BLOB},
    };
    bool known = type < sizeof members / sizeof *members && members[type].name != NULL;
    return known ? &members[type] : NULL;
}

uint32_t call_level(const struct platen_call *call)
{
    struct platen_slot_info slot = platen_slot_info(call->slot);
    for (unsigned i = 0; i < slot.arg_count; i++) {
        const char *name = slot.args[i].name;
        if (strcmp(name, "Level") == 0 || strcmp(name, "dwLevel") == 0) {
            return (uint32_t)platen_call_arg(call, &slot.args[i]);
        }
    }
    return 0;
}
