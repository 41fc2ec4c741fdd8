/* SPDX-License-Identifier: MIT */
#include "lpr_dialog.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct dialog {
    bare_socket client;
    const struct lpr_habit *habit;
    struct lpr_said *said;
    char *room;
    size_t size;
    unsigned turn;
    unsigned files;
};

static bool take(struct dialog *dialog, char *to, size_t size)
{
    size_t got = 0;
    while (got < size) {
        long count = bare_receive(dialog->client, to + got, size - got);
        if (count <= 0)
            return false;
        got += (size_t)count;
    }
    return true;
}

/* Without its end; false if none comes. */
static bool take_line(struct dialog *dialog, char *line, size_t size)
{
    size_t used = 0;
    while (take(dialog, line + used, 1)) {
        if (line[used] == '\n') {
            line[used] = '\0';
            return true;
        }
        if (!line[used] || ++used == size)
            break;
    }
    dialog->said->malformed = dialog->said->malformed || used > 0;
    return false;
}

/* The answer to this turn; false: the connection is over. */
static bool answer(struct dialog *dialog)
{
    const struct lpr_habit *habit = dialog->habit;
    unsigned turn = ++dialog->turn;
    if (turn == habit->end_turn)
        return false;
    if (turn == habit->stall_turn) {
        habit->stall(habit->of);
        return false;
    }
    bool no = turn == habit->refuse_turn;
    return bare_send(dialog->client, no ? (const char *)&habit->refusal : "", 1) && !no;
}

static bool take_zero(struct dialog *dialog)
{
    char zero;
    if (!take(dialog, &zero, 1))
        return false;
    dialog->said->malformed = dialog->said->malformed || zero;
    return !zero;
}

static bool take_control(struct dialog *dialog, unsigned long long count)
{
    struct lpr_said *said = dialog->said;
    said->malformed = said->malformed || said->control_place || count >= sizeof said->control;
    if (said->malformed || !answer(dialog))
        return false;
    said->control_place = ++dialog->files;
    if (!take(dialog, said->control, (size_t)count) || !take_zero(dialog))
        return false;
    said->control_size = (size_t)count;
    return answer(dialog);
}

/* True if so many came; what does not fit is read too. */
static bool take_job(struct dialog *dialog, unsigned long long count)
{
    struct lpr_said *said = dialog->said;
    char beyond[4096];
    while (said->size < count) {
        bool fits = said->size < dialog->size;
        size_t room = fits ? dialog->size - said->size : sizeof beyond;
        size_t left = count - said->size < room ? (size_t)(count - said->size) : room;
        if (dialog->habit->end_after && said->size + left > dialog->habit->end_after)
            left = dialog->habit->end_after - said->size;
        long got =
            left ? bare_receive(dialog->client, fits ? dialog->room + said->size : beyond, left)
                 : 0;
        if (got <= 0)
            return false;
        said->size += (size_t)got;
    }
    return true;
}

static bool take_data(struct dialog *dialog, unsigned long long count)
{
    struct lpr_said *said = dialog->said;
    said->malformed = said->malformed || said->data_place;
    if (said->malformed || !answer(dialog))
        return false;
    said->data_place = ++dialog->files;
    said->count = count;
    if (!take_job(dialog, count))
        return false;
    if (dialog->habit->early) {
        said->whole = answer(dialog) && take_zero(dialog);
        return said->whole;
    }
    said->whole = take_zero(dialog);
    return said->whole && answer(dialog);
}

/* "\002123 cfA007host" or "\003123 dfA007host". */
static bool take_file(struct dialog *dialog, const char *line)
{
    struct lpr_said *said = dialog->said;
    bool control = *line == 2;
    char *name;
    unsigned long long count = strtoull(line + 1, &name, 10);
    bool good = (*line == 2 || *line == 3) && line[1] >= '0' && line[1] <= '9' && *name == ' ' &&
                strncmp(name + 1, control ? "cfA" : "dfA", 3) == 0;
    said->malformed = said->malformed || !good;
    if (!good)
        return false;
    snprintf(control ? said->control_name : said->data_name, sizeof said->data_name, "%s",
             name + 1);
    return control ? take_control(dialog, count) : take_data(dialog, count);
}

size_t lpr_listen(bare_socket client, const struct lpr_habit *habit, char *room, size_t size,
                  struct lpr_said *said)
{
    struct dialog dialog = {client, habit, said, room, size, 0, 0};
    char line[400];

    *said = (struct lpr_said){0};
    if (!take_line(&dialog, line, sizeof line))
        return 0;
    said->malformed = *line != 2;
    snprintf(said->queue, sizeof said->queue, "%.299s", line + 1);
    if (said->malformed || !answer(&dialog))
        return 0;
    while (take_line(&dialog, line, sizeof line) && take_file(&dialog, line))
        ;
    return said->size;
}

size_t lpr_receive(bare_socket client, char *room, size_t size)
{
    static const struct lpr_habit good = {0};
    struct lpr_said said;
    char first;
    if (bare_peek(client, &first) && first != 2)
        return LPR_NOT;
    return lpr_listen(client, &good, room, size, &said);
}
