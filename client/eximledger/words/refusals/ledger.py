"""The Chinese of what the contracts refuse, by the form of the English sentence.

`{}` is a value, in the order of the English unless numbered.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

__all__ = ["REFUSALS_LEDGER"]

REFUSALS_LEDGER: Final[Mapping[str, str]] = {
    # decisions
    "{} applied for loan {}: another person decides on it (maker-checker)": (
        "{} 是贷款 {} 的申请人：须由他人决定（经办与复核分离）"
    ),
    "{} made the policy that the loan is judged by: another person decides on it (maker-checker)": (
        "{} 制定了本笔贷款适用的政策：须由他人决定（经办与复核分离）"
    ),
    "{} filed {} {}: another person decides on the loan (maker-checker)": (
        "{} 提交了{} {}：贷款须由他人决定（经办与复核分离）"
    ),
    "loan {} cannot be approved, and nobody can override it: {}": "贷款 {} 不得批准，任何人不得豁免：{}",
    "the evidence of loan {} has changed since it was checked: check it again": (
        "贷款 {} 的依据自审查后已变化：请重新审查"
    ),
    "finding {} names somebody on a watch list: two persons clear it (screening:propose, screening:confirm), one "
    "overrides it not": ("问题 {} 涉及监控名单：须由两人排除，一人不得豁免"),
    "no finding {} refers loan {}: check it again": "贷款 {1} 没有须转交的问题 {0}：请重新审查",
    "loan {} is referred: override each finding with a reason, or reject it: {}": (
        "贷款 {} 须转交：请逐项填写豁免理由，或拒绝：{}"
    ),
    "there is no loan {}": "没有贷款 {}",
    "there is no step {} of loan {}": "贷款 {1} 没有第 {0} 步",
    "there is no version {} of loan {}": "贷款 {1} 没有版本 {0}",
    "version {} of loan {} is to be decided, not {}: check it again": (
        "贷款 {1} 应对版本 {0} 作出决定，而非 {2}：请重新审查"
    ),
    "that is not what is proposed for loan {}: look at it again (loans:get)": "这不是贷款 {} 当前的提议：请重新查看",
    "{} proposed the {}: another person confirms it": "{} 提议了{}：须由他人确认",
    "{} takes the attribute {}={}, which the certificate of {} has not": "此操作（{}）须证书属性 {}={}，{} 的证书没有",
    "the certificate of {} names nobody: sign with one that has a common name or the attribute {}": (
        "{} 的证书未载明持有人：请使用含通用名称或属性 {} 的证书签署"
    ),
    # a loan's life
    "loan {} is {}: {} follows on {}": "贷款 {} 状态为{}：{}须在{}之后",
    "loan {} cannot be {}: {}": "贷款 {} 不能{}：{}",
    "loan {} is {}: one person withdraws it (loans:withdraw)": "贷款 {} 状态为{}：一人即可撤回",
    "loan {} is approved: its withdrawal takes two persons (loans:propose, loans:confirm)": (
        "贷款 {} 已批准：撤回须两人办理"
    ),
    "loan {} can be drawn until {}": "贷款 {} 可提款至 {}",
    "loan {} matures on {}": "贷款 {} 于 {} 到期",
    "loan {} is no packing loan on which something is owed: it does not become an export bill": (
        "贷款 {} 不是尚有欠款的打包贷款：不能转为出口押汇"
    ),
    "loan {} is on {} {}, which the export bill does not name: what was packed for one sale is not paid back by "
    "another": ("贷款 {} 依据{} {}，而出口押汇未载明该单据：一笔打包贷款不得以另一笔销售归还"),
    "loan {}: {} is more than the {} that can be asked of an insurer: what is owed, and {} % of the invoices": (
        "贷款 {}：{} 超过可向保险人索赔的 {}（以欠款及发票的 {}% 为限）"
    ),
    "no booked receipt {} names a declaration or an invoice of loan {}: look at what is offered (loans:offered)": (
        "没有载明贷款 {1} 报关单或发票的入账收汇 {0}：请查看可用收汇"
    ),
    "receipt {} is in {}: say what of it is paid, and at which rate (exchange)": (
        "收汇 {} 币种为 {}：请填写用于归还的金额及汇率"
    ),
    "receipt {} came on {}: it repays nothing on {}": "收汇 {} 于 {} 到账：不能用于 {} 的归还",
    "{} is more than the {} left of receipt {}": "{} 超过收汇 {2} 的余额 {1}",
    "no {} of loan {} while a watch list stops it: {}": "贷款 {1} 因监控名单命中不得{0}：{2}",
    "loan {} cannot hold less than nothing of a contract or credit": "贷款 {} 对合同或信用证的占用不能为负",
    "loan {} holds {} of its contracts and credits: no more than that moves to declarations, and {} are asked": (
        "贷款 {} 占用合同和信用证 {}：转入报关单不得超过此数，现要求 {}"
    ),
    "declaration {} has less held than is freed": "报关单 {} 的占用少于释放额",
    "the loan names {} parties, places and goods: {} are screened at once": (
        "贷款涉及 {} 个当事方、地点和货物：一次至多筛查 {} 个"
    ),
    "a name of {} characters stands in the case's papers: at most {} are held against lists, write the address and "
    "other parties into fields of their own": (
        "本案单据中有一个名称长达 {} 个字符：至多 {} 个字符可与名单比对，请将地址和其他当事方另填各自栏位"
    ),
    "one field of the case's papers names {} parties or ships: at most {} are held against lists, write each into a "
    "field of its own": "本案单据的一个栏位内写有 {} 个当事方或船舶：至多 {} 个可与名单比对，请各填一栏",
    "the case's papers give one party or ship {} names, numbers or places: at most {} are held against lists": (
        "本案单据给一个当事方或船舶写有 {} 个名称、号码或地点：至多 {} 个可与名单比对"
    ),
    "the loan is in {} foreign currencies on {} days: {} quotations are read for one loan, ask for fewer "
    "declarations or receipts in each": (
        "贷款涉及 {} 种外币、{} 个日期：一笔贷款至多读取 {} 个牌价，请减少报关单或收汇"
    ),
    "no reference rate of {} on {} or the ten days before it: SAFE files one first": (
        "{} 及此前十日内没有 {0} 的参考汇率：须先由外汇局提交"
    ),
    "{} {} has more digits than money can have": "{} {} 的位数超出金额上限",
    "rule set {} is asked for, and this peer decides by {}: use one release of eximledger and of the libraries "
    "below it ({}) everywhere": ("要求规则集 {}，而节点采用 {}：各方须使用同一版本的 eximledger 及其依赖（{}）"),
    # the register of all banks
    "{} {} is not filed: nothing can be held of it": "{} {} 未提交：不能占用",
    "the bank is not authorised for a declaration of the loan: nothing can be held of it": (
        "本行未获贷款所涉报关单的授权：不能占用"
    ),
    "loan {} is {} and has nothing in the register": "贷款 {} 状态为{}，登记簿中没有占用",
    "loan {} has nothing in the register": "贷款 {} 在登记簿中没有占用",
    "SAFE has made no matching secret yet: no paper can be looked up before (register:rotate)": (
        "外汇局尚未生成比对密钥：此前不能比对单据"
    ),
    "loans of {} still stand under generation {}: move them first (eximledger matching rekey)": (
        "{} 的贷款仍登记在第 {} 代比对密钥下：请先迁移（eximledger matching rekey）"
    ),
    "generation {} is still looked up: retire it first (register:retire)": "第 {} 代密钥仍在使用：请先停用",
    "loan {} has no tokens of generation {} yet: look its papers up first (register:match)": (
        "贷款 {} 尚无第 {} 代比对标记：请先比对其单据"
    ),
    "the business day goes by generation {} of the matching secret, not {}: open it anew under {} first "
    "(calendar:open)": ("营业日采用第 {} 代比对密钥，而非 {}：须先按 {} 重新开启"),
    "papers of loan {} are to be looked up in the register of all banks first, under generation {} (register:match)": (
        "贷款 {} 的单据须先在各银行登记簿中比对（第 {} 代密钥）"
    ),
    "the bank has put as many papers before the register of all banks as one business day takes ({}): go on when "
    "SAFE has opened the next, or have the members vote for more": (
        "本行当日比对单据已达上限（{}）：请待外汇局开启下一营业日，或由成员表决提高上限"
    ),
    "SAFE has opened no business day yet: nothing is approved or disbursed before (calendar:open)": (
        "外汇局尚未开启营业日：此前不能批准或放款"
    ),
    "SAFE opened its last business day for {}, and it is {}: nothing is approved or disbursed before the next "
    "one (calendar:open)": ("外汇局最近开启的营业日为 {}，今日为 {}：下一营业日开启前不能批准或放款"),
    "no business day has been opened yet: SAFE opens one (calendar:open)": "尚未开启营业日：由外汇局开启",
    "business day {} is open: {} was before it": "营业日 {} 已开启：{} 在其之前",
    "matching_generation: the business day goes by {}, {} or {} follows": (
        "比对密钥代数：营业日采用 {}，其后为 {} 或 {}"
    ),
    # papers
    "{} files are attached to {} {} already: a paper takes no more": "{1} {2} 已有 {0} 个附件：不能再添加",
    "nothing is attached to a {}: it is no paper of a bank's own": "{}不是银行自有单据：不能添加附件",
    "nothing that is attached to {} {} is {}": "{} {} 没有附件 {}",
    "an application is filed by loans:apply": "申请书须通过申请贷款提交",
    "a policy is made by two persons: policies:propose, then policies:confirm": "政策须由两人制定：先提议，再确认",
    "a watch list is filed in parts: watch:begin, then watch:entries and watch:index, watch:activate": (
        "监控名单须分部分提交"
    ),
    "there is no receipt {} to amend": "没有可修改的收汇 {}",
    "declaration {} is cancelled: it cannot become {}": "报关单 {} 已撤销：不能变为 {}",
    "declaration {} {}: it cannot become {}": "报关单 {} {}：不能变为 {}",
    "documents.{}: {} {} stands twice in one call: amend it in another": (
        "第 {} 份：{} {} 在一次提交中出现两次：请另行修改"
    ),
    "{} {} was written by {}: only it may amend it": "{} {} 由 {} 提交：仅其可修改",
    "{} {} was published on {}, for good": "{} {} 已于 {} 公布，不再更改",
    "there is no {} {}": "没有{} {}",
    "there is no document kind {}; there are {}": "没有单据种类 {}；现有 {}",
    "too many papers are numbered {}": "编号为 {} 的单据过多",
    "two papers are {} {} and differ: keep the one that counts": "有两份{} {}且内容不同：请保留有效的一份",
    "{} has no fingerprint": "{} 没有比对特征",
    "customs has no declaration {}, or has not shown it to this member (eximledger consent pull)": (
        "海关没有报关单 {}，或尚未向本成员提供"
    ),
    "price-band {}: {} ends on {}; its bands are published after it": "价格区间 {}：{} 于 {} 结束；其区间在此后公布",
    "not a bookmark: pass on the one that the last page gave": "分页标记无效：请使用上一页给出的标记",
    "since: a period has at most {} months": "起始：期间至多 {} 个月",
    "a document is a JSON object": "单据须为 JSON 对象",
    "not JSON: {}": "不是 JSON：{}",
    # authorisations
    "the authorisation is for {}: that bank files it": "授权书授予 {}：须由该银行提交",
    "exporter {} has given an authorisation {} already: each has a number of its own": (
        "出口商 {} 已有编号 {} 的授权书：每份须各有编号"
    ),
    "authorisation {} was revoked before it was filed": "授权书 {} 在提交前已撤销",
    "no authorisation {} of exporter {} is {}'s: customs or the fx-bureau files it": (
        "出口商 {1} 没有授予 {2} 的授权书 {0}：由海关或外汇局提交"
    ),
    "SAFE has opened no business day on channel customs yet: no consent is filed before (authorisations:open)": (
        "外汇局尚未在通道 customs 开启营业日：此前不能提交授权书"
    ),
    "nothing has begun on channel {} yet: SAFE opens its first business day before": (
        "通道 {} 尚未启用：须先由外汇局开启首个营业日"
    ),
    "no authorisation of exporter {} lets {} read its {} today: have it sign one (eximledger exporter authorise) "
    "and file it; it holds when SAFE has opened its first day": (
        "出口商 {} 目前没有允许 {} 查阅其 {} 的授权书：请其签署并提交，自外汇局开启其首日起有效"
    ),
    "what exporters let {} read is not for {} to see": "出口商授予 {} 的查阅权不向 {} 公开",
    "what exporters let other banks read is not for {} to see": "出口商授予其他银行的查阅权不向 {} 公开",
    "not all of this was pulled from channel {} for exporter {}: pull it first": (
        "出口商 {1} 的资料尚未全部从通道 {0} 取得：请先取得"
    ),
    "{} has no copy of declaration {}: pull it while the authorisation stands": (
        "{} 没有报关单 {} 的副本：请在授权有效期内取得"
    ),
    "the copies of {} are purged by {}, customs or the fx-bureau": "{} 的副本由 {}、海关或外汇局清除",
    "an authorisation of exporter {} for {} stands: it is revoked first": "出口商 {} 授予 {} 的授权书仍有效：须先撤销",
    "the call is older than what was filed last for this exporter: set the clock right, and pull again": (
        "本次请求早于该出口商最近一次提交：请校准时钟后重新取得"
    ),
    "copies are kept on channels {} and {}, not on {}: call it there": "副本保存在通道 {} 和 {}，而非 {}",
    "the certificate {}: {}": "证书 {}：{}",
    "the exporters' authority's certificate {}: make one with `eximledger exporter authority`": (
        "出口商证书机构的证书{}：请用 eximledger exporter authority 生成"
    ),
    "{} holds from {} to {} UTC, the call is of {}: have it issued again, and sign again": (
        "{} 有效期为 {} 至 {}（UTC），而请求时间为 {}：请重新签发并签署"
    ),
    "the consortium names no exporters' authority: its members have to vote one in": (
        "联盟尚无出口商证书机构：须由成员表决设立"
    ),
    "the signature is not of this paper under this certificate: sign the paper again": (
        "签名与该文件及证书不符：请重新签署"
    ),
    "consent must be {} in this consortium": "本联盟要求授权方式为：{}",
    "an authorisation holds for {} days at most in this consortium, this one for {}: have a shorter one signed": (
        "本联盟授权至多 {} 天，此份为 {} 天：请签署较短期限的授权书"
    ),
    "the authorisation ended on {}: have another one signed": "授权书已于 {} 到期：请另行签署",
    # members, policy
    "bank: say which bank is meant": "请指明银行",
    "bank: say whose papers or loans are meant: one of {}": "请指明银行：{}",
    "bank: the consortium has no bank {}": "联盟没有银行 {}",
    "bank: a policy of {} is made by {}": "{} 的政策由 {} 制定",
    "that policy is not the one proposed: look at it again (policies:book)": "这不是当前提议的政策：请重新查看",
    "{} proposed the policy: another person confirms it": "{} 提议了该政策：须由他人确认",
    "the policy goes under the consortium's floors: {}": "政策低于联盟底线：{}",
    "effective_from: a policy holds from {} on, one from {} would never": (
        "生效日：现有政策自 {} 起生效，自 {} 起的政策永不生效"
    ),
    "members: an organisation is named twice": "成员名单中有重复机构",
    "voters: {} is no member": "投票方 {} 不是成员",
    "{} is no member: only a member may configure the consortium": "{} 不是成员：仅成员可配置联盟",
    "{} has no vote: the consortium names who votes on it": "{} 没有表决权：由联盟指定投票方",
    "this ledger was written by release 0.2 or earlier, which kept the register on the fx channel: found a new "
    "one and file the papers that still matter there (docs/ledger.md)": (
        "该账本由 0.2 或更早版本写入：请新建账本并重新提交仍有效的单据"
    ),
    "this ledger was written between two releases (schema {}), so that what stands in it would not be found: found a "
    "new one and file the papers that still matter there (docs/ledger.md)": (
        "该账本写于两个版本之间（结构 {}），其中内容将查不到：请新建账本并重新提交仍有效的单据"
    ),
    "channel {} has no members yet: call consortium:configure there first": "通道 {} 尚无成员：请先配置联盟",
    "{} is no member of the consortium on channel {}": "{} 不是通道 {} 的联盟成员",
    "{} has role {}; this is done by role {}": "{} 的角色为{}；此操作须由{}办理",
    "{} is kept on channel {}, not on {}: call it there": "{} 保存在通道 {}，而非 {}",
    "{} lives on channel {}, not on {}: call it there": "{} 位于通道 {}，而非 {}",
    "{} sees no {}: it is no bank, {} or fx-bureau": "{} 不能查阅{}：不是银行、{}或外汇局",
    "{} is no bank on channel {}: it sees neither papers nor loans": "{} 不是通道 {} 上的银行：不能查阅单据和贷款",
    "the papers and loans of {} are seen by {} and the fx-bureau alone": "{} 的单据和贷款仅 {} 与外汇局可查阅",
    "{} is filed on channel {}": "{} 在通道 {} 提交",
    "state: a loan is one of {}": "状态：须为 {} 之一",
    "there is no loan of this name: it is another bank's": "没有此名称的贷款：属于其他银行",
    # watch lists
    "list {} has no entry {} today": "名单 {} 当日没有条目 {}",
    "loan {} hits no entry under {}: screen it again": "贷款 {} 没有命中 {}：请重新筛查",
    "{} of list {} agrees in more than a name: what it means is not cleared by the bank": (
        "名单 {1} 的 {0} 不止名称相符：不能由银行排除"
    ),
    "no such clearing is proposed: screen the loan again": "没有此排除提议：请重新筛查",
    "{} has cleared it already": "{} 已排除此项",
    "{} proposed the clearing: another person confirms it": "{} 提议了排除：须由他人确认",
    "list {} is filed by {}: only it amends it": "名单 {} 由 {} 提交：仅其可修改",
    "no list is being filed as {}: begin it with its heading": "没有正在提交的名单 {}：请先提交表头",
    "part {} of list {} has {} entries, not {}": "名单 {1} 第 {0} 部分应有 {2} 条，而非 {3}",
    "entries: they are in the order of their ids, each once": "条目须按编号排序且不重复",
    "the index of list {} has no part {}": "名单 {} 的索引没有第 {} 部分",
    "bucket {} holds a key of another bucket": "索引桶 {} 含有其他桶的键",
    "list {} stands as version {}: nothing is added to it": "名单 {} 已为版本 {}：不能再添加",
    "list {} is not whole: {} parts are missing, first {}": "名单 {} 不完整：缺少 {} 个部分，首个为 {}",
    "list {}: an entry of a later part comes before one of an earlier part": "名单 {}：条目顺序有误",
    "list {}: the entries are not those that its heading names": "名单 {}：条目与表头不符",
    "list {}: the index is not what its entries give": "名单 {}：索引与条目不符",
    "list {}, edition {}, holds: it is not discarded": "名单 {} 版次 {} 有效：不能清除",
    "the list was filed by {}: only it discards it": "名单由 {} 提交：仅其可清除",
    "list {} holds from {} on (edition {}): one from {} would never": (
        "名单 {} 自 {} 起生效（版次 {}）：自 {} 起的永不生效"
    ),
    "bucket {} stands in another part of the index than {}": "索引桶 {} 不在索引第 {} 部分",
    "a seal has {} bytes": "封签须为 {} 字节",
    "a sealed {} does not open with its seal": "已封存的{}无法以其封签打开",
}
