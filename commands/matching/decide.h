#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "commands/context.h"
#include "storage/matches.h"

/// Whether the sender may see and decide matches of all groups: named in the config, or in a
/// coordinators' group. Others decide on those of their own group.
bool sees_all_matches(Context& ctx);

/// 确认 匹配 3: a promise upon the need and the offer, told to both groups.
void confirm_match(Context& ctx, std::int64_t id, bool how_to_go_on);
/// 拒绝 匹配 3 太远: this pair is not proposed again; the need's next proposal is named.
void refuse_match(Context& ctx, std::int64_t id, const std::string& why);
/// 发出 匹配 3: the promise becomes a shipment.
void ship_match(Context& ctx, std::int64_t id);
/// 联系人 匹配 3: in a direct message, to the two sides and to coordinators.
void show_match_contacts(Context& ctx, std::int64_t id);

/// Whether an entry that confirmed a match may be voided, or its void; else the refusal says what
/// stands against it.
bool may_void_match(Context& ctx, const Standing& entry);
/// After an entry that confirmed a match was voided or stands again: tells the other group.
void tell_match_voided(Context& ctx, const Standing& entry);

/// After an offer was found gone: who could help those to whom it had been promised.
void say_next_for(Context& ctx, const std::vector<Match>& promised);
/// The promises and proposals that rest on an entry.
std::vector<Match> resting_on(Context& ctx, const Standing& offer);
