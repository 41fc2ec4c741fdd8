/* SPDX-License-Identifier: MIT
 *
 * A module that needs a function which nobody has.
 */
int seam_nowhere(void);
int seam_lacks(void);

int seam_lacks(void)
{
    return seam_nowhere();
}
