/* SPDX-License-Identifier: MIT
 *
 * A module that is never where it is looked for.
 */
int seam_elsewhere(void);

int seam_elsewhere(void)
{
    return 1;
}
