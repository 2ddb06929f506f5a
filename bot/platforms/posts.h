#pragma once

#include <string>
#include <string_view>

#include "bot/outgoing/kind.h"
#include "bot/outgoing/token.h"

// What each platform is posted, and what its answers mean. `api` is the base address, without a
// slash at its end; ids are the platform's own, without its name before them.

constexpr std::string_view kWecomApi = "https://qyapi.weixin.qq.com";
constexpr std::string_view kWechatApi = "https://api.weixin.qq.com";
constexpr std::chrono::seconds kTokenMargin{720};  // a tenth of what they live
std::optional<AccessToken::Given> read_wecom_token(const nlohmann::json& answer);
PostRequest wecom_token(std::string_view api, std::string_view corp_id, std::string_view secret);
PostRequest write_wecom_user(std::string_view api, const std::string& token, std::string_view user,
                             std::string_view agent_id, std::string_view text);
PostRequest write_wecom_chat(std::string_view api, const std::string& token, std::string_view chat,
                             std::string_view text);
/// To the response address of a message, in the clear.
PostRequest write_wecom_bot(std::string url, std::string_view text);

PostRequest wechat_token(std::string_view api, std::string_view app_id, std::string_view secret);
PostRequest write_wechat(std::string_view api, const std::string& token, std::string_view user,
                         std::string_view text);

std::optional<AccessToken::Given> read_dingtalk_token(const nlohmann::json& answer);
PostRequest dingtalk_token(std::string_view api, std::string_view robot, std::string_view secret);
PostRequest write_dingtalk_session(std::string url, std::string_view text);
PostRequest write_dingtalk_group(std::string_view api, const std::string& token,
                                 std::string_view robot, std::string_view group,
                                 std::string_view text);
PostRequest write_dingtalk_user(std::string_view api, const std::string& token,
                                std::string_view robot, std::string_view user,
                                std::string_view text);
bool dingtalk_token_refused(const PostAnswer& answer);
bool dingtalk_session_gone(const PostAnswer& answer);

constexpr std::string_view kFeishuApi = "https://open.feishu.cn";
std::optional<AccessToken::Given> read_feishu_token(const nlohmann::json& answer);
PostRequest feishu_token(std::string_view api, std::string_view app_id, std::string_view secret);
PostRequest feishu_bot_info(std::string_view api, const std::string& token);
PostRequest write_feishu_reply(std::string_view api, const std::string& token,
                               std::string_view message, std::string_view uuid,
                               std::string_view text);
PostRequest write_feishu(std::string_view api, const std::string& token, std::string_view chat,
                         std::string_view uuid, std::string_view text);
bool feishu_token_refused(const PostAnswer& answer);
/// What was to be replied to is gone: the chat itself takes the text.
bool feishu_reply_impossible(const PostAnswer& answer);

PostRequest write_onebot(std::string_view api, std::string_view access_token,
                         std::string_view group, std::string_view text);
PostRequest write_onebot_12(std::string_view api, std::string_view access_token,
                            std::string_view group, std::string_view text);
Delivery judge_onebot(const PostAnswer& answer);

PostRequest write_gateway(std::string_view api, std::string_view token, std::string_view name,
                          bool is_room, std::string_view text);
Delivery judge_gateway(const PostAnswer& answer);

/// `thread` is the forum topic of a group that has them, or null.
PostRequest write_telegram(std::string_view api, std::string_view bot_token, std::string_view chat,
                           const nlohmann::json* thread, std::string_view text);
Delivery judge_telegram(const PostAnswer& answer);
/// The id that the group has since it was upgraded; empty where the answer says nothing like it.
std::string telegram_moved_to(const PostAnswer& answer);

PostRequest write_slack(std::string_view api, std::string_view bot_token, std::string_view channel,
                        std::string_view thread, std::string_view text);
Delivery judge_slack(const PostAnswer& answer);

PostRequest write_mattermost(std::string_view api, std::string_view text);
Delivery judge_mattermost(const PostAnswer& answer);
