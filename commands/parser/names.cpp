#include "commands/parser/names.h"

#include <initializer_list>
#include <map>
#include <string>
#include <vector>

#include "commands/parser/trie.h"

namespace {

using View = std::u32string_view;

/// Words that are the whole name, and words in which a longer name may end: one look from its end.
class Names {
 public:
  Names(std::initializer_list<View> whole, std::initializer_list<View> endings)
      : backwards_(reversed(whole, endings)) {}

  bool have(View name) const {
    Trie::State state = Trie::kRoot;
    for (std::size_t i = name.size(); i > 0; --i) {
      state = backwards_.step(state, name[i - 1]);
      if (state == Trie::kNone) return false;
      if (backwards_.ends(state) && (backwards_.value(state) & (i > 1 ? kEnding : kWhole)) != 0)
        return true;
    }
    return false;
  }

 private:
  static constexpr int kWhole = 1, kEnding = 2;

  static Trie reversed(std::initializer_list<View> whole, std::initializer_list<View> endings) {
    std::map<std::u32string, int> words;
    for (const View word : whole) words[{word.rbegin(), word.rend()}] |= kWhole;
    for (const View word : endings) words[{word.rbegin(), word.rend()}] |= kEnding;
    std::vector<Trie::Word> list;
    for (const auto& [word, kinds] : words) list.push_back({word, kinds});
    return Trie(std::move(list));
  }

  Trie backwards_;
};

// The hundred most frequent family names, which cover some 85 % of people.
constexpr View kFamilyNames =
    U"王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏"
    U"吕丁任沈姚卢姜崔钟谭陆汪范金"
    U"石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤";

bool family_name(char32_t c) {
  static const Trie names = [] {
    std::vector<Trie::Word> list;
    for (const char32_t name : kFamilyNames) list.push_back({{name}, 0});
    return Trie(std::move(list));
  }();
  return names.step(Trie::kRoot, c) != Trie::kNone;
}

}  // namespace

namespace {

/// 李四家, but 马上回家.
bool names_home(View name) {
  constexpr View kGoing = U"回到在去离出搬";
  return name.size() > 2 && name.back() == U'家' &&
         kGoing.find(name[name.size() - 2]) == View::npos &&
         names_person(name.substr(0, name.size() - 1));
}

}  // namespace

bool names_place(View name) {
  static const Names kPlaces(
      {U"社区",     U"隔离点",   U"卡点",     U"医院", U"福利院",   U"养老院", U"敬老院",
       U"居委会",   U"村委会",   U"卫生院",   U"学校", U"环卫工人", U"保安",   U"交警",
       U"孤寡老人", U"困难群众", U"一线人员", U"一线", U"疫区",     U"灾区",   U"指挥部"},
      {U"院",     U"社区",   U"街道",   U"街道办", U"办事处", U"街办",   U"镇",     U"乡",
       U"村",     U"屯",     U"庄",     U"寨",     U"卡点",   U"卡口",   U"隔离点", U"安置点",
       U"集中点", U"执勤点", U"服务点", U"检测点", U"采样点", U"中学",   U"小学",   U"大学",
       U"学院",   U"学校",   U"幼儿园", U"一中",   U"二中",   U"三中",   U"四中",   U"五中",
       U"六中",   U"附中",   U"小区",   U"家园",   U"花园",   U"新村",   U"家属院", U"苑",
       U"站",     U"所",     U"中心",   U"队",     U"支队",   U"大队",   U"市",     U"县",
       U"区",     U"州",     U"省",     U"旗",     U"里",     U"村委",   U"委会",   U"居委",
       U"指挥部", U"疾控",   U"派出所", U"公安局", U"局",     U"铁路局", U"工人",   U"医生",
       U"护士",   U"人员",   U"老人",   U"老师",   U"群众",   U"环卫工", U"宿舍",   U"酒店",
       U"宾馆",   U"校区",   U"院区",   U"病区",   U"诊所",   U"药房",   U"网格",   U"物业",
       U"收费站", U"车站",   U"高速口", U"路口",   U"码头",   U"机场",   U"监狱",   U"工地",
       U"食堂",   U"病房",   U"室",     U"科",     U"营地",   U"基地",   U"仓库",   U"库房",
       U"方舱",   U"党工委", U"街",     U"湾",     U"组"});
  return kPlaces.have(name) || names_home(name);
}

bool names_person(View name) {
  if (name.size() < 2) return false;
  static const Names kTitles({}, {U"女士", U"先生", U"老板", U"师傅", U"主任", U"医生", U"老师",
                                  U"阿姨", U"大爷", U"大妈", U"大姐", U"经理", U"书记", U"同学",
                                  U"叔叔", U"姐",   U"哥",   U"总",   U"队长", U"院长"});
  if (kTitles.have(name)) return true;
  if (name.size() == 2 && (name[0] == U'老' || name[0] == U'小' || name[0] == U'阿') &&
      family_name(name[1]))
    return true;
  return name.size() <= 3 && family_name(name[0]) && !names_place(name) &&
         !only_like_a_person(name);
}

bool names_thing(char32_t last) {
  constexpr View kEndings =
      U"蛋机器仪表箱袋包盒瓶罐桶杯粉片剂液膏油酱汤饼糕糖奶茶酒水纸布衣服帽鞋袜套罩巾垫被毯床枕椅桌"
      U"灯线网"
      U"板架管绳刀锅壶碗盆筷勺笔本书卡券贴膜带棒锹镐泵船艇筏圈衫裤裙面饭粥菜肉鱼虾果瓜豆米药针纱棉"
      U"豉粽酸素钠钙锌炭";
  return kEndings.find(last) != View::npos;
}

bool only_like_a_person(View name) {
  return name.size() >= 2 && name.size() <= 3 && family_name(name[0]) && names_thing(name.back());
}

bool names_giver(View name) {
  static const Names kGivers(
      {U"红会", U"红十字会", U"商会", U"慈善总会", U"爱心人士", U"爱心企业", U"企业", U"政府",
       U"超市", U"好心人", U"人士", U"老乡", U"村民", U"居民", U"合作社"},
      {U"公司", U"集团", U"厂",   U"会",     U"基金", U"企业",  U"企业家", U"人士",
       U"居民", U"村民", U"商家", U"店",     U"银行", U"超市",  U"机构",   U"组织",
       U"政府", U"部",   U"委",   U"办",     U"网友", U"校友",  U"个人",   U"家庭",
       U"药房", U"饭店", U"协会", U"合作社", U"公益", U"救援队"});
  return kGivers.have(name) || names_person(name);
}

bool names_carrier(View name) {
  static const Names kCarriers(
      {}, {U"顺丰",   U"德邦", U"京东", U"中通",   U"圆通", U"申通",    U"韵达",
           U"邮政",   U"ems",  U"快递", U"货拉拉", U"物流", U"司机",    U"快运",
           U"快递员", U"专线", U"闪送", U"跑腿",   U"货运", U"快递小哥"});
  if (kCarriers.have(name)) return true;
  for (const View word : {U"顺丰", U"德邦", U"京东", U"中通", U"圆通", U"申通", U"韵达", U"邮政",
                          U"ems", U"货拉拉", U"快递", U"物流", U"司机"}) {
    if (name.starts_with(word)) return true;
  }
  return false;
}

bool names_others(View name) {
  for (const View word : {U"隔壁", U"别的", U"别人", U"人家", U"他们"}) {
    if (name.starts_with(word)) return true;
  }
  return false;
}

bool names_country(View name) {
  static const Names kCountries(
      {U"日本",   U"韩国",   U"意大利", U"伊朗",   U"美国",    U"英国", U"法国", U"德国",
       U"西班牙", U"印度",   U"俄罗斯", U"土耳其", U"乌克兰",  U"巴西", U"越南", U"泰国",
       U"缅甸",   U"尼泊尔", U"非洲",   U"欧洲",   U"埃及",    U"朝鲜", U"老挝", U"柬埔寨",
       U"叙利亚", U"阿富汗", U"国外",   U"外国",   U"巴基斯坦"},
      {});
  return kCountries.have(name);
}

bool names_kind_of_place(View name) {
  static const std::initializer_list<View> kKinds = {
      U"社区",   U"小区",   U"医院",   U"卡点",   U"卡口",   U"隔离点", U"街道",   U"乡镇",
      U"单位",   U"家庭",   U"学校",   U"村居",   U"站点",   U"福利院", U"养老院", U"敬老院",
      U"网格",   U"乡村",   U"村庄",   U"村社",   U"办事处", U"检查点", U"防控点", U"检测点",
      U"居委会", U"村委会", U"派出所", U"小学",   U"中学",   U"幼儿园", U"卫生院", U"卫生室",
      U"方舱",   U"网点",   U"安置点", U"执勤点", U"服务点", U"班级",   U"科室",   U"部门",
      U"县区",   U"区县",   U"地市",   U"地区",   U"省份",   U"城市",   U"村组",   U"楼栋",
      U"门店",   U"车站",   U"机构",   U"接种点", U"采样点", U"集中点", U"护老院", U"安置区",
      U"值守点", U"劝返点", U"监测点", U"安老院", U"收容所", U"避难所", U"行政村", U"自然村"};
  static const Names kLong(kKinds, kKinds);
  static const Names kShort({U"村", U"镇", U"乡", U"点", U"班", U"校", U"县", U"区"}, {U"村"});
  return kLong.have(name) || kShort.have(name);
}
