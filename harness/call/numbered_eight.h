/* SPDX-License-Identifier: MIT
 *
 * Inside of call/numbered.h: eight numbers, PLATEN_EIGHT times 8 and up.
 */
#define PLATEN_DIGIT 0
#include "call/numbered_one.h"
#undef PLATEN_DIGIT
#define PLATEN_DIGIT 1
#include "call/numbered_one.h"
#undef PLATEN_DIGIT
#define PLATEN_DIGIT 2
#include "call/numbered_one.h"
#undef PLATEN_DIGIT
#define PLATEN_DIGIT 3
#include "call/numbered_one.h"
#undef PLATEN_DIGIT
#define PLATEN_DIGIT 4
#include "call/numbered_one.h"
#undef PLATEN_DIGIT
#define PLATEN_DIGIT 5
#include "call/numbered_one.h"
#undef PLATEN_DIGIT
#define PLATEN_DIGIT 6
#include "call/numbered_one.h"
#undef PLATEN_DIGIT
#define PLATEN_DIGIT 7
#include "call/numbered_one.h"
#undef PLATEN_DIGIT
