#include "commands/parser/lexicon.h"

#include <deque>
#include <string>
#include <vector>

#include "commands/parser/compounds.h"
#include "commands/parser/trie.h"

namespace {

enum class Flag { none, urgent, replaces, adds };

struct Group {
  Role role;
  Action action;
  Flag flag;
  std::u32string_view words;  ///< set apart by blanks
};

// Grouped by what they do; the longest word at a position wins, so that 发货 is never 发.
constexpr Group kGroups[] = {
    {Role::verb, Action::need, Flag::none,
     U"帮忙找 帮找 急找 寻找 想借 求借 借用 要借 诚征 征求 征用 招募 招聘 急招 求租 租用 租借 需求表 需求清单 欠缺 需要 需求 需补充 需要补充 寻求支援 寻求 求助 求购 求捐 求援 申请 申领 请求 "
     U"请求支援 请求调拨 请支援 请调拨 想要 想领 想要领 需领 要领 缺少 "
     U"缺乏 短缺 最缺 至少需要 征集 求支援 需支援 申请支援 缺货 "},
    {Role::fluff, Action::other, Flag::none,
     U"因为 由于 大号 中号 小号 特大号 加大号 均码 够用 就够 就行 即可 就可以 闲置 多余 现货 全新 出资 个人出资 自费 手上 手里 手头 身上 外卖 供需 人家 别人 隔壁小区 先来个 先来 来个 来点 外地 本地 的路上 紧张 今天 今日 今早 今晚 今晨 昨天 昨日 昨晚 明天 明早 明日 上午 "
     U"下午 中午 晚上 早上 凌晨 刚才 刚刚 刚 现在 目前 已经 已 均已 "
     U"另外 此外 还 又 也 再 都 就 将 把 在 于 了 的 得 是 我们 "
     U"咱们 你们 他们 本人 我公司 我司 我村 我院 我队 我 你 大家 麻烦 "
     U"请 谢谢 感谢 辛苦 物资 明细 情况 如下 以下 通知 登记 运输途中 "
     U"准备 后天 帮忙 完毕 完成 "
     U"结果 成功 全部 数量 这批 包括 包含 其他 等 爱心 新鲜 各类 各种 "
     U"随时 预计 先后 直接 接龙 一起 一下 一直 一定 一样 "
     U"上一条 捐赠人 捐赠者 捐赠方 捐赠物资 募捐 爱心物资 防疫物资 及时 "
     U"按时 公开 根据 意愿 按照 参与 开展 组织 通过 联合 当地 有关 非常 "
     U"特别 比较 主要 第一时间 完全 一定要 但 但是 不过 可是 而且 并且 然后 同时 所以 因此 因为 由于 含 内含 投入 首批 匿名 核实 核对 总算 终于 正好 "
     U"反馈 回复 来电 来报 反映 告知 报告 介绍 "},
    {Role::verb, Action::need, Flag::urgent,
     U"急征 急徵 急借 急寻 急需 急需要 急要 急求 亟需 亟缺 急缺 紧缺 奇缺 紧急需要 紧急求助 "
     U"告急 加急 断货 "},
    {Role::fluff, Action::need, Flag::urgent, U"紧急 急 "},
    {Role::verb, Action::need, Flag::replaces,
     U"还缺 仍缺 还差 仍差 现在缺 现缺 目前缺 目前还缺 现在还缺 缺口 "
     U"目前缺口 "},
    {Role::verb, Action::need, Flag::adds,
     U"另需 另需要 另外需要 另外还要 追加 再要 再需要 还需 还需要 "},
    {Role::weak, Action::need, Flag::adds, U"再来 还要 "},
    {Role::weak, Action::need, Flag::none, U"缺 差 需 求 要 招 要点 要些 要一些 寻 要求 所需 所缺 告缺 "},
    {Role::verb, Action::offer, Flag::none,
     U"捐赠 捐献 捐助 捐了 捐出 捐给 可捐赠 愿捐赠 拟捐赠 可捐献 能捐赠 愿捐 认捐 有闲置 有富余 有多的 有多余的 有多出来的 已落实 落实了 落实到 筹到 筹到了 凑到 凑到了 可借 可送 可匀 可自取 可捐 拟捐 提供 "
     U"可提供 "
     U"能提供 赞助 筹措 筹集 募集 愿意出 可以出 能支援 可支援 可以支援 "
     U"愿支援 "},
    {Role::weak, Action::offer, Flag::none,
     U"出 筹了 筹得 募了 募到 募得 凑了 凑 捐款 捐 我有 我这有 我这里有 我家有 我们有 有多余 有 "},
    {Role::verb, Action::received, Flag::none,
     U"转来 汇来 入账 到账 进账 收下 收下了 收妥 已收妥 收妥了 验收 验收完 到港 到站 到岸 到仓 拨下来 批下来 获得 喜提 获捐 受赠 受捐 到的货 进货 收到 收讫 已收 点收 刚到 物资已到 货已到 到货了 签收 接收 接受 接收点 收货 到货 到齐 "
     U"入库 购入 购进 采购 采购到 买到 领到 领取 给我们拨 给我们拨了 "
     U"给我们送 给我们送来 给我们送了 拨来 送来 寄来 发来 运来 已收到 "
     U"已签收 已接收 已入库 收到了 "},
    {Role::weak, Action::received, Flag::none, U"代收 代收了 进 入 购买 购买了 购置 购置了 采购了 接到 到了 已到 领 来了 领了 代领 进了 收 收了 今天到 "},
    {Role::verb, Action::in_transit, Flag::none,
     U"派车 派车送 派车运 上高速 在高速 已在高速 已上高速 刚上高速 上了高速 承运 放行 清关 报关 通关 起飞 在送往 正送去 赶往 揽收 已揽收 揽件 装船 装机 落地 去往 装好车 装完车 装上车 上路 发出 发货 发货通知 已发货 在途 途中 运往 发往 寄往 驶往 装车 "
     U"装车发往 发车 发运 启运 起运 启程 寄出 在路上 运输中 运送 正在配送 "
     U"正在运 正在送 正送往 中转 运抵 空运 已发出 已寄出 已装车 已发车 "
     U"已发往 已运往 正在运往 "},
    {Role::weak, Action::in_transit, Flag::none, U"拉着 载着 装着 运着 车上有 车里有 车上是 机上有 船上有 装的是 拉的是 运的是 载的是 已过 刚过 驶过 途经 寄了 寄走 邮了 走的 走 拉了 运了 载了 装了 载 拉 已寄 已发 路上 出发 运 今晚到 明天到 明早到 后天到 "},
    {Role::verb, Action::distributed, Flag::none,
     U"交接给 拨付 下拨 划拨 完成清单 去向 转送 给了 领走 拿走 取走 提走 派出 支出 出仓 出货 送货 发放 发放给 出库 调出 发出给 送达到 送达 分发 派发 下发 配发 派送 赠送 转赠 转交 移交 "
     U"交付 配送 支援 援助 分配 调拨 投放 发给 发到 发出去 发下去 送去 "
     U"送到 送给 送出 送往 送至 交给 分给 拨给 带去 捐赠给 已发放 发放了 "
     U"已分发 已派发 已送达 已发给 已发到 发送 张贴 配发给 分发给 派发给 "
     U"送到了 发到了 "},
    {Role::weak, Action::distributed, Flag::none, U"放下 添 添了 补了 挂到 共发出 一共发出 总共发出 累计发出 补给 补充 配备 配备了 配置 供应 协调 安排 发了 送了 链接 送 发 配 赠 派 派了 配了 赠了 分了 "},
    {Role::verb, Action::stock, Flag::none,
     U"实有 实剩 清点 清点完毕 清点结果 余量 盘点 盘点结果 实存 库存 结存 现存 结余 剩余 还剩 还剩下 只剩 仅有 "
     U"只剩下 仅剩 尚有 现有 "},
    {Role::weak, Action::stock, Flag::none, U"还有 现在共 现共 剩 剩下 "},
    {Role::verb, Action::used, Flag::none, U"领用 烧掉 烧了 消耗 用掉 用去 耗用 使用 使用了 "},
    {Role::weak, Action::used, Flag::none, U"用了 用 耗 耗了 "},
    {Role::verb, Action::adjust, Flag::none,
     U"泡坏 摔坏 损耗 过期 破损 损坏 报废 变质 丢失 遗失 退回 退货 退还 短少 盘盈 盘亏 "},
    {Role::weak, Action::adjust, Flag::none, U"少了 少收 少收了 少到 少到了 短了 "},
    {Role::deal, Action::other, Flag::none,
     U"来的 拨付的 援助的 赠的 带来的 送的 买的 采购的 筹集的 送来的 捐的 捐来的 捐赠的 捐献的 寄来的 调来的 寄的 运的 "
     U"拨来的 赠送的 提供的 支援的 "
     U"发来的 运来的 赠送来的 捐助的 支援来的 带的 送过来的 寄过来的 "},
    {Role::to, Action::other, Flag::none, U"给 向 往 到 至 去 → -> 为 赶赴 奔赴 驰援 前往 抵达 直达 发至 俾 畀 予 "},
    {Role::from, Action::other, Flag::none, U"从 来自 由 "},
    {Role::hub, Action::other, Flag::none,
     U"我们这 我们这里 我们这边 我这边 我这里 本部 总部 仓库 库房 本站 "
     U"本仓 总仓 "},
    {Role::vague, Action::other, Flag::none,
     U"一批 若干 大量 部分 一些 越多越好 多多益善 不限 能给多少给多少 "
     U"有多少要多少 多少都行 "},
    {Role::noise, Action::other, Flag::none,
     U"抽奖 中奖 抽中 出口 进口 央视新闻 拼车 凑车 凑一车 顺风车 顺路 能吃 能用 能喝 照片 截图 视频 文档 微博 抖音 朋友圈 据报道 据悉 拼多多 淘宝 下单 凑单 听朋友 网上 能装 可装 能坐 能放 装得下 够装 疑似 重症 密接 无症状 阳性 卖 售 日需 销量 产量 日产量 日产 日均 人均 起订 起订量 起批 报价 出厂价 到厂价 网传 "
     U"谣言 辟谣 谁说 稀释 兑 配比 起送 团购满 拼团 限乘 核载 限载 载重 油耗 功率 适合 能住 够吃 开发票 包邮 原价 现价 秒杀 打折 特价  卖断货 卖完 卖光 卖空 脱销 卖到 在卖 有卖 消息 信息 短信 评论 限领 限量 产能 谁要 谁需要 确诊 治愈 死亡 病例 出院 新增 "
     U"隔离14 体温3 限购 听说 据说 涨到 "
     U"涨价 涨了 兑水 浓度 混用 标准 符合 账号 账户 密码 会议号 红包 "
     U"计划 打算 建议 提议 不如 要不 排队 才买到 只买到 终于买到 才抢到 终于抢到 抢到 刷到 看新闻 新闻说 新闻里 新闻上 网上说 群里说 有人说 电视上 电视里 一口气 谜语 猜一 笑话 段子 自己吃 留着吃 自家吃 小时候 当年 想当年 前几年 那会儿 上次 售价 单价 每天 就要换 支撑 小到 大到 "
     U"请问 值班 报名 开会 疫情过后 "},
    {Role::says, Action::other, Flag::none, U"说 称 表示 透露 听 "},
    {Role::when, Action::other, Flag::none,
     U"如果 要是 假如 假设 假使 倘若 万一 若是 如有 如需 只要 凑够 等到 "},
    {Role::asks, Action::other, Flag::none,
     U"真假 真的吗 真的假的 是真的 哪个 哪种 哪款 是不是 能不能 要不要 会不会 好不好 可不可以 行不行 到了没有 到了没 到没到 收到没 "
     U"收到没有 谁能 谁家 吗 了没 了没有 没有啊 好吗 怎么 什么 多少 哪里 哪儿 哪位 有没有 够不够 是否 为啥 为什么 "},
    {Role::negates, Action::other, Flag::none,
     U"没有 没 未 尚未 不是 不用 不要 不再 不需要 不缺 不 别 无需 够了 足够 无法 "
     U"暂不 不够 "},
    {Role::revokes, Action::other, Flag::none,
     U"取消 撤回 撤销 撤消 暂停 停止 终止 中止 作废 误报 错报 报错 搞错 "},
    {Role::metric, Action::activity, Flag::none,
     U"服务时长 志愿时长 志愿服务时长 时长 社会组织 队伍 伙伴 媒体 企业 政府部门 新闻 求助请求 志愿者 志愿服务 义工 志工 队员 服务 消杀 消毒 活动 排查 宣传 宣讲 推文 推送 培训 覆盖 入户 走访 慰问 "
     U"探访 转运 接送 受益 受益人 受益人数 受益人次 受益居民 受益群众 出动 出勤 出车 动员 组织动员 巡逻 "
     U"巡查 劝返 采样 核酸采样 接种 接听 接待 帮扶 救助 转移 营救 救援 疏散 安置 解救 搜救 值守 值勤 搬运 "
     U"代购 代办 清理 清扫 清运 清淤 抽排 疏通 修复 抢修 搭建 搭设 安装 打捞 加固 封堵 救出 解救 辅导 授课 撮合 对接 回访 结对 心理援助 心理疏导 疏导 维修 修理 悬挂 参赛 设立 设置 惠及 心理咨询 咨询 热线 心理热线 理发 义诊 巡诊 "
     U"陪诊 送餐 核查 核酸 做核酸 上门 送药 代买 陪护 设卡 解决 化解 调解 "},
    {Role::metric, Action::other, Flag::none,
     U"车辆 货车 面积 老人 长者 企业家 司机 医生 护士 "
     U"人员 人手 干部 党员 教师 师生 战士 民警 患者 病人 孕妇 防控点 楼道 地市 微信群 村居 居民 村民 家庭 "
     U"学生 孩子 婴儿 产妇 伤员 灾民 旅客 工人 儿童 群众 业主 侨胞 员工 职工 市民 校友 乡亲 教职工 农牧民 消防员 家长 工作人员 医护人员 住户 楼栋 点位 场所 物资车 大巴 面包车 卡车 "},
    {Role::about, Action::other, Flag::none,
     U"约 大约 大概 最少 起码 不低于 近 将近 接近 差不多 估计 超 超过 逾 至少 不少于 "
     U"最多 不到 "},
    {Role::after, Action::other, Flag::none, U"左右 上下 以上 开外 起步 打底 "},
    {Role::total, Action::other, Flag::none, U"共 合计 总计 总共 一共 共有 即 折合 "},
    {Role::each, Action::other, Flag::none, U"各 各自 分别各 每家 每处 每院 每地 每个医院 每个社区 每个单位 "},
    {Role::joins, Action::other, Flag::none, U"和 与 及 以及 跟 或 外加 另加 加上 再加 加 并 零 + "},
    {Role::covers, Action::other, Flag::none, U"累计 累积 截至 截止 共计 "},
    {Role::parts, Action::other, Flag::none, U"其中 分别 "},
    {Role::worth, Action::other, Flag::none, U"价值 总值 总值为 金额 合计金额 总价 "},
    {Role::place_label, Action::other, Flag::none,
     U"单位名称 机构名称 需求方 受赠单位 接收方 位置 所在地 单位 需求单位 接收单位 收货单位 医院名称 地点 "},
    {Role::skip_label, Action::other, Flag::none,
     U"联系人 联系电话 联系方式 电话 手机 姓名 收货人 收件人 地址 备注 "
     U"车牌 单号 快递单号 "},
    {Role::expected, Action::other, Flag::none, U"应到 应收 "},
    {Role::actual, Action::other, Flag::none, U"实到 实际 实收 "},
    {Role::can, Action::other, Flag::none, U"能 可以 可 愿意 愿 "},
};
constexpr std::u32string_view kGoodsUnits[] = {
    U"只",   U"个",   U"枚",   U"片",     U"副",   U"双",   U"对",   U"套",   U"件",   U"身",
    U"支",   U"根",   U"台",   U"部",     U"顶",   U"床",   U"条",   U"份",   U"盒",   U"把",
    U"箱",   U"包",   U"袋",   U"桶",     U"瓶",   U"罐",   U"提",   U"板",   U"捆",   U"托",
    U"车",   U"筐",   U"卷",   U"串",     U"组",   U"张",   U"块",   U"杯",   U"艘",   U"辆",
    U"吨",   U"公斤", U"千克", U"斤",     U"市斤", U"克",   U"kg",   U"g",    U"t",    U"升",
    U"公升", U"毫升", U"ml",   U"l",      U"pcs",  U"打",   U"本",   U"册",   U"粒",   U"颗",
    U"棵",   U"头",   U"管",   U"扎",     U"束",   U"面",   U"幅",   U"架",   U"具",   U"樽",
    U"听",   U"篮",   U"篓",   U"盘",     U"壶",   U"匹",   U"朵",   U"元",   U"万元", U"元钱",
    U"块钱", U"盒子", U"箱子", U"小包",   U"大包", U"小瓶", U"大瓶", U"小箱", U"大箱", U"大桶",
    U"小桶", U"大袋", U"小袋", U"立方米", U"两",   U"柜",   U"批次", U"顿",   U"剂",   U"丸",
    U"贴",   U"枝",   U"间",   U"碗",     U"株",   U"尾",   U"羽",
    U"令",   U"摞",   U"沓",   U"坛",     U"盆",   U"锅",   U"筒",   U"人份", U"台套", U"麻袋", U"编织袋", U"口", U"票", U"节",
    U"餐",   U"笼",   U"屉",   U"盏"};

constexpr std::u32string_view kWorkUnits[] = {
    U"人",   U"人次",     U"名",       U"位",   U"户",   U"户次", U"次",   U"场",     U"场次",
    U"家",   U"处",       U"例",       U"台次", U"车次", U"辆次", U"支队", U"支队伍", U"平方米",
    U"平米", U"平方", U"m2", U"平方公里", U"万平方米", U"亩",   U"公顷", U"通",   U"篇",   U"期",     U"户人家",
    U"所",   U"栋次",     U"小时次",   U"条次", U"趟", U"件次", U"人天", U"工日", U"班次", U"艘次", U"架次", U"支小队"};

struct Lexicon {
  std::vector<Lexeme> lexemes;
  std::deque<std::u32string> compounds;  ///< what the words of `lexemes` look into
  Trie trie;

  Lexicon() {
    std::vector<Trie::Word> words;
    for (const Group& group : kGroups) {
      for (std::u32string_view rest = group.words; !rest.empty();) {
        const auto length = rest.find(U' ');
        const auto word = rest.substr(0, length);
        rest.remove_prefix(length == rest.npos ? rest.size() : length + 1);
        if (word.empty()) continue;
        words.push_back({std::u32string(word), static_cast<int>(lexemes.size())});
        lexemes.push_back({word, group.role, group.action, group.flag == Flag::urgent,
                           group.flag == Flag::replaces, group.flag == Flag::adds});
      }
    }
    for_each_compound([&](const std::u32string& word, Role role, Action action, bool urgent,
                          bool replaces, bool adds) {
      compounds.push_back(word);
      words.push_back({word, static_cast<int>(lexemes.size())});
      lexemes.push_back({compounds.back(), role, action, urgent, replaces, adds});
    });
    trie = Trie(std::move(words));
  }
};

const Lexicon& lexicon() {
  static const Lexicon lexicon;
  return lexicon;
}

/// Value 1 marks units of work.
Trie build_units() {
  std::vector<Trie::Word> words;
  for (const auto unit : kWorkUnits) words.push_back({std::u32string(unit), 1});
  for (const auto unit : kGoodsUnits) words.push_back({std::u32string(unit), 0});
  return Trie(std::move(words));
}

const Trie& units() {
  static const Trie trie = build_units();
  return trie;
}

}  // namespace

std::span<const Lexeme> all_lexemes() { return lexicon().lexemes; }

LexemeHit longest_lexeme(std::u32string_view key, std::size_t at) {
  const Trie::Hit hit = lexicon().trie.longest(key, at);
  if (hit.length == 0) return {};
  const Lexeme& lexeme = lexicon().lexemes[static_cast<std::size_t>(hit.value)];
  return {&lexeme, static_cast<std::uint32_t>(hit.length), lexeme.role};
}

std::vector<std::u32string_view> all_units() {
  std::vector<std::u32string_view> all(std::begin(kWorkUnits), std::end(kWorkUnits));
  all.insert(all.end(), std::begin(kGoodsUnits), std::end(kGoodsUnits));
  return all;
}

std::size_t longest_unit(std::u32string_view key, std::size_t at) {
  return units().longest(key, at).length;
}

bool counts_work(std::u32string_view unit) { return units().find(unit) == 1; }
