#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

#include "bot/config.h"
#include "bot/outgoing/http.h"
#include "storage/outbox.h"

/// What came of one try to post.
struct Delivery {
  enum class Outcome {
    sent,      ///< it arrived
    retry,     ///< not this time: with back-off, or after `after` where the receiver named a time
    hold,      ///< the receiver is too busy for anybody: all of the target waits `after`
    park,      ///< it never will, `why` says what is to be mended
    cancelled  ///< broken off by us
  };
  Outcome outcome = Outcome::sent;
  std::string why;  ///< for people and the log; no secret, no text of users
  std::chrono::seconds after{0};
  std::int64_t most_tries = 0;  ///< of `retry`: park after so many; 0: for as long as a row lives
  bool answered = true;         ///< false: it may have arrived all the same
  bool asked = true;            ///< of `hold`: false where nothing was posted at all
  bool last = true;             ///< of `sent`: no further part is to follow
};

/// A file as it is posted.
struct PostedFile {
  std::string name, bytes;
  bool picture = false;  ///< PNG; else a workbook

  std::string_view type() const {
    return picture ? "image/png"
                   : "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
  }
};

/// One piece of text on its way, or a file.
struct Letter {
  const Claimed& row;
  std::string text;  ///< the row's text, or the part of it whose turn it is
  std::chrono::sys_seconds now;
  const PostedFile* file = nullptr;  ///< goes instead of the text, where the kind takes files
};

/// A kind of `[outgoing.NAME]`. A new one is a file with its functions and a line in
/// kOutgoingKinds.
struct OutgoingKind {
  std::string_view name;
  std::size_t most_bytes;       ///< of one post's text; 0: any length
  std::int64_t posts_a_minute;  ///< 0: without limit
  PostRequest (*write)(const Outgoing&, const Letter&);
  Delivery (*judge)(const PostAnswer&);
};

PostRequest write_webhook(const Outgoing& outgoing, const Letter& letter);
Delivery judge_webhook(const PostAnswer& answer);

PostRequest write_wecom_robot(const Outgoing& outgoing, const Letter& letter);
Delivery judge_wecom_robot(const PostAnswer& answer);

PostRequest write_dingtalk_robot(const Outgoing& outgoing, const Letter& letter);
Delivery judge_dingtalk(const PostAnswer& answer);

PostRequest write_feishu_robot(const Outgoing& outgoing, const Letter& letter);
Delivery judge_feishu(const PostAnswer& answer);

inline constexpr std::array kOutgoingKinds{
    OutgoingKind{"webhook", 0, 0, write_webhook, judge_webhook},
    OutgoingKind{"wecom-robot", 2048, 20, write_wecom_robot, judge_wecom_robot},
    OutgoingKind{"dingtalk-robot", 15000, 18, write_dingtalk_robot, judge_dingtalk},
    OutgoingKind{"feishu-robot", 10000, 100, write_feishu_robot, judge_feishu},
};

/// Null where there is no such kind.
const OutgoingKind* outgoing_kind(std::string_view name);

/// What a status that is not 2xx means everywhere: 408, 429 and 5xx are tried again, all else is
/// parked; redirects are not followed. Empty for 2xx.
std::optional<Delivery> judge_status(const PostAnswer& answer);

/// The JSON object of an answer, of bounded depth; empty where it is none.
std::optional<nlohmann::json> answered_json(const PostAnswer& answer);

// What came of a try, with the words for it.
Delivery parked(std::string why);
Delivery retried(std::string why, std::int64_t most_tries = 0);
Delivery held(std::string why, std::chrono::seconds after);
/// The account's own pace wants a pause first.
Delivery paced(std::chrono::seconds after);
/// What a post without an answer means.
Delivery unanswered(const PostOutcome& outcome);
/// Posts, and judges the answer.
Delivery post(HttpCaller& caller, const PostRequest& request, Delivery (*judge)(const PostAnswer&));

/// Hands on that part of the row's text whose turn it is.
Delivery deliver_part(const Claimed& row, const std::vector<std::string>& parts,
                      std::chrono::sys_seconds now,
                      const std::function<Delivery(const Letter&)>& say);

/// Posts the part of a row whose turn it is, and says what came of it. Blocks for ten seconds at
/// most; touches no database.
Delivery deliver(HttpCaller& caller, const Outgoing& outgoing, const Claimed& row,
                 std::chrono::sys_seconds now);
