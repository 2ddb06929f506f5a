#include "commands/parser/compounds.h"

#include <string_view>

namespace {

enum class Flag { none, urgent, replaces, adds };

/// Every first part with every second part; both set apart by blanks.
struct Family {
  Role role;
  Action action;
  Flag flag;
  std::u32string_view first;
  std::u32string_view second;
};

constexpr Family kFamilies[] = {
    // Hand over: it left us and is with whom it is for.
    {Role::verb, Action::distributed, Flag::none,
     U"送 派送 配送 分送 转送 递送 投送 赠送 转赠 发放 分发 派发 配发 下发 分派 发 派 分配 调拨 "
     U"划拨 下拨 拨付 调配 支援 捐赠 捐送 移交 转交",
     U"给 给了 到 到了 往 至 予 去 去了 了 出 出了 过去 完 完了 完毕 下去 出去 到位 到户"},
    {Role::verb, Action::distributed, Flag::none, U"送", U"达 达了 抵 上 进 上门 与"},
    {Role::verb, Action::distributed, Flag::none, U"赠 捎 带 递 分 拨 配", U"给 给了 予 与 往 去"},
    {Role::verb, Action::distributed, Flag::none, U"搬 背 扛 抬 拿 交", U"给 给了 到 去"},
    {Role::verb, Action::distributed, Flag::none, U"全 都 全部 已", U"给了 发了 送了 分了"},
    {Role::verb, Action::distributed, Flag::none, U"共 共计 总计 一共 总共 累计 合计 均", U"发出 送出 发出去 送出去"},
    // On the road.
    {Role::verb, Action::in_transit, Flag::none,
     U"运 寄 拉 载 驶 开 装运 转运 押运 托运 空运 海运 邮寄 快递 快运 载运 运送 运输 直发",
     U"往 向 走 走了 去 去了 出 出了 至 抵"},
    {Role::verb, Action::in_transit, Flag::none, U"发", U"走 走了 车了 货了 运了"},
    {Role::verb, Action::in_transit, Flag::none, U"从 由", U"出发"},
    {Role::verb, Action::in_transit, Flag::none, U"已 正 刚 现已 均已 正在 陆续",
     U"起运 启运 发运 装运 出发 上路 启程 在途"},
    {Role::weak, Action::in_transit, Flag::none, U"携带 载有 满载 装载 搭载 装有", U"  了"},
    // Came to us.
    {Role::verb, Action::received, Flag::none,
     U"送 寄 发 运 拨 拉 带 派送 配送 递送 运送 转运 邮寄 划拨 下拨 拨付 扛 背 抬 搬 捎 调 转 派 捐 配 空运 捐赠 赠送 支援 购 买 采购 领 取 拿 "
     U"借 筹 快递 调拨",
     U"来 来了 过来 过来了 回 回来 回来了 回了"},
    {Role::verb, Action::received, Flag::none,
     U"收 领 接 签收 接收 购 采购 订购 买 筹 筹措 拿 取 领取 收货 争取 申请 协调 借 化缘 募",
     U"到了 齐 齐了 到手 到位"},
    {Role::verb, Action::received, Flag::none, U"拿 取 借 争取 协调", U"到"},
    {Role::verb, Action::received, Flag::none, U"入 进 到 卸 存", U"仓 仓了 库 库了"},
    {Role::verb, Action::received, Flag::none, U"获 喜 喜获 受 接受 获得", U"赠 捐 捐赠 赠送"},
    {Role::weak, Action::received, Flag::none, U"新 又 再 刚 今 全新", U"进 到 进了 到了 收 收了"},
    {Role::verb, Action::received, Flag::none, U"新 又 再 共", U"收到 进货 到货 入库"},
    {Role::verb, Action::distributed, Flag::none, U"货 东西 物资 货物",
     U"已发完 发完了 已发放 已送完 送完了 已分完 分完了"},
    {Role::verb, Action::in_transit, Flag::none, U"货 东西 物资 快递 包裹 货物",
     U"已发 已寄 已发出 已寄出 发出了 寄出了 发走了 在路上 在路上了 已在路上"},
    {Role::verb, Action::received, Flag::none, U"货 东西 物资 快递 包裹 货物 设备",
     U"到 到了 都到了 全到了 刚到 刚到了 已到 已到齐 到齐 到齐了 已收到 收到了 已经到了"},
    {Role::verb, Action::received, Flag::none, U"卸", U"货 下 下了 完 完了 完货"},
    // Asked for.
    {Role::verb, Action::need, Flag::urgent, U"现 现在 目前 当前 正 仍", U"急缺 急需 紧缺 亟需"},
    {Role::verb, Action::need, Flag::none, U"急 都 均 最 特 很 尚 仍 共 总 现 需 亟 多处 普遍",
     U"需 需要 缺乏 缺少 短缺"},
    {Role::verb, Action::need, Flag::urgent, U"急 紧急 亟待 火速 十万火急", U"寻 购 买 征 找 求购 求助 求援 征集 调配 采购 用"},
    {Role::verb, Action::need, Flag::replaces, U"尚 仍然 依然 依旧 至今 目前仍 目前还 现仍 现在还",
     U"缺 差 缺口"},
    {Role::verb, Action::need, Flag::none, U"尚 还 仍", U"欠 欠缺 短"},
    {Role::verb, Action::need, Flag::none, U"都 均 最 特 很 非常 严重 极度 极 十分 特别 主要",
     U"缺"},
    {Role::verb, Action::need, Flag::none, U"诚 跪 恳 在线 在此 哪位好心人",
     U"求"},
    // Asked for politely.
    {Role::verb, Action::need, Flag::none, U"能不能 可不可以 能否 可否 是否能 是否可以 可以不可以",
     U"给 给我们 给点 先给 再给 帮 帮我们 匀 匀出 分 借 送 送来 捐 支援 支持 提供 协调 再协调 安排 解决 弄 调 调拨 调配 补 补充 追加 多给"},
    {Role::verb, Action::need, Flag::none, U"请 麻烦 劳烦 烦请 拜托 恳请 请求",
     U"给 给我 给我们 帮我 帮我们 帮忙 为我们 再给 先给 多给 帮忙准备 帮准备"},
    {Role::verb, Action::need, Flag::none, U"需 待 要 想", U"加 增加 加装 准备 采购 购买 购置 申领 申请 补充 补给 配备 配置 配齐 添置 增补 增配 补货 调集 调运 调配 调拨 支援 增援 协调 援助"},
    {Role::verb, Action::need, Flag::none, U"希望 希望能 恳请 期盼 盼 盼望 能否 可否 请求 望 渴望",
     U"支援 提供 捐赠 援助 协调 调拨 支持 补充 配送 得到 给予"},
    // Promised.
    {Role::verb, Action::offer, Flag::none,
     U"可 可以 愿 愿意 想 想要 拟 欲 能 能够 我能 准备 打算 计划 决定 预备 志愿 自愿 有意",
     U"捐 捐赠 出 捐献 捐出 捐助 捐给 无偿捐赠 免费提供 无偿提供 提供 支援 援助 赞助 赠送 匀出 匀 "
     U"让出 转让 资助 调剂 寄 寄出 寄来 带来 带回 拿出 供 供应 免费供应 无偿供应 免费送 腾出 让 空出 空运 调运 调配 调动 派出 出动"},
    {Role::verb, Action::offer, Flag::none, U"答应 答应了 承诺 同意", U"捐 捐赠 捐助 给 送 提供 支援 赞助"},
    {Role::verb, Action::offer, Flag::none, U"免费 无偿 义务 定向", U"捐 捐赠 捐献 提供 赠送 赞助 供应 送 支援"},
    {Role::weak, Action::offer, Flag::none, U"我 我们 本店 本人 我家 我司 咱", U"出 捐出 认领 包了"},
    {Role::verb, Action::adjust, Flag::none, U"淋 压 烧 弄 碰 冻 晒 砸", U"坏 烂 坏了 烂了"},
    // What is there.
    {Role::verb, Action::stock, Flag::none, U"盘 查 点 清",
     U"库 库结果 存 仓 货 完库 完 完了 完毕 完毕了 了一遍 过了 好了 货完毕 点完毕 点完 点结果"},
    {Role::verb, Action::stock, Flag::none, U"现 还 仍 尚 只 仅 共",
     U"剩 剩下 剩余 余 存 结存 库存"},
    {Role::weak, Action::stock, Flag::none, U"目前 现在 仓库 库里 库房 仍 里面 柜里 库存",
     U"有 还有 剩 还剩 尚有 只有 只剩 仅有 仅剩 共有"},
    // Used up.
    {Role::verb, Action::used, Flag::none, U"换", U"掉 掉了"},
    {Role::verb, Action::used, Flag::none, U"用 耗 消耗 使用 领用 耗费 自用",
     U"掉 掉了 完 去 去了 了 光"},
    {Role::weak, Action::used, Flag::none, U"自 共 已 均", U"用 耗 使用"},
    {Role::verb, Action::adjust, Flag::none, U"丢弃 扔掉 销毁 损毁 受潮 淋湿 泡水 摔坏 打碎 压坏 用坏",
     U"  了"},
};

template <typename Visit>
void each_word(std::u32string_view words, const Visit& visit) {
  while (!words.empty()) {
    const auto length = words.find(U' ');
    visit(words.substr(0, length));
    words.remove_prefix(length == words.npos ? words.size() : length + 1);
  }
}

}  // namespace

void for_each_compound(
    const std::function<void(const std::u32string&, Role, Action, bool, bool, bool)>& add) {
  for (const Family& family : kFamilies) {
    each_word(family.first, [&](std::u32string_view first) {
      each_word(family.second, [&](std::u32string_view second) {
        const std::u32string word = std::u32string(first) + std::u32string(second);
        if (word.size() < 2) return;
        add(word, family.role, family.action, family.flag == Flag::urgent,
            family.flag == Flag::replaces, family.flag == Flag::adds);
      });
    });
  }
}
