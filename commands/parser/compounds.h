#pragma once

#include <functional>
#include <string>

#include "commands/parser/lexicon.h"

/// Verbs that the language puts together from an adverb or a stem and an ending: 送|给 送|达 运|往
/// 拉|来 买|到 尚|缺 想|捐. Each is handed to `add` once for every way to make it; a word that the
/// lexicon has already keeps its own meaning.
void for_each_compound(const std::function<void(const std::u32string& word, Role role,
                                                Action action, bool urgent, bool replaces,
                                                bool adds)>& add);
