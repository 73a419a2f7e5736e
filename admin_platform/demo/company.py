"""The people and departments of the demo company: invented, all domains reserved (RFC 2606)."""

from __future__ import annotations

from dataclasses import dataclass

COMPANY = "云栖科技有限公司"
SHORT_NAME = "云栖科技"
DOMAIN = "yunqi.example"
SECOND_DOMAIN = "yunqitech.example"
DOMAIN_ALIAS = "mail.yunqi.example"
PROVIDER = "青禾邮件服务"
PROVIDER_DOMAIN = "qinghe.example"

# Two blanks a level, below the organization's own root.
TREE = """
总经理办公室
产品与设计中心
  产品部
    企业产品组
    增长产品组
  设计部
研发中心
  平台架构部
  邮件基础设施部
    投递组
    存储组
  客户端开发部
    移动端组
    桌面端组
  质量保障部
市场与品牌部
销售中心
  华东大区
    上海办事处
    杭州办事处
  华北大区
    北京办事处
  华南大区
人力资源部
财务部
法务与合规部
行政与信息安全部
"""


@dataclass(frozen=True, slots=True)
class Person:
    local_part: str
    name: str
    department: str
    title: str
    aliases: tuple[str, ...] = ()


def _people(department: str, *rows: str) -> list[Person]:
    people = []
    for row in rows:
        local_part, name, title, *aliases = row.split()
        people.append(Person(local_part, name, department, title, tuple(aliases)))
    return people


PEOPLE: list[Person] = [
    *_people(
        "总经理办公室",
        "wenbo.lin 林文博 总经理 ceo",
        "jiayi.feng 冯佳怡 总经理助理",
        "guohua.zheng 郑国华 副总经理",
    ),
    *_people("产品与设计中心", "zhiyuan.qin 秦致远 产品总监"),
    *_people("产品部", "mengjie.xu 徐梦洁 产品经理"),
    *_people(
        "企业产品组",
        "kexin.he 何可欣 高级产品经理",
        "haoyu.pan 潘浩宇 产品经理",
    ),
    *_people("增长产品组", "yutong.wei 魏雨桐 产品经理", "zimo.cao 曹子墨 数据分析师"),
    *_people("设计部", "xinyan.shi 石心妍 设计总监", "ruoxi.ouyang 欧阳若曦 交互设计师"),
    *_people("研发中心", "yunzhou.fu 傅云舟 研发总监 cto"),
    *_people(
        "平台架构部",
        "liqun.dong 董立群 架构师",
        "siqi.liang 梁思齐 高级工程师",
        "mingzhe.jiang 蒋明哲 工程师",
        "alexandra.konstantinopoulou Alexandra·Konstantinopoulou 高级工程师",
    ),
    *_people(
        "邮件基础设施部",
        "yaqi.song 宋雅琪 部门经理",
        "abdurashid.mamattursun 阿卜杜热西提·买买提吐尔逊 高级工程师",
    ),
    *_people("投递组", "zhixing.shen 沈知行 高级工程师", "chenxi.lu 陆晨曦 工程师"),
    *_people("存储组", "tianyu.gao 高天宇 高级工程师", "shuhan.yuan 袁书涵 工程师"),
    *_people("客户端开发部", "qihang.ye 叶启航 部门经理"),
    *_people("移动端组", "ziang.han 韩子昂 高级工程师", "yuxuan.peng 彭宇轩 工程师"),
    *_people("桌面端组", "yiming.tang 唐一鸣 高级工程师", "zixuan.fang 方梓萱 工程师"),
    *_people(
        "质量保障部",
        "haoran.zheng 郑浩然 部门经理",
        "wanqing.xie 谢婉清 测试工程师",
        "shihan.luo 罗诗涵 测试工程师",
    ),
    *_people(
        "市场与品牌部",
        "jingyi.su 苏静怡 市场总监 marketing",
        "bowen.cheng 程博文 品牌经理",
        "lele.ding 丁乐乐 新媒体运营",
    ),
    *_people("销售中心", "jianguo.wu 吴建国 销售总监 sales"),
    *_people("华东大区", "haiyan.zhou 周海燕 大区经理"),
    *_people("上海办事处", "junjie.shen 沈俊杰 客户经理", "meiling.jin 金美玲 客户经理"),
    *_people("杭州办事处", "wenjun.xia 夏文君 客户经理", "zhiqiang.yao 姚志强 售前工程师"),
    *_people("华北大区", "lihua.tian 田丽华 大区经理"),
    *_people("北京办事处", "dawei.ren 任大伟 客户经理", "xiaoming.jia 贾晓明 售前工程师"),
    *_people("华南大区", "guangming.liao 廖光明 大区经理", "peishan.ou 区佩珊 客户经理"),
    *_people(
        "人力资源部",
        "yaling.cui 崔雅玲 人力资源总监 hr jobs",
        "qian.shao 邵倩 招聘经理",
        "ning.bai 白宁 培训专员",
    ),
    *_people(
        "财务部",
        "suqin.wan 万素琴 财务总监 finance",
        "yifei.duan 段逸飞 会计",
        "lin.hou 侯琳 出纳",
    ),
    *_people("法务与合规部", "zhengyi.kong 孔正义 法务经理 legal", "keke.mao 毛可可 法务专员"),
    *_people(
        "行政与信息安全部",
        "siyuan.chen 陈思远 信息安全经理 it",
        "xiaofei.long 龙晓飞 系统管理员",
        "wei.zhang 张伟 行政经理",
        "min.zhang 张敏 前台",
    ),
]

# The second domain belongs to a joint team; these have their account there.
SECOND_DOMAIN_PEOPLE: list[Person] = [
    *_people("增长产品组", "hong.liu 刘洪 顾问", "yan.li 李燕 顾问"),
    *_people("设计部", "jun.wang 王军 外聘设计师"),
]

ADMINISTRATOR = "siyuan.chen"
DEPARTMENT_ADMINISTRATOR = "yunzhou.fu"
DEPARTMENT_ADMINISTRATED = "研发中心"
AUDITOR = "zhengyi.kong"
HELPDESK = "xiaofei.long"
MEMBER = "zhixing.shen"
# The support account of the provider.
STAFF = "support"
STAFF_NAME = "客服小禾"

# Who is away and for how many days, who has left, and how long guests may stay.
AWAY = ("ning.bai", 30)
LEFT = "lele.ding"
GUEST_DAYS = 90

NOTICES = (
    ("本月 15 日 02:00–04:00 例行维护", "维护期间收信可能延迟，最长不超过 10 分钟，邮件不会丢失。"),
    ("管理员请尽快设置各部门管理员", "按部门授权后，部门管理员只能看到自己部门的帐号。"),
)


@dataclass(frozen=True, slots=True)
class DemoList:
    local_part: str
    name: str
    departments: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    outside: tuple[str, ...] = ()


LISTS = (
    DemoList("all", "全体成员", departments=(SHORT_NAME,)),
    DemoList("rd", "研发中心", departments=("研发中心",)),
    DemoList("sales-team", "销售团队", departments=("销售中心",)),
    DemoList(
        "security-report",
        "安全事件报告",
        people=("siyuan.chen", "xiaofei.long", "yunzhou.fu"),
        outside=("duty@soc.example",),
    ),
)
