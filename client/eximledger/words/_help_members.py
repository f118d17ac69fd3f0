"""The Chinese of the command line's help on the mirror, policies, prices, proofs, rules, lists, supervision."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

__all__ = ["HELP_MEMBERS"]

HELP_MEMBERS: Final[Mapping[str, str]] = {
    "A copy of what this member may see in a database of its own, for lists, searches and its BI.": (
        "将本成员可见的内容复制到自己的数据库，供列表、搜索和商业智能使用。"
    ),
    (
        "Take out all rows and read the ledger from its first blocks. What the ledger purged does not come again."
    ): "清除全部行，自首个区块重读账本。账本已清除的内容不再出现。",
    "sqlite:///PATH or postgresql://USER@HOST/NAME.": "sqlite:///路径 或 postgresql://用户@主机/库名。",
    "Follow the ledger, until it is stopped. Interrupted anywhere, it goes on where it was.": (
        "持续跟随账本，直至停止。随时中断，均从原处继续。"
    ),
    "Serve Prometheus' metrics there, at /metrics.": "在此提供 Prometheus 指标（/metrics）。",
    "Come up to where the ledger stands, and end.": "追至账本当前位置后结束。",
    "How far each channel has been read.": "各通道已读至何处。",
    "The views for BI, or the rows of one; at most 1000.": "商业智能视图，或其中一个的行；最多 1000 行。",
    "The bank's policy: what its loans are judged by. Two persons make one.": (
        "银行的政策：审查贷款的依据。由两人制定。"
    ),
    "Make just the policy that another person proposed (`policy show` gives HASH); with exim.role=policy.": (
        "确认他人提出的政策（HASH 见 `policy show`）；须有 exim.role=policy。"
    ),
    "Propose the policy in FILE (JSON); another person confirms it.": "提出 FILE（JSON）中的政策；由他人确认。",
    "A bank's policies: those that hold, will hold, and wait for a second person.": (
        "银行的政策：现行的、将生效的和待第二人确认的。"
    ),
    "Whose; this member's own unless given.": "谁的政策；默认为本成员。",
    "What goods of a tariff code cost in a quarter: customs publishes it over its own declarations.": (
        "某税号商品一个季度的价格：由海关据其报关单公布。"
    ),
    "The bands of a QUARTER (2026-Q1), published nowhere; as customs.": (
        "季度 QUARTER（2026-Q1）的价格区间，不公布；以海关名义。"
    ),
    "Reference rates of the quarter's days (JSON documents of kind rate).": (
        "该季度各日的参考汇率（rate 类 JSON 文档）。"
    ),
    "Publish the bands of a QUARTER that is over, for good: those published before stay as they are.": (
        "永久公布已结束季度 QUARTER 的价格区间：此前公布的保持不变。"
    ),
    "The bands by which goods under an HS code (8 digits or more) and a unit are judged, the newest first.": (
        "审查某税号（8 位以上）和单位的商品所用价格区间，最新在前。"
    ),
    "Of which exports; today's unless given.": "哪一日的出口；默认为当日。",
    ("A loan's decision as one file that an auditor checks offline, with nothing but the members' CA certificates."): (
        "贷款决定的单一证明文件，审计人员只凭成员的 CA 证书即可离线核验。"
    ),
    "Write the proof of the last decision on a loan. Needs Fabric: --ledger PROFILE.": (
        "写出贷款最近决定的证明。须用 Fabric：--ledger PROFILE。"
    ),
    (
        "The file holds the decision's whole block with the orderers' and endorsers' signatures and certificates,"
        " and what the block has hashes of: the loan with its verdict and evidence hashes, as peers of its"
        " bank and of the bureau read it and have signed."
    ): (
        "文件含该决定的完整区块、排序方和背书方的签名及证书，以及区块哈希所指的内容：贷款及其审查结论和依"
        "据哈希，由其银行和外汇局的节点读取并签名。"
    ),
    "Default: ID.proof.json.": "默认：ID.proof.json。",
    "Whose loan it is; the bureau names it.": "谁的贷款；由外汇局指明。",
    "The bureau: its peers sign, too.": "外汇局：其节点一并签名。",
    "Write the trust file of the bank channel: how it began, and whose authorities it names. Needs Fabric.": (
        "写出银行通道的信任文件：如何开始，以及载明谁的证书机构。须用 Fabric。"
    ),
    (
        "An auditor who gets it from one member compares what is printed with what another one says, and keeps it."
    ): "审计人员从一个成员取得后，与另一成员所述比对并保存。",
    "Check the proof in FILE offline, and say what it proves. Exit code 0 when it holds, 1 otherwise.": (
        "离线核验 FILE 中的证明，并说明其证明的内容。有效时退出码为 0，否则为 1。"
    ),
    (
        "Trusted must be the CAs of the loan's bank and of the bureau, and apart from them of who orders blocks."
        " A trust file (`proof trust`) or the channel's first block names them all, and which network is meant."
    ): (
        "须信任贷款银行和外汇局的 CA，以及与之分开的排序方的 CA。信任文件（`proof trust`）或通道创世区块"
        "载明全部，并指明所属网络。"
    ),
    (
        "A trust file, the channel's first block, or MSP=CA: a member's CA certificate (PEM) or MSP folder,"
        " got from its owner. Repeat it."
    ): "信任文件、通道创世区块，或 MSP=CA：从其所有者取得的成员 CA 证书（PEM）或 MSP 文件夹。可重复。",
    "The CA of who orders blocks; repeat it.": "排序方的 CA；可重复。",
    "The channel's first block, where no file says it.": "通道创世区块；文件未载明时填写。",
    "Where the decision must have been taken.": "决定须在哪个通道作出。",
    "Which contracts must have decided.": "决定须由哪些合约作出。",
    "The bureau: its peers must have signed.": "外汇局：其节点须已签名。",
    "One more whose peers must have signed; repeat it.": "另一须签名的成员；可重复。",
    (
        "Put the ledger of a FILE that `backup` wrote where --ledger says, and verify it. Nothing there is replaced."
    ): "将 `backup` 所写 FILE 中的账本恢复到 --ledger 所指位置并验证。不替换已有内容。",
    "What loans are judged by: rule sets from a day until a day, side by side.": (
        "审查贷款的依据：各有起止日的规则集并列。"
    ),
    "The rule sets of this release: which is in force, which is announced, which has ended.": (
        "本版本的规则集：现行的、已公布的和已失效的。"
    ),
    "On which day; today unless given.": "哪一日；默认当日。",
    (
        "Judge past cases again, each as it was when it was decided, by another rule set or policy: which"
        " decisions would change and why. With neither, by what each was judged by. Writes nothing."
    ): (
        "以另一规则集或政策重审往案，各按决定当时情况：哪些决定会改变及其原因。均未指定时按各自原依据。不写入任何内容。"
    ),
    "Another rule set: its name, or the file of a draft.": "另一规则集：名称或草案文件。",
    "Another policy: a file, or the one in force now.": "另一政策：文件，或现行政策。",
    "Whose loans, for SAFE; of all banks unless given.": "谁的贷款，供外汇局使用；默认各银行。",
    (
        "The rules of the set NAME (a set's name, its id, or the file of a draft); of the one in force unless given."
    ): "规则集 NAME（名称、编号或草案文件）的规则；默认现行规则集。",
    "Hold every loan that money may still move for against today's watch lists, and say what is new.": (
        "将仍可能付款的每笔贷款与当日名单比对，并说明新情况。"
    ),
    (
        "Exit code 0 nothing new, 3 something to look at, 4 something that stops money, 1 a loan could not be screened."
    ): "退出码 0 无新情况，3 须查看，4 须止付，1 有贷款未能比对。",
    "Whose loans; SAFE says it, and records nothing.": "谁的贷款；由外汇局指明，且不记录。",
    "Only look: what is new stays new.": "只查看：新情况仍为新。",
    "Say also what was known.": "也显示已知情况。",
    (
        "Serve /api/v1 and the console. Whoever is signed in acts with a key of its own; docs/http.md has the settings."
    ): "提供 /api/v1 和控制台。登录者以自己的密钥操作；设置见 docs/http.md。",
    "The settings; EXIM_SERVE_NAME stands above it.": "设置文件；EXIM_SERVE_NAME 优先。",
    "Only read the settings and the officers, and say what they come to.": "只读取设置和人员并说明结果。",
    "What SAFE sees across all banks; without REPORT all of it.": "外汇局所见各银行情况；未指定 REPORT 时为全部。",
    (
        "exposure: promised, paid out, lost and held. duplicates: papers that several banks have, the same"
        " or nearly. over-held: declarations of which more is held than they are worth, and what banks keep"
        " without a loan. consents: by officers, on forms. matching: papers put before the register, and how"
        " many may be."
    ): (
        "exposure：已承诺、已放款、损失和占用。duplicates：多家银行出现的相同或近似单据。over-held：占用"
        "超过价值的报关单，及无贷款而保留的报关单。consents：由银行人员以书面代办的授权。matching：提交登"
        "记簿的单据数及其限额。"
    ),
    "What exposure is summed by.": "敞口的汇总方式。",
    "First day of `matching`; without it the day that is open.": "`matching` 的首日；默认为已开启的营业日。",
    "Last day of `matching`; default: the first.": "`matching` 的末日；默认同首日。",
    "Watch lists: whom no loan is granted to unasked. SAFE files for all, a bank for itself.": (
        "名单：未经确认不得贷款的对象。外汇局为全体登记，银行为本行登记。"
    ),
    "Propose to clear a hit by name (`screen` and `loan check` give HIT); another person confirms it.": (
        "提出排除名称命中（HIT 见 `screen` 和 `loan check`）；由他人确认。"
    ),
    "Why the party is not whom the entry means; it is recorded.": "当事方并非条目所指的理由；记录在账本上。",
    "Clear just what another person proposed (`watch clear` prints the command); as a checker.": (
        "确认他人提出的排除（命令由 `watch clear` 打印）；须为复核人员。"
    ),
    "File FILE as the next edition of a list: the UN's, OFAC's (advanced) or the EU's XML, or a CSV.": (
        "将 FILE 登记为名单的下一版：联合国、OFAC（advanced）或欧盟的 XML，或 CSV。"
    ),
    "It holds only once it is whole; interrupted, the same command goes on.": (
        "完整后方生效；中断后重复同一命令即可继续。"
    ),
    "What the list is called for good, such as MOFCOM-UEL.": "名单的固定名称，如 MOFCOM-UEL。",
    "Its title; the file's own publisher's unless given.": "名单标题；默认为文件发布者的标题。",
    "Who publishes it.": "发布机构。",
    "What it binds to.": "其效力。",
    "What the publisher calls this edition; else the day.": "发布者对本版的称呼；默认为日期。",
    "When it was published.": "发布日期。",
    "From when it holds; today unless given.": "生效日；默认当日。",
    "Leave the entries of the edition before on the ledger.": "将上一版条目留在账本上。",
    "Only read.": "只读取。",
    "A list of this bank's own, for nobody else to see but SAFE.": "本行自己的名单，除外汇局外他人不可见。",
    "The lists that hold or will hold: SAFE's, or with --own a bank's.": (
        "现行或将生效的名单：外汇局的，或用 --own 为银行的。"
    ),
    "Whose own lists; SAFE says it.": "谁的自有名单；由外汇局指明。",
    "One entry of a list, by its publisher's id: what a finding names.": "名单的一个条目，按发布者编号：即问题所指。",
}
