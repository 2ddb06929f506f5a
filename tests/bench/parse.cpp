// How fast messages are read, on one core: from the bytes of a message to its statements, and how
// much of that is the scanning pass (folding and tokens).
//
//   parse [--names N] [--only fold|scan|read] [--rounds N] [--seconds S] FILE...
//   parse --long        64 KiB of one thing again and again: no content may take much longer
//
// FILE has a message a line, {"text": "…"}. Each figure is the best of the rounds, by the
// processor time of the thread: what else the machine does at that moment is not counted. With
// --names the catalogue holds so many invented names beside its own.

#include <algorithm>
#include <cstring>
#include <ctime>
#include <fstream>
#include <functional>
#include <iostream>
#include <random>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "commands/parser/parser.h"
#include "commands/parser/text.h"
#include "commands/parser/tokens.h"

extern const std::string_view kCatalogueJson;

namespace {

struct Corpus {
  std::vector<std::string> texts;
  std::size_t bytes = 0;
};

Corpus load(const std::vector<std::string>& files) {
  Corpus corpus;
  for (const auto& file : files) {
    std::ifstream in(file);
    if (!in) throw std::runtime_error("cannot read " + file);
    for (std::string line; std::getline(in, line);) {
      corpus.texts.push_back(nlohmann::json::parse(line)["text"]);
      corpus.bytes += corpus.texts.back().size();
    }
  }
  return corpus;
}

/// Three to eight characters of those that names are made of: neighbours in the trie, but hardly
/// ever in a message.
Catalogue with_names(std::size_t count) {
  auto root = nlohmann::json::parse(kCatalogueJson);
  std::u32string characters;
  for (const auto& item : root["items"]) {
    for (const char32_t c : name_key(item["name"].get<std::string>())) characters.push_back(c);
  }
  for (char32_t c = 0x4E00; characters.size() < 3000; c += 7) characters.push_back(c);
  std::mt19937 random(1);
  for (std::size_t i = 0; i < count; ++i) {
    std::u32string name;
    for (std::size_t length = 3 + random() % 6; name.size() < length;) {
      name.push_back(characters[random() % characters.size()]);
    }
    root["items"].push_back({{"name", to_utf8(name)}, {"category", "x"}, {"unit", "个"}});
  }
  return Catalogue(root.dump());
}

double processor_seconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

struct Effort {
  int rounds = 5;
  double seconds = 0.3;
};

/// Seconds for all texts once.
double best(const Corpus& corpus, Effort effort, const std::function<void(std::string_view)>& run) {
  double least = 1e9;
  for (int round = 0; round < effort.rounds; ++round) {
    const double start = processor_seconds();
    double spent = 0;
    int times = 0;
    while (spent < effort.seconds) {
      for (const auto& text : corpus.texts) run(text);
      ++times;
      spent = processor_seconds() - start;
    }
    least = std::min(least, spent / times);
  }
  return least;
}

void measure(const Corpus& corpus, Effort effort, const std::string& only,
             const Catalogue& catalogue) {
  const auto print = [&](const char* what, const std::function<void(std::string_view)>& run) {
    if (!only.empty() && only != what) return;
    const double seconds = best(corpus, effort, run);
    fmt::print("{:<5} {:>10.0f} messages/s {:>8.1f} MB/s {:>8.0f} ns a message\n", what,
               static_cast<double>(corpus.texts.size()) / seconds,
               static_cast<double>(corpus.bytes) / seconds / 1e6,
               1e9 * seconds / static_cast<double>(corpus.texts.size()));
  };
  std::size_t kept = 0;  // so that nothing is left out as unused
  Text text;
  Tokens tokens;
  print("fold", [&](std::string_view said) {
    fold(said, text);
    kept += text.key.size();
  });
  print("scan", [&](std::string_view said) {
    fold(said, text);
    scan(text, catalogue, tokens);
    kept += tokens.list.size();
  });
  print("read", [&](std::string_view said) { kept += read(said, catalogue).statements.size(); });
  if (kept == 0) fmt::print("nothing was read\n");
}

constexpr const char* kRepeated[] = {
    "1",
    "12 ",
    "1,234",
    "1.",
    "1-",
    "1:",
    "1、",
    "第1",
    "#1 ",
    "#",
    "收到 #1 ",
    "更正 #1 2只\n",
    "万",
    "一",
    "十",
    "几",
    "半",
    "一百零",
    "1万",
    "三四",
    "(",
    ")",
    "(1",
    "（一箱",
    "1只(2个)",
    "*1",
    "每箱2瓶",
    "只",
    "箱箱",
    "口罩",
    "口 罩 ",
    "口",
    "N95 ",
    "84",
    "口罩500只",
    "口罩500只、",
    "500只口罩 ",
    "口罩和手套",
    "口罩，",
    "口罩各5只",
    "三院",
    "给三院",
    "给三院、",
    "收到",
    "发放",
    "发放口罩5只到三院\n",
    "已发600只",
    "需要",
    "急需口罩",
    "没",
    "不是",
    "够了",
    "口罩够了\n",
    "累计",
    "共",
    "其中",
    "志愿者5人",
    "李四",
    "李四\n",
    "红会",
    "电话",
    "13812345678 ",
    "@a",
    "@",
    "\n",
    "\t",
    " ",
    "、",
    "，",
    "。",
    "：",
    "?",
    "-",
    "x",
    "a",
    "A1",
    "３",
    "個",
    "萬",
    "捐贈",
    "e\u0301",
    "\u0301",
    "\u200b",
    "\ufdfa",
    "\u2460",
    "🙏",
    "\xe5",
    "\xff",
    "接龙\n1. 李四 口罩 5只\n",
    "1. a 2只\n",
    "今天无",
    "谁有",
    "2月8日",
    "2月",
    "汇总",
    "价值5元",
    "应到5实到4",
    "→",
    "到",
    "的",
    "我们",
};

/// A telephone, a list, a form: whatever it is, 64 KiB of it.
void measure_long(const Catalogue& catalogue) {
  constexpr std::size_t kSize = 64 * 1024;
  std::vector<std::pair<double, std::string>> times;
  for (const char* lead : {"", "收到", "#接龙\n"}) {
    for (const char* repeated : kRepeated) {
      std::string text = lead;
      while (text.size() + std::strlen(repeated) <= kSize) text += repeated;
      double least = 1e9;
      for (int round = 0; round < 3; ++round) {
        const double start = processor_seconds();
        read(text, catalogue);
        least = std::min(least, processor_seconds() - start);
      }
      times.emplace_back(least, fmt::format("{}{}…", lead, repeated));
    }
  }
  std::sort(times.begin(), times.end(), std::greater<>());
  for (const auto& [seconds, text] : times) {
    fmt::print("{:>8.3f} ms {}\n", seconds * 1e3,
               nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
  }
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"How fast messages are read, on one core"};
  std::vector<std::string> files;
  std::size_t names = 0;
  std::string only;
  bool long_messages = false;
  Effort effort;
  app.add_flag("--long", long_messages, "64 KiB of one thing again and again");
  app.add_option("file", files, "messages, one JSON object a line")->check(CLI::ExistingFile);
  app.add_option("--names", names, "invented names beside those of the catalogue");
  app.add_option("--rounds", effort.rounds);
  app.add_option("--seconds", effort.seconds, "length of a round");
  app.add_option("--only", only, "one of: fold, scan (with fold), read (all of it)");
  CLI11_PARSE(app, argc, argv);
  try {
    if (long_messages) {
      measure_long(Catalogue::built_in());
      return 0;
    }
    const Corpus corpus = load(files);
    fmt::print("{} messages, {} bytes\n", corpus.texts.size(), corpus.bytes);
    if (names == 0) {
      measure(corpus, effort, only, Catalogue::built_in());
    } else {
      const Catalogue catalogue = with_names(names);
      fmt::print("{} names more\n", names);
      measure(corpus, effort, only, catalogue);
    }
  } catch (const std::exception& e) {
    std::cerr << e.what() << "\n";
    return 1;
  }
  return 0;
}
