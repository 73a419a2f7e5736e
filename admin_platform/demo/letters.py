"""Mail that the demo company has already exchanged."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Letter:
    """to: local parts of the company's domain, or whole outside addresses."""

    sender: str
    to: tuple[str, ...]
    subject: str
    text: str
    cc: tuple[str, ...] = ()


LETTERS = (
    Letter(
        "yaling.cui",
        ("all",),
        "关于 12 月团队建设活动的通知",
        "各位同事：\n\n12 月 12 日（周六）组织西溪湿地徒步，请于 12 月 1 日前向各部门行政联络人报名。\n"
        "家属可以同行，每人限带两位。\n\n人力资源部",
    ),
    Letter(
        "siyuan.chen",
        ("all",),
        "提醒：请在本周内修改初始密码",
        "各位同事：\n\n平台抽查发现仍有部分帐号使用初始密码。请登录邮箱，在右上角的菜单中修改登录密码。"
        "\n密码至少 8 位，不要与姓名或帐号相近。\n\n信息安全",
    ),
    Letter(
        "yunzhou.fu",
        ("rd",),
        "第四季度技术评审安排",
        "各位：\n\n技术评审定于下周三至周五，每个部门 40 分钟。请宋雅琪、叶启航、董立群在周一前提交材料。"
        "\n模板见知识库“评审”目录。\n\n傅云舟",
    ),
    Letter(
        "yaqi.song",
        ("yunzhou.fu",),
        "答复：第四季度技术评审安排",
        "云舟好，\n\n投递组和存储组的材料已经合并为一份，周一上午发您。"
        "\n另外想请您看一下队列积压告警的阈值，现在偏敏感。\n\n雅琪",
        cc=("zhixing.shen", "tianyu.gao"),
    ),
    Letter(
        "zhixing.shen",
        ("yaqi.song", "chenxi.lu"),
        "退信率周报（第 47 周）",
        "本周退信 1,204 封，较上周下降 8%。主要原因：\n"
        "1. 收件人不存在 61%\n2. 对方邮箱已满 22%\n3. 对方限速 11%\n\n明细已放到共享目录。",
    ),
    Letter(
        "yaqi.song",
        ("zhixing.shen",),
        "存储迁移窗口确认",
        "知行，\n\n周四凌晨 2 点到 4 点迁移第 3 组存储，期间只影响历史邮件的打开速度。"
        "\n请在周三下班前把回滚步骤再过一遍。",
        cc=("tianyu.gao", "shuhan.yuan"),
    ),
    Letter(
        "tianyu.gao",
        ("zhixing.shen", "yaqi.song"),
        "答复：存储迁移窗口确认",
        "回滚步骤已经演练两次，单组回滚 7 分钟。周四我和书涵值守。",
    ),
    Letter(
        "jianguo.wu",
        ("sales-team",),
        "11 月销售例会纪要",
        "一、华东完成率 92%，华北 87%，华南 95%。\n二、政企项目的交付计划由姚志强统一跟进。\n"
        "三、年底前把续约客户名单核对一遍，缺联系人的本周补齐。",
    ),
    Letter(
        "haiyan.zhou",
        ("junjie.shen", "wenjun.xia"),
        "请补齐续约客户联系人",
        "上海 6 家、杭州 4 家缺联系人，名单见上周附件。周五下班前给我。",
    ),
    Letter(
        "junjie.shen",
        ("haiyan.zhou",),
        "答复：请补齐续约客户联系人",
        "上海 6 家已补 5 家，剩下的一家下周一拜访后确认。",
    ),
    Letter(
        "suqin.wan",
        ("all",),
        "年底报销截止时间",
        "本年度报销单请于 12 月 20 日前提交，逾期转入下一年度。发票抬头为“云栖科技有限公司”。\n\n财务部",
    ),
    Letter(
        "kexin.he",
        ("zhiyuan.qin", "xinyan.shi"),
        "企业版首页改版：评审意见汇总",
        "共收到 14 条意见，其中 9 条已采纳，3 条转到下个版本，2 条待讨论（见文末）。",
        cc=("haoyu.pan", "ruoxi.ouyang"),
    ),
    Letter(
        "ruoxi.ouyang",
        ("kexin.he",),
        "答复：企业版首页改版：评审意见汇总",
        "待讨论的两条我倾向于保留现有方案，理由写在设计稿的批注里了。明天上午十点可以过一下吗？",
    ),
    Letter(
        "wenbo.lin",
        ("guohua.zheng", "yunzhou.fu", "jianguo.wu", "yaling.cui", "suqin.wan"),
        "明年预算讨论会",
        "请各位带上本中心的用人计划和主要投入，周四下午两点，十二楼大会议室。",
        cc=("jiayi.feng",),
    ),
    Letter(
        "qian.shao",
        ("yunzhou.fu", "haoran.zheng"),
        "测试工程师候选人面试时间",
        "两位候选人分别约在周二 10:00 和 14:30，简历已上传招聘系统，请确认。",
    ),
    Letter(
        "zhengyi.kong",
        ("siyuan.chen", "yunzhou.fu"),
        "个人信息保护合规自查表",
        "请于月底前填写自查表第二部分（日志留存、访问授权、离职交接）。有疑问随时找我。",
    ),
    Letter(
        "xiaofei.long",
        ("security-report",),
        "可疑登录处理记录",
        "昨日 22:14 有一个帐号连续输错密码 9 次，来源为境外地址，已联系本人确认并非其操作，密码已重置。",
    ),
    Letter(
        "meiling.jin",
        ("purchase@client.example",),
        "企业邮箱续约方案",
        "您好：\n\n附上明年的续约方案与报价说明，如需调整名额请直接回复本邮件。\n\n云栖科技 金美玲",
        cc=("haiyan.zhou",),
    ),
    Letter(
        "ziang.han",
        ("zhixing.shen",),
        "推送证书快到期了",
        "知行，移动端推送证书 12 月 9 日到期，新证书需要投递网关同步更换，周五前方便一起处理吗？",
        cc=("yuxuan.peng",),
    ),
    Letter(
        "zhixing.shen",
        ("ziang.han",),
        "答复：推送证书快到期了",
        "可以，周五下午三点，我把网关切到维护模式后您来换。",
    ),
)
