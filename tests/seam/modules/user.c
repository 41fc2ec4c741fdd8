/* SPDX-License-Identifier: MIT
 *
 * A module that needs another: seam_answer is not its own.
 */
int seam_answer(void);
int seam_user(void);

int seam_user(void)
{
    return seam_answer() + 1000;
}
