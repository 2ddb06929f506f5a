#pragma once

#include "commands/context.h"

// What passes between groups. A shipment to a place that is another group's name is announced there
// under that group's own number, and is inbound there; its receipt there confirms it here.

/// After an entry was appended: announces a shipment, confirms one that was announced.
void tell_other_group(Context& ctx, const Entry& entry, const Outcome& outcome);

/// After an entry was corrected, voided or stands again: its other end in another group follows.
void follow_in_other_group(Context& ctx, std::int64_t number);

/// An entry of this message in its own group or, with a message of its own text, in another one.
Entry entry_in(Context& ctx, Kind kind, const std::string& group, const std::string& text);

/// Says something in a group by itself, once for each key.
void post(Context& ctx, const std::string& group, const std::string& key, std::string text);

/// 同一批 A#3 B#7: two entries of two groups tell of the same goods.
void link(Context& ctx, const Statement& said);
