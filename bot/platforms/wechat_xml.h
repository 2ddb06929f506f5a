#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace pugi {
class xml_document;
class xml_node;
}  // namespace pugi

/// The XML of WeCom's and the WeChat Official Account's callbacks, bounded: 1,000 nodes, a depth of
/// 32, no document type. Throws BadRequest (400) for everything else.
class WechatXml {
 public:
  explicit WechatXml(std::string_view bytes);
  ~WechatXml();

  /// The text of the root's child, all of its runs joined; "" where there is none. 400 where there
  /// are two.
  std::string text(const char* name) const;
  /// The same of a child of a child.
  std::string text(const char* parent, const char* name) const;
  bool has(const char* name) const;
  /// The text of every `MixedMessage/MsgItem` of type text, joined by line ends.
  std::string mixed_text() const;

 private:
  std::unique_ptr<pugi::xml_document> document_;
};

/// <![CDATA[…]]> around any text, without the characters that XML forbids.
std::string cdata(std::string_view text);
/// The passive reply of both products.
std::string passive_xml(std::string_view to, std::string_view from, std::string_view text,
                        std::chrono::sys_seconds now);
