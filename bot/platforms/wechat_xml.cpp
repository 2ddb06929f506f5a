#include "bot/platforms/wechat_xml.h"

#include <fmt/format.h>
#include <pugixml.hpp>

#include "bot/platforms/reading.h"

namespace {

constexpr int kMostNodes = 1000;
constexpr int kMostDepth = 32;

/// Stops at the first node that is too much or a document type.
struct Bounds : pugi::xml_tree_walker {
  int nodes = 0;
  bool for_each(pugi::xml_node& node) override {
    return ++nodes <= kMostNodes && depth() <= kMostDepth && node.type() != pugi::node_doctype;
  }
};

/// pugixml's own text() gives only the first run.
std::string joined(const pugi::xml_node& node) {
  std::string text;
  for (const pugi::xml_node& child : node.children()) {
    if (child.type() == pugi::node_pcdata || child.type() == pugi::node_cdata) {
      text += child.value();
    }
  }
  // A reference may name half a surrogate pair.
  if (!is_utf8(text)) throw BadRequest(400, "a character reference names no character");
  return text;
}

std::string only_text(const pugi::xml_node& parent, const char* name) {
  const pugi::xml_node node = parent.child(name);
  if (node.next_sibling(name)) throw BadRequest(400, fmt::format("there are two {}", name));
  return joined(node);
}

}  // namespace

WechatXml::WechatXml(std::string_view bytes) : document_(std::make_unique<pugi::xml_document>()) {
  constexpr unsigned kFlags = pugi::parse_default | pugi::parse_doctype;
  if (bytes.starts_with("\xef\xbb\xbf")) bytes.remove_prefix(3);
  if (!is_utf8(bytes)) throw BadRequest(400, "the body is not UTF-8");
  const auto parsed =
      document_->load_buffer(bytes.data(), bytes.size(), kFlags, pugi::encoding_utf8);
  Bounds bounds;
  if (!parsed || !document_->traverse(bounds)) {
    throw BadRequest(400, "the body is not XML as this platform sends it");
  }
}

WechatXml::~WechatXml() = default;

std::string WechatXml::text(const char* name) const {
  return only_text(document_->document_element(), name);
}

std::string WechatXml::text(const char* parent, const char* name) const {
  return only_text(document_->document_element().child(parent), name);
}

bool WechatXml::has(const char* name) const {
  return !document_->document_element().child(name).empty();
}

std::string WechatXml::mixed_text() const {
  std::string text;
  const pugi::xml_node list = document_->document_element().child("MixedMessage");
  for (const pugi::xml_node& item : list.children("MsgItem")) {
    if (only_text(item, "MsgType") != "text") continue;
    if (!text.empty()) text += '\n';
    text += only_text(item.child("Text"), "Content");
  }
  return text;
}

std::string cdata(std::string_view text) {
  std::string result = "<![CDATA[";
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte < 0x20 && byte != '\t' && byte != '\n' && byte != '\r') continue;
    const std::string_view rest = text.substr(i);
    if (rest.starts_with("\xef\xbf\xbe") || rest.starts_with("\xef\xbf\xbf")) {
      i += 2;
      continue;
    }
    if (rest.starts_with("]]>")) {
      result += "]]]]><![CDATA[>";
      i += 2;
      continue;
    }
    result += text[i];
  }
  return result + "]]>";
}

std::string passive_xml(std::string_view to, std::string_view from, std::string_view text,
                        std::chrono::sys_seconds now) {
  return fmt::format(
      "<xml><ToUserName>{}</ToUserName><FromUserName>{}</FromUserName><CreateTime>{}</CreateTime>"
      "<MsgType><![CDATA[text]]></MsgType><Content>{}</Content></xml>",
      cdata(to), cdata(from), now.time_since_epoch().count(), cdata(text));
}
