/* SPDX-License-Identifier: MIT */
#include "bare.h"

bool bare_can_reset(void)
{
    uint16_t port;
    char byte;
    bare_socket listener = bare_listen(4, 1, 0, &port);
    bare_socket one = bare_connect(port), other = bare_accept(listener);
    bare_reset(one);
    bool seen = bare_receive(other, &byte, 1) < 0;
    bare_close(other);
    bare_close(listener);
    return seen;
}
