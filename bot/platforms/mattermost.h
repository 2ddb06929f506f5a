#pragma once

#include <string>
#include <string_view>

/// Text with a zero-width space after every @ and <, so that an item's name can call nobody: the
/// server links names and expands <!channel>, and knows no escape that all versions show rightly.
std::string calling_nobody(std::string_view text);
