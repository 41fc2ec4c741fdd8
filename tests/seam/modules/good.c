/* SPDX-License-Identifier: MIT
 *
 * A module that can be loaded.
 */
extern int seam_number;
int seam_answer(void);

int seam_number = 41;

int seam_answer(void)
{
    return ++seam_number;
}
