"""The Chinese of what desk, server, mirror and attachments refuse, by the form of the English sentence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

__all__ = ["REFUSALS_OFFICE"]

REFUSALS_OFFICE: Final[Mapping[str, str]] = {
    # the desk
    "{} are several: say which of {}": "{} 有多份：请指明 {}",
    "this desk has no store of attachments: LoanDesk(ledger, attachments=open_store(...))": "未设置附件存储",
    "{} does not count: {}": "{} 未生效：{}",
    "others keep changing loan {}: check it again": "贷款 {} 不断被他人更改：请重新核对",
    "step {} of loan {} is not what the peers have endorsed: ask who operates this member's peer": (
        "贷款 {1} 的第 {0} 步与各节点背书的不一致：请联系本成员节点的运维人员"
    ),
    "others keep changing what {} reads: try again": "{} 所读内容不断变化：请重试",
    "whether {} took effect is not known yet ({}): give the same command again when the ledger is back, for what "
    "took effect is not done twice": ("{} 是否生效尚不可知（{}）：账本恢复后请重复同一操作，已生效的不会重复办理"),
    "papers of loan {} were filed between every reading of this client and the peers': check it again": (
        "贷款 {} 的单据在审查期间不断有新提交：请重新审查"
    ),
    "the peers' verdict on loan {} is not the one that this client computes by the same rule set {}: one of the "
    "two does not run the rules it claims": (
        "各节点对贷款 {} 的结论与本端按同一规则集 {} 计算的不一致：其中一方未执行所称规则"
    ),
    "loan {} is {} and holds nothing": "贷款 {} 状态为{}，没有占用",
    "the consortium has no member of role {}": "联盟没有角色为{}的成员",
    "an application is not filed as a paper: apply for the loan": "申请书不作为单据提交：请申请贷款",
    "a policy is not filed as a paper: one person proposes it, another confirms it": (
        "政策不作为单据提交：由一人提议、另一人确认"
    ),
    "a watch list is not filed as a paper: file it with its entries (watch file)": (
        "监控名单不作为单据提交：请连同条目提交"
    ),
    "{} is filed by role {} on channel {}; {} has role {}: act as another member": (
        "{}由{}在通道 {} 提交；{} 的角色为{}：请以其他成员名义操作"
    ),
    "{} is before the letter's own date {}": "{} 早于函件日期 {}",
    "loan {} is {}: a letter asks for papers before it is decided": "贷款 {} 状态为{}：补件函须在决定前发出",
    "loan {} has not been checked since it was applied for": "贷款 {} 自申请后尚未审查",
    "nothing found on loan {} is for the exporter to mend": "贷款 {} 没有须由出口商补正的问题",
    "{}: more than {} files": "{}：超过 {} 个文件",
    "{}: one application (application.json) is wanted, {} are there": (
        "{}：须有一份申请书（application.json），现有 {} 份"
    ),
    "{} documents of kind {} are numbered {}: give the id of one: {}": "有 {0} 份{1}编号为 {2}：请指明其一：{3}",
    "there is no {} {} of exporter {}: one of that number is another's ({})": (
        "出口商 {2} 没有{0} {1}：该编号的单据属于他人（{3}）"
    ),
    # pages
    "Not Found": "没有此页面",
    "Method Not Allowed": "此页面不接受该请求",
    "several banks have a loan {}: say which": "多家银行有贷款 {}：请选择",
    "{}: text is wanted, not a file": "{}：须填文字，而非文件",
    "{}: write a day as 2026-12-31": "{}：日期请写作 2026-12-31",
    "there is no {} here": "此处没有 {}",
    "pages are for people: a token calls /api/v1": "页面供人员使用：令牌请调用 /api/v1",
    "this is for {}, which {} is not": "此页面供{}使用，{} 不是",
    "this is for {}; {} is {}": "此功能供{}使用；{} 为{}",
    "what became of these papers is not kept any more": "提交结果已不再保留",
    "what was read is not kept any more: choose the files again": "所读内容已不再保留：请重新选择文件",
    "number: say which paper": "请指明单据编号",
    "file: no file was chosen": "未选择文件",
    "loan {} has no verdict to report yet: check its papers": "贷款 {} 尚无审查结论：请先审查单据",
    "loan {} has no verdict to report yet: check it first": "贷款 {} 尚无审查结论：请先审查",
    "act: say refer, reject or withdraw": "请选择转交、拒绝或撤回",
    "version: a whole number is wanted": "版本：须为整数",
    "supervision is SAFE's": "监管页面供外汇局使用",
    "{}: a whole number is wanted": "{}：须为整数",
    "{}: the form lacks this field": "{}：表单缺少此项",
    "paid: write the amount with its currency, and the rate for one unit of which: 1000.00 USD and 7.1234/USD": (
        "实付：请填写金额及币种，以及汇率：如 1000.00 USD 和 7.1234/USD"
    ),
    "overrides: write FINDING=REASON, one in a line": "豁免：每行写一项，问题编号=理由",
    "unit: there is no such unit": "没有此计量单位",
    "{}: the file does not say this of itself": "{}：文件本身未载明，请填写",
    "{} is no SHA-256": "{} 不是 SHA-256",
    "{} holds no paper that could be filed": "{} 中没有可提交的单据",
    # signing in
    "nobody may sign in: say `officers` or `officer`": "没有可登录的人员：请设置 officers 或 officer",
    "sign in first": "请先登录",
    "this did not come from one of our own pages: send {}, or open the page again": (
        "请求并非来自本系统页面：请重新打开页面（{}）"
    ),
    "this did not come from one of our own pages": "请求并非来自本系统页面",
    "this token does not hold, or not any more": "令牌无效或已失效",
    "your session is over: sign in again": "会话已结束：请重新登录",
    "your client certificate is nobody's here": "客户端证书不属于本系统任何人员",
    "this link is used, over or not of this machine: have another made": "链接已使用、已过期或不属于本机：请重新生成",
    "there is no identity provider here": "未设置统一身份认证",
    "you are known to the identity provider, but no officer of this server": "身份认证已通过，但您不是本系统人员",
    "the identity provider did not answer: {}": "身份认证服务未响应：{}",
    "the identity provider's token is not signed by it": "身份认证令牌的签名无效",
    "this sign-in was not begun here, or too long ago: begin again": "登录并非由此发起或已超时：请重新登录",
    "the answer is another identity provider's": "应答来自其他身份认证服务",
    "the identity provider did not let you in": "身份认证未通过",
    "the identity provider does not take its own code": "身份认证服务不接受其授权码",
    "the identity provider's token is for another program, too": "身份认证令牌同时用于其他程序",
    "the identity provider says no {}": "身份认证服务未提供 {}",
    "the identity provider says not who you are": "身份认证服务未说明您的身份",
    "the identity provider's token does not hold: {}": "身份认证令牌无效：{}",
    "the identity provider's keys cannot be read": "无法读取身份认证服务的密钥",
    "the identity provider says it is another": "身份认证服务自称为另一服务",
    "the identity provider describes itself in no known way": "身份认证服务的描述无法识别",
    "there is no token {}": "没有令牌 {}",
    "two officers are known by {}": "有两名人员使用 {}",
    "{} is no member of the consortium": "{} 不是联盟成员",
    "the key service does not sign with key {}": "签名服务不使用密钥 {} 签名",
    "the key service did not sign: status {}": "签名服务未签名：状态 {}",
    "the key service did not answer: {}": "签名服务未响应：{}",
    "the key service answered with no signature": "签名服务未返回签名",
    "no token may do this: sign in, or show a client certificate": "令牌不能办理此项：请登录或出示客户端证书",
    "this token has not the scope {}": "令牌没有权限范围 {}",
    "a token holds {} days at most": "令牌有效期至多 {} 天",
    # the server
    "this server keeps no mirror of {}, or not yet: there are no lists": "本系统没有 {} 的镜像库，或尚未就绪：暂无列表",
    "{}:{} cannot be listened on: {}": "{}:{} 无法监听：{}",
    "tls: {}": "TLS：{}",
    "{} is no TOML: {}": "{} 不是 TOML：{}",
    "{} was written by another release of this server": "{} 由其他版本写入",
    "the server's own state cannot be read or written: {}": "无法读写系统自身的状态：{}",
    "the server has a fault: its log says more": "系统故障：详见日志",
    "the body is larger than {} KiB": "内容超过 {} KiB",
    "too many calls: try again in {} s": "请求过多：请在 {} 秒后重试",
    "{} cannot be read: {}": "{} 无法读取：{}",
    "there is no problem {}": "没有错误类型 {}",
    "{} is 1 to 200 printable characters": "{} 须为 1 至 200 个可打印字符",
    "this {} was used for another call: take a new one": "此 {} 已用于其他请求：请换一个",
    "the same call is being worked on just now: ask again in a moment": "同一请求正在处理：请稍后再试",
    "loan {} is not what you have seen: look at it again": "贷款 {} 已非您所见的内容：请重新查看",
    "say with If-Match which verdict you have seen: the ETag of the loan": "请以 If-Match 指明所见结论（贷款的 ETag）",
    "a proof needs {}": "证明需要 {}",
    "there is no rule set {}": "没有规则集 {}",
    # attachments
    "the folder {} takes no attachment: {}": "文件夹 {} 不能存放附件：{}",
    "the folder {} cannot be read: {}": "文件夹 {} 无法读取：{}",
    "the store of attachments: {}": "附件存储：{}",
    "the store's URL is wrong: {}": "附件存储地址有误：{}",
    "the store at {} cannot be reached: {}": "附件存储 {} 无法访问：{}",
    "{}: the file {}": "{}：文件{}",
    "the store has no {}: the ledger knows it by {}": "附件存储中没有 {}：账本登记为 {}",
    "what the store gives as {} is not what was attached: its hash is another": (
        "附件存储给出的 {} 与原附件不符：哈希值不同"
    ),
    # the mirror
    "this ledger shows no private data with its blocks: mirror an embedded one, or Fabric by its Gateway": (
        "该账本的区块不含私有数据：请镜像嵌入式账本，或经 Gateway 镜像 Fabric"
    ),
    "the mirror has no loan {}": "镜像库没有贷款 {}",
    "the mirror has no {} {}": "镜像库没有{} {}",
    "size: a page has 1 to {} rows": "每页 1 至 {} 行",
    "not a cursor of this list: pass on the one that the last page gave": (
        "分页标记不属于此列表：请使用上一页给出的标记"
    ),
    "database: give sqlite:///PATH or postgresql://USER@HOST/NAME": (
        "数据库：请填写 sqlite:///PATH 或 postgresql://USER@HOST/NAME"
    ),
    "the mirror's database {} does not answer: {}": "镜像库数据库 {} 未响应：{}",
    "there is no mirror in {}: make one (mirror run)": "{} 中没有镜像库：请先建立（mirror run）",
    "the mirror has schema {}, this release reads {}: bring it up (mirror run)": (
        "镜像库结构为 {}，本版本读取 {}：请升级（mirror run）"
    ),
    "the mirror was made by a later release (schema {}): use that, or another database": (
        "镜像库由更新版本建立（结构 {}）：请使用该版本或另一数据库"
    ),
    "another process mirrors {} into this database: it is at block {}": "另一进程正在将 {} 镜像到此数据库：已至区块 {}",
    "block {} of {} does not follow on the one that the mirror has: it is another ledger's. Use another "
    "database, or build this one anew (mirror rebuild)": (
        "{1} 的区块 {0} 与镜像库不衔接：属于另一账本。请使用另一数据库或重建（mirror rebuild）"
    ),
    "this database is the mirror of {}: give {} one of its own": "此数据库是 {} 的镜像：请为 {} 另设数据库",
    # keys of exporters
    "{} issues nothing more: {}": "{} 不再签发：{}",
    "{} names no exporter: have an exporters' authority issue one": "{} 未载明出口商：请由出口商证书机构签发",
    "the paper is {}'s, the certificate {}'s: each signs its own": "文件属于 {}，证书属于 {}：须各签其件",
    "{} is there already and would be lost: choose another place, or say that it is replaced": (
        "{} 已存在且会被覆盖：请另选位置或确认替换"
    ),
    "{} is larger than {} KiB: it is no key and no certificate": "{} 超过 {} KiB：不是密钥或证书",
    "{} is not the key of {}: put the pair there": "{} 不是 {} 的密钥：请放入配对的密钥",
    "{} is no usable key: {}": "{} 不是可用的密钥：{}",
}
