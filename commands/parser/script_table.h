#pragma once

// Traditional to simplified, character by character; generated from OpenCC's dictionary by
// make_script_table. Characters without a mapping stand for themselves.

inline constexpr char32_t kScriptFirst = 0x3400;
inline constexpr char32_t kScriptLast = 0x9FFF;
extern const char16_t kScriptTable[kScriptLast - kScriptFirst + 1];
