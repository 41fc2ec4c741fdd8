/* SPDX-License-Identifier: MIT
 *
 * guest-exit STATUS: ends QEMU, whose device isa-debug-exit makes (STATUS << 1) | 1 of it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/io.h>
#include <termios.h>
#include <unistd.h>

enum { PORT = 0xF4 };

int main(int count, char **arguments)
{
    if (count != 2 || ioperm(PORT, 4, 1)) {
        perror("guest-exit");
        return 1;
    }
    fflush(stdout);
    tcdrain(STDOUT_FILENO); /* what was said last is to be read */
    outl((unsigned)atoi(arguments[1]), PORT);
    return 1;
}
