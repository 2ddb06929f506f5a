#pragma once

#include "bot/outgoing/kind.h"

/// What an answer of WeCom or of the WeChat Official Account means: HTTP 200 with an errcode.
Delivery judge_wecom(const PostAnswer& answer);
/// The access token is not, or no longer, good.
bool wecom_token_refused(const PostAnswer& answer);
