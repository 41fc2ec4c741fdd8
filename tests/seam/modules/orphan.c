/* SPDX-License-Identifier: MIT
 *
 * A module that needs one which is not there.
 */
int seam_elsewhere(void);
int seam_orphan(void);

int seam_orphan(void)
{
    return seam_elsewhere();
}
